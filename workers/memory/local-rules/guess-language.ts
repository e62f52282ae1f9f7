import { wordVectors } from '../../../shared/ai/local/word-vectors.ts'
import { timeWords } from '../../../shared/memory/times/time-words.ts'
import { ORDER_WORDS } from './standing-orders.ts'
import { SIGNAL_WORDS } from './words/signal-words.ts'

/**
 * Guesses the language of a sentence in Latin letters that is too short for its small words to tell: by the words of the ranker's tables that are
 * in it, against those that are common in English.
 */

/** Of the words that English texts use most, this many count as English. */
const COMMON_ENGLISH = 4_000
/** Shorter ones are in too many languages, or units. */
const MIN_ENGLISH_CHARS = 3
/** A sentence that is longer has small words. */
const MAX_WORDS = 40
const LATIN = ['de', 'fr', 'es', 'pt', 'it', 'nl', 'pl', 'tr', 'sv', 'da', 'no', 'cs', 'ro', 'hu', 'fi', 'id', 'vi']
/** Of these, words that are common in English as well count for English: "gift", "time", "far". */
const LIKE_ENGLISH = new Set(['sv', 'da', 'no', 'cs', 'ro', 'hu', 'fi', 'id', 'vi'])

/** Words that English shares with others count for nobody. */
const SHARED = new Set(
  "i in a me on do no as o e am is was war die man son come or to at by an so be ben sin con van had has have use uses mi my we me he i'm i'd".split(
    ' ',
  ),
)

/** The words of a language: whole ones, and beginnings and endings of others. */
type Vocabulary = {
  readonly language: string
  readonly whole: ReadonlySet<string>
  readonly stems: ReadonlySet<string>
  readonly endings: ReadonlySet<string>
  /** Of the stems and endings. */
  readonly longestPart: number
}

let vocabularies: readonly Vocabulary[] | undefined

/** ISO 639-1; undefined where no language has more words in it than English and the others. */
export function guessLanguage(sentence: string): string | undefined {
  if (ENGLISH_I.test(sentence)) return undefined
  const words =
    sentence
      .toLowerCase()
      .match(/[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)?/gu)
      ?.slice(0, MAX_WORDS) ?? []
  const telling = words.filter((word) => !SHARED.has(word)).map((word) => word.replace('’', "'"))
  const counts = latinVocabularies().map((vocabulary) => {
    const isShared = (word: string) => LIKE_ENGLISH.has(vocabulary.language) && isCommonEnglish(word)
    const known = telling.filter((word) => !isShared(word) && isOf(vocabulary, word))
    const english = telling.filter((word) => isCommonEnglish(word) && !known.includes(word)).length
    const hasWord = known.length > 0 || !LIKE_ENGLISH.has(vocabulary.language)
    const own = known.length + (hasWord && LETTERS[vocabulary.language]?.test(sentence) ? 1 : 0)
    return { language: vocabulary.language, own, lead: own - english }
  })
  counts.sort((a, b) => b.own - a.own)
  const [first] = counts
  // Neighbours like Spanish and Portuguese may have as many: what is asked of them has the same words then.
  return first && first.own > 0 && first.lead > 0 ? first.language : undefined
}

/** An Italian article is at the beginning only, and without an apostrophe. */
const ENGLISH_I = /(?:^|\s)I['’](?:m|ve|ll|d)\b|\S I\b/

const MIN_PART = 2

function isOf({ whole, stems, endings, longestPart }: Vocabulary, word: string): boolean {
  if (whole.has(word)) return true
  for (let length = MIN_PART; length <= Math.min(word.length, longestPart); length += 1)
    if (stems.has(word.slice(0, length)) || (length < word.length && endings.has(word.slice(-length)))) return true
  return false
}

function latinVocabularies() {
  const { weekdays } = timeWords()
  vocabularies ??= LATIN.map((language) => {
    const words = [
      ...signalWords(language),
      ...Object.values(ORDER_WORDS[language] ?? {}),
      FUNCTION_WORDS[language] ?? '',
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

/** Letters that no other of these languages has. */
const LETTERS: Readonly<Record<string, RegExp>> = {
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

/** Articles, prepositions and the like. */
const FUNCTION_WORDS: Readonly<Record<string, string>> = {
  de: 'der|die|das|den|dem|ein|eine|einen|einem|einer|kein*|nicht|nie|immer|ist|sind|war|bin|habe|hat|und|oder|aber|mit|von|für|auf|bei|beim|zum|zur|gegen|seit|bitte|sehr|auch|nur|noch|als|wie',
  fr: "le|la|les|l'*|un|une|des|du|de|d'*|au|aux|et|ou|mais|est|sont|suis|était|ai|a|avons|avec|pour|dans|sur|chez|sans|ne|n'*|pas|jamais|toujours|très|aussi|s'*|c'*",
  es: 'el|la|los|las|un|una|unos|unas|de|del|al|y|o|pero|es|son|está|era|con|para|por|en|sin|no|nunca|siempre|muy|también|que|se|desde',
  pt: 'o|a|os|as|um|uma|uns|umas|de|do|da|dos|das|no|na|nos|nas|ao|à|e|ou|mas|é|são|está|era|com|para|por|em|sem|não|nunca|sempre|muito|também|que|se|desde',
  it: "il|lo|la|i|gli|le|l'*|un|uno|una|un'*|di|del|dello|della|dei|degli|delle|al|allo|alla|ai|agli|alle|dal|dalla|nel|nella|e|o|ma|è|sono|era|con|per|in|senza|non|mai|sempre|molto|anche|che|si|all'*|dell'*",
  nl: 'de|het|een|van|naar|en|of|maar|is|zijn|was|ben|met|voor|bij|op|aan|zonder|niet|geen|nooit|altijd|erg|ook|dat|die|als|sinds',
  pl: 'w|we|z|ze|na|do|od|po|o|u|i|a|ale|jest|są|był|była|nie|nigdy|zawsze|bardzo|też|że|się|jako|dla|przy|mam',
  sv: 'är|och|inte|på|till|har|ett|en|som|med|av|från',
  da: 'er|og|ikke|på|til|har|et|en|som|med|af|fra',
  no: 'er|og|ikke|på|til|har|et|en|ei|som|med|av|fra',
  fi: 'ja|ei|en|on|ole|että|mutta|kun|myös',
  tr: "ve|veya|ama|bir|bu|şu|o|de|da|ile|için|gibi|çok|her|hiç|asla|değil|var|yok|*'d[ae]|*'t[ae]|*'d[ae]n|*'t[ae]n|*da|*de|*dan|*den|*nın|*nin|*lar|*ler",
}
