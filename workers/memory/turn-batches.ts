import { spokenMessages } from '../../shared/memory/turn-text.ts'
import type { TurnRow } from '../../shared/store/turns.ts'
import { readableText, roughTokens } from './readable-text.ts'

/** Owns how pending turns are cut into model calls. */

/** The size of one call's turns, in tokens. */
const BATCH_TOKENS = 3_000
/** The number, the name and the punctuation of a line. */
const TOKENS_PER_LINE = 12

/** A turn that was tried this often without an end is tried alone: one may be what kills the worker, and takes the others with it. */
const SUSPECT_ATTEMPTS = 2

/**
 * Cuts turns, in order, into batches of about `BATCH_TOKENS`; a longer turn is a batch of its own, and so is a suspect one. Turns that a model
 * was asked about together, by row ids, stay together: its answer is kept for exactly those.
 */
export function batchTurns(turns: readonly TurnRow[], answered: readonly (readonly number[])[] = []): TurnRow[][] {
  const batches: TurnRow[][] = []
  let leftTokens = -1
  for (let index = 0; index < turns.length; ) {
    const turn = turns[index] as TurnRow
    const isSuspect = turn.attempts >= SUSPECT_ATTEMPTS
    const together = isSuspect ? undefined : answered.find((ids) => ids.every((id, at) => turns[index + at]?.id === id))
    if (together) {
      batches.push(turns.slice(index, index + together.length))
      index += together.length
      leftTokens = -1
      continue
    }
    const tokens = sizeOf(turn)
    if (isSuspect || tokens > leftTokens || batches.length === 0) {
      batches.push([])
      leftTokens = BATCH_TOKENS
    }
    batches.at(-1)?.push(turn)
    leftTokens = isSuspect ? -1 : leftTokens - tokens
    index += 1
  }
  return batches
}

function sizeOf(turn: TurnRow): number {
  const messages = spokenMessages(turn.messages)
  return messages.reduce((sum, { content }) => sum + TOKENS_PER_LINE + roughTokens(readableText(content)), 0)
}
