import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import type { Runtime } from '../../runtime.ts'
import { environmentOf, startProcess } from '../../scripts/services.ts'
import { systemClock } from '../../shared/clock.ts'
import { insertErasure } from '../../shared/store/erasures.ts'
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

/** The tables that have a row of an org; a new table of orgs must be thought of when they are erased. */
async function tablesThatName(runtime: Runtime, orgId: string): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select table_name as name from information_schema.columns
    where table_schema = 'public' and column_name = 'org_id' order by table_name`.execute(runtime.database)
  const named: string[] = []
  for (const { name } of rows) {
    const { rows: found } = await sql`select 1 from ${sql.table(name)} where org_id = ${orgId} limit 1`.execute(
      runtime.database,
    )
    if (found.length > 0) named.push(name)
  }
  return named
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
    expect((await runtime.memory.list({ orgId, userId: 'u2' })).map(({ fact }) => fact)).toEqual([
      expect.stringContaining('walrus'),
    ])
    expect(await runtime.memory.status({ orgId })).toMatchObject({
      turns: { pending: 0, extracted: 2, dead_lettered: 0 },
    })

    expect(await runtime.memory.erase({ orgId })).toMatchObject({ turns: 2, memories: 1 })
    expect(await runtime.memory.erase({ orgId })).toMatchObject({ turns: 0, memories: 0 })
    for (const word of ['walrus', 'lemur']) expect(await whereIs(runtime, word)).toEqual([])
    await checkCounts(runtime, orgId)
    expect(await tablesThatName(runtime, orgId)).toEqual(['erasures', 'org_fences'])
    expect(await runtime.memory.status({ orgId })).toMatchObject({ memories: 0, usage: [], deadLetters: [] })
    expect((await runtime.memory.search({ orgId: other, userId: 'u1', query: 'zebra-fish' })).memories).toHaveLength(1)
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

/** Turns that are there at once, without their jobs. */
async function insertTurns(runtime: Runtime, orgId: string, count: number, word: string): Promise<void> {
  await sql`insert into workstreams (org_id, workstream_id, next_seq, first_pending_at, digest_due_at) values (${orgId}, 'w', ${count + 1}, null, null)`.execute(
    runtime.database,
  )
  await sql`
    with inserted as (
      insert into turns (org_id, workstream_id, turn_id, seq, occurred_at, recorded_at, content_hash, state)
      select ${orgId}, 'w', 't' || n, n, now(), now(), '', 'extracted' from generate_series(1, ${count}::int) n returning id)
    insert into messages (turn, position, role, content) select id, 0, 'user', ${word} from inserted`.execute(
    runtime.database,
  )
}

it(
  'a process that is killed in the middle leaves the rest to the next, which ends as if nothing had been',
  async () => {
    const runtime = await start()
    const orgId = 'killed'
    await insertTurns(runtime, orgId, 4_000, 'capybara')
    const askedAt = new Date(Date.now() - 600_000)
    const { id } = await insertErasure(runtime.database, { orgId }, { by: 'ops', at: askedAt })
    await insertTurns(runtime, 'later', 1, 'tapir')
    const environment = {
      ...process.env,
      ...environmentOf({ ...runtimes.config(), redisUrl: durable.url, cacheRedisUrl: cache.url, orgLockTtlMs: 500 }),
      LOG_LEVEL: 'error',
    }
    const erased = async () => {
      const { rows } = await sql<{ turns: number; completedAt: Date | null }>`
        select turns, completed_at as "completedAt" from erasures where id = ${id}`.execute(runtime.database)
      return rows[0] as { turns: number; completedAt: Date | null }
    }
    const first = await startProcess('memory-reembedding', environment)
    await until(erased, ({ turns: count }) => count > 0)
    first.kill()
    await first.exited
    expect(await erased()).toMatchObject({ completedAt: null })
    // The claim of the one that died is its process's; another makes its own in time.
    await runtime.database.deleteFrom('duties').execute()
    const second = await startProcess('memory-reembedding', environment)
    await until(erased, ({ completedAt }) => completedAt !== null, 60_000)
    await second.stop()
    expect((await erased()).turns).toBe(4_000)
    expect(await whereIs(runtime, 'capybara')).toEqual([])
    expect(await whereIs(runtime, 'tapir')).not.toEqual([])
  },
  TIMEOUT_MS,
)

it(
  'retention erases what is old, keeps what is important, and is off by default',
  async () => {
    const runtime = await start()
    await runtime.startWorkers()
    const orgId = 'retained'
    await record(runtime, orgId, { word: 'dodo', workstreamId: 'a' })
    await record(runtime, orgId, { word: 'phoenix', workstreamId: 'a' })
    await untilSettled(runtime, orgId)
    await sql`update memories set importance = case when fact like '%phoenix%' then 0.9 else 0.5 end where org_id = ${orgId}`.execute(
      runtime.database,
    )
    await runtime.disconnect()
    const inAMonth = { ...systemClock, now: () => new Date(Date.now() + 31 * 86_400_000) }
    const settings = { redisUrl: durable.url, cacheRedisUrl: cache.url, openaiBaseUrl: model.url, embeddingDims: 64 }
    const lenient = await runtimes.start(settings, { clock: inAMonth })
    await lenient.startWorkers(['memory-digest'])
    await record(lenient, orgId, { word: 'sparrow', workstreamId: 'b' })
    await untilSettled(lenient, orgId)
    expect(await whereIs(lenient, 'dodo')).not.toEqual([])
    await lenient.disconnect()
    const strict = await runtimes.start({ ...settings, retentionDays: 30 }, { clock: inAMonth })
    await strict.startWorkers(['memory-digest'])
    await until(
      () => whereIs(strict, 'dodo'),
      (places) => places.length === 0,
    )
    for (const word of ['phoenix', 'sparrow']) expect(await whereIs(strict, word)).not.toEqual([])
    expect((await strict.memory.list({ orgId })).map(({ fact }) => /phoenix|sparrow/.exec(fact)?.[0]).sort()).toEqual([
      'phoenix',
      'sparrow',
    ])
  },
  TIMEOUT_MS,
)

it(
  'an export gives out all of an org, and of a user only what is theirs, page by page',
  async () => {
    const runtime = await start()
    await runtime.startWorkers()
    const orgId = 'exported'
    await record(runtime, orgId, { word: 'panda', workstreamId: 'a', userId: 'u1' })
    await record(runtime, orgId, { word: 'koala', workstreamId: 'a', userId: 'u2' })
    await untilSettled(runtime, orgId)
    await insertTurns(runtime, orgId, 450, 'sheep')
    const read = async (input: { orgId: string; userId?: string }) => {
      const lines: Record<string, unknown>[] = []
      for await (const line of runtime.memory.export(input)) lines.push(JSON.parse(line))
      return lines
    }
    const all = await read({ orgId })
    expect(all.filter(({ type }) => type === 'turn')).toHaveLength(452)
    expect(all[0]).toMatchObject({
      type: 'turn',
      workstreamId: 'a',
      userId: 'u1',
      messages: [{ role: 'user', name: 'Maya', content: expect.stringContaining('panda') }],
    })
    expect(all.filter(({ type }) => type === 'memory')).toMatchObject([
      {
        fact: expect.stringContaining('panda'),
        validTo: null,
        sources: [{ workstreamId: 'a', quote: expect.any(String) }],
      },
      { fact: expect.stringContaining('koala') },
    ])
    const own = await read({ orgId, userId: 'u1' })
    expect(own.map(({ type }) => type)).toEqual(['turn', 'memory'])
    expect(JSON.stringify(own)).not.toContain('koala')
    expect(await read({ orgId: 'nobody' })).toEqual([])
    expect(() => runtime.memory.export({ orgId: '' })).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }))
  },
  TIMEOUT_MS,
)
