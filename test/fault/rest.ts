import { Redis } from 'ioredis'
import { countTurns } from '../../shared/store/turns/turns.ts'
import { until } from '../helpers/until.ts'
import type { World } from './world/world.ts'

/** Owns "at rest": no turn is pending, no job waits or runs, and Redis holds nothing that stands for work. */

/** What BullMQ keeps of a queue without work: names, counters, finished jobs and its event stream. And the newest progress of jobs, and who is there. */
const IDLE_KEYS =
  /^\{?[a-z0-9-]+\}?:([a-z-]+:(meta|id|events|completed|failed|stalled-check|marker|pc|\d+)$|progress:|fleet:)/
const EVIDENCE_KEYS = 20

type Rest = { readonly pending: number; readonly keys: readonly string[] }

/** Waits for it; answers what was not at rest when the time was up. */
export async function untilAtRest(world: World, timeoutMs: number): Promise<string[]> {
  const redis = new Redis(world.durable.url)
  try {
    await until(
      () => look(world, redis),
      ({ pending, keys }) => pending === 0 && keys.length === 0,
      timeoutMs,
    )
    return []
  } catch {
    const { pending, keys } = await look(world, redis)
    if (pending === 0 && keys.length === 0) return []
    const { rows: due } = await dueTimes(world)
    const found = await Promise.all(keys.slice(0, EVIDENCE_KEYS).map((key) => describeKey(redis, key)))
    return [
      `not at rest ${timeoutMs} ms after the last fault: ${pending} pending turns, due ${JSON.stringify(due)}, at ${new Date().toISOString()}`,
      ...found,
    ]
  } finally {
    redis.disconnect()
  }
}

async function look({ database, config }: World, redis: Redis): Promise<Rest> {
  const { pending } = await countTurns(database)
  const keys: string[] = []
  for await (const found of redis.scanStream({ match: `${config.redisKeyPrefix}:*`, count: 1_000 }))
    keys.push(...(found as string[]).filter((key) => !IDLE_KEYS.test(key)))
  return { pending, keys: [...new Set(keys)].sort() }
}

async function dueTimes({ database }: World) {
  const rows = await database
    .selectFrom('workstreams')
    .select(['org_id', 'workstream_id', 'digest_due_at'])
    .where('digest_due_at', 'is not', null)
    .execute()
  return { rows }
}

async function describeKey(redis: Redis, key: string): Promise<string> {
  const type = await redis.type(key)
  const content: Record<string, () => Promise<unknown>> = {
    string: () => redis.get(key),
    list: () => redis.lrange(key, 0, 5),
    zset: () => redis.zrange(key, '0', '5', 'WITHSCORES'),
    set: () => redis.smembers(key),
    hash: () => redis.hgetall(key),
  }
  return `${key} (${type}, ttl ${await redis.pttl(key)} ms): ${JSON.stringify(await content[type]?.())}`
}
