import type { ExtractedFact } from '../facts/facts.ts'
import {
  type Correction,
  correctionIn,
  isDense,
  kindOf,
  MAX_CORRECTION_CHARS,
  NO_BUT,
  type Span,
  spansAlike,
  spansOf,
  withCorrection,
  withoutMarks,
} from './corrections.ts'
import { sentenceAround } from './fact-sentences.ts'
import { MAY_CORRECT } from './words/change-words.ts'
import { nameKind } from './words/name-kinds.ts'

/**
 * Tells what a message that begins with a correction corrects in the message before: the statement that it ends with. Guarantees: nothing is corrected if
 * an answer in between asks for something or has another value that may be meant; what is asked behind a statement may be what is corrected.
 */

/** A correction that begins a message. */
export type NextCorrection = Correction & {
  /** Its words. */
  readonly text: string
  /** True if it can only be about the speaker's own words; "sorry" and "no" may be said to whoever has answered. */
  readonly isOfOwnWords: boolean
}

/** The correction that a message begins with: a sentence that is nothing else, whose value is of some kind. */
export function correctionAtStart(message: string): NextCorrection | undefined {
  const text = message.slice(0, MAX_CORRECTION_CHARS + 1).trim()
  const first = sentenceAround(text, { start: 0, end: 1 }).end
  const isOpener = first < text.length && !/[\p{L}\p{N}]/u.test(withoutMarks(`${text.slice(0, first)} 0`).rest.slice(1))
  const sentence = isOpener
    ? text.slice(0, sentenceAround(text, { start: first + 1, end: first + 2 }).end)
    : text.slice(0, first)
  if (!beginsCorrection(sentence)) return undefined
  const correction = correctionIn(sentence)
  if (!correction) return undefined
  const { value, old, noun, isMeant, isWhole } = correction
  const kind = kindOf(value)
  if (old === undefined ? !isWhole || (kind === 'name' && noun !== undefined) : kind !== kindOf(old)) return undefined
  // "Sorry, 5 minutes" asks to wait.
  if (!(isMeant || OF_OWN_WORDS.test(sentence)) && old === undefined && MOMENTS.test(noun ?? '')) return undefined
  if (kind === undefined && !(isDense(value) && isDense(old ?? ''))) return undefined
  const isOfOwnWords = isMeant || OF_OWN_WORDS.test(sentence)
  return { ...correction, text: sentence, isMeant: isOfOwnWords || NO_BUT.test(sentence), isOfOwnWords }
}

const MOMENTS = /^(?:min|sec|sek|seg|мин|сек|хв)/iu

function beginsCorrection(sentence: string): boolean {
  return MAY_CORRECT.test(sentence) || withoutMarks(sentence).isMarked
}

/** Takes back one's own words, whatever was answered. */
const OF_OWN_WORDS =
  /^(?:[\p{L} ]{1,10}, )?(?:correction|typo|i was wrong|i got that wrong|i misspoke|scratch that|my (?:mistake|bad)|korrektur|tippfehler|ich habe mich|je me suis tromp|erratum|corrección|me equivoqu|me enganei|enganei-me|correção|mi sono sbagliat|correzione|correctie|vergissing|pomyłka|sprostowanie|ошибка|я ошибл|поправка|yanlış|düzeltme|تصحيح|أخطأت|गलती|说错|說錯|更正|間違え|訂正|정정|잘못 말)/iu

/** The statement of a message, and how the next one corrects it. */
export type CorrectedStatement = {
  readonly fact: ExtractedFact
  readonly sentence: string
  readonly corrected: string
  readonly correctedSentence: string
}

/** The fact that a message ends with, with the value that the next message corrects; undefined where that may mean something else. */
export function correctedStatement(
  facts: readonly ExtractedFact[],
  sentences: readonly string[],
  correction: NextCorrection,
  answer: string,
): CorrectedStatement | undefined {
  if (mayMean(answer, correction, sentences)) return undefined
  for (const sentence of sentences.toReversed()) {
    const stated = facts.filter(({ quote }) => sentence.includes(quote) || quote.includes(sentence))
    if (stated.length > 0) {
      const found = stated.flatMap((fact) => {
        const corrected = withCorrection(fact, sentence, correction)
        return corrected !== undefined && isOfWhatWasSaid(fact, sentence, correction, answer)
          ? [
              {
                fact,
                sentence,
                corrected,
                correctedSentence: withCorrection({ ...fact, fact: sentence }, sentence, correction) ?? '',
              },
            ]
          : []
      })
      return found.length === 1 ? found[0] : undefined
    }
    // What is asked behind the statement may be what is corrected, but for a number that is named and is not in there.
    const kind = kindOf(correction.old ?? '')
    if (kind === undefined || kind === 'name' || spansOf(sentence, null, correction).length > 0) return undefined
  }
  return undefined
}

/** A longer answer may ask for something without a question mark. */
const MAX_REPLY_CHARS = 25

/** An answer in between is short, or has the wrong value; "oops, 404" is no port. */
function isOfWhatWasSaid({ subject }: ExtractedFact, sentence: string, correction: NextCorrection, answer: string) {
  const wrong = spansOf(sentence, subject, correction)[0]?.text ?? ''
  if (correction.old !== undefined) return true
  const isRepeated = (correction.isOfOwnWords ? answer : lastSentenceOf(answer)).includes(wrong)
  const isNumber = kindOf(correction.value) === 'number'
  return (answer.trim().length <= MAX_REPLY_CHARS || isRepeated) && (!isNumber || areOfOneSize(wrong, correction))
}

/** The one that "sorry" may be said to. */
function lastSentenceOf(answer: string): string {
  return (
    answer
      .trimEnd()
      .split(/[.!。！](?=\s|\p{Script=Han})/u)
      .at(-1) ?? ''
  )
}

/** As many digits, or a unit beside both. */
function areOfOneSize(wrong: string, { value, noun, label }: Correction): boolean {
  const [units, unitsOfWrong] = [value, wrong].map((text) => text.replace(/[\p{Nd}.,]/gu, ''))
  const isOfUnit = /\p{Nd}/u.test(value) && units !== '' && units === unitsOfWrong
  return (noun ?? label) !== undefined || isOfUnit || sizeOf(value) === sizeOf(wrong)
}

/** Digits; a number that is a word is small. */
function sizeOf(number: string): number {
  return number.match(/\p{Nd}/gu)?.length ?? 1
}

/** True if a correction may as well be one of this piece of the sentence. */
export function mayCorrect(piece: string, correction: NextCorrection): boolean {
  return spansOf(piece, null, correction).length > 0
}

/** True if an answer asks something, or has a value of the kind that the speaker did not give. */
function mayMean(answer: string, correction: NextCorrection, sentences: readonly string[]): boolean {
  const said = sentences.join(' ').toLowerCase()
  const isName = kindOf(correction.value) === 'name'
  const kind = nameKind(correction.value)
  // Any noun of German is a name without a kind.
  const isAlien = ({ text }: Span) => !said.includes(text.toLowerCase()) && (!isName || nameKind(text) === kind)
  return /[?？؟]/u.test(answer) || spansAlike(answer, null, correction).some(isAlien)
}
