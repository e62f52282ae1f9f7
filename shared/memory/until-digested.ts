import { z } from 'zod'
import { idSchema, parseInput } from '../parse-input.ts'
import { workstreamStream } from '../store/events/product-events.ts'

/** Waiting for the fleet, so that no app writes a loop of its own: it follows the events of turns. */
export type DigestWait = {
  /**
   * Resolves once no turn of the org, or of one of its workstreams, is pending: each is extracted or a dead letter. Without workers, or while the
   * model is away, this may never happen: pass a signal.
   * @throws INPUT_INVALID, RUNTIME_CLOSED, the codes of the store, and the reason of the signal
   * @example
   * const runtime = createRuntime(readConfig(process.env, readServiceAddresses()))
   * await runtime.memory.untilDigested({ orgId: 'acme', signal: AbortSignal.timeout(60_000) })
   */
  untilDigested(input: { orgId: string; workstreamId?: string; signal?: AbortSignal }): Promise<void>
}

const inputSchema = z.strictObject({
  orgId: idSchema,
  workstreamId: idSchema.optional(),
  signal: z.instanceof(AbortSignal).optional(),
})

/** What the wait stands on: a question to the store, and the events of a workstream or an org. */
type WaitServices = {
  hasPendingTurns(orgId: string, workstreamId: string | undefined): Promise<boolean>
  untilSettled(
    place: { readonly orgId: string; readonly stream: readonly string[] | undefined },
    isPending: () => Promise<boolean>,
    signal: AbortSignal | undefined,
  ): Promise<void>
}

/** Binds the wait to a runtime's services. */
export function createDigestWait({ hasPendingTurns, untilSettled }: WaitServices): DigestWait {
  return {
    async untilDigested(input) {
      const { orgId, workstreamId, signal } = parseInput(inputSchema, input, 'selection')
      const stream = workstreamId === undefined ? undefined : workstreamStream(workstreamId)
      await untilSettled({ orgId, stream }, () => hasPendingTurns(orgId, workstreamId), signal)
    },
  }
}
