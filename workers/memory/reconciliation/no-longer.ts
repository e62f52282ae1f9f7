import { functionWordsOf, isFunctionWord } from '../../../shared/ai/local/detect-languages.ts'
import { wordsOf } from '../../../shared/ai/local/words.ts'
import { isWeekday, NOT_DONE, overlapOf } from '../facts/done-tasks.ts'
import { saidIn } from '../local-rules/fact-attributes.ts'
import { DENIES } from '../local-rules/words/change-words.ts'
import { wordPattern } from '../local-rules/words/word-pattern.ts'
import { withoutAmount } from './without-amount.ts'

/**
 * Tells, without a model, that a fact says of an earlier one that it is so no longer: "I no longer live in Dresden", "ich wohne nicht mehr in Mainz".
 * No grammar: without the mark of its language the later one must have the words of the earlier, and no others.
 */

const NO_LONGER =
  /(?<![\p{L}\p{M}])(?:no longer|(?:not|n['’]t) (?!(?:that|so|very|too|all|just|only|bad) )[^.!?]{1,60} after all|(?:not|never|don['’]t|doesn['’]t|isn['’]t|aren['’]t|am not) [^.!?]{1,60}any ?(?:more|longer)|nicht mehr|kein\p{L}{0,2} [^.!?]{1,40} mehr|(?:ne |n['’])[^.!?]{1,30} plus|ya no|já não|não [^.!?]{1,40} mais|non [^.!?]{1,40} più|niet meer|geen [^.!?]{1,40} meer|już nie|nie [^.!?]{1,40} już|(?:больше|уже|більше|вже) не|artık [^.!?]{1,60}(?:m[ıiuü]yor|değil|yok)\p{L}{0,6}|inte [^.!?]{0,40}längre|ikke [^.!?]{0,40}(?:længere|lenger)|už ne|en\p{L}{0,4} [^.!?]{1,30} enää|már nem|nu mai|(?:δεν|δε) [^.!?]{1,40} πια|לא [^.!?]{1,40} יותר|כבר לא|(?:لم|لا) (?:أعد|يعد|تعد|نعد)|ما عاد\p{L}{0,2}|دیگر [^.!?]{1,40} ن\p{L}+|अब [^।]{1,60} नहीं|không còn|(?:sudah )?tidak [^.!?]{0,40}lagi)(?![\p{L}\p{M}])|不再|已经不|已經不|もう[^。]{1,40}(?:ません|ない|なくな)|더 ?이상|이제[^.]{1,30}(?:안|않)|ไม่[^\n]{1,40}(?:แล้ว|อีก)/iu
/** It was given up: what it was stands beside, in another form of the verb. */
const GIVEN_UP = wordPattern(
  [
    'stopped|quit|gave up|given up|aufgehört|aufgegeben|abgewöhnt|arrêté de|arrêté|cessé de|dejé de|dejó de|dejamos de|dejado de|parei de|parou de|deixei de|deixou de|smesso di|gestopt met|opgehouden met|rzucił[ae]m|rzucił[a]?|przestał[ae]m|przestał[a]?',
    'бросила?|перестала?|кинув|кинула|перестав|bıraktım|bıraktı|slutat|slutade|sluttet|stoppet med|holdt op med|přestala?|abbahagytam|leszoktam|încetat să|renunțat la|lăsat de|berhenti|đã bỏ|ngừng|توقفت عن|أقلعت عن|छोड़ दिया|छोड़ दी|やめました|辞めました|やめた|끊었어요|그만뒀어요',
  ].join('|'),
  'giu',
)
/** Where another clause begins: "we no longer use it, we use that". */
const CLAUSE_END = /[,;:—–。，；、]| (?:and|but|und|aber|sondern|et|mais|y|pero|ma|mas|maar|ale|но) /iu
/** The denial in such a mark; its other words are words of the fact, and stay. */
const DENIAL =
  /(?<![\p{L}\p{M}])(?:no longer|not|never|don['’]t|doesn['’]t|isn['’]t|aren['’]t|am not|any ?(?:more|longer)|after all|nicht|kein\p{L}{0,2}|mehr|plus|ne|ya|no|já|não|mais|non|più|niet|geen|meer|już|nie|больше|уже|більше|вже|не|artık|değil|yok|inte|längre|ikke|længere|lenger|už|enää|már|nem|nu|mai|δεν|δε|πια|לא|יותר|כבר|لم|لا|أعد|يعد|تعد|نعد|ما|عاد\p{L}{0,2}|دیگر|अब|नहीं|không|còn|sudah|tidak|lagi)(?![\p{L}\p{M}])|(?<!\p{L})n['’](?=\p{L})|不再|已经不|已經不|もう|더 ?이상|이제|(?<= )안 |ไม่|แล้ว|อีก/giu

/** A fact, and whom it is about. */
export type Said = { readonly fact: string; readonly subject: string | null }

/** True for a fact that says that something is so no longer. */
export function saysNoLonger(fact: string): boolean {
  const said = saidIn(fact)
  return NO_LONGER.test(said) || (said.search(GIVEN_UP) >= 0 && !DENIES.test(said) && !NOT_DONE.test(said))
}

/** True if `later` says of `earlier` that it is so no longer. */
export function isNoLonger(later: Said, earlier: Said): boolean {
  if (!saysNoLonger(later.fact) || saysNoLonger(earlier.fact)) return false
  const said = saidIn(later.fact)
  const isOfThem = whoIn(said, later) === whoIn(saidIn(earlier.fact), earlier)
  const [first = '', ...others] = said.split(CLAUSE_END)
  // "My sister left home and no longer lives here": a clause is of whom its sentence is about, unless it says of whom.
  const clauses = [said, first, ...others.filter((clause) => isOfThem || OWN.test(clause) || WHO.test(clause))]
  const habit = withoutAmount(saidIn(earlier.fact))
  return clauses.some(
    (clause) =>
      saysNoLonger(clause) &&
      (isOf(clause, later, earlier) ||
        (habit !== undefined &&
          !POINTS.test(clause) &&
          isOf(clause, later, { ...earlier, fact: habit }) &&
          namesAll(habit, clause))),
  )
}

/** In Korean the verb has most of the letters: who drinks no lemonade drinks milk. */
function namesAll(habit: string, clause: string): boolean {
  const words = (habit.match(HANGUL) ?? []).slice(0, -1).filter((word) => !KOREAN_SELF.test(word))
  return words.every((word) => clause.includes(word.replace(/(?<=.)[을를이가은는]$/u, '')))
}
const HANGUL = /\p{Script=Hangul}{1,20}/gu
const KOREAN_SELF = /^(?:저는|전|제가|나는|난|내가|우리는?|[을를])$/u

/** "I don't take it any more" denies no habit, but something said before. */
const POINTS =
  /(?<!\p{L})(?:it|this|that|these|those|them|es|das|sie|ihn|le|la|les|lo|los|las|li|os?|as?|het|dat|ze|go|ją|je|to|его|её|их|это|det|den)(?!\p{L})|(?<!\p{L})l['’]/iu

function whoIn(said: string, fact: Said): string | undefined {
  return WHO.exec(withoutSubject(said, fact))?.groups?.who?.toLowerCase()
}

function isOf(said: string, later: Said, earlier: Said): boolean {
  const what = withoutSubject(said, later)
  const isGivenUp = what.search(GIVEN_UP) >= 0
  const { shared, alike, foreign, missing, isDense } = overlapOf(
    what.replace(GIVEN_UP, ' ').replace(DENIAL, ' '),
    earlier,
  )
  if (isDense) return sharedPairs(what, saidIn(earlier.fact)) >= MIN_PAIRS_SHARE
  if (foreign > 0 || missing > 0 || shared + (isGivenUp ? alike : 0) === 0) return false
  return isOfTheSame(what, withoutSubject(saidIn(earlier.fact), earlier))
}

function withoutSubject(said: string, { subject }: Said): string {
  return subject === null ? said : said.replace(subject, ' ')
}

/** The speaker, at the beginning of a clause. */
export const OWN = /^(?:i|we|ich|wir|je|j['’]|yo|eu|io|ik|ja|я|мы)(?!\p{L})/iu
/** Somebody other than the speaker, by role or name. */
const WHO =
  /^[^\p{L}]{0,3}(?:and |but |und |et |y |e |и )?(?<who>s?he(?! \p{L}{2,20}[ai]do(?!\p{L}))|they|you|who|every(?:one|body)|no(?:body| one)|some(?:one|body)|people|er|sie|du|man|ils?|elles?|on|él|ell[ao]s?|el[ea]s?|lui|lei|loro|hij|zij|on[aie]?|он[аи]?|він|вон[аи]|ты|вы|h[aou]n|hän|هو|هي|वह|वे|(?:s|my|our|his|her|their|mein|unsere?|meine|mon|ma|notre|mi|mijn|мой|моя) \p{L}{1,30})(?![\p{L}\p{M}])/iu
const AT_TIMES = /\b(?:in the (?:morning|afternoon|evening)|at (?:noon|night|(?:the )?weekends?)|on weekends)/i

/** True unless the later one is of somebody else, or of some days only. What is a small word in another language is not one here. */
function isOfTheSame(later: string, earlier: string): boolean {
  const [who, whoThen] = [later, earlier].map((text) => WHO.exec(text)?.groups?.who?.toLowerCase())
  if (who !== whoThen || (AT_TIMES.test(later) && !AT_TIMES.test(earlier))) return false
  const [words, known] = [wordsOf(later.replace(GIVEN_UP, ' ').replace(DENIAL, ' ')), wordsOf(earlier)]
  const isSmall = functionWordsOf(wordsOf(later))
  return words.every(
    (word) =>
      known.includes(word) || isSmall(word) || !(isFunctionWord(word) || isWeekday(word)) || isSameDay(word, known),
  )
}

function isSameDay(word: string, known: readonly string[]): boolean {
  return isWeekday(word) && known.some((one) => one.slice(0, MIN_DAY) === word.slice(0, MIN_DAY))
}
const MIN_DAY = 4

/** Of the pairs of characters of the earlier fact: the others are endings, and the marks. */
const MIN_PAIRS_SHARE = 0.6

function sharedPairs(later: string, earlier: string): number {
  const there = new Set(wordsOf(later.replace(DENIAL, ' ')))
  const pairs = wordsOf(earlier)
  return pairs.filter((pair) => there.has(pair)).length / Math.max(1, pairs.length)
}
