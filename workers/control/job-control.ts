import type { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import type { AnyQueueContract } from '../../queues/define-queue.ts'
import type { Clock } from '../../shared/clock.ts'
import type { Config } from '../../shared/config.ts'
import { watchKillSwitch } from '../../shared/control/kill-switch-watch.ts'
import type { Log } from '../../shared/observe/log.ts'
import type { Database } from '../../shared/store/database.ts'
import { createDeadJobs, type DeadJobs } from './dead-jobs.ts'
import { createHaltedJobs, type HaltedJobs } from './halted-jobs.ts'

/** Controls the jobs of a fleet: the kill switch, and dead letters for jobs that failed for good. */
export type JobControl = { readonly haltedJobs: HaltedJobs; readonly deadJobs: DeadJobs; stop(): Promise<void> }

type JobControlServices = {
  readonly config: Pick<Config, 'redisKeyPrefix' | 'killSwitchPollMs' | 'sweepIntervalMs'>
  readonly database: Database
  /** A separate connection for the kill switch's rows. */
  readonly watchDatabase: Database
  readonly redis: Redis
  /** A separate connection for the kill switch's messages. */
  readonly subscriber: Redis
  readonly clock: Clock
  readonly log: Log
  readonly contracts: readonly AnyQueueContract[]
  queue(name: string): Queue
}

/** Starts both. Everything is halted until the kill switch has been read. */
export async function startJobControl(services: JobControlServices): Promise<JobControl> {
  const { redisKeyPrefix: keyPrefix, killSwitchPollMs: pollMs, sweepIntervalMs: collectEveryMs } = services.config
  const watch = await watchKillSwitch({ ...services, database: services.watchDatabase, keyPrefix, pollMs })
  const haltedJobs = createHaltedJobs({ ...services, watch, keyPrefix, pollMs })
  return {
    haltedJobs,
    deadJobs: createDeadJobs({ ...services, collectEveryMs }),
    async stop() {
      await haltedJobs.stop()
      await watch.stop()
    },
  }
}
