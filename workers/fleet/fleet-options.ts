import type { Telemetry } from 'bullmq'
import type { Redis } from 'ioredis'
import type { Clock } from '../../shared/clock.ts'
import type { Progress } from '../../shared/events/progress.ts'
import type { Log } from '../../shared/observe/log.ts'
import type { Metrics } from '../../shared/observe/metrics.ts'
import type { JobControl } from '../control/job-control.ts'
import type { QueueDeedsLog } from './queue-deeds.ts'

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
