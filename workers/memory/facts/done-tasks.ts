import { isFunctionWord } from '../../../shared/ai/local/detect-languages.ts'
import { queryTermsOf, termsOf } from '../../../shared/ai/local/terms.ts'
import { wordsOf } from '../../../shared/ai/local/words.ts'
import { saidIn } from '../local-rules/fact-attributes.ts'
import { sentencesOf } from '../local-rules/fact-sentences.ts'
import { statementOf } from '../local-rules/fact-wording.ts'
import { calledOffIn, isOfAnother } from './called-off.ts'

/**
 * Owns telling that a task was done, or that a task or an event was called off, and which one. No grammar: a sentence says so by a mark of its language,
 * and means a task if it has nearly all of its words and hardly another. Where several could be meant, none is: a task that is lost is worse than one too many.
 */

export type DoneSentence = {
  /** The sentence without what marks it. */
  readonly what: string
  /** `finished` and `called-off` need not say the task's verb. */
  readonly end: 'done' | 'finished' | 'called-off'
  /** Of what was called off: words that may name it although it has many others. */
  readonly briefly?: string | undefined
}

/** "It is done": the verb of the task need not be said. */
const FINISHED =
  /(?<![\p{L}\p{M}])(?:(?:is|are|has been|have been|all|already|now) (?:done|finished|completed?|ready|settled|taken care of)|(?:finished|completed|done with)|erledigt|fertig|abgeschlossen|geschafft|(?:c['’]est )?(?:fait|terminé\p{L}*|fini\p{L}*|réglé\p{L}*)|hech[oa]s?|terminad[oa]s?|list[oa]s?|feit[oa]s?|concluíd[oa]s?|pront[oa]s?|fatt[oaie]|finit[oaie]|sbrigat[oaie]|klart?|färdigt?|gjort|færdigt?|ferdig|hotov\p{L}*|зроблено|gata|kész|valmis|selesai|xong|έτοιμ\p{L}*|מוכן|klaar|gedaan|afgerond|zrobion\p{L}+|gotow\p{L}+|skończon\p{L}+|załatwion\p{L}+|сделан\p{L}*|готов\p{L}*|закончен\p{L}*|законч\p{L}+|tamam(?:landı)?|bitti|bitirdim|hallettim|انتهيت(?: من)?|أنجزت|أنهيت|تم|تمت|हो (?:गया|गई|चुका|चुकी)|कर (?:दिया|चुका|चुकी)|पूरा|पूरी)(?![\p{L}\p{M}])|已?经?(?:完成|做完|搞定|办好|弄好)了?|(?:が|は)?(?:終わりました|終わった|完了しました|完了|済みました|済み(?:です)?|終えました)|(?:을|를|이|가|은|는)? ?(?:끝났\p{L}*|끝냈\p{L}*|완료\p{L}*|마쳤\p{L}*|다 했\p{L}*)/giu
/** "I have sent it": the perfect and the past of the first person; one word more than the task has may be its verb. */
const PERFECT =
  /^(?:(?:and|so|okay|ok|just|finally|today|yesterday|heute|gestern|hier|aujourd'hui|ayer|hoy|ontem|hoje|ieri|oggi|gisteren|vandaag|wczoraj|dziś|вчера|сегодня|dün|bugün)[ ,]+)?(?:(?:i|we)(?:['’]ve| have)?(?! to)(?: (?:just|already|finally|now|also))*|(?:ich )?habe(?: ich)?|(?:wir )?haben(?: wir)?|j['’]ai|nous avons|on a|(?:ya |yo )?he|hemos|(?:ya |eu )?já|eu|ho|abbiamo|(?:jag|jeg|vi) har(?: jag| jeg)?|am|mám|(?:saya )?sudah|tôi đã|я вже|έχω|(?:ik )?heb(?: ik)?|(?:we )?hebben|już|я|мы|(?:я )?уже|لقد|قد)(?: (?:déjà|già|schon|bereits|al|уже|ya|już))?(?![\p{L}\p{M}])/iu
/** The same where the object comes first, or the verb alone says the person: "die Steuer habe ich abgegeben", "Renewed my passport", "продлила паспорт". */
const PERFECT_INSIDE = /(?<![\p{L}\p{M}])(?:habe ich|haben wir|hab ich|heb ik|hebben we)(?![\p{L}\p{M}])/iu
const BARE_PAST =
  /^\p{L}{2,24}(?:ed|t|id|ade|te) (?:my|the|our|all)(?!\p{L})|(?<![\p{L}\p{M}])\p{Script=Cyrillic}{2,24}(?:[аеиоуыя]л[аи]?|л[аи])(?![\p{L}\p{M}])|(?<![\p{L}\p{M}])\p{L}{2,24}(?:[aeiouyę]ł[ae]m|liśmy|łyśmy)(?![\p{L}\p{M}])|^\p{Script=Arabic}{2,24}(?:ت|نا)(?= )|^ya \p{L}{2,24}[éí](?!\p{L})/iu
const PASSIVE =
  /(?<![\p{L}\p{M}])(?:is|are|was|were|has been|have been|got|ist|sind|wurde|wurden|est|sont|(?:a|ont) été|está|están|fue|foi|h(?:a|an) sido|(?:è|sono) stat[oaie]|è|sono|zijn|został\p{L}*|был\p{L}*|была)(?![\p{L}\p{M}])/iu
/** Verbs at the end of the sentence, in the past: what is left has the stem. */
const PAST_END =
  /(?:しました|ました|した|んだ|った|했어요|했습니다|했어|했다|었어요|았어요|였어요|냈어요|냈습니다|었습니다|았습니다|[dt][ıiuü]m|[dt][ıiuü]k|दिया|दी|लिया|ली|चुका हूँ|चुकी हूँ|了)(?= ?[.!。！।]{0,3}$)/iu
const DID_IN_CHINESE = /(?:已经|已經)/g
/** Not yet, not now, not for certain. */
export const NOT_DONE =
  /[?？؟]|(?<![\p{L}\p{M}])(?:not|never|yet|almost|nearly|half|if|when|once|until|unless|will|would|should|could|want|wish|hope|may|might|must|need|going to|have to|has to|nicht|noch|fast|wenn|falls|sobald|werde|muss|müssen|kein\p{L}*|pas|presque|si|quand|dois|no|casi|cuando|todavía|não|quase|se|quando|ainda|non|quasi|ancora|niet|bijna|als|nog|moet|nie|prawie|jeśli|jeszcze|muszę|не|почти|если|когда|ещё|еще|нужно|надо|henüz|eğer|değil|لم|لن|لا|إذا|नहीं|अगर)(?![\p{L}\p{M}])|n['’]t(?!\p{L})|没|不|未|还|如果|ない|まだ|ません|안 |않|못|아직/iu
/** What a task is said with, and not what it is about; function words of most languages are known elsewhere. */
const FRAME = new Set(
  wordsOf(`need needs needed must get got todo task remember remind please going deadline due next coming today tomorrow tonight week weekend morning afternoon
evening noon end day said user assistant already finally yesterday
muss müssen soll sollen heute morgen gestern schon bis dois devons doit faut aujourd'hui demain hier déjà tengo debo mañana ayer hoy preciso devo amanhã ontem hoje dobbiamo
domani ieri oggi entro già moet moeten vandaag gisteren uiterlijk muszę musimy mam jutro wczoraj już нужно надо должен должна завтра вчера сегодня уже lazım gerek gerekiyor
kadar günü gününe yarın dün bugün أحتاج يجب علي إلى على من في مع عن قبل بعد أن غدا أمس اليوم لقد قد يوم मुझे मैं मैंने को तक में से का की के है हूँ हैं पर और कल आज करना करनी चाहिए
यह वह`),
)
const WEEKDAY_LANGUAGES = ['en', 'de', 'fr', 'es', 'pt', 'it', 'nl', 'pl', 'ru', 'tr', 'ar', 'hi', 'sv', 'uk', 'cs']
let weekdays: ReadonlySet<string> | undefined

/** True for a folded word that is a day of the week; these are inflected: their first letters tell. */
export function isWeekday(word: string): boolean {
  weekdays ??= new Set(
    WEEKDAY_LANGUAGES.flatMap((language) => {
      const format = new Intl.DateTimeFormat(language, { weekday: 'long', timeZone: 'UTC' })
      return Array.from({ length: 7 }, (_, day) => format.format(Date.UTC(2026, 0, 4 + day)))
    }).flatMap((name) => wordsOf(name).map((part) => part.slice(0, WEEKDAY_LETTERS))),
  )
  return weekdays.has(word.slice(0, WEEKDAY_LETTERS))
}
const WEEKDAY_LETTERS = 5

/** The share of a task's words that the sentence must have; of pairs of characters, many are of its frame. */
const MIN_SHARE = 0.5
const MIN_PAIRS_SHARE = 0.3
const MIN_PAIRS = 3
/** A word of the sentence that the task has not: its verb in another form, which must be alike to one of the task's. */
const MAX_OTHERS = 1
const MAX_OTHER_PAIRS_SHARE = 0.25
const IS_PAIR = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー\p{Script=Hangul}]{1,2}$/u
const MAX_CHARS = 300
/** Past forms that share too little with their verbs. */
const IRREGULAR: ReadonlyMap<string, string> = new Map(
  `sent:send bought:buy paid:pay made:make wrote:write told:tell got:get took:take gave:give did:do met:meet went:go found:find brought:bring built:build left:leave
chose:choose spoke:speak saw:see drew:draw held:hold ran:run sold:sell taught:teach`
    .split(/\s+/)
    .map((pair): [string, string] => pair.split(':') as [string, string]),
)

/** The sentences of a message that may say that something was done or called off. */
export function doneSentencesIn(message: string, speaker = ''): DoneSentence[] {
  return sentencesOf(message, speaker).flatMap(({ own }): DoneSentence[] => {
    const statement = own.length > MAX_CHARS ? '' : statementOf(own)
    if (statement === '') return []
    // "I no longer need to": the denial is the mark.
    const calledOff = calledOffIn(statement)
    if (calledOff && !NOT_DONE.test(calledOff.what)) return [{ ...calledOff, end: 'called-off' }]
    if (NOT_DONE.test(statement)) return []
    const finished = statement.replace(FINISHED, ' ')
    if (finished !== statement) return [{ what: finished.replace(PERFECT, ' '), end: 'finished' }]
    const past = statement
      .replace(PERFECT, ' ')
      .replace(PERFECT_INSIDE, ' ')
      .replace(PASSIVE, ' ')
      .replace(PAST_END, ' ')
      .replace(DID_IN_CHINESE, ' ')
    return past === statement && !BARE_PAST.test(statement) ? [] : [{ what: past, end: 'done' }]
  })
}

/** How far the words of a sentence are those of a fact. */
type Overlap = {
  readonly shared: number
  /** Words of the sentence that are another form of a word of the fact: its verb. */
  readonly alike: number
  /** All other words of the sentence. */
  readonly foreign: number
  /** Words of the fact that the sentence has in no form. */
  readonly missing: number
  /** True where words are pairs of characters, of which most sentences have some by chance. */
  readonly isDense: boolean
}

/** Compares what texts are about, without function words and the subject of the fact. */
export function overlapOf(what: string, { fact, subject }: Pick<Told, 'fact' | 'subject'>): Overlap {
  const said = contentOf(what)
  const content = contentOf(saidIn(fact).replace(/ \(\d{4}[\d-]*\)/g, ''), nameIn(subject))
  const terms = new Set(content.flatMap((one) => one.terms))
  const shared = said.filter((one) => one.terms.some((term) => terms.has(term)))
  const others = said.filter((one) => !shared.includes(one))
  const missing = content.filter(
    ({ terms: own }) => !shared.some((one) => one.terms.some((term) => own.includes(term))),
  )
  const alike = others.filter((one) => missing.some((task) => isAlike(one.word, task.word))).length
  return {
    shared: shared.length,
    alike,
    foreign: others.length - alike,
    missing: Math.max(0, missing.length - alike),
    isDense: said.some(({ word }) => IS_PAIR.test(word)),
  }
}

type Told = { readonly fact: string; readonly subject: string | null; readonly kind?: string }

/** The one task that a sentence means; undefined where none or several could be. */
export function taskMeantBy<Fact extends Told>(
  { what, end, briefly }: DoneSentence,
  tasks: readonly Fact[],
): Fact | undefined {
  const isOthers = end === 'called-off' && isOfAnother(what)
  const own = isOthers ? tasks.filter(({ fact }) => isOfAnother(saidIn(fact))) : tasks
  const matches = own.flatMap((task) => {
    const overlap = overlapOf(what, task)
    return isEnough(overlap, end) && (end !== 'called-off' || hasNumbersOf(what, task))
      ? [{ task, missing: overlap.missing }]
      : []
  })
  const fewest = Math.min(...matches.map(({ missing }) => missing))
  const best = matches.filter(({ missing }) => missing === fewest)
  if (matches.length > 0 || briefly === undefined) return best.length === 1 ? best[0]?.task : undefined
  const meant = own.filter(
    (task) => !isToDo(task) && !SAYS_MORE.test(saidIn(task.fact)) && isNamedBriefly(briefly, task),
  )
  return meant.length === 1 ? meant[0] : undefined
}

/** A statement before the plan in its sentence still holds: "Ich bin Lehrerin und habe am Montag Prüfung". */
const SAYS_MORE =
  /(?<![\p{L}\p{M}])(?:and (?:i |we )?(?:have|has|am|is|got|fly)|und (?:ich |wir )?(?:hab|habe|haben|hat|fliege|muss)|et (?:j['’]ai|nous avons|on a|il a|elle a|je|a)|y (?:tengo|tenemos|tiene|voy)|e (?:ho|abbiamo|ha|tenho|temos|tem|vado|vou)|en (?:ik |we )?(?:heb|hebben|heeft)|i (?:mam|mamy|ma)|(?:и|і|й|та) (?:у|в|маю|сдаю|иду)|och (?:jag |vi )?har|og (?:jeg |vi )?har|ve(?= .{2,60} var(?!\p{L}))|a (?:mám|máme|má))(?![\p{L}\p{M}])|で、|이고 |，(?=.{1,20}有)/iu

/** A duty may come from what was called off: "I need a refund for the flight". */
function isToDo({ fact, kind }: Told): boolean {
  return kind === 'task' || OBLIGES.test(saidIn(fact))
}
const OBLIGES =
  /(?<![\p{L}\p{M}])(?:must|needs? to|ha(?:ve|s|d) to|(?:have|has)? ?got to|gotta|should|want to|going to(?! (?:the|an?|my|our|see)(?!\p{L}))|muss|müssen|soll(?:te|ten)?|dois|doit|devons|faut|tengo que|tenemos que|hay que|debo|debemos|devo|dobbiamo|bisogna|preciso|precisamos|tenho (?:de|que)|temos (?:de|que)|moet|moeten|muszę|musimy|trzeba|måste|må|skal|ska|muszą|musím|musíme|musi|täytyy|pitää|kell|trebuie|πρέπει|צריכה?|باید|harus|perlu|phải|cần|нужно|надо|должна?|должны|треба|мушу|lazım|gerek|gerekiyor|أحتاج|يجب|علي أن|चाहिए|करना|करनी)(?![\p{L}\p{M}])|必须|得(?=\p{Script=Han})|需要|要(?=\p{Script=Han})|ないと|なければ|なきゃ|해야|야 (?:해|돼|한다|합니다|됩니다)/iu

/** A plan that was called off on the 5th is not the one on the 12th. */
function hasNumbersOf(what: string, { fact }: Told): boolean {
  const numbers = new Set(fact.match(NUMBER))
  return (what.match(NUMBER) ?? []).every((number) => numbers.has(number))
}
const NUMBER = /\p{Nd}+/gu

/** All words are of the task, or are how one of its words begins or ends: "Zahnarzt" of "Zahnarzttermin". */
function isNamedBriefly(words: string, task: Told): boolean {
  const said = contentOf(words.replace(PASSIVE, ' '))
  const content = contentOf(saidIn(task.fact), nameIn(task.subject))
  const isOf = (one: Word) =>
    content.some(({ word, terms }) => one.terms.some((term) => terms.includes(term)) || isPartOf(one.word, word))
  if (said.some(({ word }) => IS_PAIR.test(word))) return said.every(isOf)
  return said.length > 0 && said.every(isOf) && hasNumbersOf(words, task)
}

function isPartOf(a: string, b: string): boolean {
  const shared = Math.max(MIN_BEGINNING, Math.ceil(Math.min(a.length, b.length) * BEGINNING_SHARE))
  return a.slice(0, shared) === b.slice(0, shared) || (a.length >= MIN_BEGINNING && b.endsWith(a))
}
const MIN_BEGINNING = 6
const BEGINNING_SHARE = 0.7

function isEnough({ shared, alike, foreign, missing, isDense }: Overlap, end: DoneSentence['end']): boolean {
  const [said, content] = [shared + alike + foreign, shared + alike + missing]
  if (isDense) {
    const isShared = shared >= Math.min(MIN_PAIRS, said) && shared >= content * MIN_PAIRS_SHARE
    return isShared && alike + foreign <= said * MAX_OTHER_PAIRS_SHARE
  }
  if (shared === 0 || foreign > 0 || alike > MAX_OTHERS) return false
  if (end === 'finished') return missing + alike <= 1
  // What was called off is named by its words: "marketing" is no form of "march".
  if (end === 'called-off' && alike > 0) return false
  return shared + alike >= Math.min(2, content) && shared + alike >= content * MIN_SHARE
}

/** The person it is about; the thing it is about says what it is. */
function nameIn(subject: string | null): string {
  return subject !== null && /^\p{Lu}/u.test(subject) ? subject : ''
}

type Word = { readonly word: string; readonly terms: readonly string[] }

/** The words that say what a text is about, each with its terms. */
function contentOf(text: string, subject = ''): Word[] {
  const left = new Set(wordsOf(subject))
  const isFrame = (word: string) => left.has(word) || FRAME.has(word) || isFunctionWord(word) || isWeekday(word)
  const words = [...new Set(wordsOf(text))].filter(
    (word) => word.length > 1 && !isFrame(word) && !/^\p{Nd}+$/u.test(word),
  )
  return words.flatMap((given) => {
    const word = IRREGULAR.get(given) ?? given
    const terms = [...new Set([...queryTermsOf(word).flat(), ...termsOf(word)])]
    return terms.length === 0 ? [] : [{ word, terms }]
  })
}

/** Two forms of one verb have most of the shorter in common: `geschickt` and `schicken`, `envoyé` and `envoyer`. */
function isAlike(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a]
  const enough = Math.max(3, Math.ceil(short.length * 0.6))
  for (let from = 0; from + enough <= short.length; from++)
    if (long.includes(short.slice(from, from + enough))) return true
  return false
}
