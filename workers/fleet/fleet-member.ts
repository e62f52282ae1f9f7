import type { QueueContract } from '../../queues/define-queue.ts'
import { newerVersionOf, parsePayload } from '../../queues/parse-payload.ts'
import type { SlotPolicy } from '../../queues/slot-policy.ts'
import { type SlottedJob, slotsOf } from '../slots/slots.ts'
import type { Handler, JobContext } from './job-context.ts'

/** One kind of work: its queue, its handler and its concurrency. */
export type FleetMember = Pick<QueueContract, 'name' | 'retry' | 'timeoutMs'> & {
  readonly concurrency: number
  /** Whether the rows of the turns limit how long its jobs wait; then waiting never costs a job an attempt. */
  readonly isBoundByRows?: boolean
  readonly slots?: SlotPolicy<SlottedJob> | undefined
  /** The `v` of a payload that this program does not read yet. */
  newerVersionOf(payload: unknown): number | undefined
  run(payload: unknown, context: JobContext): Promise<unknown>
}

/** Binds a handler to its contract: the payload is checked before the handler sees it. `concurrency` replaces the contract's. */
export function fleetMember<Payload extends object>(
  contract: QueueContract<string, Payload>,
  handler: Handler<Payload>,
  concurrency: number = contract.concurrency,
): FleetMember {
  return {
    name: contract.name,
    retry: contract.retry,
    timeoutMs: contract.timeoutMs,
    concurrency,
    isBoundByRows: contract.deadLetters === 'turns',
    slots: slotsOf(contract),
    newerVersionOf: (payload) => newerVersionOf(contract, payload),
    run: async (payload, context) => handler(parsePayload(contract, payload), context),
  }
}
