import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { idSchema, parseInput } from '../parse-input.ts'

/** Waiting for the fleet: the one loop over pending turns, so that no app writes its own. */
export type DigestWait = {
  /**
   * Resolves once no turn of the org, or of one of its workstreams, is pending: each is extracted or a dead letter. With no workers, or while the
   * model is away, that may be never: pass a signal.
   * @throws INPUT_INVALID, RUNTIME_CLOSED, the codes of the store, and the reason of the signal
   * @example
   * const runtime = createRuntime(readConfig(process.env, readServiceAddresses()))
   * await runtime.memory.untilDigested({ orgId: 'acme', signal: AbortSignal.timeout(60_000) })
   */
  untilDigested(input: { orgId: string; workstreamId?: string; signal?: AbortSignal }): Promise<void>
}

const FIRST_POLL_MS = 50
const MAX_POLL_MS = 1_000

const inputSchema = z.strictObject({
  orgId: idSchema,
  workstreamId: idSchema.optional(),
  signal: z.instanceof(AbortSignal).optional(),
})

/** Binds the wait to a question to the store: whether a turn is pending. */
export function createDigestWait(
  hasPendingTurns: (orgId: string, workstreamId: string | undefined) => Promise<boolean>,
): DigestWait {
  return {
    async untilDigested(input) {
      const { orgId, workstreamId, signal } = parseInput(inputSchema, input, 'selection')
      let pollMs = FIRST_POLL_MS
      signal?.throwIfAborted()
      while (await hasPendingTurns(orgId, workstreamId)) {
        await sleep(pollMs, undefined, { signal }).catch(() => signal?.throwIfAborted())
        pollMs = Math.min(2 * pollMs, MAX_POLL_MS)
      }
    },
  }
}
