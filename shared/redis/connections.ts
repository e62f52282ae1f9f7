import type { Redis } from 'ioredis'
import { createCallGate } from '../call-gate.ts'
import { withinDeadline } from '../deadline.ts'
import { AfterturnError } from '../errors.ts'
import type { Log } from '../observe/log.ts'
import { commandText } from '../processes/command-text.ts'
import { breakSilentCommands } from './cache-breaker.ts'
import { type ConnectionPurpose, clientName } from './connection-catalogue.ts'
import { createMemoryWatch } from './memory-watch.ts'
import { createOutageReport, type OutageReport } from './outage-report.ts'
import { isReplica, reconnectOnRefusedWrite } from './primary-only.ts'
import { checkDurableRedis } from './redis-checks.ts'
import { watchSuitability } from './suitability.ts'
import { findTlsMismatch } from './tls-mismatch.ts'
import { createRedisOpener, type OpenOptions } from './topology/open-redis.ts'
import { addressToTry, type TopologySettings, topologyOf } from './topology/topology.ts'

/**
 * Owns every Redis connection of a runtime, one profile a purpose. Guarantees: all close on `disconnect()`; a connection that
 * stops answering, or leads to a replica, is replaced; the cache role keeps a caller for its command timeout at most, and not at all once it is silent.
 */

const HEALTH_CHECK_INTERVAL_MS = 30_000
/** A transaction that is refused by a replica is sent to the primary within twice this time. */
const ROLE_CHECK_INTERVAL_MS = 2_000
const HEALTH_CHECK_TIMEOUT_MS = 5_000
const CONNECT_TIMEOUT_MS = 5_000
const MAX_RECONNECT_DELAY_MS = 2_000
const GENERAL_COMMAND_TIMEOUT_MS = 5_000
const CACHE_COMMAND_TIMEOUT_MS = 250
/** With the longest pause between two attempts this stays below the 5 s in which the cache is used again. */
const CACHE_CONNECT_TIMEOUT_MS = 2_000
const QUIT_TIMEOUT_MS = 1_000

type Profile = Pick<OpenOptions, 'maxRetriesPerRequest' | 'enableOfflineQueue' | 'commandTimeout' | 'connectTimeout'>

const COMMON_PROFILE = {
  connectTimeout: CONNECT_TIMEOUT_MS,
  retryStrategy: (attempt: number) => Math.min(50 * 2 ** Math.min(attempt, 10), MAX_RECONNECT_DELAY_MS),
}

const CACHE_PROFILE: Profile = {
  maxRetriesPerRequest: 1,
  enableOfflineQueue: false,
  commandTimeout: CACHE_COMMAND_TIMEOUT_MS,
  connectTimeout: CACHE_CONNECT_TIMEOUT_MS,
}

type Purpose = Exclude<ConnectionPurpose, 'blocking' | 'locator'>
type Connection = { readonly redis: Redis; readonly purpose: Purpose; readonly report: OutageReport }

export type RedisConnectionsOptions = TopologySettings & {
  readonly enqueueTimeoutMs: number
  readonly allowEvictingRedis: boolean
  readonly log: Log
  /** What Redis calls this process's connections by. @default 'app' */
  readonly processName?: string
  /** How often each connection is asked whether it still answers. @default 30,000 */
  readonly healthCheckIntervalMs?: number
  /** The time it has to answer before it is replaced. @default 5,000 */
  readonly healthCheckTimeoutMs?: number
}

export type RedisConnections = {
  /**
   * General commands on the durable role: leases, flags.
   * @throws RUNTIME_CLOSED, as all of them after `disconnect()`
   */
  getConnection(): Redis
  /** For BullMQ workers: commands wait for Redis for as long as it takes (`maxRetriesPerRequest: null`). */
  getConnectionForBullMQ(): Redis
  /** For enqueuing: fails fast instead of queueing while Redis is away. */
  getConnectionForProducers(): Redis
  /** For subscriptions, which take a connection for themselves; opened by the first process that needs one. */
  getConnectionForSubscriptions(): Redis
  /** For one blocking read of streams at a time; it serves nothing else. */
  getConnectionForStreams(): Redis
  /** The cache role, behind a breaker: while it is silent, commands fail at once with REDIS_UNAVAILABLE. Undefined when there is none. */
  getCacheConnection(): Redis | undefined
  /**
   * Waits until the durable role answers, at most `CONNECT_TIMEOUT_MS`; a Redis that is away is only logged, since turns are recorded without it, and is
   * checked once it answers.
   * @throws REDIS_UNSUITABLE for a wrong version, policy, password or certificate, and for TLS where there is none or none where there is.
   */
  connect(): Promise<void>
  /**
   * Checks the durable role as `connect` does, unless it is known to suit.
   * @throws REDIS_UNSUITABLE; CONFIG_INVALID where no Redis is configured
   */
  check(): Promise<void>
  /** Why queues must not run on the durable role, as far as it has answered; undefined when nothing is known against it. */
  unsuitable(): AfterturnError | undefined
  disconnect(): Promise<void>
}

/** Makes the connections of one runtime; each opens on first use. */
export function createRedisConnections(options: RedisConnectionsOptions): RedisConnections {
  const {
    processName = 'app',
    healthCheckIntervalMs = HEALTH_CHECK_INTERVAL_MS,
    healthCheckTimeoutMs = HEALTH_CHECK_TIMEOUT_MS,
  } = options
  const open = new Map<Purpose, Connection>()
  const gate = createCallGate()
  const durable = createOutageReport(options.log, 'durable', 'turns are recorded, and jobs run when it is back')
  const cached = createOutageReport(options.log, 'cache', 'nothing is cached until it is back')
  const memory = createMemoryWatch(options.log)
  const beingChecked = new Set<Connection>()
  const timers: NodeJS.Timeout[] = []

  const checkHealth = () => {
    for (const one of open.values()) {
      if (beingChecked.has(one)) continue
      beingChecked.add(one)
      void replaceIfStuck(one, healthCheckTimeoutMs, options.log)
        .then(() => (one.purpose === 'general' && one.redis.status === 'ready' ? memory.look(one.redis) : undefined))
        .finally(() => beingChecked.delete(one))
    }
  }

  const checkRoles = () => {
    // One that subscribes can ask nothing, and what is published reaches replicas too.
    for (const { redis, purpose } of open.values())
      if (purpose !== 'subscriptions' && purpose !== 'streams' && redis.status === 'ready')
        void leaveReplica(redis, purpose, options.log)
  }

  const topologies = { durable: topologyOf(options, 'durable'), cache: topologyOf(options, 'cache') }
  const openers = {
    durable: createRedisOpener(topologies.durable, clientName(processName, 'locator'), options.log),
    cache: createRedisOpener(topologies.cache, clientName(processName, 'locator'), options.log),
  }

  if (topologies.durable.kind === 'none')
    options.log.warn(
      { role: 'durable' },
      'No Redis is configured: turns are recorded and searched, workers elsewhere digest them',
    )

  const connection = (purpose: Purpose, profile: Profile, role: keyof typeof openers = 'durable'): Redis => {
    gate.assertOpen()
    const existing = open.get(purpose)
    if (existing) return existing.redis
    const report = role === 'durable' ? durable : cached
    const redis = openers[role].open({
      ...COMMON_PROFILE,
      reconnectOnError: reconnectOnRefusedWrite(topologies[role].kind),
      connectionName: clientName(processName, purpose),
      ...profile,
      // Parts of a runtime are given these two before anybody has a use for them.
      lazyConnect: purpose === 'producer' || purpose === 'cache',
      enableOfflineQueue: true,
    })
    if (profile.enableOfflineQueue === false) queueOnlyAtFirst(redis)
    if (topologies[role].kind !== 'none') report.follow(redis, purpose)
    open.set(purpose, { redis, purpose, report })
    if (timers.length === 0)
      timers.push(
        setInterval(checkHealth, healthCheckIntervalMs).unref(),
        setInterval(checkRoles, ROLE_CHECK_INTERVAL_MS).unref(),
      )
    return redis
  }

  const general = () => connection('general', { maxRetriesPerRequest: 3, commandTimeout: GENERAL_COMMAND_TIMEOUT_MS })

  const producer = () =>
    connection('producer', {
      maxRetriesPerRequest: null,
      enableOfflineQueue: false,
      commandTimeout: options.enqueueTimeoutMs,
    })

  const suitability = watchSuitability({
    redis: general,
    check: (redis) => checkDurableRedis(redis, { ...options, topology: topologies.durable }, CONNECT_TIMEOUT_MS),
    onAway: (error) => durable.isDown('general', error),
    log: options.log,
  })

  const cache = () => {
    if (topologies.cache.kind === 'none') return undefined
    const isNew = !open.has('cache')
    const redis = connection('cache', CACHE_PROFILE, 'cache')
    if (isNew) breakSilentCommands(redis, { purpose: 'cache', report: cached, timeoutMs: CACHE_COMMAND_TIMEOUT_MS })
    return redis
  }

  /** The log has the client's error, which for a wrong protocol says nothing. */
  const explainCache = async () => {
    const address = addressToTry(topologies.cache, 'cache')
    if (!address || open.get('cache')?.redis.status === 'ready') return
    const mismatch = await findTlsMismatch(address.url, address.variable)
    if (mismatch) options.log.warn({ role: 'cache' }, `The cache Redis ${mismatch.fault}. ${mismatch.remedy}`)
  }
  const check = async () => {
    if (topologies.durable.kind !== 'none') return suitability.check()
    throw new AfterturnError('CONFIG_INVALID', 'Workers need a Redis, and none is configured.', {
      remedy: `Set REDIS_URL, REDIS_SENTINELS or REDIS_CLUSTER, or start \`${commandText('dev')}\` in this directory.`,
    })
  }
  return {
    getConnection: general,
    getConnectionForBullMQ: () => connection('bullmq', { maxRetriesPerRequest: null }),
    getConnectionForProducers: producer,
    getConnectionForSubscriptions: () => connection('subscriptions', { maxRetriesPerRequest: null }),
    getConnectionForStreams: () => connection('streams', { maxRetriesPerRequest: 1 }),
    getCacheConnection: cache,
    check,
    unsuitable: suitability.fault,
    async connect() {
      if (topologies.durable.kind === 'none') return void (await firstReady(cache()).then(explainCache))
      await Promise.all([suitability.check(), firstReady(cache()).then(explainCache), firstReady(producer())])
      void memory.look(general())
    },
    async disconnect() {
      await gate.close(0)
      for (const timer of timers.splice(0)) clearInterval(timer)
      const closing = [...open.values()].map(({ redis }) => redis)
      open.clear()
      await Promise.all(closing.map(close))
      for (const opener of Object.values(openers)) opener.close()
    },
  }
}

/** While a connection opens on first use, what it is opened for waits; later, while it is away, nothing does. */
function queueOnlyAtFirst(redis: Redis): void {
  const stopQueueing = () => {
    redis.options.enableOfflineQueue = false
  }
  redis.once('ready', stopQueueing)
  redis.once('close', stopQueueing)
}

/** Settles when a connection without an offline queue can be used, or has failed for the first time. */
function firstReady(redis: Redis | undefined): Promise<void> {
  if (!redis || redis.status === 'ready') return Promise.resolve()
  if (redis.status === 'wait') redis.connect().catch(() => {})
  return new Promise((resolve) => {
    for (const event of ['ready', 'close', 'end'] as const) redis.once(event, () => resolve())
  })
}

/** Stuck is what has a socket and answers nothing on it: a PING, or the questions before `ready`. One that loads its data for long is asked anew. */
async function replaceIfStuck({ redis, purpose, report }: Connection, timeoutMs: number, log: Log): Promise<void> {
  if (redis.status !== 'ready' && redis.status !== 'connect') return
  const answer = redis.status === 'ready' ? redis.ping() : firstReady(redis)
  try {
    await withinDeadline<unknown>(answer, timeoutMs, () => new Error(`no answer within ${timeoutMs} ms`))
    if (redis.status === 'ready') report.isUp(purpose)
  } catch (error) {
    if (redis.status !== 'ready' && redis.status !== 'connect') return
    log.warn({ purpose, error: (error as Error).message }, 'a Redis connection is stuck and is replaced')
    const closed = new Promise<void>((resolve) => redis.once('close', resolve))
    redis.disconnect(true)
    await closed
  }
}

async function leaveReplica(redis: Redis, purpose: Purpose, log: Log): Promise<void> {
  if (!(await isReplica(redis)) || redis.status !== 'ready') return
  log.warn({ purpose }, 'a Redis connection leads to a replica and is replaced')
  redis.disconnect(true)
}

async function close(redis: Redis): Promise<void> {
  // Between two attempts there is no socket, and ioredis announces no end.
  if (redis.status === 'end' || redis.status === 'reconnecting' || redis.status === 'wait') return redis.disconnect()
  const ended = new Promise<void>((resolve) => redis.once('end', () => resolve()))
  if (redis.status === 'ready') {
    const isLate = () => new Error('no answer to QUIT')
    await withinDeadline(redis.quit(), QUIT_TIMEOUT_MS, isLate).catch(() => redis.disconnect())
  } else redis.disconnect()
  await ended
}
