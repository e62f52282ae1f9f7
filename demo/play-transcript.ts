import { isAfterturnError } from '../shared/errors.ts'
import type { MemoryApi } from '../shared/memory/memory.ts'
import type { Transcript } from './transcript.ts'

const MAX_REPETITIONS = 10
const REPEAT_AFTER_MS = 500

/** Records a transcript turn by turn, as an app would: the conversation is the org, each of its sessions a workstream. */
export async function playTranscript(
  memory: MemoryApi,
  transcript: Transcript,
  onTurn: () => void = () => {},
): Promise<void> {
  for (const turn of transcript.turns) {
    await repeated(() =>
      memory.recordTurn({
        orgId: transcript.conversationId,
        workstreamId: turn.sessionId ?? 'conversation',
        turnId: turn.turnId,
        at: turn.at,
        messages: turn.messages,
        // Also where speakers have no names: they are the same people in all sessions.
        scope: 'org',
      }),
    )
    onTurn()
  }
}

/** Repeats a call whose failure says that a repetition can help, as an app does: ids make it safe. */
async function repeated<Result>(call: () => Promise<Result>, triesLeft = MAX_REPETITIONS): Promise<Result> {
  try {
    return await call()
  } catch (error) {
    if (triesLeft === 0 || !isAfterturnError(error) || !error.retryable) throw error
    await new Promise((resolve) => setTimeout(resolve, error.retryAfterMs ?? REPEAT_AFTER_MS))
    return repeated(call, triesLeft - 1)
  }
}

/** The ways in which an app might wait for its digests: asks until none of the orgs has a pending turn; tells how many are settled. */
export async function untilDigested(
  memory: MemoryApi,
  orgIds: readonly string[],
  onProgress: (settled: number) => void,
  pollMs = 100,
): Promise<void> {
  for (;;) {
    const states = await Promise.all(orgIds.map((orgId) => repeated(() => memory.status({ orgId }))))
    onProgress(states.reduce((sum, { turns }) => sum + turns.extracted + turns.deadLettered, 0))
    if (states.every(({ turns }) => turns.pending === 0)) return
    await new Promise((resolve) => setTimeout(resolve, pollMs))
  }
}
