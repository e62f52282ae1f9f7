/**
 * Owns the words by which somebody who is not the user takes a model over: its rules are said to be void, new ones are announced, every model that
 * reads is addressed, or something is to be done behind the user's back. In the form of `injection-phrases.ts`.
 */

/** By which a model is released from its own rules; too common for rules that are not called its own. */
export const RELEASE = [
  "stop obeying|do not obey|don't obey|quit following|cease following|no longer follow|throw out|throw away|discard|neglect|disable|deactivate|turn off|switch off|set aside|drop|abandon|lift|suspend|shed|unlearn|break|violate|do not follow|stop following|let go of|get rid of",
  'deaktivier*|schalt*|setze|setzt|leg|lege|halte dich nicht|halten sie sich nicht|folge nicht|befolge nicht|befolge|brich|verlass*',
  'désactive*|désactivez|ne suis|ne suivez|abandonne*|enfreins|laisse tomber|mets de côté|arrête de suivre',
  'desactiva*|no sigas|deja de seguir|abandona*|rompe|deja de lado|suspende',
  'disattiva*|disabilita|non seguire|smetti di seguire|abbandona*|infrangi|metti da parte|sospendi',
  'desative*|desativa*|não siga*|não sigas|pare de seguir|abandone*|quebre|suspenda|deixe de lado',
  'schakel|volg|stop met|zet|laat|houd je niet|breek',
  'wyłącz*|nie przestrzegaj*|przestań przestrzegać|porzuć|złam|zawieś|odłóż|nie stosuj*',
  'отключи*|выключи*|не следуй*|не соблюдай*|перестань соблюдать|перестань следовать|отбрось*|нарушь|отмени*',
  'vypni|nedodržuj|přestaň dodržovat|stäng av|följ inte|sluta följa|slå av|matikan|abaikan|jangan ikuti|dezactivează',
  '不要再遵守|不再遵守|别再遵守|停止遵守|不用遵守|无需遵守|關閉|关闭|解除|放弃|放棄|取消|عطل|عطّل|أوقف|لا تلتزم|لا تتبع|توقف عن اتباع|تخل عن',
]
/** The same where the verb comes last. */
export const RELEASE_LAST = [
  'uyma|uymayın|uymayı bırak|devre dışı bırak|devre dışı bırakın|kapat|kapatın|kaldır|bir kenara bırak',
  '従うのをやめて*|従わないで*|守らないで*|守るな*|無効にして*|解除して*|オフにして*|外して*|따르지 마*|따르지 말*|지키지 마*|지키지 말*|꺼*|해제해*|무시해*|비활성화해*',
  'पालन बंद करो*|पालन बंद कर*|पालन मत कर*|बंद कर दो*|बंद करो*|हटा दो*|छोड़ दो*|außer kraft',
]
export const YOUR = [
  'your|deine*|ihre|ihren|eure*|tes|vos|ton|ta|votre|tus|sus|tu|su|vuestr*|le tue|i tuoi|tue|tuoi|vostr*|jouw|je|uw|suas|seus|tuas|teus|sua|seu|swoje|swoich|swoimi|twoje|twoich|свои*|своих|своим|твои*|твоих|ваши*|dina|tvá|své|svá|sin|kurallarına|kısıtlamalarını|filtrelerini',
  '你的|您的|あなたの|君の|너의|네|당신의|अपने|अपनी|तुम्हारे|आपके',
]
/** What a model is bound by, beside what it was told. */
export const BOUNDS = [
  'instruction*|rule|rules|guideline*|filter|filters|restriction*|guardrail*|safeguard*|safety|constraint*|limitation*|directive*|policy|policies|programming|training|alignment|persona|moderation|guidance|directions|limits|limit',
  'anweisung*|vorgaben|regeln|richtlinie*|*richtlinien|sicherheitsrichtlinien|filter|beschränkung*|einschränkung*|schranken|schutzmaßnahmen',
  'consigne*|règle|règles|directives|filtre*|restriction*|limites|garde-fous|instruction*',
  'instruccion*|reglas|normas|filtros|restriccion*|límites|directric*|istruzion*|regole|filtri|restrizion*|limiti|direttiv*',
  'instruções|regras|filtros|restriç*|limites|diretrizes|instructie*|regels|filters|beperking*|richtlijn*',
  'instrukcj*|zasad*|reguł*|filtr*|ogranicze*|wytyczn*|инструкц*|правил*|фильтр*|ограничен*|запрет*',
  'talimat*|kural*|filtre*|kısıtlama*|sınır*|regler*|filter|pokyn*|pravidl*|aturan|batasan|reguli*',
  '指令|指示|规则|規則|限制|过滤|過濾|安全|ルール|規則|制限|フィルター|지시|규칙|제한|필터|지침|قواعد|تعليمات|قيود|فلتر|निर्देश|नियम|सीमा|फ़िल्टर|प्रतिबंध',
]
/** Where the one word says that they are the model's. */
export const YOUR_BOUNDS = ['قواعدك|تعليماتك|قيودك|kurallarına|kurallarını|kısıtlamalarını|filtrelerini|talimatlarına']

/** What is said of rules that are over. */
export const VOID = [
  'no longer bind|is suspended|have lapsed|are withdrawn|are over|are off|is over|no longer apply|no longer applies|no longer valid|no longer count|are void|is void|are cancelled|is cancelled|are canceled|are revoked|is revoked|are obsolete|are invalid|do not apply|do not count|are superseded|are replaced|have been replaced|are suspended|have expired',
  'gelten nicht*|gilt nicht*|sind aufgehoben|sind ungültig|sind hinfällig|sind außer kraft|sind überholt|haben keine gültigkeit',
  "ne sont plus valables|ne sont plus valides|ne valent plus|ne s'appliquent plus|sont annulées|sont caduques|sont révoquées|ne comptent plus",
  'ya no son válid*|ya no valen|ya no aplican|ya no se aplican|ya no cuentan|quedan anulad*|quedan sin efecto|están anulad*|no valen más',
  'non valgono*|non sono più valid*|non si applicano più|non contano più|sono annullat*|sono revocat*|sono decadut*',
  'já não valem|não valem mais|já não são válid*|não são mais válid*|não se aplicam mais|foram cancelad*|foram revogad*|estão anulad*',
  'gelden niet*|zijn niet meer geldig|zijn vervallen|zijn ingetrokken|zijn ongeldig',
  'już nie obowiązują|nie obowiązują*|są nieważne|zostały anulowane|straciły ważność|nie mają już',
  'больше не действуют|не действуют*|отменены|недействительны|утратили силу|больше не имеют силы|аннулированы',
  'artık geçerli değil*|geçersiz*|iptal edildi*|hükümsüz*|gäller inte*|är ogiltiga|neplatí|už neplatí|tidak berlaku*|δεν ισχύουν*|không còn hiệu lực|nu mai sunt valabile|gælder ikke*',
  '不再有效|已失效|作废|作廢|无效|無效|已取消|もう無効*|無効です*|無効になり*|適用されません*|取り消され*|더 이상 유효하지*|더 이상 적용되지*|무효*|취소되었*|لم تعد سارية|لم تعد صالحة|لاغية|ملغاة|لم تعد تنطبق|अब मान्य नहीं*|अब लागू नहीं*|रद्द*|अमान्य*',
]

/** An announcement of what a model is to do instead; a "new rule" may be a user's own wish. */
export const NEW = [
  'new|updated|revised|real|actual|neue*|nouvelle*|nuevas|nueva|nuove|nuova|novas|nova|nieuwe|nowe|nowa|новые|новая|новое|yeni|nya|nové|baru|新的|新しい|新たな|新|새로운|새|नए|नया|mới|νέες',
]
export const INSTRUCTIONS = [
  'instruction|instructions|system prompt|system instructions|system message|directive|directives|anweisung|anweisungen|systemanweisung|consigne|consignes|instrucción|instrucciones|istruzione|istruzioni|instrução|instruções|instructie|instructies|instrukcja|instrukcje|polecenie|polecenia|инструкция|инструкции|указание|указания|talimat|talimatlar|instruktioner|pokyny|instruksi|οδηγίες',
  '指令|指示|システム指示|지시|지시사항|निर्देश|आदेश',
]
export const NEW_INSTRUCTIONS = ['تعليمات جديدة|أوامر جديدة|chỉ dẫn mới|instrucțiuni noi']

export const IF_YOU_ARE = [
  "if you are an|if you are a|if you are|if you're an|if you're a|in case you are|falls du|wenn du|falls sie|wenn sie|si tu es|si vous êtes|si eres|si usted es|se sei|se siete|se você é|se você for|se és|als je|indien je|als u|jeśli jesteś|jeżeli jesteś|если ты|если вы|eğer bir|eğer|om du är|pokud jsi|jika kamu|jika anda|nếu bạn là|dacă ești",
  '如果你是|若你是|假如你是|如果您是|あなたが|もしあなたが|당신이|네가|만약 당신이|إذا كنت|إن كنت|अगर तुम|अगर आप|यदि तुम|यदि आप',
]
export const A_MODEL = [
  'ai|an ai|llm|language model|chatbot|ai assistant|ai agent|ki|eine ki|sprachmodell|ia|une ia|una ia|uma ia|modelo de lenguaje|modelo de linguagem|modello linguistico|modèle de langage|taalmodel|model językowy|sztuczna inteligencja|sztuczną inteligencją|ии|языковая модель|нейросеть|yapay zeka*|dil modeli|språkmodell|umělá inteligence|jazykový model|kecerdasan buatan|τεχνητή νοημοσύνη',
  '人工智能|语言模型|語言模型|人工知能|言語モデル|언어 모델|인공지능|ذكاء اصطناعي*|نموذج لغوي|एआई|भाषा मॉडल',
]

/** Behind whose back: with the words for the user. */
export const WITHOUT_TELLING = [
  'without telling|without informing|without notifying|without alerting|without asking|without the knowledge of|behind the back of|secret from|hidden from|unnoticed by',
  'sans prévenir|sans informer|sans avertir|sans le dire|sans en parler|à l’insu de|sin avisar|sin informar|sin decir*|sin que lo sepa|a espaldas de',
  'senza avvisare|senza informare|senza dirlo|all’insaputa|sem avisar|sem informar|sem contar|sem que saiba',
  'zonder te informeren|zonder medeweten van|bez informowania|bez wiedzy|bez powiadamiania|bez mówienia|не сообщая|не говоря|не предупреждая|без ведома|втайне от|utan att berätta för|utan att informera|bez vědomí|tanpa memberi tahu|tanpa sepengetahuan|χωρίς να ενημερώσεις',
  '不告诉|不通知|不要告知|دون إخبار|دون إعلام|دون علم|من دون إخبار|बिना बताए',
]
/** The same where the user comes first. */
export const WITHOUT_TELLING_LAST = [
  'zu informieren|zu benachrichtigen|etwas zu sagen|davon erfährt|zu fragen|te informeren|te waarschuwen|iets te zeggen|söylemeden|haber vermeden|bildirmeden|bilgisi olmadan',
  '不知情|知らせずに|伝えずに|気づかれないように|言わずに|黙って|알리지 않고|모르게|말하지 않고|बताए बिना|को बिना बताए|की जानकारी के बिना',
]
/** An order to do something at all, at the beginning of its clause. */
export const DO = [
  'do|delete|remove|send|run|execute|install|transfer|approve|change|update|add|save|store|book|buy|call|copy|upload|forward|cancel|open|write|replace|keep|act|continue|proceed|use|make|take|create|share|sign|pay|grant|edit|publish|export|insert|append|grade|rank|set|give|put|answer|reply|switch|complete|submit',
  'mach|mache|tu|tue|lösch*|sende|schick*|führe|führ|installiere|überweis*|ändere|kopiere|lade|speicher*|entferne|buche|genehmige|antworte|handle|gib|nimm|erledige|schreib*',
  'fais|faites|supprime*|envoie*|exécute*|installe*|transfère*|approuve*|modifie*|copie*|enregistre*|réponds|agis',
  'haz|hazlo|borra*|bórralo|envía*|ejecuta*|instala*|transfiere|aprueba*|cambia*|copia*|guarda*|responde|actúa|elimina*',
  'fai|fallo|fatelo|cancella*|elimina*|invia*|esegui*|installa*|trasferisci|approva*|modifica*|copia*|salva*|rispondi|agisci',
  'faça*|faz|apague*|exclua*|envie*|execute*|instale*|transfira|aprove*|altere*|copie*|salve*|responda|aja',
  'doe|verwijder|stuur|voer|installeer|maak|wijzig|kopieer|sla|antwoord|keur',
  'zrób*|usuń*|wyślij*|wykonaj*|zainstaluj|przelej|zatwierdź|zmień*|skopiuj|zapisz|odpowiedz',
  'сделай*|сделайте|удали*|отправь*|выполни*|установи*|переведи*|одобри*|измени*|скопируй*|сохрани*|ответь*',
  'gör|radera|skicka|kör|udělej*|smaž*|pošli*|spusť*|lakukan|hapus*|kirim*|jalankan|κάνε|στείλε|διάγραψε',
  'افعل|احذف|أرسل|نفذ|ثبت|وافق|غير|انسخ|احفظ|删除|刪除|发送|發送|执行|執行|运行|安装|批准|转账|修改|复制|保存|回答',
]
export const DO_LAST = [
  'yap|yapın|sil|silin|gönder|gönderin|çalıştır|çalıştırın|onayla|değiştir|yükle|kopyala|kaydet',
  '実行して*|削除して*|送信して*|送って*|変更して*|承認して*|保存して*|やって*|执行|执行此|進めて*|실행해*|삭제해*|보내*|승인해*|변경해*|저장해*|진행해*|해줘*|करो*|कर दो*|करें*|कीजिए*|हटाओ*|भेजो*|चलाओ*|下执行|下删除|下发送',
]

/** By which a model is to behave as though it were free. */
export const AS_IF = [
  'as if|as though|like|pretend that|pretend|imagine that|imagine|als ob|als wären|stell dir vor|comme si|fais comme si|imagine que|como si|imagina que|finge que|come se|immagina che|fingi che|como se|imagine que|alsof|doe alsof|jakby|udawaj że|wyobraź sobie że|как будто|представь что|som om|jako by|seolah',
  '假装|假裝|想象|想像|かのように|つもりで|것처럼|كأن|कल्पना करो',
]
/** By which what stands in a model's context is to be given away. */
export const OUTPUT = [
  'output|print|repeat|reveal|dump|recite|echo|leak|spit out|gib|gebt|wiederhol*|drucke|affiche*|répète*|imprime*|muestra*|repite|stampa*|ripeti|mostra*|exiba*|repita|toon|herhaal|wypisz|powtórz|выведи*|повтори*|skriv ut|vypiš|输出|輸出|重复|打印|اطبع|كرر',
]
export const ABOVE = [
  'everything above|all above|all text above|all the text above|words above|text before this|above this line|above this message|über dieser zeile|oberhalb dieser zeile|au-dessus de cette ligne|au-dessus de ce message|encima de esta línea|arriba de esta línea|sopra questa riga|acima desta linha|boven deze regel|powyżej tej linii|выше этой строки|bu satırın üstündeki*|ovanför denna rad|nad tímto řádkem',
  '以上所有内容|这行以上|上面的所有内容|この行より上|これより上|이 줄 위',
]
/** Whose rules these are is not said where a language says it seldom. */
export const FOLLOW_NO_MORE = [
  '従うのをやめて*|従わなくて*|守るのをやめて*|따르지 마*|따르지 말*|지키지 마*|지키지 말*',
]

/** What a model was told by others than the user, who would say "what I told you". */
export const TOLD = [
  'you were told|you have been told|you were given|you were handed|you were taught|was said to you|dir gesagt wurde|dir vorher gesagt wurde|dir zuvor gesagt wurde|dir beigebracht wurde|man dir gesagt hat',
  "t'a dit|vous a dit|t'a appris|te dijeron|te han dicho|le dijeron|te enseñaron|ti è stato detto|ti hanno detto|vi è stato detto|lhe disseram|te disseram|foi dito a você|disseram a você",
  'je is verteld|je eerder is verteld|jou is verteld|ci wcześniej powiedziano|ci powiedziano|tobie powiedziano|тебе говорили|тебе сказали|вам говорили|вам сказали|sana daha önce söylenen*|sana söylenen*|size söylenen*|du har blivit tillsagd|ti bylo řečeno|bylo ti řečeno',
  '告诉你的|告訴你的|对你说的|言われた|教えられた|指示された|들은|배운|قيل لك|أخبروك|तुम्हें बताया|तुमसे कहा|आपको बताया|बताया गया',
]
/** Before another order, where verbs come last. */
export const IGNORING = [
  '무시하고|잊고|無視して|無視し|忘れて|yok sayıp|yok sayarak|görmezden gelip|unutup|अनदेखा करके|भूलकर',
]
/** What is said of instructions behind the word, by which they are the model's. */
export const KEPT_BACK = [
  'cachées|secrètes|internes|ocultas|secretas|internas|nascoste|segrete|interne|escondidas|скрытые|ukryte|verborgen',
]
/** What stands before the note that a model reads. */
export const WRITTEN_ABOVE = [
  'what is written above|what it says above|what stands above|whatever is above|everything written above|anything above|was oben steht|was darüber steht|alles obige|das obige|ce qui est écrit ci-dessus|ce qui est écrit plus haut|ce qui précède|lo que dice arriba|lo que está escrito arriba|lo escrito arriba|lo anterior|ciò che è scritto sopra|quello che è scritto sopra|quanto scritto sopra|quanto sopra|o que está escrito acima|o que está acima|o escrito acima|wat hierboven staat|het bovenstaande|co jest napisane wyżej|co napisano wyżej|что написано выше|что сказано выше|написанное выше|yukarıda yazan*|yukarıdakileri',
  '上面写的|上面寫的|以上内容|上述内容|上に書かれた|上に書いてある|上記の内容|위에 쓰인|위에 적힌|위의 내용|ما كتب أعلاه|ما ورد أعلاه|ऊपर लिखा|ऊपर लिखी',
]
