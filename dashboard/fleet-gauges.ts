import type { Redis } from 'ioredis'
import type { Producer } from '../queues/producer.ts'
import { sampleQueues } from '../queues/state/fleet-sampler.ts'
import type { QueueState } from '../queues/state/queue-states.ts'
import { systemClock } from '../shared/clock.ts'
import type { Config } from '../shared/config.ts'
import type { KillSwitch } from '../shared/control/kill-switch.ts'
import type { Metrics } from '../shared/observe/metrics.ts'
import type { RoleStats } from '../shared/redis/redis-stats.ts'
import { readWaitingOrgs } from '../shared/store/console/org-places.ts'
import { countDeadLetters } from '../shared/store/control/dead-letters.ts'
import type { KillSwitchScope } from '../shared/store/control/kill-switches.ts'
import type { Database } from '../shared/store/database.ts'
import { countHeldMemories } from '../shared/store/memories/held-memories.ts'
import { countTurns } from '../shared/store/turns/turns.ts'
import { MODELS, type Model, modelNamed, readModelPause } from './console/model-pause.ts'
import { readScalingGauges } from './scaling-gauges.ts'

type Sources = {
  readonly database: Database
  readonly queues: Producer
  readonly redis: {
    getConnection(): Redis
    stats(): Promise<{ readonly durable: RoleStats; readonly cache: RoleStats | undefined }>
  }
  readonly config: Config
  readonly killSwitch: KillSwitch
}

/** Most orgs whose oldest pending turn is shown: a label must have few values. */
const SHOWN_ORGS = 20

const KINDS = ['everything', 'org', 'queue', 'org-queue']
function kindOf({ orgId, queue }: KillSwitchScope): string {
  return [orgId === undefined ? [] : 'org', queue === undefined ? [] : 'queue'].flat().join('-') || 'everything'
}

/** Adds the gauges of the whole fleet to a process's metrics. */
export function readFleetGauges(metrics: Metrics, { database, queues, redis, config, killSwitch }: Sources): void {
  const ofEachQueue = async <T>(valuesOf: (state: QueueState) => T[]) =>
    (await sampleQueues({ database, queues, clock: systemClock })).states.flatMap(valuesOf)
  metrics.readGauge('afterturn_queue_jobs', () =>
    ofEachQueue(({ queue, waiting: wait, active, delayed, failed }) =>
      Object.entries({ wait, active, delayed, failed }).map(([state, value]) => ({ labels: { queue, state }, value })),
    ),
  )
  metrics.readGauge('afterturn_queue_age_seconds', () =>
    ofEachQueue(({ queue, oldestMs }) => [{ labels: { queue }, value: oldestMs / 1_000 }]),
  )
  metrics.readGauge('afterturn_jobs_parked', () =>
    ofEachQueue(({ queue, parked }) => [{ labels: { queue }, value: parked }]),
  )
  const pausedUntilMs = async (model: Model) => (await readModelPause({ config, redis }, model))?.getTime() ?? 0
  metrics.readGauge('afterturn_model_paused_until_seconds', () =>
    Promise.all(
      MODELS.map(async (model) => ({
        labels: { model: modelNamed(config, model) },
        value: (await pausedUntilMs(model)) / 1_000,
      })),
    ),
  )
  readScalingGauges(metrics, {
    queues,
    keyPrefix: config.redisKeyPrefix,
    getConnection: redis.getConnection,
    readKillSwitch: killSwitch.status,
    isPaused: async (model) => (await pausedUntilMs(model)) > Date.now(),
  })
  readRedisGauges(metrics, redis.stats)
  metrics.readGauge('afterturn_turns', async () => {
    const { oldestPendingAt, ...counts } = await countTurns(database)
    return Object.entries(counts).map(([state, value]) => ({ labels: { state }, value }))
  })
  metrics.readGauge('afterturn_oldest_pending_seconds', async () =>
    (await readWaitingOrgs(database, SHOWN_ORGS)).map(({ orgId, since }) => ({
      labels: { org: orgId },
      value: Math.max(0, Date.now() - since.getTime()) / 1_000,
    })),
  )
  metrics.readGauge('afterturn_kill_switches', async () => {
    const { switches, redisValue, isStoreReadable } = await killSwitch.status()
    const isOfEverything = redisValue !== undefined || !isStoreReadable
    const scopes = [...switches.map(kindOf), ...(isOfEverything ? ['everything'] : [])]
    return KINDS.map((scope) => ({ labels: { scope }, value: scopes.filter((one) => one === scope).length }))
  })
  metrics.readGauge('afterturn_memories_held', async () => [{ labels: {}, value: await countHeldMemories(database) }])
  metrics.readGauge('afterturn_dead_letters', async () =>
    (await countDeadLetters(database)).map(({ count, ...labels }) => ({ labels, value: count })),
  )
}

type Answering = Extract<RoleStats, { isAnswering: true }>

function readRedisGauges(metrics: Metrics, read: Sources['redis']['stats']): void {
  let reading: ReturnType<typeof read> | undefined
  /** Reads a gauge for each role that responds. All gauges are read at once, so they share one query per Redis. */
  const ofEachRole = async <Value>(valuesOf: (role: string, stats: Answering) => Value[]) => {
    reading ??= read().finally(() => {
      reading = undefined
    })
    const { durable, cache } = await reading
    const roles = Object.entries({ durable, cache })
    return roles.flatMap(([role, stats]) => (stats?.isAnswering ? valuesOf(role, stats) : []))
  }
  metrics.readGauge('afterturn_redis_used_memory_bytes', () =>
    ofEachRole((role, { usedMemoryBytes }) => [{ labels: { role }, value: usedMemoryBytes }]),
  )
  metrics.readGauge('afterturn_redis_max_memory_bytes', () =>
    ofEachRole((role, { maxMemoryBytes }) =>
      maxMemoryBytes === undefined ? [] : [{ labels: { role }, value: maxMemoryBytes }],
    ),
  )
  metrics.readGauge('afterturn_redis_evicted_keys', () =>
    ofEachRole((role, { evictedKeys }) => [{ labels: { role }, value: evictedKeys }]),
  )
  metrics.readGauge('afterturn_redis_lookups', () =>
    ofEachRole((role, { hits, misses }) => [
      { labels: { role, outcome: 'hit' }, value: hits },
      { labels: { role, outcome: 'missed' }, value: misses },
    ]),
  )
  metrics.readGauge('afterturn_redis_clients', () =>
    ofEachRole((role, { clientsByProcess = {} }) =>
      Object.entries(clientsByProcess).map(([process, value]) => ({ labels: { role, process }, value })),
    ),
  )
}
