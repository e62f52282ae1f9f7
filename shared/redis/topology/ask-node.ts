import { Redis } from 'ioredis'
import type { Endpoint, RedisTopology } from './topology.ts'

/** Owns what a sentinel, or a node of a cluster, is asked: where the primary is. Guarantees: each answers or fails within its timeout. */

const ASK_TIMEOUT_MS = 1_000
const RETRY_MS = 500

export type Followed = Extract<RedisTopology, { kind: 'sentinel' | 'cluster' }>

/** The knowledge of a node: the primary, and other nodes to ask later. */
type Knowledge = { readonly primary: Endpoint; readonly nodes: readonly Endpoint[] }

/** A connection that only asks; it opens with the first question. */
export function connectNode(topology: Followed, { host, port }: Endpoint, connectionName: string): Redis {
  const redis = new Redis({
    ...topology.asked,
    host,
    port,
    connectionName,
    lazyConnect: true,
    connectTimeout: ASK_TIMEOUT_MS,
    commandTimeout: ASK_TIMEOUT_MS,
    maxRetriesPerRequest: 0,
    retryStrategy: () => RETRY_MS,
    // A sentinel that has just started says nothing of how it loads.
    enableReadyCheck: false,
  })
  redis.on('error', () => {})
  return redis
}

/** Asks one node. Throws what Redis throws, and where it knows no primary. */
export async function askNode(redis: Redis, topology: Followed, node: Endpoint): Promise<Knowledge> {
  return topology.kind === 'sentinel' ? askSentinel(redis, topology) : askClusterNode(redis, topology, node)
}

async function askSentinel(redis: Redis, topology: Extract<Followed, { kind: 'sentinel' }>): Promise<Knowledge> {
  const address = (await redis.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', topology.master)) as string[] | null
  if (!address) throw new Error(`it watches no master ${topology.master}`)
  const [host = '', port = ''] = address
  return { primary: { host, port: Number(port) }, nodes: topology.nodes }
}

type SlotRange = [first: number, last: number, ...nodes: [host: string | null, port: number][]]

async function askClusterNode(
  redis: Redis,
  topology: Extract<Followed, { kind: 'cluster' }>,
  asked: Endpoint,
): Promise<Knowledge> {
  const [slot, ranges] = (await Promise.all([
    redis.call('CLUSTER', 'KEYSLOT', topology.keyPrefix),
    redis.call('CLUSTER', 'SLOTS'),
  ])) as [number, SlotRange[]]
  const endpointOf = ([host, port]: [string | null, number]) => ({ host: host || asked.host, port })
  const nodes = ranges.flatMap(([, , ...served]) => served.map(endpointOf))
  const [, , primary] = ranges.find(([first, last]) => first <= slot && slot <= last) ?? []
  if (!primary) throw new Error(`no node serves slot ${slot}, that of ${topology.keyPrefix}`)
  return { primary: endpointOf(primary), nodes }
}
