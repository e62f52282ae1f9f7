import type { Redis } from 'ioredis'

/** Takes over what dead consumers left behind, forgets consumers that are gone, and finds what trimming took before it was read. */

type CleanOptions = {
  readonly redis: Redis
  readonly streams: readonly string[]
  readonly incoming: string
  readonly group: string
  readonly consumer: string
  take(stream: string, entries: readonly [string, string[] | null][]): Promise<void>
}

const ABANDONED_MS = 60_000
const FORGOTTEN_MS = 3_600_000
const COUNT = 100

/** Returns up to which entry of the incoming stream content of foreign producers is lost; undefined when none is. */
export async function keepStreamsClean({
  redis,
  streams,
  incoming,
  group,
  consumer,
  take,
}: CleanOptions): Promise<string | undefined> {
  for (const stream of streams) {
    const [, entries] = (await redis.xautoclaim(stream, group, consumer, ABANDONED_MS, '0-0', 'COUNT', COUNT)) as [
      string,
      [string, string[] | null][],
    ]
    // Redis 6.2 shows what was trimmed as null.
    await take(
      stream,
      entries.filter((entry) => entry !== null),
    )
    const consumers = (await redis.xinfo('CONSUMERS', stream, group)) as unknown[][]
    for (const found of consumers.map(asFields))
      if (found.name !== consumer && Number(found.pending) === 0 && Number(found.idle) > FORGOTTEN_MS)
        await redis.xgroup('DELCONSUMER', stream, group, String(found.name))
  }
  return findLost(redis, incoming, group)
}

/** The newest entry that was deleted before the group had read it; Redis before 7.0 does not tell. */
async function findLost(redis: Redis, stream: string, group: string): Promise<string | undefined> {
  const info = asFields((await redis.xinfo('STREAM', stream)) as unknown[])
  const deleted = info['max-deleted-entry-id']
  const groups = (await redis.xinfo('GROUPS', stream)) as unknown[][]
  const read = groups.map(asFields).find(({ name }) => name === group)?.['last-delivered-id']
  return typeof deleted === 'string' && typeof read === 'string' && isAfter(deleted, read) ? deleted : undefined
}

function isAfter(a: string, b: string): boolean {
  const [[aTime = 0n, aNumber = 0n], [bTime = 0n, bNumber = 0n]] = [a, b].map((id) => id.split('-').map(BigInt)) as [
    bigint[],
    bigint[],
  ]
  return aTime === bTime ? aNumber > bNumber : aTime > bTime
}

function asFields(flat: readonly unknown[]): Record<string, unknown> {
  return Object.fromEntries(
    Array.from({ length: flat.length / 2 }, (_, at) => [String(flat[2 * at]), flat[2 * at + 1]]),
  )
}
