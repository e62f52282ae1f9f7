import { decodeAs } from './named-encodings.ts'

/**
 * Owns which encoding from before Unicode a text is in, and its decoding. Guarantees: every byte of what is returned was valid in the encoding,
 * and what it says looks like one of the languages that use it; otherwise nothing is returned, never other letters. Linear time.
 */

/** What one character is worth where it stands: 1 for the commonest of a language, below 0 for what its texts do not have. */
type Weigh = (character: string, before: string, after: string) => number
type Candidate = { readonly encoding: string; readonly weigh: Weigh; readonly prior: number }

const MAX_SAMPLE_BYTES = 64_000
const MIN_SCORE = 0.4
/** A word of one letter is more than a letter of Latin that stands alone, and less than a sign. */
const LONE_LETTER = 0.62
/** With as many bytes beyond ASCII a text begins to say more than its own header. */
const DECISIVE_BYTES = 4

const CHINESE =
  '的一是不了在有人我他这個个们們来來到時时大地为為子中你说說生国國年着就那和要出也得里后後自以会會用户戶登录錄验驗证證失败敗订訂单單取消计計算购購物车車总總价價数數据據库庫文件返回函参參类類型值列表查询詢更新删刪除添加获獲设設置初始化错錯误誤信息处處理接口配服务務请請求响應应状狀态態间間测測试試资資料存储儲名称稱条條码碼'
const JAPANESE_SIGNS = /[\u3000-\u303f\uff01-\uff5e]/
const KANA = /[\u3041-\u30fe]/
const HANGUL =
  '다이는을를에의가사용자고하지로기한서도인정시주문취소상품추가데터파일함수값반환오류처리설록삭제생성조회확인요청응답결과목록입력출력수정장바구니니습합있없된되할그리으나라면아어해전보여러일때만것년월화대소안무원금액공격계산동작부버튼름번호날짜비교송신체크실행완료'
const CYRILLIC_COMMON = 'оеаинтсрвлкмдпуя'
const CYRILLIC = /[а-яё]/i
const UKRAINIAN_COMMON = `${CYRILLIC_COMMON}іїє`
const UKRAINIAN = /[а-яіїєґў]/i
const GREEK_COMMON = 'αοιεητσνρκπυλμςάέίόύήώ'
const GREEK = /[α-ωά-ώ]/i
const HEBREW = /[א-ת]/
const HEBREW_FINAL = /[ךםןףץ]/
const ARABIC_COMMON = 'اليمنرتوبةعدسفهكأقحج'
const ARABIC = /[ء-ي]/
const THAI = /[ก-ฺเ-๛]/
const THAI_COMMON = 'านรกอเยลงมดทสตะวบหคปพจขชไ่้็ัิีืุูแ'
const THAI_CONSONANT = /[ก-ฮ]/
const THAI_MARK = /[ัิ-ฺ็-๎]/
const THAI_LEAD = /[เ-ไ]/
const LETTER = /\p{L}/u
const UPPER = /\p{Lu}/u
const LOWER = /\p{Ll}/u
const SIGNS = '©®°±µ·–—…«»‘’“”„•€£§²³½¼№™×¡¿'
const LATIN_SIGNS = `${SIGNS}÷`
const CHARACTER = /[\u{80}-\u{10ffff}]/gu
const ASCII_LETTER = /[A-Za-z]/

let tables: Candidate[] | undefined

/**
 * The text of bytes that are no Unicode; undefined where no encoding makes sense of them.
 * @param declared by the file itself: it decides what few bytes leave open, and nothing that many say, for headers are copied with pages
 */
export function decodeLegacy(content: Buffer, declared?: string): string | undefined {
  const sample = linesWithHighBytes(content)
  const declaredPrior = Math.min(1, DECISIVE_BYTES / sample.filter((byte) => byte >= 0x80).length)
  tables ??= candidates()
  const ranked = tables
    .map(({ encoding, weigh, prior }) => {
      const text = decodeAs(encoding, sample)
      const likelihood = prior + (encoding === declared ? declaredPrior : 0)
      return { encoding, score: text === undefined ? -1 : scoreOf(text, weigh) + likelihood }
    })
    .filter(({ score }) => score >= MIN_SCORE)
    .sort((a, b) => b.score - a.score)
  for (const { encoding } of ranked) {
    const text = decodeAs(encoding, content)
    if (text !== undefined) return text
  }
  return undefined
}

/** A line break is no part of a character in any of the encodings. */
function linesWithHighBytes(content: Buffer): Buffer {
  const lines: Buffer[] = []
  let bytes = 0
  for (let from = 0; from < content.length && bytes < MAX_SAMPLE_BYTES; ) {
    const found = content.indexOf(0x0a, from)
    const end = found < 0 ? content.length : found + 1
    const line = content.subarray(from, Math.min(end, from + MAX_SAMPLE_BYTES))
    if (line.some((byte) => byte >= 0x80)) {
      lines.push(line)
      bytes += line.length
    }
    from = end
  }
  return Buffer.concat(lines)
}

function scoreOf(text: string, weigh: Weigh): number {
  let sum = 0
  let count = 0
  for (const { 0: character, index } of text.matchAll(CHARACTER)) {
    sum += weigh(character, text[index - 1] ?? ' ', text[index + character.length] ?? ' ')
    count += 1
  }
  return count === 0 ? 0 : sum / count
}

function candidates(): Candidate[] {
  const jis = charactersOf('euc-jp', 0xb0, 0xcf)
  const gb = charactersOf('gb18030', 0xb0, 0xd7)
  const big5 = charactersOf('big5', 0xa4, 0xc6)
  const chinese = new Set(CHINESE)
  const hangul = charactersOf('euc-kr', 0xb0, 0xc8)
  const commonHangul = new Set(HANGUL)
  const japanese: Weigh = (one) =>
    KANA.test(one) ? 1 : JAPANESE_SIGNS.test(one) ? 0.6 : jis.has(one) ? 0.65 : /[\u4e00-\u9fff]/.test(one) ? 0.1 : -0.6
  const chineseOf =
    (level: ReadonlySet<string>): Weigh =>
    (one) =>
      chinese.has(one) ? 1 : JAPANESE_SIGNS.test(one) ? 0.5 : level.has(one) && !KANA.test(one) ? 0.6 : -0.3
  const korean: Weigh = (one) =>
    commonHangul.has(one) ? 1 : hangul.has(one) ? 0.5 : JAPANESE_SIGNS.test(one) ? 0.3 : -0.5
  const cyrillic = lettersOf(CYRILLIC, CYRILLIC_COMMON)
  const latin = (common: string, rare = '') => latinOf(common, rare)
  const thai = lettersOf(THAI, THAI_COMMON)
  // Its letters are what bytes of Chinese and Korean are too, but for where its vowels and tones stand.
  const thaiInPlace: Weigh = (one, before, after) => {
    const isAlone = THAI_MARK.test(one) && !THAI_CONSONANT.test(before) && !THAI_MARK.test(before)
    return isAlone || (THAI_LEAD.test(one) && !THAI_CONSONANT.test(after)) ? -1 : thai(one, before, after)
  }
  const west = 'äöüßéèêàâçñíóáúôîïëùûæøåãõìò'
  const east = 'ąćęłńóśźżáéíúýčďěňřšťůžöüőűäëçăâîşţôß'
  return [
    { encoding: 'windows-1252', weigh: latin(west, 'þðýœšžÿ'), prior: 0.05 },
    { encoding: 'shift_jis', weigh: apart(japanese), prior: 0.02 },
    { encoding: 'gb18030', weigh: apart(chineseOf(gb)), prior: 0.04 },
    { encoding: 'euc-kr', weigh: apart(korean), prior: 0 },
    { encoding: 'big5', weigh: apart(chineseOf(big5)), prior: 0 },
    { encoding: 'euc-jp', weigh: apart(japanese), prior: 0 },
    { encoding: 'windows-1251', weigh: cyrillic, prior: 0.02 },
    { encoding: 'koi8-r', weigh: cyrillic, prior: 0 },
    { encoding: 'koi8-u', weigh: lettersOf(UKRAINIAN, UKRAINIAN_COMMON), prior: -0.01 },
    { encoding: 'ibm866', weigh: cyrillic, prior: -0.02 },
    { encoding: 'iso-8859-5', weigh: cyrillic, prior: -0.02 },
    { encoding: 'windows-1250', weigh: latin(east, 'ŕĺľđ'), prior: 0 },
    { encoding: 'iso-8859-2', weigh: latin(east, 'ŕĺľđ'), prior: -0.02 },
    { encoding: 'windows-1254', weigh: latin('çğıöşüâîûéèêàäß', 'ñóáíúôïëùæøåãõ'), prior: 0.02 },
    { encoding: 'windows-1253', weigh: lettersOf(GREEK, GREEK_COMMON, /ς/), prior: 0 },
    { encoding: 'windows-1255', weigh: lettersOf(HEBREW, 'יוהלאתרמבש', HEBREW_FINAL), prior: 0.03 },
    { encoding: 'windows-1256', weigh: lettersOf(ARABIC, ARABIC_COMMON), prior: 0 },
    { encoding: 'windows-874', weigh: thaiInPlace, prior: -0.45 },
    { encoding: 'macintosh', weigh: latin(west), prior: -0.05 },
  ]
}

/** The characters whose first byte lies in a range and whose second is a high one: the commoner half of a standard. */
function charactersOf(encoding: string, first: number, last: number): Set<string> {
  const bytes: number[] = []
  for (let lead = first; lead <= last; lead++) for (let trail = 0xa1; trail <= 0xfe; trail++) bytes.push(lead, trail)
  if (encoding === 'big5')
    for (let lead = first; lead <= last; lead++) for (let trail = 0x40; trail <= 0x7e; trail++) bytes.push(lead, trail)
  return new Set(new TextDecoder(encoding).decode(Uint8Array.from(bytes)).replaceAll('\ufffd', ''))
}

/** No word of ASCII has one sign of another script inside: "Gr間oire" is Grégoire. */
function apart(weigh: Weigh): Weigh {
  return (one, before, after) => (ASCII_LETTER.test(before) && ASCII_LETTER.test(after) ? 0 : weigh(one, before, after))
}

/** Letters of a script that words of ASCII are not mixed with; `final` ones end words. */
function lettersOf(script: RegExp, common: string, final?: RegExp): Weigh {
  return (one, before, after) => {
    if (!script.test(one)) return SIGNS.includes(one) ? 0.5 : -1
    if (ASCII_LETTER.test(before) || ASCII_LETTER.test(after)) return -1
    if (LOWER.test(before) && UPPER.test(one)) return -1
    if (UPPER.test(before) && UPPER.test(one)) return 0.4
    if (!script.test(before) && !script.test(after)) return LONE_LETTER
    if (final?.test(one) && script.test(after)) return -1
    return common.includes(one.toLowerCase()) ? 1 : 0.5
  }
}

/** Letters with marks, which stand in words of ASCII. */
function latinOf(common: string, rare: string): Weigh {
  return (one, before, after) => {
    const isInWord = LETTER.test(before) || LETTER.test(after)
    if (LATIN_SIGNS.includes(one) && (LATIN_SIGNS.includes(before) || LATIN_SIGNS.includes(after))) return 0.2
    if (LATIN_SIGNS.includes(one)) return LETTER.test(before) && LETTER.test(after) && one !== '’' ? -1 : 0.7
    if (!LETTER.test(one) || (LOWER.test(before) && UPPER.test(one))) return -1
    const isAmongMarks = isMarked(before) && isMarked(after)
    const lower = one.toLowerCase()
    if (isAmongMarks) return -0.5
    if (common.includes(lower)) return isInWord ? 0.85 : 0.6
    return rare.includes(lower) ? 0.2 : -0.3
  }
}

function isMarked(one: string): boolean {
  return one > '\x7f' && LETTER.test(one)
}
