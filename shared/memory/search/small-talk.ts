import { isStopWord } from '../../ai/local/terms.ts'
import { wordsOf } from '../../ai/local/words.ts'

/** Greetings, thanks and assent ask for nothing that is remembered: a prompt needs no block for them. Pure. */

const SMALL_TALK = new Set(
  wordsOf(`hello hi hey hiya howdy yo greetings welcome good morning afternoon evening night day bye goodbye cheers thanks thank thx ty please sorry
ok okay k yes yeah yep yup no nope sure fine great nice cool awesome perfect super wow lol haha hmm well then now all right alright got see later much
works worked done so very lot again are how going doing today what up sup
hallo moin servus guten gruezi tag morgen abend danke bitte tschuess ja nein gut alles klar vielen dank
bonjour salut bonsoir coucou merci beaucoup oui non daccord svp revoir ca va bien
hola buenos buenas dias tardes noches gracias muchas adios si vale por favor que tal como estas
ola oi bom boa dia tarde noite obrigado obrigada tchau sim nao tudo bem
ciao salve buongiorno buonasera grazie mille prego arrivederci va bene
dag hoi goedemorgen bedankt dankjewel doei nee prima
hej hei moi tack tak takk kiitos ja nej nei god dag morgon
czesc witaj dzien dobry dziekuje tak nie ahoj dobry den dekuji diky ano ne
szia koszonom igen nem buna salut multumesc da nu
merhaba selam gunaydin tesekkurler tesekkur ederim evet hayir tamam
привет здравствуйте здравствуй добрый день утро вечер спасибо пока да нет хорошо ладно вітаю привіт дякую
γεια σου καλημερα ευχαριστω ναι οχι
مرحبا اهلا السلام عليكم شكرا نعم لا صباح الخير שלום תודה כנ לא בוקר טוב
नमस्ते धन्यवाद हां नहीं शुक्रिया halo terima kasih selamat pagi xin chao cam on`),
)
/** Of words that ask for something elsewhere, or in scripts without spaces: the whole message, without its marks. */
const PHRASES = new Set(
  `whatsup howsitgoing howisitgoing areyouthere youthere whoareyou whatareyou canyouhelpme helpme hibot hellobot helloassistant hiassistant test testing gotcha soundsgood
seeyoutomorrow seeyoulater talktoyoulater haveaniceday makessense nevermind nicetomeetyou whatcanyoudo
wiegehts wiegehtesdir gutenabendzusammen dankedir gutenacht bonnejournée bonnenuit todobien cómoestás buenfinde tuttobene comestai buonanotte tudobom comovai allesgoed hoegaathet hoegaatie hallodaar
jaksięmasz cosłychać dobradzięki какдела какты спокойнойночи ладноспасибо яксправи nasılsın naber iyigeceler hurmårdu hvordangårdet jaksemáš mitäkuuluu hogyvagy cefaci apakabar bạnkhỏekhông
كيفحالك كيفالحال कैसेहो कैसेहैं आपकैसेहैं
最近怎么样 在吗 你在吗 晚安 你是谁 元気ですか おやすみ おやすみなさい お疲れ様です 잘지내요 잘자 ㅋㅋ ㅎㅎ
你好 您好 嗨 早上好 晚上好 谢谢 多谢 再见 好的 是 不 こんにちは おはよう おはようございます こんばんは ありがとう ありがとうございます はい いいえ さようなら
안녕 안녕하세요 고마워 감사합니다 네 아니요 สวัสดี ขอบคุณ`.split(/\s+/),
)
const LONGEST = 12
const NO_LETTER = /[^\p{L}\p{M}]/gu

/** Whether a short message greets, thanks or agrees, and says nothing else. */
export function isSmallTalk(query: string): boolean {
  if (query.length > 200) return false
  if (PHRASES.has(query.replace(NO_LETTER, '').toLowerCase())) return true
  const words = wordsOf(query)
  if (words.length === 0 || !/[\p{L}\p{N}]/u.test(query)) return true
  return (
    words.length <= LONGEST &&
    words.every((word) => SMALL_TALK.has(word) || isStopWord(word)) &&
    words.some((word) => SMALL_TALK.has(word) && !isStopWord(word))
  )
}
