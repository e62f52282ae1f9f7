import { languagesNamedIn } from '../memory/local-rules/words/language-names.ts'
import { wordPattern } from '../memory/local-rules/words/word-pattern.ts'

/**
 * Tells what somebody asks an agent to do, or to leave alone, from then on ("never drop the users table") from talk among people ("never give up",
 * "keep it up", "make sure you rest"): such an order is worded as one, and names an object of work.
 */

/** Objects of an agent's work: files, code, data, systems, texts. */
const WORK = [
  'files?|folders?|director*|paths?|repo|repos|repositor*|branch*|commits?|code*|tests?|builds?|lint*|deploy*|releas*|merge*|rebas*|migrat*|databas*|on main|to main|auf main|sur main|origin|upstream|force.push*|schema*|tables?|quer*|api*|endpoint*|server*|production|prod|staging|configs?|configur*|scripts?|functions?|class|classes|methods?|variables?|modules?|packages?|dependenc*|librar*|framework*|docs?|documentation|changelog|readme*|logs?|logging|exceptions?|types?|versions?|tickets?|pull requests?|emails?|mails?|customers?|invoices?|prices?|reports?|data|passwords?|kode|teszt*|secrets?|credentials?|tokens?|api keys?|format*|comments?|answers?|repl*|responses?|sentences?|backups?|commands?|containers?|dashboard*|indent*|names?|prompts?|sources?|citations?|json|sql|csv|yaml|html|css',
  'datei*|ordner*|verzeichnis*|pfad*|*datei|*dateien|datenbank*|tabelle*|skript*|konfig*|produktion*|passw*|kunden*|rechnung*|preise*|antwort*|kommentar*|befehl*',
  'fichier*|dossier*|base de données|bases de données|tableau*|table|branche*|code|script*|mot de passe|mots de passe|client*|facture*|réponse*|commentaire*|commande*',
  'archivo*|fichero*|carpeta*|base de datos|tabla*|rama|ramas|código|prueba*|servidor*|producción|contraseña*|cliente*|factura*|respuesta*|comentario*|comando*',
  'ficheiro*|arquivo*|banco de dados|base de dados|tabela*|testes?|produção|senha*|fatura*|resposta*|comentário*',
  'cartella|cartelle|database|tabella|tabelle|codice|produzione|fattur*|rispost*|commenti|comando|comandi',
  'bestand*|map|mappen|tabel*|wachtwoord*|productie*|klant*|factu*|antwoord*|opdracht*',
  'plik*|katalog*|folder*|danych|danymi|tabel*|kod|kodu|test*|serwer*|produkcj*|hasł*|klient*|faktur*|odpowied*|komentarz*',
  'fil|filen|filer|filerna|filerne|mapp*|mappe*|tabell*|koden|databas*|lösenord*|kund*|svar|svaret',
  'dosya*|klasör*|veritaban*|tablo*|kodu*|test*|sunucu*|şifre*|müşteri*|fatura*',
  'файл*|папк*|каталог*|данных|данными|даних|таблиц*|код|кода|коді|коду|тест*|ветк*|гілк*|сервер*|коммит*|коміт*|миграци*|міграц*|прод|продакшн*|парол*|клиент*|клієнт*|ответ*|відповід*|комментари*|коментар*|команд*',
  'soubor*|složk*|databáz*|fájl*|mappa|mappát|adatbázis*|fișier*|baza de date|tiedosto*|kansio*|tietokan*|berkas|basis data|tệp|thư mục|cơ sở dữ liệu|αρχεί*|φάκελ*|βάση δεδομένων',
  'قاعدة البيانات|قواعد البيانات|*ملف|ملف*|*ملفات|مجلد*|*كود|*اختبارات|फ़ाइल*|फाइल*|फ़ोल्डर*|डेटाबेस*|टेस्ट*|कोड*|*קובץ|*קבצים|*תיקייה|מסד הנתונים|*קוד|*בדיקות|پایگاه داده|*فایل*|پوشه*',
  '文件|檔案|目录|目錄|数据库|資料庫|表|代码|代碼|程式碼|测试|測試|分支|提交|部署|服务器|伺服器|生产|配置|设置|日志|密码|客户|回答|回复|ファイル|フォルダ|データベース|テーブル|コード|テスト|ブランチ|コミット|デプロイ|サーバ|本番|設定|パスワード|顧客|回答|返信|파일|폴더|데이터베이스|테이블|코드|테스트|브랜치|커밋|배포|서버|운영|설정|비밀번호|고객|대답|답변|ไฟล์|โฟลเดอร์|ฐานข้อมูล|โค้ด',
].join('|')
/** A path, the name of a file, a flag, an identifier, or code between backticks. */
const CODE_NAME =
  /`[^`]{1,80}`|(?<![\w/])(?!(?:and|s?he|his|him|\d+)\/)\/?(?:[\w.-]{1,60}\/){1,8}[\w.*-]{0,60}|(?<![\w.])[\w-]{1,60}\.(?!com\b)[a-z]{1,5}\b|(?<![\w-])--?[a-z][\w-]{1,30}|\b[a-z]{1,30}_\w{1,40}|(?<!\S)~?\/[\w.-]{2,60}|\b[a-z]{2,30}[A-Z]\w{1,40}/

const FROM_NOW_ON =
  /(?<!\p{L})(?:ab jetzt|ab sofort|von nun an|auf keinen fall|a partir de ahora|de ahora en adelante|en ningún caso|désormais|dorénavant|en aucun cas|à partir de maintenant|d['’]ora in poi|in nessun caso|de agora em diante|a partir de agora|em caso algum|vanaf nu|voortaan|in geen geval|od teraz|pod żadnym pozorem|från och med nu|under inga omständigheter|bundan sonra|отныне|впредь|ни в коем случае|відтепер|надалі|від тепер|за жодних обставин)(?!\p{L})/iu
/** Words with which people ask for what holds from then on, at the beginning of a sentence or of a clause in it. */
const BIDS = [
  /(?:^|[,;:–-] ?|(?<!\p{L})(?:and|but|then|please|pls|plz) )(?:(?:always|never),? (?:ever )?(?!(?:been|had|was|were|saw|seen|got|an?|the|here|there|up|good|great|nice|fun|happy|glad|lovely|\p{L}{1,30}(?:ing|ed))(?!\p{L}))|from now on|(?:do not|don['’]?t) (?!(?:worry|know|think|mind|believe|feel|see|understand|like|need|have|hesitate)(?!\p{L}))|make sure|ensure|remember to|whatever happens|no matter what|under no circumstances|avoid )/iu,
  /^(?:please[, ]+)?(?:stop|only(?! (?:an?|one|two|three|\d{1,4}|I|we|s?he|they|you)(?!\p{L}))|use|keep(?! (?:up|on|at|it|me|\p{L}{1,30}ing)(?!\p{L}))|answer|reply|write)(?!\p{L})/iu,
  /(?<!\p{L})(?:must|should|shall|may|ha(?:s|ve) to|needs? to)(?: not)? (?:always|never|ever|only|under no circumstances)(?! (?:have|feel|worry|know) )(?!\p{L})/iu,
  /^(?!(?:der|die|das|den|dieser?|dieses|er|sie|es|man|du|le|la|les|l['’]\S{1,30}|ce|cette|ces|il|elle|ils|on|tu|el|los|las|este|esta|esto|él|ella|o|os|as|isto|lo|gli|questo|questa|lui|lei|de|het|dit|deze|hij|zij|ze|det|den|han|hon|vi|dein\p{L}{0,2}|eure?|ton|ta|tes|votre|vos|notre|nos|tu|su|sus|nuestr[ao]s?|seu|sua|teu|tua|tuo|jouw|mijn|uw|onze?)(?!\p{L}))(?:\S{1,30} ){0,3}(?:immer|nie|niemals|nimmer|stets|siempre|nunca|jamás|toujours|jamais|sempre|mai|altijd|nooit|întotdeauna|niciodată|asla(?! \p{L}{1,30}(?:yor|r|z)(?!\p{L}))|πάντα|ποτέ|دائم\S{1,2}|أبد\S{1,2}|همیشه|هرگز|हमेशा|कभी|לעולם|selalu|jangan|luôn|đừng)(?![\p{L}\p{M}])/iu,
  /^(?:\S{1,30} )?(?:alltid|aldrig|altid|aldri)(?!\p{L})/iu,
  // Where no article begins a sentence, a subject may stand before such a word.
  /^(?:(?:nie|не) \S{1,30} |(?:proszę|пожалуйста|lütfen|будь ласка),? )?(?:zawsze|nigdy|her zaman|daima|vždy|nikdy|mindig|soha|aina|תמיד|selalu|всегда|никогда|завжди|ніколи)(?!\p{L})/iu,
  /(?<!\p{L})(?:darfs?t?|dürfen|muss|müssen|solls?t?|sollen|doit|doivent|debe[ns]?|deve|devono|devem|moet|moeten|mag|mogen|musi|muszą|może|måste|får|skal|должн\S{1,2}|можна|повинн\S{1,2})(?!\p{L})[^.!?]{0,60}(?<!\p{L})(?:immer|nie|niemals|siempre|nunca|jamás|toujours|jamais|sempre|mai|altijd|nooit|zawsze|nigdy|alltid|aldrig|aldri|altid|всегда|никогда|завжди|ніколи)(?!\p{L})/iu,
  FROM_NOW_ON,
  /^ne\s+\S{1,30}\s+(?:pas|plus|jamais)(?!\p{L})/iu,
  /(?:^|[，,；：。]|请|請)(?:总是|永远|總是|永遠|始终|务必|いつも|항상|언제나)|(?:请|請).{0,20}(?:总是|始终|永远|總是|始終)|いつも.{1,60}(?:ください|下さい|こと|[てろ])[。！]?$|항상.{1,60}(?:세요|십시오|라|줘|것)[.!]?$|从现在起|以后都|從現在起|不要|切勿|请勿|严禁|禁止|必须|務必|必須|必ず|今後は|絶対に|しないで|절대|앞으로는|하지\s?마/u,
  /من الآن|لا تقم|لا ت\S{2,12} .{1,60}أبد|अब से|कभी (?:भी )?न|मत |לעולם (?:אל|לא)|^אל |מעכשיו|از این به بعد|ตั้งแต่นี้|ห้าม|อย่า/u,
]
/** Whoever asks, or tells of himself or of what has been, instructs nobody. */
const TOLD =
  /[?？؟]\s?$|^(?:I|we|my|our|he|she|they|you['’]ve|it['’]?s|ich|wir|mein\p{L}{0,2}|unser\p{L}{0,2}|yo|je|nous|mon|io|eu|ik|jag|я|мы|мой|моя|мои|ми)(?![\p{L}\p{M}])|^j['’]|^(?:我(?!们?(?:要|希望|想|需|必))|私|僕|저는|나는|내가|제가|우리)|(?<!\p{L})(?:habe|hat|hatten?|war|waren|wurden?|heb|heeft|hade) .{0,30}(?:nie|niemals|immer|nooit|altijd|aldrig|alltid)(?!\p{L})|^(?:\S{1,30} )?(?:(?:no|nunca|jamás|siempre|non|mai|sempre) (?:he|has|ha|han|hemos|había\p{L}?|ho|hai|hanno|abbiamo|tenho|tinha)|n['’](?:ai?|ont))(?!\p{L})|^(?:никогда|всегда|ніколи|завжди)(?: не)? \p{L}{1,30}(?:л|ла|ло|ли|в)(?:с[яь])?(?!\p{L})|(?:है|हैं|था|थे|थी)[।.!]?$|^(?:nigdy|zawsze)(?: nie)? \p{L}{1,30}(?:ł\p{L}{0,3}|li|liśmy)(?!\p{L})/iu

let work: RegExp | undefined

/** True for a sentence that asks to do something, or never to do it, with files, code, data, systems or texts from then on. */
export function isWorkOrder(sentence: string): boolean {
  if (TOLD.test(sentence) || !BIDS.some((bid) => bid.test(sentence))) return false
  work ??= wordPattern(WORK)
  return (
    CODE_NAME.test(sentence) ||
    work.test(sentence) ||
    (FROM_NOW_ON.test(sentence) && languagesNamedIn(sentence).length > 0)
  )
}
