import { QUEUE_NAMES } from '../queues/catalog.ts'
import { createEraseJobs } from '../queues/erase-jobs.ts'
import type { WithOrgMemoryLock } from '../shared/lock/org-memory-lock.ts'
import {
  createForgetting as createBareForgetting,
  type ErasureDuty,
  type Forgetting,
} from '../shared/memory/forgetting.ts'
import type { ExtraWorker } from '../workers/fleet/fleet.ts'
import type { Foundation } from './foundation.ts'
import type { Queueing } from './queueing.ts'

/** Forgetting, over the store, the queues of the product and the host, and the cache. */
export function createForgetting(
  foundation: Foundation,
  { queues, jobs }: Queueing,
  extraWorkers: readonly ExtraWorker[],
  withOrgMemoryLock: WithOrgMemoryLock,
): Forgetting & ErasureDuty {
  const names = [...QUEUE_NAMES, ...extraWorkers.map((worker) => worker.queue)]
  return createBareForgetting({
    ...foundation,
    cacheRedis: foundation.connections.getCacheConnection(),
    withOrgMemoryLock,
    eraseJobs: createEraseJobs(queues, jobs, names),
  })
}
