import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import type { Runtime } from '../../runtime.ts'
import { findEverywhere } from '../helpers/find-everywhere.ts'
import { type ModelServer, startModelServer } from '../helpers/model-server.ts'
import { type BareRedis, startBareRedis } from '../helpers/redis-server.ts'
import { useRuntimes } from '../helpers/runtime.ts'
import { useStore } from '../helpers/store.ts'
import { until, untilSettled } from '../helpers/until.ts'

/** What is erased is nowhere: every table and every key of both Redis is searched for its words. */

const TIMEOUT_MS = 90_000
const runtimes = useRuntimes(useStore())
let model: ModelServer
let durable: BareRedis
let cache: BareRedis
beforeAll(async () => {
  model = await startModelServer()
  durable = await startBareRedis()
  cache = await startBareRedis()
})
afterEach(() => model.reset())
afterAll(async () => {
  await model.stop()
  await Promise.all([durable.stop(), cache.stop()])
})

const start = () =>
  runtimes.start({
    redisUrl: durable.url,
    cacheRedisUrl: cache.url,
    openaiBaseUrl: model.url,
    embeddingDims: 64,
    completionCache: true,
    retryBackoffMs: 10,
  })
const whereIs = (runtime: Runtime, word: string) => findEverywhere(runtime.database, [durable.url, cache.url], word)

type Said = { readonly word: string; readonly workstreamId: string; readonly userId?: string }
let turns = 0
const record = async (runtime: Runtime, orgId: string, { word, workstreamId, userId }: Said) => {
  turns += 1
  const turnId = `turn-${turns}`
  const content = `I keep a ${word} in house number ${turns}.`
  await runtime.memory.recordTurn({
    orgId,
    workstreamId,
    turnId,
    messages: [{ role: 'user', name: 'Maya', content }],
    ...(userId !== undefined && { userId }),
  })
  return { workstreamId, turnId }
}

/** Counts that must be those of the rows that are left. */
async function checkCounts(runtime: Runtime, orgId: string): Promise<void> {
  const { rows } = await sql<{ fault: string }>`
    select 'vectors of nothing' as fault from vectors v where org_id = ${orgId} and not exists (
      select 1 from turns where item_kind = 'turn' and id = item union all select 1 from memories where item_kind = 'memory' and id = item)
    union all select 'a space counts ' || items from vector_spaces s where org_id = ${orgId} and items <> (
      select count(*) from vectors v where v.org_id = s.org_id and v.item_kind = s.item_kind and v.model = s.model and v.dims = s.dims)
    union all select 'a code of nothing' from vector_codes c join vector_spaces s on s.id = c.space where s.org_id = ${orgId} and not exists (
      select 1 from vectors v where v.org_id = s.org_id and v.item_kind = s.item_kind and v.model = s.model and v.dims = s.dims and v.item = c.item)
    union all select 'codes without a space' from vector_codes where space not in (select id from vector_spaces)
    union all select 'a corpus counts ' || sum(items) from corpora where org_id = ${orgId} and item_kind = 'memory'
      having coalesce(sum(items), 0) <> (select count(*) from memories where org_id = ${orgId})`.execute(
    runtime.database,
  )
  expect(rows).toEqual([])
}

it(
  'an org, a user, a workstream, a turn and a memory are erased, each with all that came of it, and nothing else',
  async () => {
    const runtime = await start()
    await runtime.startWorkers()
    const orgId = 'acme'
    const other = 'other'
    await record(runtime, orgId, { word: 'zebra', workstreamId: 'a', userId: 'u1' })
    await record(runtime, orgId, { word: 'walrus', workstreamId: 'a', userId: 'u2' })
    await record(runtime, orgId, { word: 'ocelot', workstreamId: 'b' })
    const quokka = await record(runtime, orgId, { word: 'quokka', workstreamId: 'c' })
    await record(runtime, orgId, { word: 'lemur', workstreamId: 'c' })
    await record(runtime, other, { word: 'zebra-fish', workstreamId: 'a', userId: 'u1' })
    await Promise.all([untilSettled(runtime, orgId), untilSettled(runtime, other)])
    // A job that failed for good, and one that waits.
    model.fault({ status: 401, path: '/chat/completions' })
    await record(runtime, orgId, { word: 'ocelot-two', workstreamId: 'b' })
    await untilSettled(runtime, orgId)
    expect(await whereIs(runtime, 'ocelot')).toEqual(
      expect.arrayContaining([expect.stringMatching(/cmp/), '2 rows of messages']),
    )

    expect(await runtime.memory.erase({ orgId, userId: 'u1' })).toMatchObject({ turns: 1, memories: 1 })
    expect(await whereIs(runtime, 'number 1.')).toEqual([])
    expect(await runtime.memory.erase({ orgId, workstreamId: 'b', by: 'ops' })).toMatchObject({ turns: 2, memories: 1 })
    expect(await whereIs(runtime, 'ocelot')).toEqual([])
    expect(await runtime.memory.erase({ orgId, ...quokka })).toMatchObject({ turns: 1, memories: 1 })
    expect(await whereIs(runtime, 'quokka')).toEqual([])
    expect(await whereIs(runtime, 'walrus')).not.toEqual([])
    await checkCounts(runtime, orgId)

    const [memory] = (await runtime.memory.list({ orgId })).filter(({ fact }) => fact.includes('lemur'))
    expect(await runtime.memory.erase({ orgId: other, memoryId: memory?.id as number })).toMatchObject({ memories: 0 })
    expect(await runtime.memory.erase({ orgId, memoryId: memory?.id as number })).toMatchObject({
      turns: 0,
      memories: 1,
    })
    expect((await runtime.memory.list({ orgId })).map(({ fact }) => fact)).toEqual([expect.stringContaining('walrus')])
    expect(await runtime.memory.status({ orgId })).toMatchObject({
      turns: { pending: 0, extracted: 2, dead_lettered: 0 },
    })

    expect(await runtime.memory.erase({ orgId })).toMatchObject({ turns: 2, memories: 1 })
    expect(await runtime.memory.erase({ orgId })).toMatchObject({ turns: 0, memories: 0 })
    for (const word of ['walrus', 'lemur']) expect(await whereIs(runtime, word)).toEqual([])
    await checkCounts(runtime, orgId)
    expect(await runtime.memory.status({ orgId })).toMatchObject({ memories: 0, usage: [], deadLetters: [] })
    expect((await runtime.memory.search({ orgId: other, query: 'zebra-fish' })).memories).toHaveLength(1)
    const { rows } = await sql`
    select requested_by as by, workstream_id as "workstreamId", turns, completed_at is not null as "isDone" from erasures
    where org_id = ${orgId} and workstream_id = 'b'`.execute(runtime.database)
    expect(rows).toEqual([{ by: 'ops', workstreamId: 'b', turns: 2, isDone: true }])

    // Later turns of the same names are as new.
    await record(runtime, orgId, { word: 'gecko', workstreamId: 'b' })
    await untilSettled(runtime, orgId)
    expect((await runtime.memory.search({ orgId, query: 'gecko' })).turns).toHaveLength(1)
  },
  TIMEOUT_MS,
)

it(
  'what runs during the erasure brings nothing back: neither rows, nor checkpoints, nor cached answers',
  async () => {
    const runtime = await start()
    await runtime.startWorkers()
    const orgId = 'in-flight'
    model.behave({ delayMs: 1_500 })
    await record(runtime, orgId, { word: 'narwhal', workstreamId: 'gone' })
    await record(runtime, orgId, { word: 'badger', workstreamId: 'kept' })
    await model.received(2, '/chat/completions')
    model.behave({ delayMs: 0 })
    expect(await runtime.memory.erase({ orgId, workstreamId: 'gone' })).toMatchObject({ turns: 1 })
    expect((await untilSettled(runtime, orgId)).turns).toMatchObject({ extracted: 1, dead_lettered: 0 })
    await until(
      async () =>
        Promise.all(['memory-digest', 'memory-extraction'].map((name) => runtime.queues.queue(name).getActiveCount())),
      (counts) => counts.every((count) => count === 0),
    )
    expect(await whereIs(runtime, 'narwhal')).toEqual([])
    expect(await whereIs(runtime, 'badger')).not.toEqual([])
  },
  TIMEOUT_MS,
)

it.each([
  [{ orgId: '' }, 'orgId'],
  [{ orgId: 'a', turnId: 't' }, 'turnId: expected its workstreamId'],
  [{ orgId: 'a', userId: 'u', workstreamId: 'w' }, 'expected one of'],
  [{ orgId: 'a', memoryId: 0 }, 'memoryId'],
  [{ orgId: 'a', everything: true }, 'everything'],
])('bad input is refused before anything is written: %j', async (input, message) => {
  const runtime = await start()
  await expect(runtime.memory.erase(input as never)).rejects.toMatchObject({
    code: 'INPUT_INVALID',
    message: expect.stringContaining(message),
  })
})
