import { dayNamed } from '../facts/dates/fact-dates.ts'
import { attributeIn } from './fact-attributes.ts'
import type { Sentence } from './fact-sentences.ts'
import { MIN_SCORE, pointsBack, saysWhoDoes, scoreOf } from './fact-signals.ts'
import { statementOf } from './fact-wording.ts'

/**
 * Cuts "I live in Berlin with my wife Lena and our two kids" between the property that a later fact may replace and what stays true beside it.
 * Guarantees: each part is a piece of the sentence, and worth keeping alone; a sentence whose parts need each other stays whole.
 */

/** What begins a statement of its own behind a property. */
const BESIDE = /[,;]? (?:(?:together |along )?with|and|but|while) (?=(?:my|our|I|we)\b)|[,;] (?=(?:my|our|I|we)\b)/giu

/** "I'm allergic to nuts, so what can I eat there?" */
const BEFORE_QUESTION =
  /^(?<told>(?:I|we|my|our)(?!\p{L})[^?]{8,160}?)(?:,| [-–—])(?: so| and| but)?,? (?:what|how|which|where|when|who|why|can|could|should|would|is|are|do|does|any)(?!\p{L})[^?]{3,120}\?$/iu

/** A sentence, or its two parts. `at` is when it was said, by the speaker's clock. */
export function splitSentence(sentence: Sentence, role: string, at: Date): Sentence[] {
  const { text, own, isCut } = sentence
  const told = own === text && !isCut ? BEFORE_QUESTION.exec(text)?.groups?.told : undefined
  if (told !== undefined && scoreOf(statementOf(told), role) >= MIN_SCORE) return [{ text: told, own: told, isCut }]
  const stated = own === text && !isCut ? attributeIn(statementOf(text)) : undefined
  if (!stated || stated.attribute === 'owner') return clausesOf(sentence)
  for (const match of text.matchAll(BESIDE)) {
    const head = text.slice(0, match.index)
    const tail = text.slice(match.index + match[0].length)
    const ofHead = attributeIn(statementOf(head))
    if (ofHead?.attribute !== stated.attribute || ofHead.value !== stated.value) continue
    // The day of the whole would be lost to one of the two.
    const isWhole = dayNamed(tail, at) !== undefined || scoreOf(tail, role) < MIN_SCORE || pointsBack(tail)
    return isWhole ? [sentence] : [head, tail].map((part) => ({ text: part, own: part, isCut }))
  }
  return clausesOf(sentence)
}

/** "Samira owns the prices and Kofi owns the labels." */
const NEW_SUBJECT = /(?:,? and|,? while|;) (?=\p{Lu}[\p{L}-]+ |[Oo]ur |[Tt]he )/gu
const STATES =
  'uses|runs|listens|speaks|stores|costs|needs|expects|returns|supports|has|is|lives|works|owns|likes|prefers|wants|keeps|serves|leads|takes|starts|ends'
/** "Staging listens on 8443 and uses Postgres 16", "I live in Hamburg and work at Bosch". */
const SAME_SUBJECT = new RegExp(
  `^(?:(?<who>(?:(?:The|Our|My) )?[\\p{L}\\d-]+(?: [\\p{L}\\d-]+)?) (?:${STATES}) .{3,120}? and (?=(?:${STATES}) )|(?<speaker>I|We) (?:live|work) .{3,120}? and (?=(?:live in|work (?:at|for|as)) ))`,
  'u',
)

/** The clauses of a sentence that each say who does what; one of them may change while the others hold. */
function clausesOf(sentence: Sentence): Sentence[] {
  const { text, own, isCut } = sentence
  if (own !== text || isCut) return [sentence]
  for (const match of text.matchAll(NEW_SUBJECT)) {
    const [head, tail] = [text.slice(0, match.index), text.slice(match.index + match[0].length)]
    if (saysWhoDoes(head) && saysWhoDoes(tail)) return [head, tail].map((part) => ({ text: part, own: part, isCut }))
  }
  const shared = SAME_SUBJECT.exec(text)
  const subject = shared?.groups?.who ?? shared?.groups?.speaker
  if (!shared || subject === undefined || pointsBack(text)) return [sentence]
  const head = text.slice(0, shared[0].length - ' and '.length)
  const tail = text.slice(shared[0].length)
  return [
    { text: head, own: head, isCut },
    { text: tail, own: tail, isCut, subject },
  ]
}
