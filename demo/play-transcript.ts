import type { MemoryApi } from '../shared/memory/memory.ts'
import type { Transcript } from './transcript.ts'

/** Records a transcript turn by turn, as an app would: the conversation is the org, each of its sessions a workstream. */
export async function playTranscript(
  memory: MemoryApi,
  transcript: Transcript,
  onTurn: () => void = () => {},
): Promise<void> {
  for (const turn of transcript.turns) {
    await memory.recordTurn({
      orgId: transcript.conversationId,
      workstreamId: turn.sessionId ?? 'conversation',
      turnId: turn.turnId,
      at: turn.at,
      messages: turn.messages,
      // Also where speakers have no names: they are the same people in all sessions.
      scope: 'org',
    })
    onTurn()
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
    const states = await Promise.all(orgIds.map((orgId) => memory.status({ orgId })))
    onProgress(states.reduce((sum, { turns }) => sum + turns.extracted + turns.deadLettered, 0))
    if (states.every(({ turns }) => turns.pending === 0)) return
    await new Promise((resolve) => setTimeout(resolve, pollMs))
  }
}
