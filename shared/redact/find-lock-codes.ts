import { isPlaceholder } from './example-value.ts'
import type { FoundSecret } from './secret-span.ts'
import { isPasswordLike } from './value-strength.ts'

/**
 * Finds codes and passwords by the thing that they open, where no word for a password is beside them. Digits: a word for a code and one for what it opens
 * in the same sentence, in whatever order and case the language has them. Guarantees: a number with what it counts, a year, and codes of goods, errors and
 * places are left. Linear time: what is read around is bounded.
 */

const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Devanagari}]/u

const CODES = anyOf(
  'codes?|combination|\\p{L}{2,14}code|zahlenkombination|kombination|combinaison|código|codigo|combinación|combinação|codice|combinazione|szyfr|kod\\p{L}{0,4}|kód\\p{L}{0,3}|şifre\\p{L}{0,4}|koodi',
  'код\\p{L}{0,3}|шифр\\p{L}{0,3}|رمز\\p{L}{0,2}|كود|קוד',
  '密码|密碼|口令|暗码|番号|コード|번호|코드|कोड',
)
const OPENED = anyOf(
  'doors?|front door|gates?|alarm|safe|locks?|padlock|lockers?|garage|entrance|intercom|keypad|suitcase|bike|vault|shed|lift|stairwell|lobby|barn',
  '(?:haus|wohnungs|keller|eingangs)?tür|tor|alarmanlage|tresor|(?:fahrrad|zahlen|vorhänge)?schloss|eingang|spind|koffer|keller|schließfach',
  'porte|portail|alarme|coffre|cadenas|entrée|immeuble|interphone|casier|valise|vélo|antivol|puerta|portal|portón|alarma|caja fuerte|candado|garaje|taquilla|maleta|bici|verja|buzón',
  "(?:dell['’]|all['’])?(?:porta|portone|cancello|allarme|cassaforte|lucchetto|ingresso|armadietto|valigia|citofono)|portão|cofre|cadeado|garagem|cacifo|mala|bicicleta|prédio",
  'deur|voordeur|poort|hek|kluis|kluisje|slot|fietsslot|ingang|fiets|schuur|drzwi|bram\\p{L}{1,3}|furt\\p{L}{1,3}|alarmu|sejf\\p{L}{0,3}|kłód\\p{L}{1,3}|zamk\\p{L}{1,3}|garaż\\p{L}{0,3}|wejści\\p{L}{0,3}|szafk\\p{L}{1,3}|walizk\\p{L}{1,3}|rower\\p{L}{0,3}|domofon\\p{L}{0,3}|klatk\\p{L}{1,3}',
  'kap[ıi]\\p{L}{0,8}|alarm\\p{L}{1,4}|kasa\\p{L}{0,5}|kili[td]\\p{L}{0,5}|garaj\\p{L}{0,5}|giriş\\p{L}{0,5}|dola[bp]\\p{L}{0,5}|bavul\\p{L}{0,5}|bisiklet\\p{L}{0,5}|bina\\p{L}{0,5}|apartman\\p{L}{0,5}|geçi[td]\\p{L}{0,5}|bahçe\\p{L}{0,5}',
  'двер\\p{L}{1,3}|ворот\\p{L}{0,3}|калитк\\p{L}{1,3}|сигнализаци\\p{L}{1,3}|сейф\\p{L}{0,3}|зам[ко]\\p{L}{1,3}|гараж\\p{L}{0,3}|подъезд\\p{L}{0,3}|домофон\\p{L}{0,3}|чемодан\\p{L}{0,3}|велосипед\\p{L}{0,3}|шкафчик\\p{L}{0,3}',
  '\\p{L}{0,2}(?:باب|بوابة|إنذار|خزنة|خزانة|قفل|مرآب|كراج|مدخل|عمارة|حقيبة|دراجة)|הדלת|השער|הכספת|האזעקה',
  '门|門|报警|保险箱|保险柜|锁|鎖|车库|行李箱|储物柜|ドア|玄関|金庫|ロッカー|車庫|ガレージ|オートロック|スーツケース|自転車|警報|현관|도어락|문|금고|자물쇠|차고|사물함|캐리어|자전거|경보',
  'दरवाज़े|दरवाजे|गेट|अलार्म|तिजोरी|ताले|लॉकर|गैराज|सूटकेस|साइकिल|दरवाज़े',
)
/** Right before the digits: by which something is opened, or what is to be pressed. */
const WITH =
  /(?<!\p{L})(?:with|using|by entering|enter|type|dial|press|mit|tippe|drück\p{L}{0,2}|gib|avec|tape[rz]?|compose[rz]?|con|marca\p{L}{0,2}|pulsa\p{L}{0,2}|digita\p{L}{0,2}|com|marque|met|toets|wpisz|naciśnij|kodem|с|набери|нажми)[ ]$/u
/** Codes that open nothing. */
const OTHERS = anyOf(
  'rfc|product|article|item|error|area|zip|postal|post|country|dialling|source|dress|bar|qr|colou?r|tracking|discount|promo|order|model|serial|artikel\\p{L}{0,8}|fehler\\p{L}{0,8}|postleit\\p{L}{0,8}|produktcode|erreur|postale?|produit|couleur|producto|pedido|errore|prodotto|colore|produto|produkt\\p{L}{0,3}|błęd\\p{L}{0,3}|pocztow\\p{L}{0,3}|товар\\p{L}{0,3}|ошибк\\p{L}{0,3}|цвет\\p{L}{0,3}|hata|ürün|posta|renk',
  'المنتج|الخطأ|البريد',
  '产品|商品|错误|邮政|製品|エラー|郵便|電話|제품|상품|오류|우편|전화|उत्पाद|त्रुटि',
)
const NUMBER =
  /(?=\p{Nd}{2}[\p{Nd} -])(?<![\p{L}\p{N}.,:/+-])(?:\p{Nd}{4,8}|\p{Nd}{2}(?:[- ]\p{Nd}{2}){1,3})[#*]?(?![\p{N}%€$£°/:-])/gu
/** The text that may follow a code: the end, a joining word, a final verb. Anything else is what the number counts. */
const FREE_END =
  /^["'”’»)]{0,3}(?:$|[.,;!?。！？।،、；\n]|[ ](?:and|but|or|then|so|for|now|und|aber|dann|et|puis|y|pero|luego|e|ma|poi|mas|en|dan|i|ale|и|а|но|ve|ama|है|हैं|olarak|ab|auf|aus|frei)(?![\p{L}])|[ ]?[-–—(]|입니다|이에요|예요|이야|야|이다|로|임|です|だ|に|['’]?[dt][ıiuü]r)/u
const YEAR = /^(?:19|20)\p{Nd}\p{Nd}$/u
const SENTENCE_END = /[.!?。！？।\n]/u
const MAX_BEFORE_CHARS = 70
const MAX_AFTER_CHARS = 40

/** Rows of the scripts that put spaces between words, each a whole word; those of the others are found anywhere. */
function anyOf(...rows: readonly string[]): RegExp {
  const isSpaced = (row: string) => !UNSPACED.test(row)
  const others = rows.filter((row) => !isSpaced(row))
  return new RegExp([`(?<!\\p{L})(?:${rows.filter(isSpaced).join('|')})(?!\\p{L})`, ...others].join('|'), 'u')
}

/** The codes of a text; `lower` is the text in small letters, as long as the text. */
export function* lockCodesIn(text: string, lower: string): Generator<FoundSecret> {
  for (const { 0: value, index } of text.matchAll(NUMBER)) {
    const end = index + value.length
    const after = lower.slice(end, end + MAX_AFTER_CHARS)
    if (YEAR.test(value) || !FREE_END.test(after)) continue
    const before = sentenceBefore(lower, index)
    const isCode = (CODES.test(before) && !OTHERS.test(before)) || WITH.test(before)
    if (isCode && OPENED.test(`${before} ${after.split(SENTENCE_END)[0]}`)) yield { kind: 'pin', start: index, end }
  }
}

/** The words of a sentence before a place, as far as they are looked at. */
function sentenceBefore(lower: string, at: number): string {
  const before = lower.slice(Math.max(0, at - MAX_BEFORE_CHARS), at)
  return before.split(SENTENCE_END).at(-1) as string
}

/** To get in by a word: a wifi, an account. */
const GET_IN = anyOf(
  'log ?in|logs? in|sign in|get in(?:to)?|connect\\p{L}{0,3}|unlock\\p{L}{0,3}|login|wi-?fi|wlan|router|einloggen|anmelden|verbinde\\p{L}{0,2}|komm\\p{L}{0,3}|logg\\p{L}{0,3}|melde',
  'connecte\\p{L}{0,3}|connexion|identifie\\p{L}{0,2}|conecta\\p{L}{0,3}|inicio sesión|entro|entra|accedo|accedi|collego|ligo|acedo|inloggen|logt?|verbind|zaloguj|loguję|łączę|вхожу|войти|захожу|подключаюсь',
)
const BY_WORD = /(?<!\p{L})(?:with|using|mit|avec|con|com|met|с)[ ]["'“„«‘]?([^\s"'“”„«»‘’]{6,60})/gu

/** The passwords by which a sentence gets in. */
export function* entryWordsIn(text: string, lower: string): Generator<FoundSecret> {
  for (const match of text.matchAll(BY_WORD)) {
    const value = (match[1] ?? '').replace(/[.,;:!?)]{1,9}$/u, '')
    const start = match.index + match[0].length - (match[1] ?? '').length
    const isPassword = /\p{Nd}/u.test(value) && isPasswordLike(value) && !isPlaceholder(value)
    if (isPassword && GET_IN.test(sentenceBefore(lower, match.index)))
      yield { kind: 'password', start, end: start + value.length }
  }
}
