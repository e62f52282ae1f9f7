import { Redis } from 'ioredis'
import { afterEach, expect, inject, it } from 'vitest'
import { z } from 'zod'
import { takeOnce } from '../../../api/live/take-once.ts'
import { defineQueue } from '../../../queues/define-queue.ts'
import type { Runtime } from '../../../runtime.ts'
import { KEY_CATALOGUE, type KeyEntry, RESERVED_NAMES } from '../../../shared/redis/key-catalogue.ts'
import { haltedJobsKey, streamsOf } from '../../../shared/redis/keys.ts'
import { turn } from '../../helpers/memory/turns.ts'
import { startModelServer } from '../../helpers/models/model-server.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { monitorRedis } from '../../helpers/services/monitor-redis.ts'
import { useStore } from '../../helpers/services/store.ts'
import { until, untilSettled } from '../../helpers/until.ts'

/** The catalogue of keys against what a run of everything writes: each key is in it once, with its role, type and time to live. */

const TURNS = 20
const ORG = 'Größe & co: "a" {b}'
const TIMEOUT_MS = 120_000

const runtimes = useRuntimes(useStore())
const cleanUps: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

const QUEUE = `(?!(?:${[...RESERVED_NAMES].join('|')}):)[a-z-]+`
/** BullMQ's own words are no ids of jobs. */
const WORDS = KEY_CATALOGUE.flatMap(({ pattern }) => /^PREFIX:QUEUE:([a-z-]+)$/.exec(pattern)?.[1] ?? [])
const PARTS: Record<string, string> = {
  QUEUE,
  JOB: `(?!(?:${WORDS.join('|')})$)[^:]+`,
  DEDUPLICATION: '.+',
  HASH: '[\\w.-]+',
}

function isMatch({ pattern }: KeyEntry, prefix: string, key: string): boolean {
  const source = pattern
    .replaceAll(/[{}]/g, '\\$&')
    .replaceAll(/[A-Z]+/g, (word) => (word === 'PREFIX' ? prefix : (PARTS[word] ?? '[^:]+')))
  return new RegExp(`^${source}$`).test(key)
}

/** What is wrong with the keys that a role has had, and the entries that they belong to. */
async function watch(prefix: string) {
  const faults = new Set<string>()
  const met = new Set<KeyEntry>()
  const entryOf = (role: string, key: string): KeyEntry | undefined => {
    const entries = KEY_CATALOGUE.filter((entry) => entry.role === role && isMatch(entry, prefix, key))
    if (entries.length !== 1) faults.add(`${role} ${key}: ${entries.length} entries`)
    for (const entry of entries) met.add(entry)
    return entries[0]
  }
  const lookAt = async (role: string, redis: Redis, keys: readonly string[]) => {
    const asked = keys.map((key) => Promise.all([key, redis.type(key), redis.pttl(key)]))
    for (const [key, type, ttlMs] of await Promise.all(asked)) {
      const entry = entryOf(role, key)
      if (!entry || type === 'none' || ttlMs === -2) continue
      if (type !== entry.type) faults.add(`${key}: a ${type}, no ${entry.type}`)
      const expires = ttlMs >= 0 ? 'always' : 'never'
      if (expires !== entry.expires) faults.add(`${key}: expires ${expires}, not ${entry.expires}`)
    }
  }
  const look = async (role: string, redis: Redis) => {
    for await (const keys of redis.scanStream({ match: `${prefix}:*`, count: 1_000 }))
      await lookAt(role, redis, keys as string[])
  }
  const urls = { durable: inject('redisUrl'), cache: inject('cacheRedisUrl') }
  const roles = { durable: new Redis(urls.durable), cache: new Redis(urls.cache) }
  const untilLookedAt: (() => Promise<void>)[] = []
  for (const [role, redis] of Object.entries(roles)) {
    cleanUps.push(() => redis.disconnect())
    // A script is given beginnings of keys, and each command inside it is reported by itself; channels are no keys.
    const isOther = (command = '') => /^(client|eval|evalsha|publish|p?(un)?subscribe|scan|type|pttl)$/i.test(command)
    // A key changes by a command that names it. What is named while others are looked at comes next.
    let named = new Set<string>()
    let looking: Promise<void> | undefined
    const lookAtNamed = async () => {
      for (; named.size > 0; ) {
        const keys = [...named]
        named = new Set()
        await lookAt(role, redis, keys)
      }
      looking = undefined
    }
    const stop = await monitorRedis(urls[role as keyof typeof urls], ([command, ...args]) => {
      if (isOther(command)) return
      for (const key of args.filter((arg) => arg.startsWith(`${prefix}:`))) {
        // At once: it may be gone by the time that it is looked at.
        entryOf(role, key)
        named.add(key)
      }
      if (named.size > 0) looking ??= lookAtNamed().catch((error) => void faults.add(String(error)))
    })
    untilLookedAt.push(async () => looking)
    cleanUps.push(async () => looking)
    cleanUps.push(stop)
  }
  return {
    faults,
    met,
    async look() {
      await Promise.all(untilLookedAt.map((wait) => wait()))
      await Promise.all(Object.entries(roles).map(([role, redis]) => look(role, redis)))
    },
  }
}

const HOST_QUEUE = defineQueue({
  name: 'host',
  description: 'A queue of the host',
  payload: z.strictObject({ number: z.number() }),
})

async function runEverything(runtime: Runtime, model: Awaited<ReturnType<typeof startModelServer>>): Promise<void> {
  const settled = () => untilSettled(runtime, ORG, TIMEOUT_MS)
  for (let number = 0; number < TURNS; number++) {
    const key = { orgId: ORG, workstreamId: `ws ${number % 5}` }
    await runtime.memory.recordTurn(turn(number, key))
    if (number % 4 === 0) await runtime.memory.extractNow({ ...key, turnId: `turn-${number}` })
  }
  await runtime.queues.enqueue(HOST_QUEUE, { number: 1 })
  await runtime.access.requests.take('a key')
  await Promise.all([1, 2, 3].map(() => runtime.withOrgMemoryLock(ORG, () => model.received(1))))
  await runtime.context.compactNow({ orgId: ORG, workstreamId: 'ws 1' })
  const compactions = runtime.queues.queue('context-compaction')
  await until(
    () => compactions.getCompletedCount(),
    (count) => count > 0,
  )
  await settled()
  await runCaches(runtime)
  await runMessages(runtime)
  // Nothing is there to index, and that is found out under the repository's lease.
  await runtime.repos.index({ orgId: ORG, repoId: 'a repository', source: '/nowhere' })
  await until(
    () => runtime.repos.status({ orgId: ORG }),
    ([status]) => status?.failure?.code === 'REPO_NOT_FOUND',
  )
  // Running, then halted, let go and cancelled.
  model.behave({ hang: 'before-headers' })
  const calls = model.requestCount('/chat/completions')
  await runtime.memory.recordTurn(turn(TURNS, { orgId: ORG }))
  await model.received(calls + 1, '/chat/completions')
  await runtime.killSwitch.turnOn({ by: 'a test' })
  await runtime.redis.getConnection().set(`${runtime.config.redisKeyPrefix}:kill_switch`, '1')
  const queue = runtime.queues.queue('memory-digest')
  await until(
    () => queue.getJobCounts('delayed', 'active'),
    ({ delayed, active }) => (delayed ?? 0) > 0 && active === 0,
  )
  await runtime.killSwitch.turnOff({ by: 'a test' })
  await model.received(calls + 2, '/chat/completions')
  // The same for the org alone: its job waits in a set of its own.
  await runtime.killSwitch.turnOn({ orgId: ORG, by: 'a test' })
  const halted = haltedJobsKey(runtime.config.redisKeyPrefix, ORG, 'memory-digest')
  await until(
    () => runtime.redis.getConnection().exists(halted),
    (count) => count === 1,
  )
  await runtime.killSwitch.turnOff({ orgId: ORG, by: 'a test' })
  await model.received(calls + 3, '/chat/completions')
  const [running] = await until(
    () => queue.getActive(),
    (active) => active.length > 0,
  )
  await runtime.jobs.cancel({ queue: 'memory-digest', jobId: running?.id as string })
  model.behave({ hang: 'never' })
  await settled()
}

async function runMessages(runtime: Runtime): Promise<void> {
  const { config, messages, progress, redis } = runtime
  await progress.report({ orgId: ORG, taskId: 'import: 17', done: 1, total: 2 })
  await takeOnce(redis.getConnection(), config.redisKeyPrefix, 'a-ticket', 60)
  const completions = streamsOf(config.redisKeyPrefix).completions
  await redis.getConnection().xadd(completions, 'MAXLEN', '~', 10, '*', 'org', ORG, 'id', 'unknown', 'lease', 'none')
  const message = { orgId: ORG, messageId: 'm: 1' }
  await messages.send({ ...message, type: 'echo' })
  await until(
    () => messages.status(message),
    ({ state }) => state === 'completed',
  )
}

async function runCaches({ answers, caches, tokens }: Runtime): Promise<void> {
  const { content, tools } = caches
  const plugins = content({ load: async () => ({ 'manifest.json': '{}', 'a.md': 'a' }) })
  const at = { orgId: ORG, slug: 'a: *', version: '1' }
  await Promise.all([plugins.manifest(at), plugins.file({ ...at, path: 'a.md' })])
  await plugins.invalidate(at)
  await tools.list({ orgId: ORG, server: 'a server', fetch: async () => ({ tools: [], ttlMs: 60_000 }) })
  await caches.metadata({ name: 'entities', load: async () => ['a'] }).get({ orgId: ORG, key: 'a key' })
  const fetchToken = async () => ({ accessToken: 'a token', expiresInSeconds: 3_600 })
  await answers.complete({
    orgId: ORG,
    model: 'a model',
    messages: [{ role: 'user', content: 'a question' }],
    call: async () => ({ text: 'an answer' }),
  })
  await tokens.get({ orgId: ORG, issuer: 'an issuer', clientId: 'a client', fetchToken })
}

it(
  'each key of a run of everything is in the catalogue once, with its role, type and time to live',
  async () => {
    const model = await startModelServer({ delayMs: 20 })
    cleanUps.push(model.stop)
    const settings = {
      openaiBaseUrl: model.url,
      embeddingDims: 64,
      completionCache: true,
      secretKeys: 'k'.repeat(32),
      orgConcurrency: 1,
      retryBackoffMs: 50,
      killSwitchPollMs: 100,
    }
    const agents = [{ name: 'echo', handler: () => 'heard' }]
    const runtime = await runtimes.start(settings, { agents })
    const { faults, met, look } = await watch(runtime.config.redisKeyPrefix)
    await runtime.startWorkers()
    await runEverything(runtime, model)
    await look()
    expect([...faults]).toEqual([])
    const unmet = KEY_CATALOGUE.filter((entry) => entry.owner !== 'bullmq' && !met.has(entry))
    expect(unmet.map(({ pattern }) => pattern)).toEqual([])
  },
  2 * TIMEOUT_MS,
)
