import { detectLanguages, functionWordVotes, isFunctionWord } from '../../ai/local/detect-languages.ts'
import { foldScript } from '../../ai/local/fold-script.ts'
import { wordsOf } from '../../ai/local/words.ts'

/**
 * Owns which English words questions in other languages ask for, since code is written in English: Chinese, Japanese, Korean, Russian, German, French,
 * Spanish, Portuguese, Polish, Turkish, Arabic and Hindi, in this order. Pure, in linear time. A word is known by its beginning, the longest that stands
 * here; where words are not set apart, by any run of characters. Words that all questions have (where, which, function) are left out.
 */

const WORDS = `
retry attempt: 重试 再試行 リトライ 재시도 повтор wiederhol réessa retent tentativ reintent repet ponawia ponowi ponowien yeniden dene محاول प्रयास दोबारा पुनः
fail error: 失败 失敗 실패 неудач сбой fehlgeschlag fehlschlag echou échec fallid fallo falha nieudan niepowodz basarisiz başarısız فشل فاشل असफल विफल
error: 错误 エラー 오류 에러 ошибк fehler erreur błąd błęd hata خطأ أخطاء त्रुटि
exception: 异常 例外 예외 исключени ausnahme excepci exceç exceção wyjąt istisna استثناء अपवाद
request: 请求 リクエスト 要求 요청 запрос anfrage requête petici solicitud requisi pedido żądan istek isteğ طلب अनुरोध
response: 响应 レスポンス 応答 응답 ответ antwort réponse respuesta resposta odpowied yanıt استجاب रिस्पॉन्स प्रतिक्रिया
password: 密码 口令 パスワード 비밀번호 парол passwort kennwort passe contraseñ senha hasł şifre parola مرور पासवर्ड
hash: 哈希 散列 ハッシュ 해시 хеш хэш gehasht hach hashe haszow hashle تجزئة हैश
encrypt: 加密 暗号 암호화 шифр verschlüssel chiffr cifr cript szyfr şifrele تشفير एन्क्रिप्ट
decrypt: 解密 復号 복호화 расшифр entschlüssel déchiffr descifr descript odszyfr فك डिक्रिप्ट
parse: 解析 パース 파싱 разбор разбира парс parse geparst einles analys analiz pars ayrıştır تحليل पार्स
config settings: 配置 设置 設定 コンフィグ 설정 구성 конфиг настройк konfig einstellung config paramétr ustawie yapılandırma ayar إعدادات कॉन्फ़िग सेटिंग
file: 文件 ファイル 파일 файл datei fichier archivo arquivo plik dosya ملف फ़ाइल
directory folder: 目录 文件夹 ディレクトリ フォルダ 디렉터리 폴더 каталог папк verzeichnis ordner dossier répertoire carpeta directori diretór katalog dizin klasör مجلد फ़ोल्डर
path: 路径 パス 경로 путь пути pfad chemin caminho ścieżk yolu مسار पथ
upload: 上传 アップロード 업로드 загруж загрузк hochlad hochgelad télévers subir suben sube carrega enviad wgryw przesył yükle رفع अपलोड
download: 下载 ダウンロード 다운로드 скач herunterlad heruntergelad télécharg descarg baixa pobier pobra indir تنزيل تحميل डाउनलोड
login sign auth: 登录 登陆 ログイン サインイン 로그인 вход войти входит anmeld meldet einlogg connecte sesión logar zalogow loguj giriş oturum تسجيل लॉगिन लॉग
user: 用户 ユーザー 사용자 пользовател benutzer nutzer utilisateur usuari usuári użytkown kullanıcı مستخدم उपयोगकर्ता
auth authenticate: 认证 認証 인증 аутентификац authentifizier authentifi autentic autentificac uwierzyteln kimlik مصادق प्रमाणीकरण
permission authorize: 权限 授权 権限 認可 권한 разрешен авториз berechtig autoris permis permiss uprawn yetki izin صلاحي إذن अनुमति
credentials: 凭据 凭证 資格情報 자격 учётн учетн zugangsdaten identifiants credencial credenciai poświadcz uwierzytelniając credential साख
token: 令牌 トークン 토큰 токен jeton token belirte رمز टोकन
session: 会话 セッション 세션 сесси сеанс sitzung session sesión sessão sesj oturum جلسة सत्र
cache: 缓存 キャッシュ 캐시 кэш кеш zwischenspeicher cache caché podręczn önbelle مؤقت कैश
entry item: 条目 エントリ 항목 запис eintrag einträg entrée entrada wpis kayıt عنصر عناصر प्रविष्टि
remove delete: 删除 移除 淘汰 削除 삭제 제거 удал lösch gelösch entfern supprim elimin borra remov exclu apaga usuwa usun siliniyor silin kaldır حذف हटा
old: 旧 古い 오래된 стары alte alten ancien antigu viej antig stare stary eski قديم पुरान
update: 更新 업데이트 갱신 обновл aktualisier actualis actualiz atualiz aktualiz güncelle تحديث अपडेट
create: 创建 新建 作成 생성 созда erstell erzeug créer créé crear criar criad utworz tworz oluştur إنشاء बना
add: 添加 追加 추가 добав hinzufüg ajout agreg añad adicion dodaw dodaj ekle إضافة जोड़
save store: 保存 存储 저장 сохран gespeichert speichern enregistr sauvegard guard salva armazen zapisyw zapis kaydet حفظ सहेज
load: 加载 読み込 ロード 로드 загруз laden geladen charg cargar carreg wczyt ładow yükle تحميل लोड
read: 读取 読み取 읽 чита lesen liest gelesen einles lire leer ler lido czyta wczyt okun okuyor قراءة تقرأ يقرأ पढ़
write: 写入 書き込 쓰 записыв schreib geschrieb écri escri zapisyw yaz كتابة लिख
send: 发送 送信 보내 전송 отправ senden gesendet sendet envoy envoi envia enviar wysył wysła gönder إرسال भेज
receive: 接收 受信 수신 получ empfang reçoi reçu recib receb odbier otrzym alın استقبال استلام प्राप्त
search find: 搜索 查找 検索 검색 찾 поиск ищет найти suche gesucht finde recherch cherch trouv busca encontr procur wyszuk szuk znajd arama aran بحث खोज
sort: 排序 ソート 並べ替え 정렬 сортир sortier trié trier ordena sortow sırala ترتيب क्रमबद्ध
filter: 过滤 フィルタ 필터 фильтр filter filtr تصفية फ़िल्टर
check verify validate: 验证 校验 检查 検証 確認 検査 チェック 검증 확인 검사 провер валид prüf geprüf überprüf vérif verific valid comprob comprueb comprueban sprawdz weryfik doğrula kontrol تحقق فحص जांच जाँच सत्यापित
compute calculate: 计算 計算 계산 вычисл подсчёт подсчет расчёт berechn calcul cálcul oblicz hesapla حساب गणना
total sum: 总 合計 合计 총 합계 сумм общ gesamt somme total suma soma łączn sumow toplam مجموع إجمالي कुल योग
price: 价 価格 金額 가격 цен стоимост preis prix precio preço cena ceny fiyat سعر कीमत मूल्य
cart: 购物车 カート 장바구니 корзин warenkorb panier carrito carrinho koszyk sepet سلة कार्ट
order: 订单 注文 주문 заказ bestell commande pedido zamówien sipariş ऑर्डर
payment charge: 支付 付款 支払 決済 결제 оплат платеж zahlung bezahl paiement pago pagament płatnoś ödeme دفع भुगतान
invoice bill: 发票 账单 請求書 청구 счёт rechnung factur fatura faktur فاتورة चालान
customer client: 客户 顾客 顧客 고객 клиент kunde client klient müşteri عميل ग्राहक
mail email: 邮件 メール 메일 почт письм courriel correo email poczt eposta posta بريد ईमेल
message: 消息 メッセージ 메시지 сообщен nachricht mensaj mensag wiadomoś komunikat mesaj رسالة رسائل संदेश
database db: 数据库 データベース 데이터베이스 баз datenbank données datos dados bazy baza danych veritaban قاعدة डेटाबेस
migration migrate: 迁移 移行 マイグレーション 마이그레이션 миграц migrat migrac migraç migracj geçiş migrasyon ترحيل माइग्रेशन
transaction: 事务 トランザクション 트랜잭션 транзакц transaktion transac transakc معاملة लेनदेन
query: 查询 クエリ 쿼리 запрос abfrage requête consulta zapytan sorgu استعلام क्वेरी
connection connect: 连接 接続 연결 соединен подключ verbind connexion conexi conexão połącz bağlan bağlantı اتصال कनेक्शन
server: 服务器 サーバ 서버 сервер serveur servidor serwer sunucu خادم सर्वर
start: 启动 開始 起動 시작 запуск gestartet starte démarr inicia arranc uruchom başlat تشغيل بدء शुरू
stop: 停止 중지 останавл останов stopp angehalten arrêt deten parar zatrzym durdur إيقاف रोक
close: 关闭 閉じ 닫 закры schließ geschlossen ferm cerra fecha zamk zamyk kapat إغلاق बंद
open: 打开 開く 열 откры öffn ouvr abre abri otwier otwor açıl فتح खोल
run execute: 执行 运行 実行 실행 выполн ausführ ausgeführ exécut ejecut execut wykon uruchami çalıştır تنفيذ निष्पाद चला
apply: 应用 適用 적용 примен anwend angewend appliqu aplic stosow uygula تطبيق लागू
queue: 队列 排队 キュー 큐 대기열 очеред warteschlange attente cola encola fila enfileir kolej kuyru طابور انتظار कतार
job task: 任务 ジョブ タスク 작업 задани задач auftrag aufträg aufgabe tâche tarea tarefa zadani görev işler مهام مهمة कार्य
schedule: 调度 定时 スケジュール 스케줄 예약 расписан планир zeitplan geplant planifi programa agend harmonogram zamanla جدولة शेड्यूल
lock: 锁 ロック 잠금 блокир sperr gesperrt verrou bloque bloqu blokad kilit قفل लॉक
event: 事件 イベント 이벤트 событи ereignis événement evento zdarzen olay حدث أحداث घटना
listen subscribe: 监听 订阅 購読 リスナ 구독 подпис слуша abonni lausch écout escuch suscri inscrev subskry nasłuch dinle abone استماع اشتراك
route: 路由 ルート ルーティング 라우트 라우팅 маршрут rout ruta rota tras yönlendir توجيه मार्ग
redirect: 重定向 リダイレクト 리디렉션 перенаправ weiterleit umleit redirig redirec przekier रीडायरेक्ट
header: 头部 ヘッダ 헤더 заголов kopfzeile tête cabecera cabeçalho nagłów başlık ترويسة हेडर
link url: 链接 リンク 링크 ссылк verweis lien enlace bağlantı رابط लिंक
image: 图片 图像 画像 이미지 изображ картинк bild imagen imagem obraz resim görüntü صورة صور छवि
render display show: 渲染 显示 レンダリング 表示 렌더링 표시 отображ рендер anzeig angezeig darstell affich mostr renderiz wyświetl göster عرض दिखा
page: 页面 ページ 페이지 страниц seite página strona strony sayfa صفحة पृष्ठ
form: 表单 フォーム 양식 форм formul form نموذج फ़ॉर्म
component: 组件 コンポーネント 컴포넌트 компонент komponent composant component bileşen مكون घटक
list: 列表 一覧 リスト 목록 список списк liste lista قائمة सूची
count number: 数量 件数 개수 количеств anzahl nombre cantidad quantidade liczb sayı عدد संख्या
size length: 大小 长度 サイズ 長さ 크기 길이 размер длин größe länge taille longueur tamañ tamanho rozmiar długoś boyut uzunlu حجم طول आकार लंबाई
limit: 限制 限流 制限 제한 огранич лимит begrenz grenze limit límit ogranicz sınır الحد सीमा
delay wait: 延迟 等待 遅延 待機 待ち 지연 대기 задержк ожида verzöger warte gewartet délai retard retras espera atraso opóźn czeka gecikme bekle تأخير विलंब देर
timeout: 超时 タイムアウト 타임아웃 таймаут zeitlimit zeitüberschreit مهلة
time date: 时间 日期 時間 日付 日時 시간 날짜 врем дата uhrzeit datum heure temps fecha hora tempo czas tarih وقت تاريخ समय तारीख
format: 格式 フォーマット 書式 형식 포맷 формат biçim تنسيق प्रारूप
convert: 转换 変換 변환 преобраз umwandel umgewandel konvertier convert konwert przekształc dönüştür تحويل रूपांतर
encode: 编码 エンコード 인코딩 кодир kodier codifi kodow kodla ترميز एन्कोड
decode: 解码 デコード 디코딩 декодир dekodier décod decodific dekodow डिकोड
compress: 压缩 圧縮 압축 сжат сжим сжима komprimier compress comprim kompres sıkıştır ضغط संपीड़
copy: 复制 拷贝 コピー 複製 복사 копир kopier copi kopiow kopyala نسخ कॉपी
merge: 合并 マージ 結合 병합 объедин слиян zusammenführ zusammengeführ fusion combin mescla scala birleştir دمج मर्ज
split: 分割 拆分 분할 раздел aufteil aufgeteil divis divid dziel bölün تقسيم विभाजित
compare: 比较 比較 비교 сравн vergleich verglich compar porówn karşılaştır مقارنة तुलना
generate: 生成 генерир generier génér gener üret توليد उत्पन्न
log: 日志 ログ 로그 журнал логир protokoll journal registro dziennik günlük سجل
translate: 翻译 翻訳 번역 перевод перевед übersetz tradu tłumacz çevir ترجمة अनुवाद
language: 语言 言語 언어 язык sprache langue idioma język języ dili لغة भाषा
text string: 文本 字符串 文字列 テキスト 문자열 텍스트 текст строк zeichenkette texte chaîne texto cadena tekst ciąg metin نص पाठ स्ट्रिंग
key: 密钥 键 キー 키 ключ schlüssel clé clave chave klucz anahtar مفتاح कुंजी
value: 值 値 값 значен wert werte valeur valor wartoś değer قيمة मान
memory: 内存 メモリ 메모리 памят mémoire memoria memória pamię bellek ذاكرة मेमोरी
buffer: 缓冲 バッファ 버퍼 буфер puffer tampon búfer bufor arabelle बफ़र
stream: 流式 ストリーム 스트림 поток strom flux flujo fluxo strumie akış تدفق स्ट्रीम
recover: 恢复 回復 復旧 복구 восстан wiederherstell erholt récup recuper przywr odzysk kurtar استعادة يتعافى उबर
panic: パニック 패닉 паник panik paniqu pánic pânic ذعر पैनिक
notify: 通知 알림 уведомл benachrichtig notif powiadom bildirim إشعار सूचना
cancel: 取消 キャンセル 취소 отмен abbrech abgebroch stornier annul cancel anulow iptal إلغاء रद्द
default: 默认 デフォルト 既定 기본 умолчан standardwert défaut predetermin padrão domyśln varsayılan افتراضي डिफ़ॉल्ट
empty: 空 비어 пуст leer leere vide vací vazi pust boş فارغ खाली
duplicate: 重复 重複 중복 дублик doppelt doubl duplic duplik yinelen مكرر डुप्लिकेट
random: 随机 ランダム 乱数 무작위 난수 случайн zufäll zufall aléatoire aleatóri aleator losow rastgele عشوائي यादृच्छिक
signature sign: 签名 署名 서명 подпис signatur firma assinat podpis imza توقيع हस्ताक्षर
secret: 秘密 시크릿 секрет geheim secret segred tajn gizli سري
static: 静态 静的 정적 статич statisch statiqu estátic statycz statik ثابت स्थिर
resource: 资源 リソース 리소스 ресурс ressource recurs zasob zasób kaynak مورد موارد संसाधन
register: 注册 登録 등록 регистр registrier enregistr registr rejestr kaydol पंजीकृत
handle process: 处理 処理 처리 обработ обрабат verarbeit behandel abgearbeit traite maneja proces obsług işlen معالجة संभाल
call: 调用 呼び出 호출 вызов вызыв aufruf aufgerufen appel llama chama wywoł çağır استدعاء
command: 命令 コマンド 명령 команд befehl commande comando polecen komut أمر कमांड
argument option: 参数 选项 引数 オプション 인수 옵션 аргумент параметр опци option opci opç opcj seçenek parametr خيار विकल्प
tree node: 树 ツリー 트리 дерев baum arbre árbol árvore drzew ağaç شجرة
version: 版本 バージョン 버전 верси versi wersj sürüm إصدار संस्करण
deploy: 部署 デプロイ 배포 развёрт развер bereitstell bereitgestell déploi despleg implant wdraża wdroż dağıt نشر तैनात
id identifier: 标识 識別子 식별자 идентификатор kennung identificad identificateur identyfikator kimliği معرف पहचान
capacity: 容量 용량 ёмкост kapazität capacit capacid pojemnoś kapasite سعة क्षमता
change: 变化 变更 変化 変更 변화 변경 измен änder geänder changement cambi mudanç zmian zmien değişi تغير تغيير बदल
watch observe: 监视 监听 監視 감시 отслеж наблюд beobacht überwach observ surveill obserw izlen مراقبة निगरानी
progress: 进度 進捗 プログレス 진행률 прогресс fortschritt progreso progresso progression postęp ilerleme تقدم प्रगति
color: 颜色 色 색상 цвет farbe couleur color cores kolor renk لون रंग
thread: 线程 スレッド 스레드 поток hilo wątek خيط थ्रेड
environment env: 环境 環境 환경 окружен umgebung environnement entorno ambiente środowisk ortam بيئة पर्यावरण
build: 构建 ビルド 빌드 сборк собира gebaut constru budow derle بناء
index: 索引 インデックス 색인 индекс indexier índice indeks فهرس
`

const UNSPACED = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}ー\\p{Script=Hangul}'
const RUN = new RegExp(`[${UNSPACED}]+|(?:(?![${UNSPACED}])[\\p{L}\\p{M}])+`, 'gu')
const IS_UNSPACED = new RegExp(`^[${UNSPACED}]`, 'u')
const LATIN = /^\p{Script=Latin}/u
const OTHER_SCRIPT = /(?!\p{Script=Latin})\p{L}/u
const IS_ASCII = /^\p{ASCII}*$/u
/** Two words of one language: single ones, as "also" and "data", are of English too. */
const MIN_FUNCTION_WORDS = 2
const MIN_WORD_LETTERS = 2
/** Of Arabic, with what is written together with it. */
const ARTICLE = /^(?:[وبكف]?ال|لل|ل)(?=\p{L}{3})/u
/** The longest that stand above. */
const MAX_LETTERS = 20

let englishByWord: ReadonlyMap<string, string> | undefined

/** The English words that a question in another language asks for, in its order; none for a question in English, or for words that are not known. */
export function englishWordsFor(query: string): string {
  englishByWord ??= readWords()
  const isLatinKnown = speaksOfOther(query)
  if (!isLatinKnown && !OTHER_SCRIPT.test(query)) return ''
  const found: string[] = []
  for (const run of fold(query).match(RUN) ?? []) {
    // Names, and words of English.
    if (!isLatinKnown && LATIN.test(run)) continue
    if (!IS_UNSPACED.test(run)) found.push(longestAt(run.replace(ARTICLE, ''))?.english ?? '')
    else
      for (let at = 0; at < run.length; ) {
        const word = longestAt(run.slice(at, at + MAX_LETTERS))
        found.push(word?.english ?? '')
        at += word?.length ?? 1
      }
  }
  return found.filter(Boolean).join(' ')
}

/** True where a text's Latin words are of another language than English: by its function words, or by one known word with letters that English lacks. */
function speaksOfOther(text: string): boolean {
  const words = wordsOf(text)
  if (detectLanguages(words).includes('en')) return false
  const counts = new Map<string, number>()
  for (const word of new Set(words)) {
    const languages = functionWordVotes([word])
    if (word.length < MIN_WORD_LETTERS || languages.has('en')) continue
    for (const language of languages.keys()) counts.set(language, (counts.get(language) ?? 0) + 1)
  }
  if ([...counts.values()].some((count) => count >= MIN_FUNCTION_WORDS)) return true
  const isKnown = (run: string) => isFunctionWord(foldScript(run)) || longestAt(fold(run)) !== undefined
  return (text.match(RUN) ?? []).some((run) => LATIN.test(run) && !IS_ASCII.test(run) && isKnown(run))
}

/** The longest word with which a text begins. */
function longestAt(text: string): { readonly english: string; readonly length: number } | undefined {
  for (let length = Math.min(text.length, MAX_LETTERS); length > 0; length--) {
    const english = englishByWord?.get(text.slice(0, length))
    if (english !== undefined) return { english, length }
  }
  return undefined
}

function readWords(): ReadonlyMap<string, string> {
  const byWord = new Map<string, string>()
  for (const line of WORDS.trim().split('\n')) {
    const [english = '', words = ''] = line.split(': ')
    // One beginning may be that of two words, as of a task and a request.
    for (const word of new Set(fold(words).split(' ')))
      byWord.set(word, [byWord.get(word) ?? '', english].join(' ').trim())
  }
  return byWord
}

function fold(text: string): string {
  return foldScript(text).toLowerCase()
}
