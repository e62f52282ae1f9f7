import { readFileSync } from 'node:fs'
import { getCACertificates } from 'node:tls'
import type { RedisOptions } from 'ioredis'
import type { Config } from '../../config.ts'
import { AfterturnError } from '../../errors.ts'
import { maskUrl } from '../../observe/log.ts'
import { type ListedNode, parseNodeList } from '../../processes/node-list.ts'

/**
 * Owns where a role's Redis is: one server, the primary that sentinels name, a cluster, or nowhere. Guarantees: what describes it holds no password.
 * A cluster keeps all keys of a fleet in the slot of its prefix, so that one of its primaries serves them, as the one of a Sentinel set does.
 */

export type RedisRole = 'durable' | 'cache'
export type Endpoint = { readonly host: string; readonly port: number }

/** Login and TLS of servers. */
type ServerOptions = Pick<RedisOptions, 'username' | 'password' | 'tls'>

export type RedisTopology =
  | { readonly kind: 'none' }
  | { readonly kind: 'single'; readonly url: string; readonly servers: Pick<RedisOptions, 'tls'> }
  | {
      readonly kind: 'sentinel'
      readonly nodes: readonly Endpoint[]
      readonly master: string
      /** The connection options of the sentinels and of the servers. */
      readonly asked: ServerOptions
      readonly servers: ServerOptions & Pick<RedisOptions, 'db'>
    }
  | {
      readonly kind: 'cluster'
      readonly nodes: readonly Endpoint[]
      /** Whose slot is looked for. */
      readonly keyPrefix: string
      readonly asked: ServerOptions
      readonly servers: ServerOptions
    }

/** The settings that say where Redis is. */
export type TopologySettings = Partial<
  Pick<
    Config,
    | 'redisUrl'
    | 'redisSentinels'
    | 'redisSentinelMaster'
    | 'redisCluster'
    | 'cacheRedisUrl'
    | 'cacheRedisSentinels'
    | 'cacheRedisSentinelMaster'
    | 'cacheRedisCluster'
    | 'redisCaFile'
    | 'redisKeyPrefix'
  >
>

const SENTINEL_PORT = 26_379
const REDIS_PORT = 6_379

/** Where the Redis of a role is. @throws CONFIG_INVALID when the file of the certificate authority cannot be read */
export function topologyOf(settings: TopologySettings, role: RedisRole): RedisTopology {
  const [url, sentinels, master, cluster] =
    role === 'durable'
      ? [settings.redisUrl, settings.redisSentinels, settings.redisSentinelMaster, settings.redisCluster]
      : [
          settings.cacheRedisUrl,
          settings.cacheRedisSentinels,
          settings.cacheRedisSentinelMaster,
          settings.cacheRedisCluster,
        ]
  const tls = () => tlsOptions(settings.redisCaFile)
  if (sentinels !== undefined) {
    const nodes = parseNodeList(sentinels, SENTINEL_PORT) ?? []
    const { db, ...login } = url === undefined ? { db: 0 } : serversOf(url, tls)
    // An entry that does not say how it is reached is reached as the servers are.
    const isTls = nodes[0]?.isTls ?? login.tls !== undefined
    const asked = { ...loginOf(nodes), ...(isTls && { tls: tls() }) }
    return { kind: 'sentinel', nodes, master: master ?? 'mymaster', asked, servers: { ...login, db } }
  }
  if (cluster !== undefined) {
    const nodes = parseNodeList(cluster, REDIS_PORT) ?? []
    const { db: _, ...login } = url === undefined ? { db: 0 } : serversOf(url, tls)
    const isTls = nodes[0]?.isTls ?? login.tls !== undefined
    const servers = { ...login, ...loginOf(nodes), ...(isTls && { tls: tls() }) }
    return { kind: 'cluster', nodes, keyPrefix: settings.redisKeyPrefix ?? '', asked: servers, servers }
  }
  if (url === undefined) return { kind: 'none' }
  return { kind: 'single', url, servers: url.startsWith('rediss:') ? { tls: tls() } : {} }
}

/** Says where a role's Redis is, without passwords. */
export function describeTopology(settings: TopologySettings, role: RedisRole = 'durable'): string {
  const topology = topologyOf(settings, role)
  switch (topology.kind) {
    case 'none':
      return 'none'
    case 'single':
      return maskUrl(topology.url)
    case 'sentinel':
      return `Sentinel, ${topology.master} of ${topology.nodes.map(endpointText).join(', ')}`
    case 'cluster':
      return `Cluster, ${topology.nodes.map(endpointText).join(', ')}`
  }
}

/** An address at which somebody of the topology answers, and the variable that names it; undefined where nobody does. */
export function addressToTry(topology: RedisTopology, role: RedisRole): { url: string; variable: string } | undefined {
  if (topology.kind === 'none') return undefined
  const variable = { single: 'URL', sentinel: 'SENTINELS', cluster: 'CLUSTER' }[topology.kind]
  const url =
    topology.kind === 'single'
      ? topology.url
      : `${topology.asked.tls ? 'rediss' : 'redis'}://${endpointText(topology.nodes[0] as Endpoint)}`
  return { url, variable: `${role === 'cache' ? 'CACHE_' : ''}REDIS_${variable}` }
}

/** `HOST:PORT`, an IPv6 address in brackets. */
export function endpointText({ host, port }: Endpoint): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

/** Beside sentinels and a cluster an address says how servers are reached; where they are, the others know. */
function serversOf(url: string, tls: () => object): ServerOptions & { readonly db: number } {
  const { protocol, username, password, pathname } = new URL(url)
  return {
    db: Number(pathname.slice(1) || 0),
    ...(username !== '' && { username: decodeURIComponent(username) }),
    ...(password !== '' && { password: decodeURIComponent(password) }),
    ...(protocol === 'rediss:' && { tls: tls() }),
  }
}

/** The login of the first entry that has one: that of all. */
function loginOf(nodes: readonly ListedNode[]): Pick<ServerOptions, 'username' | 'password'> {
  const { username, password } = nodes.find((node) => node.password !== undefined) ?? {}
  return { ...(username !== undefined && { username }), ...(password !== undefined && { password }) }
}

function tlsOptions(caFile: string | undefined): NonNullable<RedisOptions['tls']> {
  if (caFile === undefined) return {}
  try {
    return { ca: [...getCACertificates('default'), readFileSync(caFile, 'utf8')] }
  } catch (cause) {
    throw new AfterturnError(
      'CONFIG_INVALID',
      `redisCaFile: expected a file with certificates, got ${JSON.stringify(caFile)}: ${(cause as Error).message}; set REDIS_CA_FILE`,
      { cause },
    )
  }
}
