import type { Redis } from 'ioredis'
import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { environmentOf, startProcess } from '../../../cli/services/services.ts'
import { QUEUE_NAMES } from '../../../queues/catalog.ts'
import type { Runtime } from '../../../runtime.ts'
import { insertDeadJobs } from '../../../shared/store/control/dead-letters.ts'
import { requestErasure } from '../../../shared/store/erasing/erasures.ts'
import { TIMEOUT_MS, useForgetting } from '../../helpers/memory/forgetting-fixture.ts'
import { useGitRepos } from '../../helpers/repo/git-repo.ts'
import { until, untilSettled } from '../../helpers/until.ts'

/** What is erased is nowhere: every table and every key of both Redis is searched for its words. */

const repos = useGitRepos()
const { runtimes, servers, addresses, start, whereIs, record, insertTurns } = useForgetting()

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

/** The workstreams that jobs of an org name, in whatever state the jobs are. */
async function workstreamsInJobs(runtime: Runtime, orgId: string): Promise<Set<string>> {
  const jobs = await Promise.all(QUEUE_NAMES.map((name) => runtime.queues.queue(name).getJobs()))
  return new Set(jobs.flat().flatMap(({ data }) => (data.orgId === orgId ? [`${data.workstreamId}`] : [])))
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
    for (const [userId, word] of [
      ['u1', 'gecko'],
      ['u2', 'skink'],
      [undefined, 'iguana'],
    ] as const)
      for (const version of [1, 2])
        await runtime.states.save({ orgId, userId, stateId: `its-${word}`, state: `${word} ${version}` })
    await Promise.all([untilSettled(runtime, orgId), untilSettled(runtime, other)])
    // A job that failed for good, and one that waits.
    servers.model.fault({ status: 400, path: '/chat/completions' })
    await record(runtime, orgId, { word: 'ocelot-two', workstreamId: 'b' })
    await untilSettled(runtime, orgId)
    // What the host's own jobs leave behind.
    const dead = { queue: 'host', code: 'UNEXPECTED', attempts: 1, diedAt: new Date(), failedTries: [], orgId }
    await insertDeadJobs(runtime.database, [
      { ...dead, jobId: '1', payload: { orgId, workstreamId: 'b' }, reason: 'The ocelot is no number.' },
      { ...dead, jobId: '2', payload: { orgId, userId: 'u1' }, reason: 'House number 1. is no number.' },
      { ...dead, jobId: '3', payload: { orgId }, reason: 'The walrus is no number.' },
    ])
    const checkpoint = { orgId, ns: '', checkpointId: 'c1', filter: {}, versions: { x: 1 }, body: Buffer.from('body') }
    for (const userId of ['u1', 'u2'])
      await runtime.checkpoints.put({
        ...checkpoint,
        userId,
        threadId: `of-${userId}`,
        values: new Map([['x', Buffer.from(`ferret of ${userId}`)]]),
      })
    await runtime.checkpoints.deleteThread({ orgId, threadId: 'a-ferret' })
    expect(await whereIs(runtime, 'ocelot')).toEqual(
      expect.arrayContaining([expect.stringMatching(/cmp/), '2 rows of messages']),
    )

    expect(await workstreamsInJobs(runtime, orgId)).toEqual(new Set(['a', 'b', 'c']))
    expect(await runtime.memory.erase({ orgId, userId: 'u1' })).toMatchObject({ turns: 1, memories: 1 })
    expect(await whereIs(runtime, 'number 1.')).toEqual([])
    expect(await whereIs(runtime, 'gecko')).toEqual([])
    expect(await whereIs(runtime, 'ferret of u1')).toEqual([])
    expect(await whereIs(runtime, 'ferret of u2')).not.toEqual([])
    expect(await runtime.states.load({ orgId, userId: 'u2', stateId: 'its-skink' })).toMatchObject({ state: 'skink 2' })
    expect(await runtime.memory.erase({ orgId, workstreamId: 'b', by: 'ops' })).toMatchObject({ turns: 2, memories: 1 })
    expect(await whereIs(runtime, 'ocelot')).toEqual([])
    expect(await workstreamsInJobs(runtime, orgId)).toEqual(new Set(['a', 'c']))
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
      turns: { pending: 0, extracted: 2, deadLettered: 0 },
    })

    expect(await runtime.memory.erase({ orgId })).toMatchObject({ turns: 2, memories: 1 })
    expect(await runtime.memory.erase({ orgId })).toMatchObject({ turns: 0, memories: 0 })
    for (const word of ['walrus', 'lemur', 'skink', 'iguana', 'ferret'])
      expect(await whereIs(runtime, word)).toEqual([])
    await checkCounts(runtime, orgId)
    expect(await tablesThatName(runtime, orgId)).toEqual(['erasures', 'org_fences'])
    expect([(await workstreamsInJobs(runtime, orgId)).size, (await workstreamsInJobs(runtime, other)).size]).toEqual([
      0, 1,
    ])
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
    servers.model.behave({ delayMs: 1_500 })
    await record(runtime, orgId, { word: 'narwhal', workstreamId: 'gone' })
    await record(runtime, orgId, { word: 'badger', workstreamId: 'kept' })
    await servers.model.received(2, '/chat/completions')
    servers.model.behave({ delayMs: 0 })
    expect(await runtime.memory.erase({ orgId, workstreamId: 'gone' })).toMatchObject({ turns: 1 })
    expect((await untilSettled(runtime, orgId)).turns).toMatchObject({ extracted: 1, deadLettered: 0 })
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

it(
  'a run whose batch holds what is erased goes on with the rest, and what it bought for all of it is not kept',
  async () => {
    const runtime = await start()
    await runtime.startWorkers()
    const orgId = 'mixed'
    servers.model.behave({ delayMs: 1_500 })
    await record(runtime, orgId, { word: 'manatee', workstreamId: 'w', userId: 'u1' })
    await record(runtime, orgId, { word: 'hedgehog', workstreamId: 'w', userId: 'u2' })
    await servers.model.received(1, '/chat/completions')
    servers.model.behave({ delayMs: 0 })
    expect(await runtime.memory.erase({ orgId, userId: 'u1' })).toMatchObject({ turns: 1 })
    expect((await untilSettled(runtime, orgId)).turns).toMatchObject({ extracted: 1, deadLettered: 0 })
    expect(await whereIs(runtime, 'manatee')).toEqual([])
    expect(await whereIs(runtime, 'hedgehog')).toContainEqual(expect.stringMatching(/:cmp:/))
  },
  TIMEOUT_MS,
)

it('an answer that was asked for before the erasure, or would be after it, is not cached', async () => {
  const runtime = await start()
  const orgId = 'late'
  const cachedKeys = async () => (await (runtime.redis.getCacheConnection() as Redis).keys('*:emb:*')).length
  const before = await cachedKeys()
  servers.model.behave({ delayMs: 500 })
  const asked = runtime.embedder.embedMany(orgId, ['an early text'], {})
  await servers.model.received(1)
  await runtime.memory.erase({ orgId })
  await asked
  const refusal = new Error('the rows are gone')
  const late = runtime.embedder.embedMany(orgId, ['a late text'], { beforeBuy: () => Promise.reject(refusal) })
  await expect(late).rejects.toBe(refusal)
  expect([await cachedKeys(), servers.model.requestCount()]).toEqual([before, 1])
  servers.model.behave({ delayMs: 0 })
  await runtime.embedder.embedMany(orgId, ['a later text'], {})
  expect(await cachedKeys()).toBe(before + 1)
})

it(
  'a summary of a conversation goes with what it summarises, indexed code with its org',
  async () => {
    const runtime = await runtimes.start({
      ...addresses(),
      contextWindowTokens: 2_000,
    })
    await runtime.startWorkers(['context-compaction', 'repo-indexing'])
    const scope = { orgId: 'long', workstreamId: 'w' }
    for (let number = 0; number < 60; number++) {
      const content = `Decision ${number}: we ship the ${number === 7 ? 'wombat' : 'parrot'} plan to house ${number} in week ${number}.`
      await runtime.memory.recordTurn({ ...scope, turnId: `t${number}`, messages: [{ role: 'user', content }] })
    }
    const rowOf = () =>
      runtime.database.selectFrom('workstreams').selectAll().where('org_id', '=', scope.orgId).executeTakeFirstOrThrow()
    await until(rowOf, (row) => row.compaction !== null && row.compaction_target === null)
    const { live_tokens: compactedTokens } = await rowOf()
    await runtime.memory.erase({ ...scope, turnId: 't7' })
    expect(await whereIs(runtime, 'wombat')).toEqual([])
    const row = await rowOf()
    expect(row).toMatchObject({ compaction: null, total_messages: 59 })
    expect(row.live_tokens).toBeGreaterThan(compactedTokens)
    const loaded = await runtime.context.load({ ...scope, budgetTokens: 1_000 })
    expect(loaded.messages.at(-1)).toMatchObject({ content: expect.stringContaining('Decision 59') })

    const repo = repos.create('shop')
    repo.commit({ 'a.ts': 'export const aardvark = 1\n' })
    await runtime.repos.index({ orgId: scope.orgId, repoId: 'shop', source: repo.path })
    const countCode = async () => {
      const { rows } = await sql<{ rows: number }>`
        select (select count(*) from code_files) + (select count(*) from code_blobs) + (select count(*) from code_chunks) as rows`.execute(
        runtime.database,
      )
      return rows[0]?.rows
    }
    await until(
      () => runtime.repos.status({ orgId: scope.orgId }),
      ([status]) => status?.indexedAt !== null,
    )
    expect(await countCode()).toBeGreaterThan(2)
    await runtime.memory.erase({ orgId: scope.orgId })
    expect(await countCode()).toBe(0)
    expect(await tablesThatName(runtime, scope.orgId)).toEqual(['erasures', 'org_fences'])
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

it(
  'a process that is killed in the middle leaves the rest to the next, which ends as if nothing had been',
  async () => {
    const runtime = await start()
    const orgId = 'killed'
    await insertTurns(runtime, orgId, 4_000, 'capybara')
    const askedAt = new Date(Date.now() - 600_000)
    const { id } = await requestErasure(runtime.database, { orgId }, { by: 'ops', at: askedAt })
    await insertTurns(runtime, 'later', 1, 'tapir')
    const environment = {
      ...process.env,
      ...environmentOf({ ...runtimes.config(), ...addresses(), orgLockTtlMs: 500 }),
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
    // Its sign of life is fresh: another takes the erasure up once that is old.
    await runtime.database.updateTable('erasures').set({ worked_at: askedAt }).where('id', '=', id).execute()
    const second = await startProcess('memory-reembedding', environment)
    await until(erased, ({ completedAt }) => completedAt !== null, 60_000)
    await second.stop()
    expect((await erased()).turns).toBe(4_000)
    expect(await whereIs(runtime, 'capybara')).toEqual([])
    expect(await whereIs(runtime, 'tapir')).not.toEqual([])
  },
  TIMEOUT_MS,
)
