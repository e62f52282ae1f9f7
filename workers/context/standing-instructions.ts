import { naturalLanguageOf } from '../memory/facts/natural-language.ts'
import { sentencesOf } from '../memory/local-rules/fact-sentences.ts'
import { statementOf } from '../memory/local-rules/fact-wording.ts'
import { isStandingOrder } from '../memory/local-rules/standing-orders.ts'
import type { MessageText } from './summary-input.ts'
import { isWorkOrder } from './work-orders.ts'

/**
 * Owns which words of users are instructions that hold from then on: they stay in force after a compaction, so nobody else's words may become one.
 * Guarantees: each stands in a message of a user, or stood in the record before; bounded.
 */

const MAX_INSTRUCTIONS = 20
/** Of one message: telling a language takes its time. */
const MAX_SENTENCES = 400

/** The standing instructions in messages, without a model: the whole sentences of users that extraction takes for such, too, or that are orders of work. */
export function findInstructions(messages: readonly MessageText[], held: readonly string[] = []): string[] {
  const found = messages
    .filter(({ role, isWhole, isQuote }) => role === 'user' && isWhole && !isQuote)
    .flatMap(ordersIn)
  return newest([...held, ...found])
}

/** Those of a model's proposals that users said, word by word but for spaces and case, or that the record held before. */
export function provenInstructions(
  proposed: readonly string[],
  messages: readonly MessageText[],
  held: readonly string[] = [],
): string[] {
  const said = messages.filter(({ role, isQuote }) => role === 'user' && !isQuote).map(({ text }) => folded(text))
  const before = new Set(held.map(folded))
  return newest(
    proposed.filter((one) => {
      const words = folded(one)
      return words !== '' && (before.has(words) || said.some((text) => text.includes(words)))
    }),
  )
}

function ordersIn({ text, speaker }: MessageText): string[] {
  const ofText = naturalLanguageOf(text)
  const isOrder = (own: string) =>
    isStandingOrder(statementOf(own), naturalLanguageOf(own) ?? ofText ?? 'en') || isWorkOrder(own)
  return sentencesOf(text, speaker)
    .slice(0, MAX_SENTENCES)
    .filter(({ own, isCut }) => own !== '' && !isCut && isOrder(own))
    .map((sentence) => sentence.text)
}

function folded(text: string): string {
  return text
    .toLowerCase()
    .replace(/[\s\p{P}]+/gu, ' ')
    .trim()
}

/** Each once, the newest of too many. */
function newest(instructions: readonly string[]): string[] {
  const byWords = new Map<string, string>()
  for (const one of instructions) {
    byWords.delete(folded(one))
    byWords.set(folded(one), one)
  }
  return [...byWords.values()].slice(-MAX_INSTRUCTIONS)
}
