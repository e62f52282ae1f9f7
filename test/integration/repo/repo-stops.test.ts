import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Runtime } from '../../../runtime.ts'
import { variableOf } from '../../../shared/config.ts'
import { repoLeaseKey } from '../../../shared/redis/keys.ts'
import { claimPendingIndexes } from '../../../shared/store/code/code-indexes.ts'
import { BARE_ENVIRONMENT } from '../../helpers/bare-environment.ts'
import { type ModelServer, startModelServer } from '../../helpers/models/model-server.ts'
import { useModuleProcesses } from '../../helpers/processes/module-processes.ts'
import { useGitRepos } from '../../helpers/repo/git-repo.ts'
import { readIndexed, sourceFiles } from '../../helpers/repo/indexed-code.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'
import { until } from '../../helpers/until.ts'

/** Runs that are stopped in the middle: the old index is served meanwhile, and the next run goes on and ends as a clean one does. */

const START = fileURLToPath(new URL('../../../cli/afterturn.ts', import.meta.url))
const QUEUE = 'repo-indexing'
const FILES = 40
const OLD = { 'old.ts': 'export const meaningOfLife = () => 42\n' }

const repos = useGitRepos()
const runtimes = useRuntimes(useStore())
const processes = useModuleProcesses()
let model: ModelServer
beforeAll(async () => {
  model = await startModelServer()
})
afterAll(() => model.stop())

const settings = () => ({
  openaiBaseUrl: model.url,
  embeddingDims: 32,
  jobLockMs: 1_000,
  drainTimeoutMs: 300,
  retryBackoffMs: 1,
  killSwitchPollMs: 100,
  repoMirrorDir: join(repos.dir, 'mirrors'),
})

type Stopped = {
  readonly runtime: Runtime
  readonly orgId: string
  readonly jobId: string
  request(): Promise<{ readonly jobId: string }>
  status(): Promise<Awaited<ReturnType<Runtime['repos']['status']>>[number] | undefined>
}

/** Indexes one file, begins with the others, stops the run while it waits for the model, and goes on; answers what is indexed then. */
async function stopInTheMiddle(
  orgId: string,
  stop: (run: Stopped) => Promise<void>,
  goOn: (run: Stopped) => Promise<unknown> = async () => {},
  startWorker: (runtime: Runtime) => Promise<unknown> = (runtime) => runtime.startWorkers([QUEUE]),
): Promise<unknown[]> {
  model.reset()
  const runtime = await runtimes.start(settings())
  await startWorker(runtime)
  const repo = repos.create(orgId)
  repo.commit(OLD)
  const request = () => runtime.repos.index({ orgId, repoId: 'repo', source: repo.path })
  const status = async () => (await runtime.repos.status({ orgId }))[0]
  await request()
  const { commit } = (await until(status, (now) => now?.isPending === false)) ?? {}
  // Its job ends a moment later, and would be the one that the next request is answered with.
  await untilIdle(runtime)

  const firstBatch = model.requestCount('/embeddings') + 8
  model.behave({ hang: 'before-headers', hangAfter: firstBatch })
  const newCommit = repo.commit(sourceFiles(FILES))
  const { jobId } = await request()
  // One batch is committed, the next is with the model.
  await model.received(firstBatch + 1, '/embeddings')
  const run = { runtime, orgId, jobId, request, status }
  await stop(run)
  expect(await status()).toMatchObject({ commit, files: 1 })
  const symbols = await runtime.repos.symbols({ orgId, query: 'meaningOfLife' })
  expect(symbols.map(({ path }) => path)).toEqual(['old.ts'])
  model.behave({ hang: 'never' })
  await goOn(run)
  expect(await until(status, (now) => now?.isPending === false)).toMatchObject({ commit: newCommit, failure: null })
  return readIndexed(runtime.database, orgId)
}

let clean: unknown[]
it('ends as a clean run does when it was cancelled and is asked for again', async () => {
  const again = await stopInTheMiddle(
    'cancelled',
    async ({ runtime, jobId, status }) => {
      expect(await runtime.jobs.cancel({ queue: QUEUE, jobId: jobId })).toBe('stopped')
      expect(await status()).toMatchObject({ isPending: false, failure: { code: 'JOB_CANCELLED' } })
      // No sweep brings back what somebody has ended.
      expect(await claimPendingIndexes(runtime.database, new Date(Date.now() + 3_600_000), 10)).toEqual([])
    },
    ({ request }) => request(),
  )
  const runtime = await runtimes.start(settings())
  await runtime.startWorkers([QUEUE])
  await runtime.repos.index({ orgId: 'clean', repoId: 'repo', source: join(repos.dir, 'cancelled') })
  await until(
    () => runtime.repos.status({ orgId: 'clean' }),
    ([now]) => now?.isPending === false,
  )
  clean = await readIndexed(runtime.database, 'clean')
  expect(clean).toHaveLength(FILES + 1)
  expect(again).toEqual(clean)
})

it('is not asked for any more when it was cancelled before it began', async () => {
  const runtime = await runtimes.start(settings())
  const repo = repos.create('waiting')
  repo.commit(OLD)
  const { jobId } = await runtime.repos.index({ orgId: 'waiting', repoId: 'repo', source: repo.path })
  expect(await runtime.jobs.cancel({ queue: QUEUE, jobId: jobId })).toBe('removed')
  expect(await runtime.repos.status({ orgId: 'waiting' })).toMatchObject([
    { isPending: false, failure: { code: 'JOB_CANCELLED' }, commit: null },
  ])
})

/** Waits until no job runs. */
const untilIdle = (runtime: Runtime) =>
  until(
    () => runtime.queues.queue(QUEUE).getActiveCount(),
    (active) => active === 0,
  )

it('goes on by itself after the kill switch', async () => {
  const scope = { queue: QUEUE, by: 'a test' }
  const indexed = await stopInTheMiddle(
    'halted',
    async ({ runtime }) => {
      await runtime.killSwitch.turnOn(scope)
      await untilIdle(runtime)
    },
    ({ runtime }) => runtime.killSwitch.turnOff(scope),
  )
  expect(indexed).toEqual(clean)
})

it('goes on by itself when the lease of the repository was lost', async () => {
  const indexed = await stopInTheMiddle('unleased', async ({ runtime, orgId }) => {
    const redis = runtime.redis.getConnection()
    const key = repoLeaseKey(runtime.config.redisKeyPrefix, orgId, 'repo')
    expect(await redis.set(key, 'another', 'PX', 2_000)).toBe('OK')
    await untilIdle(runtime)
  })
  expect(indexed).toEqual(clean)
})

it('goes on by itself when the lock of the job was lost', async () => {
  const indexed = await stopInTheMiddle('unlocked', async ({ runtime, jobId }) => {
    const queue = runtime.queues.queue(QUEUE)
    const { openRequests } = model
    expect(openRequests).toBeGreaterThan(0)
    expect(await runtime.redis.getConnection().set(`${queue.toKey(jobId)}:lock`, 'another', 'PX', 1_000)).toBe('OK')
    await until(
      () => model.openRequests,
      (open) => open < openRequests,
    )
  })
  expect(indexed).toEqual(clean)
})

it('goes on in another process after SIGTERM, at no cost of an attempt', async () => {
  const { cacheRedisUrl: _, ...config } = { ...runtimes.config(), ...settings() }
  const variables = Object.fromEntries(Object.entries(config).map(([key, value]) => [variableOf(key), String(value)]))
  const environment = { ...BARE_ENVIRONMENT, ...variables, LOG_LEVEL: 'silent' }
  const startWorker = async () => {
    const child = processes.register(
      fork(START, [QUEUE], { env: environment, execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] }),
    )
    await once(child, 'message')
    return child
  }
  let worker: Awaited<ReturnType<typeof startWorker>>
  const indexed = await stopInTheMiddle(
    'drained',
    async ({ runtime, jobId }) => {
      const startedMs = performance.now()
      worker.kill('SIGTERM')
      expect(await once(worker, 'exit')).toEqual([0, null])
      expect(performance.now() - startedMs).toBeLessThan(10_000)
      const job = await runtime.queues.queue(QUEUE).getJob(jobId)
      expect([await job?.getState(), job?.attemptsMade]).toEqual(['waiting', 0])
    },
    startWorker,
    async () => {
      worker = await startWorker()
    },
  )
  expect(indexed).toEqual(clean)
})

it('ends quietly when its repository is removed, before it began or in the middle', async () => {
  model.reset()
  const runtime = await runtimes.start(settings())
  const repo = repos.create('removed')
  repo.commit(sourceFiles(FILES))
  const scope = { orgId: 'removed', repoId: 'repo' }
  const request = () => runtime.repos.index({ ...scope, source: repo.path })
  const queue = runtime.queues.queue(QUEUE)
  const removed = async (jobId: string) => {
    expect(await runtime.repos.remove(scope)).toBe(1)
    await runtime.startWorkers([QUEUE])
    const job = await until(
      () => queue.getJob(jobId),
      (found) => found?.finishedOn !== undefined,
    )
    expect(job?.failedReason).toMatch(/^JOB_CANCELLED: .* removed/)
  }
  await removed((await request()).jobId)
  const before = model.requestCount('/embeddings')
  const release = model.hold()
  const { jobId } = await request()
  await model.received(before + 1, '/embeddings')
  const isRemoved = removed(jobId)
  release()
  await isRemoved
  expect(await runtime.repos.list({ orgId: 'removed' })).toEqual([])
  // Nobody has to look after what somebody wanted gone.
  expect(await runtime.deadLetters.list({ orgId: 'removed' })).toEqual([])
  await request()
  await runtime.repos.untilIndexed(scope)
  expect(await runtime.repos.status(scope)).toMatchObject([{ failure: null, files: FILES }])
})
