import type { Redis } from 'ioredis'
import { progressOfOrg } from '../redis/keys.ts'

const KEYS_AT_ONCE = 1_000

/** Forgets the progress of an org's tasks; what is reported meanwhile goes within the hour. */
export async function eraseProgress(redis: Redis, keyPrefix: string, orgId: string): Promise<void> {
  const begins = progressOfOrg(keyPrefix, orgId)
  const match = `${begins.replaceAll(/[\\*?[\]]/g, '\\$&')}*`
  for await (const keys of redis.scanStream({ match, count: KEYS_AT_ONCE }))
    if ((keys as string[]).length > 0) await redis.unlink(keys as string[])
}
