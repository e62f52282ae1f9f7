import type { Redis } from 'ioredis'
import { AfterturnError } from '../../shared/errors.ts'
import { ticketKey } from '../../shared/redis/keys.ts'

/** Notes in Redis that a ticket was taken, for as long as it could be taken again; returns false when it was before. @throws REDIS_UNAVAILABLE */
export async function takeOnce(redis: Redis, keyPrefix: string, ticketId: string, seconds: number): Promise<boolean> {
  try {
    return (await redis.set(ticketKey(keyPrefix, ticketId), '1', 'EX', seconds, 'NX')) === 'OK'
  } catch (error) {
    throw new AfterturnError('REDIS_UNAVAILABLE', 'Redis did not say whether the ticket was used before.', {
      cause: error,
      recorded: 'no',
    })
  }
}
