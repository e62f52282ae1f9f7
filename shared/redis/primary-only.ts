import type { Redis, RedisOptions } from 'ioredis'
import type { RedisTopology } from './topology/topology.ts'

/**
 * Owns how a connection leaves a server that has become a replica. After a failover behind a proxy or a name, open connections stay with the old primary,
 * which answers every PING and refuses every write.
 */

/** In an old server's answer the word stands inside the failure of a script. */
const REFUSED_WRITE = /\b(?:READONLY|MASTERDOWN)\b/
/** Of a cluster's primary that serves the keys no more, or that finds itself alone. */
const REFUSED_SLOT = /\b(?:MOVED|CLUSTERDOWN)\b/
/** Scripts, and waits for an element: they come alone. Any other command may be one of a transaction, of which it must not be repeated by itself. */
const COMES_ALONE = /^(eval|b[lrz])/i

/** Connects anew when a write is refused, and repeats it there if it came alone. */
export function reconnectOnRefusedWrite(
  topology: RedisTopology['kind'],
): NonNullable<RedisOptions['reconnectOnError']> {
  return (error) => {
    const isRefused = REFUSED_WRITE.test(error.message) || (topology === 'cluster' && REFUSED_SLOT.test(error.message))
    if (!isRefused) return false
    const { command } = error as Error & { command?: { name: string } }
    return COMES_ALONE.test(command?.name ?? '') ? 2 : 1
  }
}

/** Whether a connection leads to a replica: what a transaction is refused shows in no error. False where the server does not say. */
export async function isReplica(redis: Redis): Promise<boolean> {
  const role: unknown = await redis.role().catch(() => undefined)
  return Array.isArray(role) && role[0] === 'slave'
}

/** Asks for a sign of life. Throws what Redis throws, and when it is a replica, which takes no writes. */
export async function pingPrimary(redis: Redis): Promise<void> {
  await redis.ping()
  if (await isReplica(redis)) throw new Error('it is a replica')
}
