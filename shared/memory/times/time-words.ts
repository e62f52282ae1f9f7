/**
 * Owns the words for times beside now, in many languages: days, weeks, months and years before and after, distances ("three days ago"), weekdays.
 * They come from the platform's own tables; by hand there are only the other spellings that people use, and the numbers in words.
 */

export type TimeUnit = 'day' | 'week' | 'month' | 'year'

/** A phrase, and how many units from now it means; more than one where it means either. */
type TimePhrase = {
  readonly phrase: string
  readonly language: string
  readonly unit: TimeUnit
  readonly steps: readonly number[]
}
/** What stands around the number of a distance. `side` is -1 for the past. */
export type Distance = {
  readonly before: string
  readonly after: string
  readonly language: string
  readonly unit: TimeUnit
  readonly side: 1 | -1
}
/** 0 is Sunday. */
export type WeekdayName = { readonly name: string; readonly language: string; readonly weekday: number }
/** The word for last or next beside another word, with any ending. */
type StepWord = { readonly stem: string; readonly language: string; readonly step: 1 | -1 }
/** What a unit is called beside such a word, with any ending. */
type UnitName = { readonly stem: string; readonly language: string; readonly unit: Exclude<TimeUnit, 'day'> }

type TimeWords = {
  readonly phrases: readonly TimePhrase[]
  readonly distances: readonly Distance[]
  readonly weekdays: readonly WeekdayName[]
  readonly stepWords: readonly StepWord[]
  readonly unitNames: readonly UnitName[]
}

export const TIME_LANGUAGES = 'de fr es pt it nl pl ru tr zh ja ko ar hi uk sv cs da no vi id'.split(' ')
const UNITS = ['day', 'week', 'month', 'year'] as const
/** In the forms for one, two, few and many. */
const COUNTS = [1, 2, 3, 5, 11, 21]
/** Ways to write a word that the tables have in one way only: what to put in the place of which piece. */
const OTHER_SPELLINGS: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  pl: [['dzisiaj', 'dziś']],
  it: [["l'altro ieri", "l'altroieri"]],
  sv: [
    ['i dag', 'idag'],
    ['i går', 'igår'],
    ['i morgon', 'imorgon'],
    ['i övermorgon', 'övermorgon'],
  ],
  tr: [['yıl', 'sene']],
  zh: [
    ['上周', '上上周'],
    ['下周', '下下周'],
    ['上个月', '上上个月'],
    ['下个月', '下下个月'],
    ['后', '後'],
    ['周', '週'],
    ['周', '星期'],
    ['个', '個'],
    ['前天', '大前天'],
    ['后天', '大后天'],
  ],
  ja: [
    ['先週', '先々週'],
    ['来週', '再来週'],
    ['先月', '先々月'],
    ['来月', '再来月'],
    ['昨年', '一昨年'],
    ['来年', '再来年'],
    ['一昨日', 'おととい'],
    ['昨日', 'きのう'],
    ['今日', 'きょう'],
    ['明日', 'あした'],
    ['明後日', 'あさって'],
    ['昨年', '去年'],
    ['か月', 'ヶ月'],
    ['か月', 'カ月'],
  ],
  ko: [
    ['지난주', '지지난주'],
    ['다음 주', '다다음 주'],
    ['주', '주일'],
    ['개월', '달'],
    ['후', '뒤'],
  ],
  ar: [
    ['بعد الغد', 'بعد غد'],
    ['خلال', 'بعد'],
    ['قبل', 'منذ'],
  ],
  hi: [
    ['पिछला', 'पिछले'],
    ['अगला', 'अगले'],
    ['सप्ताह', 'हफ़्ते'],
    ['सप्ताह', 'हफ्ते'],
    ['माह', 'महीने'],
    ['वर्ष', 'साल'],
  ],
}
/** These are one more than what they are made of. */
const ONE_MORE = /^(?:大|上上|下下|先々|再来|一昨年|지지난|다다음)/

let made: TimeWords | undefined

/** Made when first asked for: it takes some 50 ms. */
export function timeWords(): TimeWords {
  if (made) return made
  const stepWords = TIME_LANGUAGES.flatMap(stepWordsOf)
  made = {
    phrases: joinedPhrases(TIME_LANGUAGES.flatMap(phrasesOf)),
    distances: TIME_LANGUAGES.flatMap(distancesOf),
    weekdays: TIME_LANGUAGES.flatMap(weekdaysOf),
    stepWords,
    unitNames: stepWords.flatMap(unitNamesBeside),
  }
  return made
}

/** A phrase as it is compared: small letters, one kind of apostrophe, no Arabic vowel marks, single spaces. */
export function foldedPhrase(phrase: string): string {
  return phrase
    .toLowerCase()
    .replace(/[’ʼ]/g, "'")
    .replace(/[\u064b-\u0652]/g, '')
    .replace(/\s+/g, ' ')
}

function relativeFormat(language: string, numeric: 'auto' | 'always') {
  return new Intl.RelativeTimeFormat(`${language}-u-nu-latn`, { numeric })
}

function phrasesOf(language: string): TimePhrase[] {
  const named = relativeFormat(language, 'auto')
  const counted = relativeFormat(language, 'always')
  return UNITS.flatMap((unit) => {
    const steps = unit === 'day' ? [-2, -1, 0, 1, 2] : [-1, 0, 1]
    const near = steps.map((step) => [named.formatToParts(step, unit), step] as const)
    // Some have forms of their own for one and two: "two days ago" is a word of Arabic's dual.
    const few = [-2, -1, 1, 2].map((step) => [counted.formatToParts(step, unit), step] as const)
    return [...near, ...few]
      .filter(([parts]) => parts.length === 1)
      .flatMap(([parts, step]) =>
        spellingsOf(parts[0]?.value ?? '', language).map((phrase) => {
          const far = ONE_MORE.test(phrase) ? step + Math.sign(step) : step
          return { phrase, language, unit, steps: [far] }
        }),
      )
  })
}

/** The same word in one language for two days is either. */
function joinedPhrases(phrases: readonly TimePhrase[]): TimePhrase[] {
  const groups = Map.groupBy(phrases, ({ phrase, language }) => `${language} ${phrase}`)
  return [...groups.values()].map(([first, ...others]) => {
    const steps = [first as TimePhrase, ...others].flatMap((one) => one.steps)
    return { ...(first as TimePhrase), steps: [...new Set(steps)] }
  })
}

function distancesOf(language: string): Distance[] {
  const format = relativeFormat(language, 'always')
  const found = new Map<string, Distance>()
  for (const unit of UNITS)
    for (const side of [-1, 1] as const)
      for (const count of COUNTS) {
        const parts = format.formatToParts(side * count, unit)
        const at = parts.findIndex(({ type }) => type === 'integer')
        if (at < 0) continue
        const literal = (from: number, to?: number) =>
          parts
            .slice(from, to)
            .map(({ value }) => value)
            .join('')
        for (const spelling of spellingsOf(`${literal(0, at)}#${literal(at + 1)}`, language)) {
          const [before = '', after = ''] = spelling.split('#')
          found.set(spelling, { before, after, language, unit, side })
        }
      }
  return [...found.values()]
}

function spellingsOf(words: string, language: string): string[] {
  const folded = foldedPhrase(words)
  const all = [folded]
  for (const [piece, other] of OTHER_SPELLINGS[language] ?? [])
    for (const known of [...all])
      if (known.includes(piece) && !known.includes(other)) all.push(known.replace(piece, other))
  return all
}

/** A Sunday. */
const SUNDAY_MS = Date.UTC(2026, 2, 1)
const DAY_MS = 86_400_000
const DENSE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u

function weekdaysOf(language: string): WeekdayName[] {
  return Array.from({ length: 7 }, (_, weekday) => {
    const nameIn = (style: 'long' | 'short') =>
      foldedPhrase(
        new Intl.DateTimeFormat(language, { weekday: style, timeZone: 'UTC' }).format(SUNDAY_MS + weekday * DAY_MS),
      )
    const [long, short] = [nameIn('long'), nameIn('short')]
    // 周五 for 星期五, 金曜 for 金曜日; a short name of one letter is too little, and one in Latin letters is another word somewhere.
    const isDense = DENSE.test(short)
    const names = [
      long,
      ...(isDense && short.length > 1 ? [short] : []),
      ...(isDense ? [long.replace(/日$/, '天')] : []),
    ]
    return [...new Set(names)].map((name) => ({ name, language, weekday }))
  }).flat()
}

/** The words that "last week", "last month" and "last year" share, and "this week" and "next week" do not have. */
function stepWordsOf(language: string): StepWord[] {
  const format = relativeFormat(language, 'auto')
  const wordsOf = (unit: TimeUnit, step: number) => foldedPhrase(format.format(step, unit)).split(/[\s']/)
  return ([-1, 1] as const).flatMap((step) => {
    const ofWeek = wordsOf('week', step).filter((word) => !wordsOf('week', 0).includes(word))
    const others = [...wordsOf('month', step), ...wordsOf('year', step)]
    const shared = ofWeek
      .filter((word) => !wordsOf('week', -step).includes(word))
      .map((word) => longest(others.map((other) => sharedBeginning(word, other))))
    const stem = longest(shared)
    return stem.length < MIN_STEM ? [] : [{ stem: withoutEnding(stem), language, step }]
  })
}

/** "Letzter Woche", "zeszłego roku": the tables have one case only. */
function unitNamesBeside({ stem, language, step }: StepWord): UnitName[] {
  const format = relativeFormat(language, 'auto')
  return (['week', 'month', 'year'] as const).flatMap((unit) => {
    const words = foldedPhrase(format.format(step, unit)).split(/[\s']/)
    if (!words.some((word) => word.startsWith(stem))) return []
    const name = longest(words.filter((word) => !word.startsWith(stem)))
    return name.length < 3 ? [] : [{ stem: name.length > 4 ? name.slice(0, -1) : name, language, unit }]
  })
}

const MIN_STEM = 4

function sharedBeginning(a: string, b: string): string {
  let length = 0
  while (length < a.length && a[length] === b[length]) length += 1
  return a.slice(0, length)
}

function longest(words: readonly string[]): string {
  return words.reduce((best, word) => (word.length > best.length ? word : best), '')
}

/** Where the three are alike their ending is still on it, and others have another. */
function withoutEnding(stem: string): string {
  const bare = stem.replace(/\p{M}$/u, '')
  return bare.length > 6 ? bare.slice(0, -2) : bare.length === 6 ? bare.slice(0, -1) : bare
}

/** From one to twelve, divided by spaces; other forms by slashes, and `-` where there is none. */
export const NUMBER_WORDS: Readonly<Record<string, string>> = {
  de: 'ein/einem/einer/einen zwei drei vier fünf sechs sieben acht neun zehn elf zwölf',
  fr: 'un/une deux trois quatre cinq six sept huit neuf dix onze douze',
  es: 'un/una/uno dos tres cuatro cinco seis siete ocho nueve diez once doce',
  pt: 'um/uma dois/duas três quatro cinco seis sete oito nove dez onze doze',
  it: "un/una/uno/un' due tre quattro cinque sei sette otto nove dieci undici dodici",
  nl: 'een/één twee drie vier vijf zes zeven acht negen tien elf twaalf',
  pl: 'jeden/jedną dwa/dwie trzy cztery pięć sześć siedem osiem dziewięć dziesięć jedenaście dwanaście',
  ru: 'один/одну два/две три четыре пять шесть семь восемь девять десять одиннадцать двенадцать',
  tr: 'bir iki üç dört beş altı yedi sekiz dokuz on onbir oniki',
  zh: '一 两/二/兩 三 四 五 六 七 八 九 十 十一 十二',
  ja: '一 二 三 四 五 六 七 八 九 十 十一 十二',
  ko: '한/일 두/이 세/삼 네/사 다섯/오 여섯/육 일곱/칠 여덟/팔 아홉/구 열/십',
  ar: '- - ثلاثة/ثلاث أربعة/أربع خمسة/خمس ستة/ست سبعة/سبع ثمانية/ثماني تسعة/تسع عشرة/عشر',
  hi: 'एक दो तीन चार पाँच/पांच छह/छः सात आठ नौ दस ग्यारह बारह',
  uk: 'один/одну два/дві три чотири п’ять шість сім вісім дев’ять десять',
  sv: 'en/ett två tre fyra fem sex sju åtta nio tio elva tolv',
  cs: 'jedním/jeden dvěma/dva/dvě třemi/tři čtyřmi/čtyři pěti/pět šesti/šest sedmi/sedm osmi/osm devíti/devět deseti/deset',
  da: 'en/et to tre fire fem seks syv otte ni ti',
  no: 'en/ett to tre fire fem seks syv/sju åtte ni ti',
  vi: 'một hai ba bốn năm sáu bảy tám chín mười',
  id: 'satu dua tiga empat lima enam tujuh delapan sembilan sepuluh',
}
