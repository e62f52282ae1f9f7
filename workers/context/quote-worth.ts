import { type ConversationMessage, textOf } from '../../shared/conversation.ts'
import { dependsOnDate } from '../memory/facts/dates/fact-dates.ts'

/**
 * Owns how much more a message is worth quoting than its words alone say, in any language: by who says it, and by what people ask for later: times,
 * numbers, names, and whatever somebody asked for before. Found on a part of LoCoMo's conversations, and confirmed on the others.
 */

/** The signs of a long message are those of its beginning. */
const MAX_READ_CHARS = 2_000
/** Whoever asks is to be answered: what users say weighs more than what agents do. */
const USER_WORTH = 1.2
const QUESTION_WORTH = 0.5
/** Of people only: nearly all that an agent says is an answer. */
const ANSWER_WORTH = 1.7
const TIME_WORTH = 2
const NUMBER_WORTH = 1.3
const NAME_WORTH = 0.3
const MAX_NAMES = 3

/** Behind another word, so that it begins no sentence. */
const NAME = /(?<=[\p{L}\p{N},] )\p{Lu}\p{Ll}/gu
const ASKS = /[?？؟]["'”»)]?$/u

/** A factor for what its words are worth; `before` is the message that it follows. */
export function quoteWorth(message: ConversationMessage, before: ConversationMessage | undefined): number {
  const text = textOf(message).slice(0, MAX_READ_CHARS)
  const names = text.match(NAME)?.length ?? 0
  let worth = 1 + NAME_WORTH * Math.min(names, MAX_NAMES)
  if (message.role === 'user') worth *= USER_WORTH
  if (message.role === 'user' && before && asks(before) && isOther(message, before)) worth *= ANSWER_WORTH
  if (asks(message)) worth *= QUESTION_WORTH
  if (dependsOnDate(text)) worth *= TIME_WORTH
  if (/\p{Nd}/u.test(text)) worth *= NUMBER_WORTH
  return worth
}

function asks(message: ConversationMessage): boolean {
  return ASKS.test(textOf(message).trimEnd())
}

function isOther(one: ConversationMessage, other: ConversationMessage): boolean {
  return one.role !== other.role || one.name !== other.name
}
