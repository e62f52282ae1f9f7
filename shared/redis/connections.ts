import { Redis, type RedisOptions } from 'ioredis'
import { withinDeadline } from '../deadline.ts'
import type { Log } from '../observe/log.ts'
import { checkDurableRedis } from './redis-checks.ts'

/**
 * Owns every Redis connection of a runtime, one profile a purpose. Guarantees: all close on `disconnect()`; a connection that
 * stops answering is replaced; the cache role never makes a caller wait longer than its command timeout.
 */

/** How often each open connection is asked whether it still answers. */
const HEALTH_CHECK_INTERVAL_MS = 30_000
const HEALTH_CHECK_TIMEOUT_MS = 5_000
const CONNECT_TIMEOUT_MS = 5_000
const MAX_RECONNECT_DELAY_MS = 2_000
const GENERAL_COMMAND_TIMEOUT_MS = 5_000
const CACHE_COMMAND_TIMEOUT_MS = 250
const QUIT_TIMEOUT_MS = 1_000

type Profile = Pick<RedisOptions, 'maxRetriesPerRequest' | 'enableOfflineQueue' | 'commandTimeout'>

const COMMON_PROFILE = {
  connectTimeout: CONNECT_TIMEOUT_MS,
  retryStrategy: (attempt: number) => Math.min(50 * 2 ** Math.min(attempt, 10), MAX_RECONNECT_DELAY_MS),
}

export type RedisConnectionsOptions = {
  readonly redisUrl: string
  readonly cacheRedisUrl?: string | undefined
  readonly enqueueTimeoutMs: number
  readonly allowEvictingRedis: boolean
  readonly log: Log
}

export type RedisConnections = {
  /** General commands on the durable role: leases, flags. */
  getConnection(): Redis
  /** For BullMQ workers: commands wait for Redis for as long as it takes (`maxRetriesPerRequest: null`). */
  getConnectionForBullMQ(): Redis
  /** For enqueuing: fails fast instead of queueing while Redis is away. */
  getConnectionForProducers(): Redis
  /** For subscriptions, which take a connection for themselves; opened by the first process that needs one. */
  getConnectionForSubscriptions(): Redis
  /** The cache role; undefined when there is none. */
  getCacheConnection(): Redis | undefined
  /**
   * Waits until the durable role answers, at most `CONNECT_TIMEOUT_MS`; a Redis that is away is only logged, since turns are recorded without it.
   * @throws REDIS_UNSUITABLE for a wrong version, policy or password.
   */
  connect(): Promise<void>
  disconnect(): Promise<void>
}

/** Makes the connections of one runtime; each opens on first use. */
export function createRedisConnections(options: RedisConnectionsOptions): RedisConnections {
  const open = new Map<string, Redis>()
  let healthTimer: NodeJS.Timeout | undefined

  const connection = (purpose: string, url: string, profile: Profile): Redis => {
    const existing = open.get(purpose)
    if (existing) return existing
    const redis = new Redis(url, { ...COMMON_PROFILE, connectionName: `afterturn:${purpose}`, ...profile })
    reportState(redis, purpose, options.log)
    open.set(purpose, redis)
    return redis
  }

  const general = () =>
    connection('general', options.redisUrl, { maxRetriesPerRequest: 3, commandTimeout: GENERAL_COMMAND_TIMEOUT_MS })

  const producer = () =>
    connection('producer', options.redisUrl, {
      maxRetriesPerRequest: null,
      enableOfflineQueue: false,
      commandTimeout: options.enqueueTimeoutMs,
    })

  const cache = () =>
    options.cacheRedisUrl === undefined
      ? undefined
      : connection('cache', options.cacheRedisUrl, {
          maxRetriesPerRequest: 1,
          enableOfflineQueue: false,
          commandTimeout: CACHE_COMMAND_TIMEOUT_MS,
        })

  return {
    getConnection: general,
    getConnectionForBullMQ: () => connection('bullmq', options.redisUrl, { maxRetriesPerRequest: null }),
    getConnectionForProducers: producer,
    getConnectionForSubscriptions: () => connection('subscriptions', options.redisUrl, { maxRetriesPerRequest: null }),
    getCacheConnection: cache,
    async connect() {
      await Promise.all([
        checkDurableRedis(general(), options, CONNECT_TIMEOUT_MS),
        firstReady(cache()),
        firstReady(producer()),
      ])
      healthTimer ??= setInterval(() => {
        for (const [purpose, redis] of open) void replaceIfStuck(redis, purpose, options.log)
      }, HEALTH_CHECK_INTERVAL_MS).unref()
    },
    async disconnect() {
      clearInterval(healthTimer)
      healthTimer = undefined
      const closing = [...open.values()]
      open.clear()
      await Promise.all(closing.map(close))
    },
  }
}

/** Settles when a connection without an offline queue can be used, or has failed for the first time. */
function firstReady(redis: Redis | undefined): Promise<void> {
  if (!redis || redis.status === 'ready') return Promise.resolve()
  return new Promise((resolve) => {
    for (const event of ['ready', 'close', 'end'] as const) redis.once(event, () => resolve())
  })
}

async function replaceIfStuck(redis: Redis, purpose: string, log: Log): Promise<void> {
  if (redis.status !== 'ready') return
  const isLate = () => new Error(`no PONG within ${HEALTH_CHECK_TIMEOUT_MS} ms`)
  try {
    await withinDeadline(redis.ping(), HEALTH_CHECK_TIMEOUT_MS, isLate)
  } catch (error) {
    log.warn({ purpose, error: (error as Error).message }, 'a Redis connection is stuck and is replaced')
    redis.disconnect(true)
  }
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

/** One line when a connection is lost and one when it is back, not one for each attempt. */
function reportState(redis: Redis, purpose: string, log: Log): void {
  let isDown = false
  redis.on('error', (error: Error) => {
    if (!isDown) log.warn({ purpose, error: error.message }, 'Redis is away')
    isDown = true
  })
  redis.on('ready', () => {
    if (isDown) log.info({ purpose }, 'Redis is back')
    isDown = false
  })
}
