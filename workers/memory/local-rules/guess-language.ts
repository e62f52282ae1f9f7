import { functionWordVotes } from '../../../shared/ai/local/detect-languages.ts'
import { foldScript } from '../../../shared/ai/local/fold-script.ts'
import { wordVectors } from '../../../shared/ai/local/word-vectors.ts'
import { timeWords } from '../../../shared/memory/times/time-words.ts'
import { ORDER_WORDS } from './standing-orders.ts'
import { SIGNAL_WORDS } from './words/signal-words.ts'

/**
 * Guesses the language of a text in Latin letters, however short. Each language gets one score: for small words, for words of the ranker's tables and
 * for letters that no other language has. English gets it for common words as well.
 */

/** Of the words that English texts use most, this many count as English. */
const COMMON_ENGLISH = 4_000
/** Shorter ones are in too many languages, or units. */
const MIN_ENGLISH_CHARS = 3
/** A sentence that is longer has small words. */
const MAX_WORDS = 40
/** Of these, words that are common in English as well count for English: "gift", "time", "far". */
const LIKE_ENGLISH = new Set(['sv', 'da', 'no', 'cs', 'ro', 'hu', 'fi', 'id', 'vi'])

/** Words that English shares with others: little is told by them. */
const SHARED = new Set(
  "i in a me on do no as o e am is was war die man son come or to at by an so be ben sin con van had has have use uses mi my we me he i'm i'd".split(
    ' ',
  ),
)

/** The words of a language: whole ones, and beginnings and endings of others. */
type Vocabulary = {
  readonly language: string
  readonly small: ReadonlySet<string>
  readonly whole: ReadonlySet<string>
  readonly stems: ReadonlySet<string>
  readonly endings: ReadonlySet<string>
  /** Of the stems and endings. */
  readonly longestPart: number
}

let vocabularies: readonly Vocabulary[] | undefined

/** ISO 639-1; undefined where no language scores. Of neighbours with the same score the first one is returned: their tables share the words that count. */
export function guessLanguage(sentence: string): string | undefined {
  const words =
    sentence
      .toLowerCase()
      .replaceAll('’', "'")
      .match(/[\p{L}\p{M}]+(?:'[\p{L}\p{M}]+)?/gu)
      ?.slice(0, MAX_WORDS) ?? []
  const votes = functionWordVotes(words.flatMap((word) => foldScript(word).toLowerCase().split("'")))
  const counts = latinVocabularies().map((vocabulary) => {
    const { language } = vocabulary
    const own = words.map((word) => weightOf(vocabulary, word)).reduce((sum, weight) => sum + weight, 0)
    const isInLetters = LETTERS[language]?.test(sentence) === true
    return { language, count: own + (votes.get(language) ?? 0) + (isInLetters ? LETTER_WEIGHT : 0) }
  })
  counts.sort((a, b) => b.count - a.count)
  const [first] = counts
  return first && first.count >= 1 ? first.language : undefined
}

const LETTER_WEIGHT = 1.5
/** A common word of English may be a name in any other language. */
const COMMON_WEIGHT = 0.8
/** Small words that English shares with others: "a" and "i" are articles, prepositions and pronouns of many languages. */
const SHARED_WEIGHT = 0.25
const SHARED_ENGLISH_WEIGHT = 0.5

function weightOf(vocabulary: Vocabulary, word: string): number {
  const isEnglish = vocabulary.language === 'en'
  if (vocabulary.small.has(word) && !SHARED.has(word)) return 1
  if (vocabulary.small.has(word)) return isEnglish ? SHARED_ENGLISH_WEIGHT : SHARED_WEIGHT
  if (isEnglish) return isCommonEnglish(word) ? COMMON_WEIGHT : 0
  if (SHARED.has(word) || !isOf(vocabulary, word)) return 0
  return LIKE_ENGLISH.has(vocabulary.language) && isCommonEnglish(word) ? 0 : 1
}

const MIN_PART = 2

function isOf({ whole, stems, endings, longestPart }: Vocabulary, word: string): boolean {
  if (whole.has(word)) return true
  for (let length = MIN_PART; length <= Math.min(word.length, longestPart); length += 1)
    if (stems.has(word.slice(0, length)) || (length < word.length && endings.has(word.slice(-length)))) return true
  return false
}

function latinVocabularies() {
  const { weekdays } = timeWords()
  vocabularies ??= Object.entries(SMALL_WORDS).map(([language, small]) => {
    const words = [
      ...signalWords(language),
      ...Object.values(ORDER_WORDS[language] ?? {}),
      weekdays
        .filter((day) => day.language === language)
        .map(({ name }) => name)
        .join('|'),
    ]
      .flatMap((row) => row.split('|'))
      .filter((word) => !/[ []/.test(word))
    const stems = words.filter((word) => word.endsWith('*')).map((word) => word.replaceAll('*', ''))
    const endings = words.filter((word) => /^\*.*[^*]$/.test(word)).map((word) => word.slice(1))
    return {
      language,
      small: new Set(small.split('|')),
      whole: new Set(words.filter((word) => !word.includes('*'))),
      stems: new Set(stems),
      endings: new Set(endings),
      longestPart: Math.max(0, ...[...stems, ...endings].map((part) => part.length)),
    }
  })
  return vocabularies
}

function signalWords(language: string): string[] {
  const { start, ...lists } = SIGNAL_WORDS[language] ?? {}
  return Object.values(lists)
}

function isCommonEnglish(word: string): boolean {
  if (word.length < MIN_ENGLISH_CHARS) return false
  return (wordVectors().rankOf(word) ?? COMMON_ENGLISH) < COMMON_ENGLISH
}

/** Letters that no other of these languages has; an Italian article "i" is at the beginning only, and without an apostrophe. */
const LETTERS: Readonly<Record<string, RegExp>> = {
  en: /(?:^|\s)I['’](?:m|ve|ll|d)\b|\S I\b/,
  de: /[äß]/i,
  fr: /[çœêû]/i,
  es: /[ñ¿¡]/i,
  pt: /[ãõ]/i,
  it: /[ìò]/i,
  pl: /[łżźćńąęś]/i,
  tr: /[ğşıİ]/,
  sv: /[åäö]/i,
  da: /[æø]/i,
  no: /[æø]/i,
  fi: /[äö]/i,
}

/** The words that nearly each sentence has. Of languages with the same score the earlier one counts. */
const SMALL_WORDS: Readonly<Record<string, string>> = {
  en: 'i|my|we|our|have|am|the|is|are|was|of|and|to|in|has|with|for|at|from|on|that|lives|said|moved|will|a',
  de: 'der|die|das|und|ist|ein|eine|ich|nicht|mit|nach|von|für|hat|wohnt|im|zu',
  fr: 'le|la|les|et|est|un|une|de|du|des|je|pas|avec|pour|dans|à|chez|suis|habite',
  es: 'el|la|los|las|y|es|un|una|de|del|en|que|con|para|por|mi|vive',
  pt: 'o|a|os|as|e|é|um|uma|de|do|da|em|que|com|para|não|minha|mora',
  it: 'il|lo|la|gli|a|e|è|un|una|di|del|della|in|che|con|per|mi|mio|mia|piace|abita',
  nl: 'de|het|een|en|van|is|in|op|ik|niet|met|naar|mijn|voor|heeft|zijn|woont',
  pl: 'w|we|na|z|ze|nie|się|jest|są|do|mam|od|dla|mój|moja|mieszka|że|po|u|a|ale|nigdy|zawsze|bardzo|też|jako|przy',
  tr: 've|bir|bu|da|de|için|ile|çok|benim|yaşıyor|olarak|oturuyor',
  sv: 'jag|och|att|det|som|på|är|av|med|inte|min|mitt|mina|har|till|ett|från|vi|mot|sedan|när',
  da: 'jeg|og|det|som|på|af|med|ikke|min|mine|har|til|fra|vi|mod|når',
  no: 'jeg|og|det|som|på|av|med|ikke|min|mitt|mine|har|til|fra|vi|mot|når',
  cs: 'v|se|je|že|s|pro|jsem|mám|můj|moje|jako|než|už|ale|mi|si',
  hu: 'és|hogy|nem|egy|vagyok|meg|már|mint|én|az',
  fi: 'ja|ei|että|olen|minun|mutta|kun|niin|minä|tai|oli|ovat',
  ro: 'în|și|cu|pe|nu|să|este|sunt|mea|meu|din|pentru|mă',
  id: 'di|dan|yang|saya|tidak|untuk|dengan|dari|ini|itu|pada|adalah|akan|sudah|aku',
  vi: 'và|của|là|có',
}
