import { functionWordsOf } from '../../../shared/ai/local/detect-languages.ts'
import { wordsOf } from '../../../shared/ai/local/words.ts'
import type { MemoryKind } from '../../../shared/memory/memory-kinds.ts'
import { dependsOnDate } from '../facts/dates/fact-dates.ts'
import { localTimesIn } from '../facts/dates/local-times.ts'
import { daysOfYearIn } from '../facts/dates/named-dates.ts'
import { isCodeTalk } from './code-talk.ts'
import { HOLDS, NOW, TAKES_OVER } from './words/change-words.ts'
import { nameKind } from './words/name-kinds.ts'
import { SIGNAL_WORDS } from './words/signal-words.ts'
import type { SignalWords } from './words/signal-words-others.ts'
import { wordPattern } from './words/word-pattern.ts'
import { isTechnology, isWorldKnowledge } from './words/world-knowledge.ts'

/**
 * Ranks sentences in languages other than English: whether one states something of its speaker that will still matter. One way for all languages,
 * by small tables of words; what it keeps is quoted, never reworded.
 */

type SentenceRank = { readonly score: number; readonly kind: MemoryKind; readonly isVital: boolean }

/** Sentences are kept from this score on. */
export const MIN_RANK = 1.2

const SELF = 1
const DROPPED_SELF = 0.7
const TOPIC_WORD = 0.6
const SMALL_SIGN = 0.3
/** The one who answers for something, said of another, or the amount of something. */
const ROLE = 1
const CODE_TALK = 1.25
const MAX_TOPIC_WORDS = 3
/** A sentence of fewer words says too little without a topic. */
const MIN_TOLD_WORDS = 4

const KIND_BY_TOPIC = {
  decision: 'decision',
  preference: 'preference',
  family: 'relationship',
  agenda: 'event',
  health: 'fact',
  life: 'fact',
} as const satisfies Partial<Record<keyof SignalWords, MemoryKind>>
const TOPICS = Object.keys(KIND_BY_TOPIC) as readonly (keyof typeof KIND_BY_TOPIC)[]

type Patterns = Readonly<Record<Exclude<keyof SignalWords, 'start'>, RegExp>> & { readonly start?: RegExp }
const patterns = new Map<string, Patterns>()
/** Here nothing at all says who it is when it is the speaker. */
const DROPS_SUBJECT = new Set(['ja', 'ko', 'zh', 'th'])
/** "My boss" is one word where what is owned says so at its end. */
const OWN_ENDINGS: Readonly<Record<string, RegExp>> = { ar: /(?:ي|نا)$/u, tr: /[ıiuü]m(?:[ıiuü]z)?$/u }
const DENSE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Hangul}\p{Script=Thai}]/u

/** Things of a project that are given as an amount. */
const AMOUNT = wordPattern(
  'budget|limit|quota|target|deadline|haushalt|obergrenze|ziel|plafond|limite|objectif|presupuesto|límite|meta|cupo|orçamento|obiettivo|begroting|limiet|doel|budżet*|limit*|бюджет*|лимит*|бютжет*|bütçe*|sınır*|budgeten|预算|上限|予算|예산|한도',
)

/** "I am a carpenter", in few words. */
const IS_SOMEBODY =
  /^(?:(?:ich bin|je suis|soy|sou|sono|faccio (?:il|la)|ik ben|jestem|я|ben|أنا) (?:\p{L}{1,30}[ -]?){1,4}[.!]?$|我是\p{L}{2,8}[。！]?$|(?:私|僕|俺)は\p{L}{2,10}です。?$|(?:저는|나는) \p{L}{2,8}(?:예요|이에요|입니다)\.?$|मैं (?:[\p{L}\p{M}]{1,30} ){1,3}हू)/iu

/** A word with a capital, or in a script that has none. */
const NAMES_SOMEBODY =
  /(?<=[^.!?\s] )\p{Lu}\p{Ll}|^(?!(?:El|L[aeo]s?|Il|[OA]s|Het|De|Une?|Una) )\p{Lu}\p{L}+ \p{Ll}|[\p{Script=Arabic}\p{Script=Hebrew}]/u

/** Where names have no capitals, somebody is named by what stands beside them: a title, a particle. */
const HOLDS_IN_DENSE =
  /^(?![请請要需先别別])\p{Script=Han}{2,4}?(?:现在|現在|目前|如今)?(?:负责|負責|领导|領導)|由\p{Script=Han}{2,4}?来?(?:负责|負責|管理|领导|領導)|(?:主管|经理|經理|老板|老闆|组长|組長|总监)是|是.{0,8}(?:主管|经理|經理|老板|老闆|组长|組長|总监)|さん|氏|様|先生|女士|(?:担当|責任者|リーダー|部長|社長|課長|上司|監督|代表)(?:は|です)|が.{1,12}(?:担当|責任者)|씨|님|(?:담당자?|책임자|팀장|대표|부장|리더|사장)(?:은|는|이에요|예요|입니다)|[이가] .{0,12}(?:담당|책임자|맡)|คุณ/u

/** In a language that too few words tell: somebody who is named answers for something, or takes it over. */
export function saysWhoHolds(sentence: string): boolean {
  const isNamed =
    /(?<=[^.!?\s] )\p{Lu}\p{Ll}/u.test(sentence) ||
    (/^\p{Lu}\p{Ll}{1,20} /u.test(sentence) && sentence.search(HOLDS) !== 0 && !isProgram(sentence))
  const words = wordsOf(sentence)
  // "Dana" and "Sara" are small words somewhere.
  const isSmall = functionWordsOf(words.slice(1))
  return (
    isNamed &&
    (sentence.search(HOLDS) >= 0 || isTakenOver(sentence)) &&
    (!isSmall(words[0] ?? '') || BY_SOMEBODY.test(sentence) || IS_NAME.test(sentence)) &&
    sentence.split(' ').length <= MAX_ROLE_WORDS &&
    !POINTS.test(sentence) &&
    !isCodeTalk(sentence)
  )
}

function isTakenOver(sentence: string): boolean {
  return sentence.replace(BECOMES, ' ').search(TAKES_OVER) >= 0
}

/** "Python verwaltet den Speicher": programs do what people do. */
function isProgram(sentence: string): boolean {
  const name = sentence.split(' ', 1)[0] ?? ''
  return isTechnology(name) || ['tool', 'thing'].includes(nameKind(name) ?? '')
}

/** Whatever somebody became is a role by its own name only, and not all that is taken is taken over. */
const BECOMES =
  /(?<!\p{L})(?:became|est devenue?|è diventat[oa]|стал|взяла?|(?:neemt|nam)(?!.{0,60} over[.!]?$))(?!\p{L})/giu
const MAX_ROLE_WORDS = 9
/** "The release manager is now Ana." */
const IS_NAME = /^(?:[Tt]he|[Oo]ur) (?:[\p{L}-]{2,20} ){1,4}is (?:now |currently )?\p{Lu}\p{Ll}/u
const BY_SOMEBODY = /(?<!\p{L})(?:by|von|par|por|da|door|przez|av|af) \p{Lu}\p{L}{1,20}[.!]?$/u
const POINTS =
  /[?？]|(?<!\p{L})(?:this|that|these|it|you|your|should|would|could|may|might|if|some(?:one|body)|every(?:one|body)|wer|dies\p{L}{1,2}|du|wenn|qui|ce|cette|tu|quién|este|esta|quem|chi|questo|wie|deze|kto)(?!\p{L})/iu

/** Greetings that a statement may begin with; a sentence that continues says more than hello. */
const GREETING =
  /^(?:hi+|hey+|hallo|hoi|hol+a+|ciao+|oi+|olá|salut|coucou|bonjour|привет\p{L}{0,2}|здравствуйте|привіт|selam|merhaba|cześć|hej|hei|ahoj|szia|moi|halo|xin chào|chào|γεια|היי|שלום|سلام|مرحبا|هلا|नमस्ते|你好|こんにちは|안녕(?:하세요)?)[\s,!.~،，、]{1,3}(?=[\p{L}\p{N}])/iu

/** The age of the speaker, alone in a sentence; in most languages too short to tell which it is. */
const SAYS_AGE =
  /^(?:(?:und |et |y |e |a |и |i )?(?:ich bin|ik ben|jag är|jeg er|olen|én|είμαι|אני בן|אני בת)(?: (?:jetzt|nu|nå|ya|schon|al|nyt))? \p{Nd}{2,3}(?:[- ]?(?:jahre(?: alt)?|jaar(?: oud)?|år(?: gammal| gammel)?|vuotta(?: vanha)?|-?vuotias|éves(?: vagyok)?|χρονών|ετών))?|(?:j['’]ai|tengo|tenho|ho|am|mám|imam)(?: (?:déjà|ya|já|già|maintenant|ahora|agora))? \p{Nd}{2,3} (?:ans|años|anos|anni|(?:de )?ani|let|roků|rokov|godina?|godine)|mam(?: już)? \p{Nd}{2,3} lata?|je mi \p{Nd}{2,3} let|(?:мне|мені)(?: уже| вже| сейчас)? \p{Nd}{2,3}(?: год\p{L}{0,2}| лет| рок\p{L}{0,2})?|\p{Nd}{2,3} (?:yaşındayım|éves vagyok|tuổi)|(?:tôi|mình|em) \p{Nd}{2,3} tuổi|(?:saya|aku)(?: berumur| berusia)? \p{Nd}{2,3} tahun|عمري \p{Nd}{2,3}(?: سنة| عاما?| عامًا)?|(?:मैं|मेरी उम्र) \p{Nd}{2,3} साल(?: का| की)?(?: हूँ| हूं| है)?|我(?:今年|现在|現在)?\p{Nd}{2,3}[岁歲](?:了)?|(?:私|僕|俺)?は?\p{Nd}{2,3}[歳才](?:です|だ)?|(?:저는|나는|전)? ?\p{Nd}{2,3}(?:살|세)(?:이에요|입니다|이야|예요)?|(?:ผม|ฉัน)?อายุ ?\p{Nd}{2,3}(?: ?ปี)?)[.!。！।]?$/iu

/** True if a sentence says how old its speaker is, and no more. */
export function saysAge(sentence: string): boolean {
  return SAYS_AGE.test(sentence)
}

/** Whether there is a table for the language. */
export function hasSignalWords(language: string): boolean {
  return Object.hasOwn(SIGNAL_WORDS, language)
}

/** The rank of a sentence; undefined where it is a question or talk about the talk, or its language has no table. */
export function rankSentence(said: string, language: string): SentenceRank | undefined {
  const sentence = said.replace(GREETING, '')
  const words = patternsFor(language)
  if (!words || /[?？؟]["”»]?\s?$/.test(sentence)) return undefined
  if (asks(words.ask, sentence) || words.chat.test(sentence) || isWorldKnowledge(sentence)) return undefined
  const found = TOPICS.map((topic) => ({ topic, words: new Set(sentence.match(words[topic])) }))
  const [first, ...others] = found.filter((one) => one.words.size > 0).map(({ topic }) => topic)
  // A time is a word of the agenda, which the platform knows in all languages.
  const hasTime = localTimesIn(sentence).length > 0 || daysOfYearIn(sentence).length > 0
  const topicWords = new Set(found.flatMap((one) => [...one.words])).size + (hasTime ? 1 : 0)
  const told = afterTime(sentence)
  const begin = words.start?.test(told) || begins(words.self, told)
  // A word of a topic may hold one for somebody else: "rendez-vous".
  const beside = withoutWords(
    sentence,
    found.flatMap((one) => [...one.words]),
  )
  const ownEnding = OWN_ENDINGS[language]
  const isOwned = ownEnding !== undefined && found.some((one) => [...one.words].some((word) => ownEnding.test(word)))
  const isOwn = begin || isOwned || words.self.test(sentence)
  const hasDay = (isOwn || DROPS_SUBJECT.has(language)) && dependsOnDate(sentence)
  const isTold = begin && sentence.split(' ').length >= MIN_TOLD_WORDS && !words.here.test(sentence)
  const isNamed = DENSE.test(sentence) ? isOwn || HOLDS_IN_DENSE.test(sentence) : NAMES_SOMEBODY.test(sentence)
  // What is taken over is held from now on; a bill or a train is taken once.
  const isHeld = sentence.search(HOLDS) >= 0 || (sentence.search(NOW) >= 0 && isTakenOver(sentence))
  const isRole = isNamed && isHeld && !isCodeTalk(sentence)
  const isAmount = saysAmount(sentence)
  const isSmallSign = hasDay || isTold || isRole || isAmount || IS_SOMEBODY.test(withoutNow(sentence))
  // What names neither a topic of a life nor a day of it, nor who somebody is, is nothing to keep.
  if (first === undefined && !isSmallSign) return undefined
  const score =
    (isOwn ? SELF : DROPS_SUBJECT.has(language) ? DROPPED_SELF : 0) +
    Math.min(topicWords, MAX_TOPIC_WORDS) * TOPIC_WORD +
    (/\p{Nd}/u.test(sentence) ? SMALL_SIGN : 0) +
    (isSmallSign ? SMALL_SIGN : 0) +
    (isRole || isAmount ? ROLE : 0) -
    (words.you.test(beside) ? SELF : 0) -
    (isCodeTalk(sentence) ? CODE_TALK : 0) -
    (words.here.test(sentence) && !isAmount ? TOPIC_WORD : 0)
  const kind = first === undefined ? (hasDay ? 'event' : 'fact') : KIND_BY_TOPIC[first]
  return { score, kind, isVital: [first, ...others].includes('health') }
}

/** "The budget for Q3 is 50k": its name comes first, behind an article at most. */
function saysAmount(sentence: string): boolean {
  const at = sentence.search(AMOUNT)
  return at >= 0 && sentence.slice(0, at).split(' ').length <= 2 && /\p{Nd}/u.test(sentence) && !isCodeTalk(sentence)
}

function withoutNow(sentence: string): string {
  if (DENSE.test(sentence)) return sentence.replace(NOW, '').replaceAll('  ', ' ')
  return sentence
    .replace(NOW, ' ')
    .replace(/ {1,9}/g, ' ')
    .replace(/ (?=[.!])/, '')
    .trim()
}

/** "Three days ago I bought …": what is told begins behind the time. */
function afterTime(sentence: string): string {
  const [first] = localTimesIn(sentence)
  return first && first.start <= 1 ? sentence.slice(first.end).replace(/^[\s,،、，]{1,3}/u, '') : sentence
}

function withoutWords(sentence: string, words: readonly string[]): string {
  return words.reduce((rest, word) => rest.replace(word, ' '), sentence)
}

function begins(pattern: RegExp, sentence: string): boolean {
  const match = pattern.exec(sentence)
  return match !== null && match.index <= 2
}

/** In scripts without spaces a question says so at its end. */
function asks(pattern: RegExp, sentence: string): boolean {
  return DENSE.test(sentence) ? pattern.test(sentence) : begins(pattern, sentence)
}

function patternsFor(language: string): Patterns | undefined {
  const known = patterns.get(language)
  if (known) return known
  const words = SIGNAL_WORDS[language]
  if (!words) return undefined
  const { start, ...lists } = words
  const made = Object.fromEntries(
    Object.entries(lists).map(([key, row]) => [
      key,
      wordPattern(row, Object.hasOwn(KIND_BY_TOPIC, key) ? 'giu' : 'iu'),
    ]),
  )
  const all = { ...made, ...(start && { start: new RegExp(`^(?:${start})(?!\\p{L})`, 'iu') }) } as Patterns
  patterns.set(language, all)
  return all
}
