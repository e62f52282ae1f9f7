import { naturalLanguageOf } from '../facts/natural-language.ts'
import { saidIn } from '../local-rules/fact-attributes.ts'
import { NOW, SUPPOSES } from '../local-rules/words/change-words.ts'
import { wordPattern } from '../local-rules/words/word-pattern.ts'
import { OWN, type Said } from './no-longer.ts'

/**
 * Tells, without a model, that a fact says the opposite of an earlier one: "I'm not allergic to nuts", "I like cilantro now" after "I hate cilantro".
 * Guarantees: both are one sentence, word for word and in the same order, but for a denial, or for liking in one what is disliked in the other. What is
 * denied of a day, an amount, a part or somebody else has other words.
 */

/** A sentence without its denial, and without whether it likes or dislikes. */
type Stance = { readonly isFor: boolean; readonly isMarked: boolean; readonly words: readonly string[] }

const LIKE = '♥'
/** Words that deny, by language. A word of one denies nothing in another: "mai" is May in German. */
const DENY: Readonly<Record<string, string>> = {
  en: 'not|never|no',
  de: 'nicht|kein|keine|keinen|keinem|keiner',
  fr: 'pas|plus|jamais',
  es: 'no|nunca',
  pt: 'não|nunca',
  it: 'non',
  nl: 'niet|geen',
  pl: 'nie',
  ru: 'не',
  uk: 'не',
  sv: 'inte',
  da: 'ikke',
  no: 'ikke',
}
const deny = new Map(Object.entries(DENY).map(([language, words]) => [language, new Set(words.split('|'))]))
/** Articles, which a denial may change, and what says that it is news. */
const FRAME = wordPattern(
  "a|an|the|ein|eine|einen|einem|einer|der|die|das|den|le|la|les|l'|du|des|un|une|ne|n'|el|los|las|una|unos|o|os|as|um|uma|il|lo|gli|de|het|een|actually|honestly|really|kind of|kinda|sort of|it turns out|turns out|turned out|after all|any ?more|eigentlich|doch|mehr|finalement|en fait|al final|en realidad|afinal|alla fine|toch|eigenlijk|meer|jednak|już|всё-таки|все-таки|больше|оказалось",
  'giu',
)
const LIKES = wordPattern(
  "likes?|loves?|enjoys?|adores?|mag|liebe|liebt|j'aime|aime|aimes|j'adore|adore|amo|adoro|gosto de|gosta de|hou van|houd van|houdt van|lubię|kocham|uwielbiam|люблю|любит|обожаю|gillar|älskar|elsker|liker",
  'giu',
)
const DISLIKES = wordPattern(
  "hates?|dislikes?|detests?|loathes?|can't stand|cannot stand|hasse|hasst|déteste|je déteste|odio|detesto|odeio|haat|nienawidzę|ненавижу|ненавидит|терпеть не могу|hatar|hader",
  'giu',
)
/** In scripts without spaces the words for liking hold their denials. */
const DENSE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u
const DENSE_DISLIKES =
  /不喜欢|不喜歡|不爱|不愛|讨厌|討厭|好き(?:じゃない|ではない|じゃありません|ではありません)(?:です)?|(?:大)?嫌い(?:です|だ)?|좋아하지 않(?:아요?|습니다)|안 좋아해요?|싫어(?:해요?|합니다)/gu
const DENSE_LIKES = /喜欢|喜歡|爱|愛|(?:大)?好き(?:です|だ)?|좋아(?:해요?|합니다)/gu
const DENSE_FRAME = /[了也很都真。！!.\s]|现在|現在|今は|もう|이제|지금|[がはも]|[은는이가을를]/gu

/** Forms that a denial takes in English, without it. */
const ENGLISH_FORMS: readonly (readonly [RegExp, string])[] = [
  [
    /(?<!\p{L})(?:do|does) ?n[o'’]?t(?!\p{L})|(?<!\p{L})(?:don|doesn)['’]t(?!\p{L})|(?<!\p{L})(?:do|does) not(?!\p{L})/giu,
    ' not ',
  ],
  [/(?<!\p{L})(?:can['’]t|cannot)(?!\p{L})/giu, ' can not '],
  [/n['’]t(?!\p{L})/giu, ' not '],
  [/['’](?:m|re|s)(?!\p{L})|(?<!\p{L})(?:am|is|are)(?!\p{L})/giu, ' be '],
  [/(?<!\p{L})has(?!\p{L})/giu, ' have '],
]
/** Where a clause of its own begins; what stands before it says whom it is about. */
const CLAUSE_END = /[,;:—–，；] ?| (?:but|aber|sondern|mais|pero|mas|ma|maar|ale|но) /iu
/** Behind the earlier fact, its reason: "hates cilantro. tastes like soap". */
const REASON = /\. \p{Ll}.{0,80}$/u
const MAX_CHARS = 200

/** True for a fact that may say the opposite of another: it denies, likes or hates, or says that it is so now. */
export function saysStance(fact: string): boolean {
  const said = saidIn(fact)
  return said.search(NOW) >= 0 || (stanceOf(said, languageOf(said), null)?.isMarked ?? false)
}

/** True if `later` says the opposite of `earlier`. */
export function isOpposite(later: Said, earlier: Said): boolean {
  if (later.fact.length > MAX_CHARS || earlier.fact.length > MAX_CHARS || !saysStance(later.fact)) return false
  const said = saidIn(later.fact)
  const language = languageOf(said)
  const before = stanceOf(saidIn(earlier.fact).replace(REASON, ''), language, earlier.subject)
  if (!before) return false
  const [first = '', ...others] = said.split(CLAUSE_END)
  return [said, first, ...others.filter((clause) => OWN.test(clause))].some((clause) => {
    const now = stanceOf(clause, language, later.subject)
    return now !== undefined && now.isFor !== before.isFor && isSame(now.words, before.words)
  })
}

function languageOf(said: string): string {
  return naturalLanguageOf(said) ?? 'en'
}

/** Undefined for a guess. */
function stanceOf(text: string, language: string, subject: string | null): Stance | undefined {
  if (SUPPOSES.test(text)) return undefined
  if (DENSE.test(text)) return denseStanceOf(text)
  const isDisliked = text.search(DISLIKES) >= 0
  const named = subject === null ? text : text.replace(subject, 'I')
  const plain = named.replace(DISLIKES, ` ${LIKE} `).replace(LIKES, ` ${LIKE} `).replace(NOW, ' ')
  const formed =
    language === 'en' ? ENGLISH_FORMS.reduce((left, [form, without]) => left.replace(form, without), plain) : plain
  const all =
    formed
      .replace(FRAME, ' ')
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}♥]{1,40}/gu) ?? []
  const denies = deny.get(language) ?? new Set()
  const words = all.filter((word) => !denies.has(word))
  const denials = all.length - words.length
  return {
    isFor: isDisliked === (denials === 1),
    isMarked: denials === 1 || words.includes(LIKE),
    // Two denials are an affirmation or something else, and who does not hate something need not like it.
    words: denials > 1 || (isDisliked && denials > 0) ? [] : words,
  }
}

function denseStanceOf(text: string): Stance {
  const isFor = text.search(DENSE_DISLIKES) < 0
  const bare = text.replace(DENSE_DISLIKES, LIKE).replace(DENSE_LIKES, LIKE).replace(DENSE_FRAME, '')
  return { isFor, isMarked: bare.includes(LIKE), words: bare.includes(LIKE) ? [bare] : [] }
}

function isSame(now: readonly string[], then: readonly string[]): boolean {
  return now.length > 0 && now.length === then.length && now.every((word, at) => isForm(word, then[at] as string))
}

/** Forms of one word: "eat" and "eats", "мясо" and "мяса". */
function isForm(a: string, b: string): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a]
  if (short === long || long === `${short}s` || long === `${short}es`) return true
  return (
    /^[\p{Script=Cyrillic}]|[ąęłóśźż]/u.test(a + b) &&
    short.length >= MIN_STEM &&
    short.slice(0, -1) === long.slice(0, short.length - 1) &&
    long.length - short.length <= 1
  )
}
const MIN_STEM = 4
