import type { Telemetry } from 'bullmq'
import type { Redis } from 'ioredis'
import type { Clock } from '../../shared/clock.ts'
import type { Log } from '../../shared/observe/log.ts'
import type { Metrics } from '../../shared/observe/metrics.ts'
import type { JobControl } from '../control/job-control.ts'

/** What a fleet stands on, and each of its workers. */
export type FleetOptions = {
  readonly connection: Redis
  readonly keyPrefix: string
  readonly clock: Clock
  readonly log: Log
  /** How long a job stays its worker's without a sign of life; then another takes it up. */
  readonly jobLockMs: number
  /** What Redis calls the blocking connections by. @default the queue alone */
  readonly processName?: string
  readonly metrics?: Metrics
  readonly telemetry?: Telemetry | undefined
  /** The kill switch, and dead letters. @default there are none */
  readonly control?: Pick<JobControl, 'haltedJobs' | 'deadJobs'>
}
