import type { Telemetry } from 'bullmq'
import type { Redis } from 'ioredis'
import type { QueueContract } from '../../queues/define-queue.ts'
import { newerVersionOf, parsePayload } from '../../queues/parse-payload.ts'
import type { SlotPolicy } from '../../queues/slot-policy.ts'
import type { Clock } from '../../shared/clock.ts'
import type { Progress } from '../../shared/events/progress.ts'
import type { Log } from '../../shared/observe/log.ts'
import type { Metrics } from '../../shared/observe/metrics.ts'
import type { JobControl } from '../control/job-control.ts'
import { type SlottedJob, slotsOf } from '../slots/slots.ts'
import type { Handler, JobContext } from './job-context.ts'
import type { QueueDeedsLog } from './queue-deeds.ts'

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

/** The services and options of a fleet and each of its workers. */
export type FleetOptions = {
  readonly connection: Redis
  readonly keyPrefix: string
  readonly clock: Clock
  readonly log: Log
  /** How long a job stays reserved for a worker that shows no sign of life; then another worker takes it over. */
  readonly jobLockMs: number
  /** The name of the blocking connections in Redis. @default the queue's name alone */
  readonly processName?: string
  readonly metrics?: Metrics
  /** What this process does in each queue is noted here. @default nowhere */
  readonly deeds?: Pick<QueueDeedsLog, 'noteStart' | 'noteEnd'>
  /** Where the progress of jobs can be watched. @default nowhere but in the job */
  readonly progress?: Pick<Progress, 'report'>
  readonly telemetry?: Telemetry | undefined
  /** The kill switch and dead letters. @default neither */
  readonly control?: Pick<JobControl, 'haltedJobs' | 'deadJobs'>
}
