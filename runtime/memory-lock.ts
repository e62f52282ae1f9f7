import { waitForLease } from '../shared/lock/fair-lease.ts'
import { measureOrgMemoryLock } from '../shared/lock/observed-lock.ts'
import {
  createOrgMemoryLock,
  type WithOrgMemoryLock,
  type WorkspaceMemoryLock,
} from '../shared/lock/org-memory-lock.ts'
import { createWakeUps } from '../shared/lock/wake-ups.ts'
import { orgMemoryLeaseKey, wakeUpChannelPrefix } from '../shared/redis/keys.ts'
import { advanceFence, readFenceToken } from '../shared/store/memories/org-fences.ts'
import type { Foundation } from './foundation.ts'

/** One writer per org: the lease of Redis, or the host's own lock; behind it the fence of the store. */
export function createMemoryLock(foundation: Foundation, hostLock: WorkspaceMemoryLock | undefined): WithOrgMemoryLock {
  const { config, connections, database, clock, metrics } = foundation
  const wakeUps = createWakeUps(connections.getConnectionForSubscriptions, wakeUpChannelPrefix(config.redisKeyPrefix))
  const lock = createOrgMemoryLock({
    hostLock,
    lease: (orgId, signal) =>
      waitForLease({
        redis: connections.getConnection(),
        wakeUps,
        clock,
        key: orgMemoryLeaseKey(config.redisKeyPrefix, orgId),
        ttlMs: config.orgLockTtlMs,
        waitMs: config.orgLockWaitMs,
        signal,
      }),
    fences: {
      read: (orgId) => readFenceToken(database, orgId),
      advance: (orgId, from) => advanceFence(database, orgId, from),
    },
  })
  return measureOrgMemoryLock(lock, metrics)
}
