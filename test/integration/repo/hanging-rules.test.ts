import { fork } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { variableOf } from '../../../shared/config.ts'
import { WORKING_TREE } from '../../../shared/repo/repo-source.ts'
import { runInThread } from '../../../workers/repo/in-thread.ts'
import { BARE_ENVIRONMENT } from '../../helpers/bare-environment.ts'
import { useModuleProcesses } from '../../helpers/processes/module-processes.ts'
import { useGitRepos } from '../../helpers/repo/git-repo.ts'
import { indexRef, startIndexing } from '../../helpers/repo/repo-indexing.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'
import { until } from '../../helpers/until.ts'

/** Rules that were written to keep a worker busy: the run ends, and whatever it does, the worker hears that it is to stop. */

const START = fileURLToPath(new URL('../../../cli/afterturn.ts', import.meta.url))
const QUEUE = 'repo-indexing'

const repos = useGitRepos()
const runtimes = useRuntimes(useStore())
const processes = useModuleProcesses()

it('ends with files of 82 bytes that would have kept a regular expression busy for ever', async () => {
  const runtime = await startIndexing(runtimes, repos.dir)
  const repo = repos.create('hostile')
  const hostile = `[${'\\a'.repeat(40)}\n`
  repo.commit({
    'a.ts': 'export const stillFound = 1\n',
    '.gitattributes': hostile,
    '.afterturnignore': `${hostile}[${'!!'.repeat(40)}\n`,
    '.gitignore': `a${' '.repeat(200_000)}\n${hostile}`,
    'docs/guide.md': `# Guide${' '.repeat(4_000)}x\n## ${'# '.repeat(2_000)}x\n`,
  })
  for (const ref of ['HEAD', WORKING_TREE]) {
    const status = await indexRef(runtime, repo.path, { repoId: 'hostile', ref })
    expect(status, ref).toMatchObject({ failure: null, skippedFiles: [] })
  }
  writeFileSync(join(repo.path, '.gitignore'), `a${' '.repeat(200_000)}b\n`)
  expect((await indexRef(runtime, repo.path, { repoId: 'hostile', ref: WORKING_TREE }))?.failure).toMatchObject({
    code: 'REPO_BROKEN',
    message: expect.stringContaining('".gitignore"'),
  })
})

it('hears SIGTERM while it follows rules that take a minute, at no cost of an attempt', async () => {
  const runtime = await runtimes.start({ drainTimeoutMs: 300 })
  const repo = repos.create('slow')
  repo.commit({
    '.afterturnignore': `${'*a'.repeat(20)}b\n`.repeat(5_000),
    ...Object.fromEntries(Array.from({ length: 2_000 }, (_, at) => [`${'a'.repeat(240)}${at}`, ''])),
  })
  const { jobId } = await runtime.repos.index({ orgId: 'org', repoId: 'slow', source: repo.path })
  const { cacheRedisUrl: _, ...config } = { ...runtimes.config(), drainTimeoutMs: 300 }
  const variables = Object.fromEntries(Object.entries(config).map(([key, value]) => [variableOf(key), String(value)]))
  const worker = processes.register(
    fork(START, [QUEUE], {
      env: { ...BARE_ENVIRONMENT, ...variables, LOG_LEVEL: 'silent' },
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    }),
  )
  await once(worker, 'message')
  const queue = runtime.queues.queue(QUEUE)
  const stateOf = async () => (await queue.getJob(jobId))?.getState()
  await until(stateOf, (state) => state === 'active')
  const startedMs = performance.now()
  worker.kill('SIGTERM')
  expect(await once(worker, 'exit')).toEqual([0, null])
  expect(performance.now() - startedMs).toBeLessThan(10_000)
  const job = await queue.getJob(jobId)
  expect([await job?.getState(), job?.attemptsMade]).toEqual(['waiting', 0])
})

const thread = (source: string, options: { signal?: AbortSignal; silenceMs?: number } = {}) =>
  runInThread(new URL(`data:text/javascript,${encodeURIComponent(source)}`), null, {
    signal: new AbortController().signal,
    silenceMs: 60_000,
    maxHeapMb: 64,
    onStuck: () => new Error('stuck'),
    ...options,
  })

it('ends a thread that hangs at the signal, one that says nothing after its time, and one that dies', async () => {
  const abort = new AbortController()
  const hanging = thread('for (;;);', { signal: abort.signal })
  abort.abort(new Error('cancelled'))
  await expect(hanging).rejects.toThrow('cancelled')
  await expect(thread('for (;;);', { silenceMs: 50 })).rejects.toThrow('stuck')
  await expect(thread('/^(a+)+$/.exec("a".repeat(50) + "b")', { silenceMs: 50 })).rejects.toThrow('stuck')
  await expect(thread('throw new Error("of its own")')).rejects.toThrow('stuck')
})
