import { spokenMessages } from '../../shared/memory/turn-text.ts'
import type { TurnRow } from '../../shared/store/turns.ts'

/** Owns how pending turns are cut into model calls. */

/** The size of one call's turns, in tokens. */
export const BATCH_TOKENS = 3_000
/** English has about four characters a token; others have fewer, and their batches are only larger. */
const CHARACTERS_PER_TOKEN = 4

/** Cuts turns, in order, into batches of about `BATCH_TOKENS`; a longer turn is a batch of its own. */
export function batchTurns(turns: readonly TurnRow[], batchTokens = BATCH_TOKENS): TurnRow[][] {
  const batches: TurnRow[][] = []
  let leftCharacters = 0
  for (const turn of turns) {
    const characters = spokenMessages(turn.messages).reduce((sum, message) => sum + message.content.length, 0)
    let batch = batches.at(-1)
    if (!batch || characters > leftCharacters) {
      batch = []
      batches.push(batch)
      leftCharacters = batchTokens * CHARACTERS_PER_TOKEN
    }
    batch.push(turn)
    leftCharacters -= characters
  }
  return batches
}
