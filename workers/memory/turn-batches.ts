import { spokenMessages } from '../../shared/memory/turn-text.ts'
import type { TurnRow } from '../../shared/store/turns.ts'

/** Owns how pending turns are cut into model calls. */

/** The size of one call's turns, in tokens. */
const BATCH_TOKENS = 3_000
/** English has about four characters a token; others have fewer, and their batches are only larger. */
const CHARACTERS_PER_TOKEN = 4

/** A turn that was tried this often without an end is tried alone: one may be what kills the worker, and takes the others with it. */
const SUSPECT_ATTEMPTS = 2

/** Cuts turns, in order, into batches of about `BATCH_TOKENS`; a longer turn is a batch of its own, and so is a suspect one. */
export function batchTurns(turns: readonly TurnRow[]): TurnRow[][] {
  const batches: TurnRow[][] = []
  let leftCharacters = 0
  for (const turn of turns) {
    const isSuspect = turn.attempts >= SUSPECT_ATTEMPTS
    const characters = spokenMessages(turn.messages).reduce((sum, message) => sum + message.content.length, 0)
    let batch = batches.at(-1)
    if (!batch || isSuspect || characters > leftCharacters) {
      batch = []
      batches.push(batch)
      leftCharacters = BATCH_TOKENS * CHARACTERS_PER_TOKEN
    }
    batch.push(turn)
    leftCharacters = isSuspect ? -1 : leftCharacters - characters
  }
  return batches
}
