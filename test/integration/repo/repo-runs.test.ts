import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Runtime } from '../../../runtime.ts'
import type { Clock } from '../../../shared/clock.ts'
import type { Database } from '../../../shared/store/database.ts'
import { type ModelServer, startModelServer } from '../../helpers/models/model-server.ts'
import { useGitRepos } from '../../helpers/repo/git-repo.ts'
import { sourceFiles } from '../../helpers/repo/indexed-code.ts'
import { startIndexing } from '../../helpers/repo/repo-indexing.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'
import { until } from '../../helpers/until.ts'

/** Runs beside each other: one push after another, repositories of an org that share blobs, orgs that share none, and garbage between them. */

const GRACE_MS = 60_000
const SWEEP_INTERVAL_MS = 3_600_000

const repos = useGitRepos()
const runtimes = useRuntimes(useStore())
let model: ModelServer
let aheadMs = 0
const clock: Clock = { now: () => new Date(Date.now() + aheadMs), monotonicMs: () => performance.now() }
beforeAll(async () => {
  model = await startModelServer()
})
beforeEach(() => {
  model.reset()
  aheadMs = 0
})
afterAll(() => model.stop())

const settings = () => ({
  openaiBaseUrl: model.url,
  embeddingDims: 32,
  repoIndexingConcurrency: 2,
  repoGarbageGraceMs: GRACE_MS,
  killSwitchPollMs: 100,
  // What a run collects is counted here: only the first sweep of a runtime comes between.
  sweepIntervalMs: SWEEP_INTERVAL_MS,
})

async function start(): Promise<Runtime> {
  return startIndexing(runtimes, repos.dir, settings(), { clock })
}

async function settled(runtime: Runtime, orgId: string, repoId: string) {
  await runtime.repos.untilIndexed({ orgId, repoId })
  const { events } = await runtime.events.read({ orgId, stream: ['repo', repoId] })
  expect(events.at(-1)).toMatchObject({ type: 'repo.indexed', data: { repoId } })
  const [status] = await runtime.repos.status({ orgId, repoId })
  return status
}

/** Indexes and answers what the job reported. */
async function index(runtime: Runtime, orgId: string, repoId: string, source: string) {
  const { jobId } = await runtime.repos.index({ orgId, repoId, source })
  expect((await settled(runtime, orgId, repoId))?.failure).toBeNull()
  return until(
    async () => (await runtime.queues.queue('repo-indexing').getJob(jobId))?.returnvalue as Record<string, number>,
    (report) => report !== null && report !== undefined,
  )
}

const one = (name: string) => `export function ${name}(input: string): number {\n  return input.length\n}\n`

it('runs just once more, at the newest commit, for all that is pushed while it runs, and tells how far it is', async () => {
  const runtime = await start()
  const repo = repos.create('pushed')
  repo.commit(sourceFiles(20))
  const release = model.hold()
  const request = () => runtime.repos.index({ orgId: 'pusher', repoId: 'repo', source: repo.path })
  const { jobId } = await request()
  await model.received(1, '/embeddings')
  let newest = ''
  for (const name of ['first', 'second', 'third']) {
    newest = repo.commit({ [`${name}.ts`]: one(name) })
    await request()
  }
  release()
  const queue = runtime.queues.queue('repo-indexing')
  expect(await settled(runtime, 'pusher', 'repo')).toMatchObject({ commit: newest, files: 23, failure: null })
  await until(
    () => queue.getJobCounts('waiting', 'active', 'delayed'),
    (counts) => Object.values(counts).every((count) => count === 0),
  )
  const runs = (await queue.getCompleted()).filter(({ data }) => data.orgId === 'pusher')
  expect(runs.map(({ returnvalue }) => returnvalue.changed)).toEqual(expect.arrayContaining([20, 3]))
  expect(runs).toHaveLength(2)
  const job = await queue.getJob(jobId)
  expect(job?.progress).toEqual({
    ...{ done: expect.any(Number), total: expect.any(Number), bytes: expect.any(Number), files: 20, blobs: 20 },
    ...{ chunks: 800, embedded: 800, reused: 0, redacted: 0, usd: expect.any(Number) },
  })
  const { done, total, usd } = (job?.progress ?? {}) as Record<string, number>
  expect(done).toBe(total)
  expect(usd).toBeGreaterThan(0)
})

it('runs one at a time a repository, also for two of its refs', async () => {
  const runtime = await start()
  const repo = repos.create('twice')
  repo.commit({ 'a.ts': one('ofMain') })
  repo.git('checkout', '--quiet', '-b', 'side')
  repo.commit({ 'b.ts': one('ofSide') })
  repo.git('checkout', '--quiet', 'main')
  const request = (ref: string) => runtime.repos.index({ orgId: 'twice', repoId: 'repo', source: repo.path, ref })
  const release = model.hold()
  await request('main')
  await model.received(1, '/embeddings')
  const { jobId } = await request('side')
  // The other looks, finds the repository taken, and waits, at no cost of a try.
  const job = await until(
    () => runtime.queues.queue('repo-indexing').getJob(jobId),
    (found) => found?.processedOn !== undefined && found.delay > 0,
  )
  expect([await job?.getState(), job?.attemptsMade, model.openRequests]).toEqual(['delayed', 0, 1])
  release()
  const statuses = await until(
    () => runtime.repos.status({ orgId: 'twice' }),
    (all) => all.every(({ isPending }) => !isPending),
  )
  expect(statuses).toMatchObject([
    { ref: 'main', files: 1 },
    { ref: 'side', files: 2 },
  ])
  expect(model.textCount()).toBe(2)
})

it('shares blobs between the repositories of an org, and none between orgs', async () => {
  const runtime = await start()
  const [first, second] = [repos.create('first'), repos.create('second')]
  first.commit({ 'src/shared.ts': one('sharedByBoth'), 'a.ts': one('onlyFirst') })
  second.commit({ 'lib/shared.ts': one('sharedByBoth'), 'b.ts': one('onlySecond') })
  expect(await index(runtime, 'one', 'first', first.path)).toMatchObject({ files: 2, embedded: 2 })
  expect(await index(runtime, 'one', 'second', second.path)).toMatchObject({ files: 2, blobs: 1, embedded: 1 })
  const texts = model.textCount()
  expect(await index(runtime, 'two', 'first', first.path)).toMatchObject({ files: 2, blobs: 2, embedded: 2, reused: 0 })
  expect(model.textCount()).toBe(texts + 2)
  const { hits } = await runtime.repos.search({ orgId: 'two', query: 'sharedByBoth' })
  expect(hits.map(({ repoId, path }) => `${repoId}/${path}`)).toContain('first/src/shared.ts')
  expect(hits.filter(({ repoId }) => repoId !== 'first')).toEqual([])
  expect(await runtime.repos.symbols({ orgId: 'two', query: 'onlySecond' })).toEqual([])
  const both = await runtime.repos.symbols({ orgId: 'one', query: 'sharedByBoth' })
  expect(new Set(both.map(({ repoId }) => repoId))).toEqual(new Set(['first', 'second']))
})

it('embeds nothing again for a copy with other line ends', async () => {
  const runtime = await start()
  const [unix, windows] = [repos.create('unix'), repos.create('windows')]
  const method = (at: number) => `    def method_${at}(self):\n        return self.value * ${at}\n`
  const methods = Array.from({ length: 60 }, (_, at) => method(at)).join('\n')
  const files: Record<string, string> = {
    ...sourceFiles(1),
    'a.py': `class Sums:\n${methods}`,
    'b.md': `# Sums\n\n${'A line of prose about sums.\n'.repeat(200)}\n## More\n\nThe end.\n`,
    'c.css': '.a {\n  color: red;\n}\n',
  }
  unix.commit(files)
  windows.commit(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, text.replaceAll('\n', '\r\n')])))
  const { chunks } = await index(runtime, 'ends', 'unix', unix.path)
  expect(await index(runtime, 'ends', 'windows', windows.path)).toMatchObject({ blobs: 4, chunks, embedded: 0 })
  const { hits } = await runtime.repos.search({ orgId: 'ends', repoIds: ['windows'], query: 'method_3' })
  expect(hits[0]?.text).toContain('def method_3(self):\r\n')
})

it('collects what no file has after the grace time, but nothing that a run has just found', async () => {
  const runtime = await start()
  const [left, taker] = [repos.create('left'), repos.create('taker')]
  left.commit({ 'kept.ts': one('keptOne'), 'gone.ts': one('goneOne') })
  await index(runtime, 'collected', 'left', left.path)
  left.commit({ 'gone.ts': null })
  expect(await index(runtime, 'collected', 'left', left.path)).toMatchObject({ removed: 1, collected: 0 })

  // Long unused, and just found again by a run that is not done yet.
  aheadMs += 2 * GRACE_MS
  taker.commit({ 'taken.ts': one('goneOne'), 'new.ts': one('newOne') })
  const before = model.requestCount('/embeddings')
  const release = model.hold()
  const { jobId } = await runtime.repos.index({ orgId: 'collected', repoId: 'taker', source: taker.path })
  await model.received(before + 1, '/embeddings')
  left.commit({ 'twin.ts': one('keptOne') })
  expect(await index(runtime, 'collected', 'left', left.path)).toMatchObject({ changed: 1, collected: 0 })
  expect(model.openRequests).toBe(1)
  release()
  expect(await settled(runtime, 'collected', 'taker')).toMatchObject({ files: 2, failure: null })
  const job = await until(
    () => runtime.queues.queue('repo-indexing').getJob(jobId),
    (found) => found?.finishedOn !== undefined,
  )
  expect(job?.attemptsMade).toBe(1)
  expect(job?.returnvalue).toMatchObject({ embedded: 1, blobs: 1 })
  const found = await runtime.repos.symbols({ orgId: 'collected', query: 'goneOne' })
  expect(found.map(({ repoId, path }) => `${repoId}/${path}`)).toEqual(['taker/taken.ts'])

  // Unused once more, for less than the grace time and for more.
  taker.commit({ 'taken.ts': null })
  await index(runtime, 'collected', 'taker', taker.path)
  const again = () => index(runtime, 'collected', 'left', left.path)
  aheadMs += GRACE_MS / 2
  expect(await again()).toMatchObject({ collected: 0 })
  aheadMs += GRACE_MS
  expect(await again()).toMatchObject({ collected: 1 })
  taker.commit({ 'taken.ts': one('goneOne') })
  expect(await index(runtime, 'collected', 'taker', taker.path)).toMatchObject({ blobs: 1, embedded: 1 })
  // No run comes any more after the last removal: the sweep collects too.
  for (const repoId of ['left', 'taker']) await runtime.repos.remove({ orgId: 'collected', repoId })
  expect(await readBlobs(runtime.database, 'collected')).not.toEqual([])
  aheadMs += SWEEP_INTERVAL_MS
  await start()
  await until(
    () => readBlobs(runtime.database, 'collected'),
    (blobs) => blobs.length === 0,
  )
})

const readBlobs = async (database: Database, orgId: string) =>
  (
    await sql`select 1 from code_blobs b join code_spaces s on s.id = b.space where s.org_id = ${orgId}`.execute(
      database,
    )
  ).rows
