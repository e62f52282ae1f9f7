import type { Redis } from 'ioredis'
import { QUEUE_NAMES } from '../../queues/catalog.ts'
import type { Producer } from '../../queues/producer.ts'
import { describeProvider } from '../../shared/ai/describe-provider.ts'
import type { ModelProvider } from '../../shared/ai/model-provider.ts'
import type { Config } from '../../shared/config.ts'
import type { DeadLetters } from '../../shared/control/dead-letters.ts'
import type { KillSwitch, KillSwitchStatus } from '../../shared/control/kill-switch.ts'
import { memoryRatioOf, readRedisFacts } from '../../shared/redis/redis-stats.ts'
import { readWaitingOrgs } from '../../shared/store/console/org-places.ts'
import { describeSubject } from '../../shared/store/control/dead-letters.ts'
import { describeScope } from '../../shared/store/control/kill-switches.ts'
import { readNewestCompactions } from '../../shared/store/conversations/compactions.ts'
import type { Database } from '../../shared/store/database.ts'
import { countHeldMemories } from '../../shared/store/memories/held-memories.ts'
import { countMemories } from '../../shared/store/memories/memories.ts'
import { readLedger } from '../../shared/store/models/usage-ledger.ts'
import { readOldestFailure } from '../../shared/store/turns/failed-tries.ts'
import { countTurns } from '../../shared/store/turns/turns.ts'
import type { Halt, Overview, QueueCounts } from './overview.ts'

type OverviewSources = {
  readonly config: Config
  readonly database: Database
  readonly queues: Producer
  readonly provider: ModelProvider
  readonly killSwitch: KillSwitch
  readonly deadLetters: DeadLetters
  readonly redis: { getConnection(): Redis }
}

/** A digest is shown as late once it exceeds its maximum wait by this. */
const LATE_SLACK_MS = 60_000
const SHOWN_DEAD_LETTERS = 5
const SHOWN_CONTEXTS = 5

/** Reads the figures of the overview page from the store and the queues. */
export async function readOverview(sources: OverviewSources): Promise<Overview> {
  const { config, database, queues, provider } = sources
  const [
    { oldestPendingAt, ...turns },
    oldestFailure,
    memories,
    heldMemories,
    ledger,
    deadLetters,
    newest,
    status,
    facts,
    contexts,
    counts,
    [waiting],
  ] = await Promise.all([
    countTurns(database),
    readOldestFailure(database),
    countMemories(database, new Date()),
    countHeldMemories(database),
    readLedger(database),
    sources.deadLetters.count(),
    sources.deadLetters.list({ limit: SHOWN_DEAD_LETTERS }),
    sources.killSwitch.status(),
    readRedisFacts(sources.redis.getConnection()),
    readNewestCompactions(database, SHOWN_CONTEXTS),
    Promise.all(QUEUE_NAMES.map((name) => readCounts(queues, name))),
    readWaitingOrgs(database, 1),
  ])
  return {
    turns: { pending: turns.pending, extracted: turns.extracted, deadLettered: turns.deadLettered },
    memories,
    heldMemories,
    oldestPendingMs: oldestPendingAt ? Math.max(0, Date.now() - oldestPendingAt.getTime()) : null,
    oldestPendingOrgId: waiting?.orgId,
    oldestFailure,
    lateAfterMs: config.digestMaxWaitMs + LATE_SLACK_MS,
    deadLetters,
    newestDeadLetters: newest.map((letter) => ({
      ...letter,
      subject: describeSubject(letter),
    })),
    halts: haltsOf(status),
    queues: counts,
    newestContexts: contexts.map((one) => ({
      ...one,
      subject: `${one.workstreamId} of ${one.orgId}`,
      upTo: one.cut.join('.'),
    })),
    model: {
      provider: describeProvider(provider),
      isLocal: provider.isFree,
      calls: ledger.reduce((sum, entry) => sum + entry.calls, 0),
      tokens: ledger.reduce((sum, entry) => sum + entry.inputTokens + entry.outputTokens, 0),
    },
    durableMemoryRatio: memoryRatioOf(facts) ?? null,
    hasCache: config.cacheRedisUrl !== undefined,
  }
}

function haltsOf({ switches, redisValue }: KillSwitchStatus): Halt[] {
  return [
    ...switches.map((one) => ({
      what: describeScope(one),
      orgId: one.orgId,
      by: one.by,
      since: one.at,
      reason: one.reason,
    })),
    ...(redisValue === undefined
      ? []
      : [{ what: describeScope({}), by: 'its Redis key', since: null, reason: redisValue }]),
  ]
}

async function readCounts(queues: Producer, name: string): Promise<QueueCounts> {
  const counts = await queues.queue(name).getJobCounts('wait', 'active', 'delayed', 'completed', 'failed')
  return {
    name,
    waiting: counts.wait ?? 0,
    active: counts.active ?? 0,
    delayed: counts.delayed ?? 0,
    completed: counts.completed ?? 0,
    failed: counts.failed ?? 0,
  }
}
