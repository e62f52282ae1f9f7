import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Redis, type RedisOptions } from 'ioredis'
import { until } from '../until.ts'
import { findFreePort } from './find-free-port.ts'
import { type BareRedis, redisProgram, startBareRedis } from './redis-server.ts'

/** Real Sentinel sets and clusters, of the Redis that the tests have: one primary, two replicas and three sentinels; three primaries, each with a replica. */

/** What both have, for tests that hold of either. */
export type RedisSet = {
  /** What goes into REDIS_SENTINELS or REDIS_CLUSTER. */
  readonly list: string
  readonly servers: readonly BareRedis[]
  /** The server that is the primary now, of a cluster that of a key's slot. */
  primary(key: string): Promise<BareRedis>
  /** Waits until another server than this is the primary, and is known to be. */
  untilReplaced(old: BareRedis, key: string): Promise<BareRedis>
  /** Starts a killed server again: as a replica, or as what it is when the set fails over to it meanwhile, as it does where a busy machine keeps the new primary waiting. */
  revive(server: BareRedis): Promise<void>
  stop(): Promise<void>
}

export type SetOptions = {
  /** Lines of configuration of each server, and of the sentinels: users, TLS. */
  readonly lines?: readonly string[]
  /** How the servers are reached: the login of the test, and of the servers among each other. */
  readonly login?: Pick<RedisOptions, 'username' | 'password' | 'tls'>
}

const DOWN_AFTER_MS = 500
const SETTLE_MS = 30_000

export async function startSentinelSet({
  lines = [],
  login = {},
}: SetOptions = {}): Promise<RedisSet & { readonly sentinels: readonly Sentinel[] }> {
  const isTls = login.tls !== undefined
  const auth = [
    ...(login.username ? [`masteruser ${login.username}`] : []),
    ...(login.password ? [`masterauth ${login.password}`] : []),
    ...(isTls ? ['tls-replication yes'] : []),
  ]
  const settings = (port: number) => [...portLines(port, isTls), 'repl-diskless-sync-delay 0', ...auth, ...lines]
  const first = await startBareRedis(settings)
  const replicas = await Promise.all(
    [1, 2].map(() => startBareRedis((port) => [...settings(port), `replicaof 127.0.0.1 ${first.port}`])),
  )
  const servers = [first, ...replicas]
  const sentinels = await Promise.all(
    [1, 2, 3].map(async () =>
      startSentinel(
        [
          ...(isTls ? ['tls-replication yes'] : []),
          ...lines.filter((line) => line.startsWith('tls-')),
          `sentinel monitor mymaster 127.0.0.1 ${first.port} 2`,
          `sentinel down-after-milliseconds mymaster ${DOWN_AFTER_MS}`,
          'sentinel failover-timeout mymaster 3000',
          ...(login.username ? [`sentinel auth-user mymaster ${login.username}`] : []),
          ...(login.password ? [`sentinel auth-pass mymaster ${login.password}`] : []),
        ],
        isTls,
      ),
    ),
  )
  const ask = <T>(port: number, question: (redis: Redis) => Promise<T>) =>
    withRedis({ port, ...(isTls && { tls: login.tls }) }, question)
  const namedBy = async ({ port }: Sentinel) => {
    const [, named] = (await ask(port, (redis) =>
      redis.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'mymaster'),
    )) as string[]
    return Number(named)
  }
  const byPort = (port: number) => servers.find((server) => server.port === port) as BareRedis
  const knows = (info: string, what: string) => /slaves=2,sentinels=3/.test(info) && info.includes(what)
  await Promise.all(
    sentinels.map(({ port }) =>
      until(
        () => ask(port, (redis) => redis.info('sentinel')),
        (info) => knows(info, 'status=ok'),
        SETTLE_MS,
      ),
    ),
  )
  return {
    list: sentinels.map(({ port }) => `127.0.0.1:${port}`).join(','),
    servers,
    sentinels,
    primary: async () => byPort(await namedBy(sentinels[0] as Sentinel)),
    async untilReplaced(old) {
      const ports = await until(
        () => Promise.all(sentinels.map(namedBy)),
        (named) => named.every((port) => port === named[0] && port !== old.port),
        SETTLE_MS,
      )
      const replacing = byPort(ports[0] as number)
      await until(
        () => withRedis({ port: replacing.port, ...login }, (redis) => redis.role()),
        ([role]) => role === 'master',
        SETTLE_MS,
      )
      return replacing
    },
    async revive(server) {
      await server.start()
      await until(
        async () => ({
          named: await Promise.all(sentinels.map(namedBy)),
          info: await withRedis({ port: server.port, ...login }, (redis) => redis.info('replication')),
        }),
        ({ named, info }) => isReplica(info) || (isPrimary(info) && named.every((port) => port === server.port)),
        SETTLE_MS,
      )
    },
    async stop() {
      await Promise.all(sentinels.map((sentinel) => sentinel.stop()))
      await Promise.all(servers.map((server) => server.stop()))
    },
  }
}

export async function startCluster({ lines = [], login = {} }: SetOptions = {}): Promise<RedisSet> {
  const isTls = login.tls !== undefined
  const busPorts = new Map<number, number>()
  const servers = await Promise.all(
    Array.from({ length: 6 }, async () => {
      const bus = await findFreePort()
      const server = await startBareRedis((port) => [
        ...portLines(port, isTls),
        'cluster-enabled yes',
        `cluster-port ${bus}`,
        `cluster-node-timeout ${2 * DOWN_AFTER_MS}`,
        'cluster-replica-validity-factor 0',
        'repl-diskless-sync-delay 0',
        ...(login.username ? [`masteruser ${login.username}`] : []),
        ...(login.password ? [`masterauth ${login.password}`] : []),
        ...(isTls ? ['tls-replication yes', 'tls-cluster yes'] : []),
        ...lines,
      ])
      busPorts.set(server.port, bus)
      return server
    }),
  )
  const ask = <T>({ port }: BareRedis, question: (redis: Redis) => Promise<T>) =>
    withRedis({ port, ...login }, question)
  const [first, ...others] = servers as [BareRedis, ...BareRedis[]]
  const primaries = servers.slice(0, 3)
  for (const { port } of others)
    await ask(first, (redis) => redis.call('CLUSTER', 'MEET', '127.0.0.1', port, busPorts.get(port) as number))
  await Promise.all(
    primaries.map((server, index) =>
      ask(server, (redis) =>
        redis.call(
          'CLUSTER',
          'ADDSLOTSRANGE',
          Math.ceil((index * 16_384) / 3),
          Math.ceil(((index + 1) * 16_384) / 3) - 1,
        ),
      ),
    ),
  )
  const info = (server: BareRedis) => ask(server, (redis) => redis.call('CLUSTER', 'INFO')) as Promise<string>
  const untilWhole = () =>
    Promise.all(
      servers.map((server) =>
        until(
          () => info(server),
          (text) => text.includes('cluster_state:ok') && text.includes('cluster_known_nodes:6'),
          SETTLE_MS,
        ),
      ),
    )
  await untilWhole()
  await Promise.all(
    servers.slice(3).map(async (server, index) => {
      const id = await ask(primaries[index] as BareRedis, (redis) => redis.call('CLUSTER', 'MYID'))
      await ask(server, (redis) => redis.call('CLUSTER', 'REPLICATE', id as string))
      await until(() => ask(server, (redis) => redis.info('replication')), isReplica, SETTLE_MS)
    }),
  )
  type Range = [number, number, [string, number]]
  const portOf = async (asked: BareRedis, key: string) => {
    const [slot, ranges] = (await ask(asked, (redis) =>
      Promise.all([redis.call('CLUSTER', 'KEYSLOT', key), redis.call('CLUSTER', 'SLOTS')]),
    )) as [number, Range[]]
    return ranges.find(([from, to]) => from <= slot && slot <= to)?.[2][1]
  }
  const byPort = (port: number | undefined) => servers.find((server) => server.port === port) as BareRedis
  return {
    list: servers.map(({ port }) => `127.0.0.1:${port}`).join(','),
    servers,
    primary: async (key) => byPort(await portOf(first, key)),
    async untilReplaced(old, key) {
      const living = servers.filter((server) => server !== old)
      const ports = await until(
        () => Promise.all(living.map((server) => portOf(server, key))),
        (found) => found.every((port) => port === found[0] && port !== old.port),
        SETTLE_MS,
      )
      await until(
        () => info(byPort(ports[0])),
        (text) => text.includes('cluster_state:ok'),
        SETTLE_MS,
      )
      return byPort(ports[0])
    },
    async revive(server) {
      await server.start()
      await until(
        async () => ({
          served: (await Promise.all(
            servers.map((asked) => ask(asked, (redis) => redis.call('CLUSTER', 'SLOTS'))),
          )) as Range[][],
          info: await ask(server, (redis) => redis.info('replication')),
        }),
        ({ served, info }) =>
          isReplica(info) ||
          (isPrimary(info) && served.every((ranges) => ranges.some(([, , [, port]]) => port === server.port))),
        SETTLE_MS,
      )
      await untilWhole()
    },
    async stop() {
      await Promise.all(servers.map((server) => server.stop()))
    },
  }
}

const isPrimary = (info: string) => info.includes('role:master')
const isReplica = (info: string) => info.includes('role:slave') && info.includes('master_link_status:up')

function portLines(port: number, isTls: boolean): string[] {
  return isTls ? ['port 0', `tls-port ${port}`] : [`port ${port}`]
}

export type Sentinel = { readonly port: number; signal(name: 'SIGSTOP' | 'SIGCONT'): void; stop(): Promise<void> }

/** One sentinel; `lines` are those of its configuration. */
export async function startSentinel(lines: readonly string[], isTls = false): Promise<Sentinel> {
  const { path, env } = redisProgram()
  const port = await findFreePort()
  const dir = await mkdtemp(join(tmpdir(), 'afterturn-test-sentinel-'))
  // It writes what it learns into its configuration.
  const file = join(dir, 'sentinel.conf')
  await writeFile(file, ['bind 127.0.0.1', ...portLines(port, isTls), `dir ${dir}`, ...lines, ''].join('\n'))
  const child: ChildProcess = spawn(path, [file, '--sentinel'], { stdio: ['ignore', 'pipe', 'ignore'], env })
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream }))
    if (line.includes('Sentinel ID')) break
  child.stdout?.resume()
  return {
    port,
    signal: (name) => void child.kill(name),
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        const exited = once(child, 'exit')
        child.kill('SIGKILL')
        await exited
      }
      await rm(dir, { recursive: true, force: true })
    },
  }
}

/** Asks a server over a connection of its own; again when it was cut, as a sentinel does to one that it makes a replica. */
export async function withRedis<T>(
  options: Pick<RedisOptions, 'username' | 'password' | 'tls'> & { port: number },
  question: (redis: Redis) => Promise<T>,
): Promise<T> {
  const outcome = await until(
    () =>
      askOnce(options, question).then(
        (answer) => ({ answer }),
        (error: Error) => ({ error }),
      ),
    (one) => !('error' in one && /closed|ECONN/.test(one.error.message)),
    SETTLE_MS,
  )
  if ('error' in outcome) throw outcome.error
  return outcome.answer
}

async function askOnce<T>(
  options: Pick<RedisOptions, 'username' | 'password' | 'tls'> & { port: number },
  question: (redis: Redis) => Promise<T>,
): Promise<T> {
  const redis = new Redis({
    ...options,
    host: '127.0.0.1',
    retryStrategy: () => null,
    lazyConnect: true,
    enableReadyCheck: false,
  })
  redis.on('error', () => {})
  try {
    await redis.connect()
    return await question(redis)
  } finally {
    redis.disconnect()
  }
}
