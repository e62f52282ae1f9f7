import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { variableOf } from '../../../shared/config.ts'
import { BARE_ENVIRONMENT } from '../../helpers/bare-environment.ts'
import { type ModelServer, startModelServer } from '../../helpers/models/model-server.ts'
import { useModuleProcesses } from '../../helpers/processes/module-processes.ts'
import { useGitRepos } from '../../helpers/repo/git-repo.ts'
import { readIndexed, sourceFiles } from '../../helpers/repo/indexed-code.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'
import { until } from '../../helpers/until.ts'

/** Workers that are killed at any point of a run: the index is in the end what a clean run makes, and next to nothing is paid twice. */

const START = fileURLToPath(new URL('../../../cli/afterturn.ts', import.meta.url))
const KILLS = Number(process.env.REPO_KILLS ?? 2)
const FILES = 60
/** What is committed together, and the file with which it became that large. */
const BATCH_BYTES = 96 * 1_024

const repos = useGitRepos()
const store = useStore()
const runtimes = useRuntimes(store)
const processes = useModuleProcesses()
let model: ModelServer
beforeAll(async () => {
  model = await startModelServer({ delayMs: 5 })
})
afterAll(() => model.stop())

it(`ends as a clean run does after ${KILLS} kills, and repeats one batch a kill at most`, {
  timeout: 120_000 + KILLS * 10_000,
}, async () => {
  const settings = {
    openaiBaseUrl: model.url,
    embeddingDims: 32,
    // A worker that a busy machine lets wait for longer would lose its job, and pay for a batch again without a kill.
    jobLockMs: 3_000,
    retryBackoffMs: 1,
    repoMirrorDir: join(repos.dir, 'mirrors'),
    // What is paid once must not rest on the cache.
    cacheRedisUrl: undefined,
  }
  const { cacheRedisUrl, ...config } = { ...runtimes.config(), ...settings }
  const environment = Object.fromEntries(Object.entries(config).map(([key, value]) => [variableOf(key), String(value)]))
  const runtime = await runtimes.start(settings as never)
  const startWorker = async (): Promise<ChildProcess> => {
    const child = processes.register(
      fork(START, ['repo-indexing'], {
        env: { ...BARE_ENVIRONMENT, ...environment, LOG_LEVEL: 'silent' },
        execArgv: [],
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      }),
    )
    await once(child, 'message')
    return child
  }
  const repo = repos.create('killed')
  repo.commit(sourceFiles(FILES))
  const request = (orgId: string) => runtime.repos.index({ orgId, repoId: 'repo', source: repo.path })
  const settled = (orgId: string) =>
    until(
      () => runtime.repos.status({ orgId }),
      ([status]) => status?.isPending === false,
    )

  const first = await startWorker()
  await request('clean')
  const [clean] = await settled('clean')
  first.kill('SIGKILL')
  const distinct = model.textCount()
  const expected = await readIndexed(runtime.database, 'clean')
  expect(expected).toHaveLength(FILES)

  model.reset()
  model.behave({ delayMs: 5 })
  for (let kill = 0; kill < KILLS; kill++) {
    const worker = await startWorker()
    // A job that was lost too often is given up; the request stands, and is made again here as the sweep does it.
    await request('killed')
    const before = model.requestCount('/embeddings')
    const isDone = settled('killed').then(() => {})
    await Promise.race([model.received(before + 1 + Math.floor(Math.random() * 8), '/embeddings'), isDone])
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 20))
    worker.kill('SIGKILL')
    isDone.catch(() => {})
  }
  await startWorker()
  await request('killed')
  await settled('killed')
  expect(await readIndexed(runtime.database, 'killed')).toEqual(expected)
  const chunksPerByte = (clean?.chunks ?? 0) / (clean?.bytes ?? 1)
  const batchChunks = Math.ceil(chunksPerByte * (BATCH_BYTES + (clean?.bytes ?? 0) / FILES))
  expect(model.textCount()).toBeGreaterThanOrEqual(distinct)
  expect(model.textCount()).toBeLessThanOrEqual(distinct + KILLS * batchChunks)
})
