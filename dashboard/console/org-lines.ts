import { QUEUE_NAMES } from '../../queues/catalog.ts'
import { leaseLineKey, orgMemoryLeaseKey, slotKeys } from '../../shared/redis/keys.ts'
import type { ConsoleServices } from './console-services.ts'

/** The number of an org's jobs that hold a slot in a queue, and of those that wait in its line. */
export type OrgLine = { readonly queue: string; readonly holders: number; readonly waiting: number }

/** The org's slots in each queue: two counts per queue. Empty while Redis does not answer. */
export async function readOrgLines({ redis, config }: ConsoleServices, orgId: string): Promise<OrgLine[]> {
  try {
    const connection = redis.getConnection()
    return await Promise.all(
      QUEUE_NAMES.map(async (queue) => {
        const [holders, line] = slotKeys(config.redisKeyPrefix, queue, orgId)
        const [held, waiting] = await Promise.all([connection.zcard(holders), connection.zcard(line)])
        return { queue, holders: held, waiting }
      }),
    )
  } catch {
    return []
  }
}

/** Counts the one that writes the org's memories, and those that wait for it; undefined while Redis does not answer. A lock of the host's own is not seen. */
export async function readMemoryLine(
  { redis, config }: ConsoleServices,
  orgId: string,
): Promise<Omit<OrgLine, 'queue'> | undefined> {
  try {
    const lease = orgMemoryLeaseKey(config.redisKeyPrefix, orgId)
    const connection = redis.getConnection()
    const [holders, waiting] = await Promise.all([connection.exists(lease), connection.llen(leaseLineKey(lease))])
    return { holders, waiting }
  } catch {
    return undefined
  }
}
