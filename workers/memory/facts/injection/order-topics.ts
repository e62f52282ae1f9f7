/** Owns what orders to a model are about beside its rules, in the form of `injection-phrases.ts`: none of these is an order by itself. */
export const POWER = [
  'admin*|root|superuser|privilege*|permission*|authoris*|authoriz*|verified|trusted|full access|developer|operator|creator|entwickler*|betreiber*|rechte|berechtig*|développeu*|créateur|droits|desarrollador*|creador|permisos|operador|sviluppator*|permessi|programador*|criador|permiss*|ontwikkelaar*|beheerder*|rechten|uprawnie*|twórc*|operator*|разработчик*|создател*|оператор*|права|администратор*|yönetici*|geliştirici*|yetki*',
  '管理员|管理者|权限|開発者|权威|運営者|開発|권한|관리자|개발자|운영자|مدير|مطور|صلاحي|المشغل|एडमिन|व्यवस्थापक|डेवलपर|अधिकार|संचालक',
]
export const STORE = [
  'remember|memori[sz]e|store|save|record|permanently|for ever|forever|long-term|merke|merk|speicher*|dauerhaft|retiens|mémorise*|enregistre*|toujours|recuerda|memoriza|guarda*|para siempre|ricorda|salva|memoria|guarda|lembra*|memória|onthoud|bewaar|permanent|zapamiętaj|zapisz|trwale|na zawsze|запомни|сохрани*|навсегда|kaydet|hatırla|kalıcı',
  '记住|永久|永远|保存|覚え|記憶|永久|기억|영구|영원히|저장|تذكر|احفظ|سجل|دائم|याद रख|हमेशा|सहेज',
]
export const CHECKS = [
  'confirmation|verification|approval|approve*|security check|identity check|review*|grade*|score*|rate|bestätigung|prüfung|freigabe|genehmig*|bewerte*|confirmation|vérification|approuve*|confirmación|verificación|aprueba*|conferma|verifica|approva*|confirmação|verificação|aprova*|bevestiging|controle|goedkeur*|potwierdzeni*|weryfikac*|zatwierd*|подтвержд*|проверк*|одобри*|onay*|doğrulama',
  '确认|验证|批准|確認|検証|承認|확인|검증|승인|تأكيد|تحقق|وافق|पुष्टि|सत्यापन|मंज़ूर',
]
export const DATA = [
  'conversation|chat history|history|passwords?|credentials?|secrets?|api keys?|tokens?|files|records|contacts|customer data|user data|https?|url|verlauf|passwörter|kundendaten|daten|historique|mots de passe|données|historial|contraseñas|datos|cronologia|dati|histórico|senhas|dados|geschiedenis|wachtwoorden|gegevens|histori*|hasła|dane|истори*|парол*|данные|geçmişi*|şifre*|veri*',
  '聊天记录|密码|数据|履歴|パスワード|データ|기록|비밀번호|자료|سجل المحادثة|كلمات المرور|بيانات|इतिहास|पासवर्ड|डेटा',
]
export const FREE = [
  'without (?:any )?(?:rules|limits|filters)|no (?:rules|limits|filters|morals|ethics)|unfiltered|ethic*|moral*|conscience|limits|ohne regeln|ohne filter|ohne grenzen|sans règles|sans filtre|sans limites|sin reglas|sin filtros|sin límites|senza regole|senza filtri|sem regras|sem filtros|zonder regels|zonder filters|bez zasad|bez filtrów|без правил|без фильтров|kuralsız|filtresiz|sınırsız|hiçbir kural*',
  '没有规则|没有任何规则|没有限制|不受约束|規則のない|ルールのない|制限のない|ルールが一切|규칙 없는|제한 없는|규칙이 전혀|بلا قواعد|بلا قيود|بلا أي|बिना नियम|बिना सीमा|कोई नियम नहीं',
]
