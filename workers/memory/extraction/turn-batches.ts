import { speakerOf, spokenMessages } from '../../../shared/memory/recording/turn-text.ts'
import type { TurnRow } from '../../../shared/store/turns/turns.ts'
import { readableText, roughTokens } from '../facts/readable-text.ts'

/** Owns how pending turns are cut into model calls. */

/** The size of one call's turns, in tokens. */
const BATCH_TOKENS = 3_000
/** The number and the punctuation of a line; its speaker's name comes to it. */
const TOKENS_PER_LINE = 14
/** What the lines of a batch may have beside the words, so that it is one question. */
const FRAME_TOKENS = 630

/** A turn that was tried this often without an end is tried alone: one may be what kills the worker, and takes the others with it. */
const SUSPECT_ATTEMPTS = 2

/**
 * Cuts turns, in order, into batches of about `BATCH_TOKENS`, that are one question each; a longer turn is a batch of its own, and so is a suspect one. Turns that a model
 * was asked about together, by row ids, stay together: its answer is kept for exactly those.
 */
export function batchTurns(turns: readonly TurnRow[], answered: readonly (readonly number[])[] = []): TurnRow[][] {
  const batches: TurnRow[][] = []
  let left = NONE
  for (let index = 0; index < turns.length; ) {
    const turn = turns[index] as TurnRow
    const isSuspect = turn.attempts >= SUSPECT_ATTEMPTS
    const together = isSuspect ? undefined : answered.find((ids) => ids.every((id, at) => turns[index + at]?.id === id))
    if (together) {
      batches.push(turns.slice(index, index + together.length))
      index += together.length
      left = NONE
      continue
    }
    const { tokens, frame } = sizeOf(turn)
    if (isSuspect || tokens > left.tokens || frame > left.frame) {
      batches.push([])
      left = { tokens: BATCH_TOKENS, frame: FRAME_TOKENS }
    }
    batches.at(-1)?.push(turn)
    left = isSuspect ? NONE : { tokens: left.tokens - tokens, frame: left.frame - frame }
    index += 1
  }
  return batches
}

type Size = { readonly tokens: number; readonly frame: number }
const NONE: Size = { tokens: -1, frame: -1 }

function sizeOf(turn: TurnRow): Size {
  const messages = spokenMessages(turn.messages)
  const frame = messages.reduce((sum, message) => sum + TOKENS_PER_LINE + roughTokens(speakerOf(message)), 0)
  return { tokens: messages.reduce((sum, { content }) => sum + roughTokens(readableText(content)), frame), frame }
}
