import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { environmentOf, startProcess } from '../cli/services/services.ts'
import { createRuntime, type Runtime } from '../runtime.ts'
import { AfterturnError } from '../shared/errors.ts'
import { silentLog } from '../shared/observe/log.ts'
import { migrate } from '../shared/store/migrations.ts'
import { childrenOf } from '../test/helpers/processes/child-processes.ts'
import { type Benchmark, round, scratchDirectory, withServices } from './benchmark.ts'
import { createSyntheticRepo, syntheticBytes } from './inputs/synthetic-repo.ts'
import { measureCodeSearch } from './measures/measure-code-search.ts'

/**
 * How fast a repository is indexed, end to end with the local embedder, by a worker process of its own: first REPO, then made-up ones for what
 * a small commit and no commit cost, and for search; with a number among the arguments also a tenth of so many megabytes, then all of them.
 * With a PostgreSQL's address among them there, else on PGlite.
 */

/** Another each time, lest a run finds on PostgreSQL what one before has indexed. */
const ORG = `bench-${Date.now().toString(36)}`
const SYNTHETIC_FILES = 5_000
const CHANGED_FILES = 10
/** To ask takes time from what is measured: each wait is so much of the time so far. */
const POLL_SHARE = 0.02
const MIN_POLL_MS = 2

type Report = {
  readonly bytes: number
  readonly files: number
  readonly chunks: number
  readonly embedded: number
  readonly stageMs: Record<string, number>
}
type Timed = Report & { readonly ms: number }

const benchmark: Benchmark = {
  usage: ['REPO'],
  async run([repo = '', ...rest]) {
    const url = rest.find((arg) => arg.includes('://'))
    const largeMb = Number(rest.find((arg) => Number(arg) > 0) ?? 0)
    if (url !== undefined) await migrate(url)
    return withServices(async ({ addresses }, stack) => {
      const dir = await scratchDirectory(stack)
      const store = url !== undefined && { databaseUrl: url }
      const settings = { ...addresses, ...store, repoMirrorDir: join(dir, 'mirrors'), logLevel: 'warn' as const }
      const worker = await startProcess('repo-indexing', { PATH: process.env.PATH, ...environmentOf(settings) })
      const runtime = createRuntime(settings, { log: silentLog })
      try {
        await runtime.connect()
        await warmUp(runtime, dir)
        const real = await indexOnce(runtime, repo)
        show('REPO', real)

        const synthetic = await createSyntheticRepo(join(dir, 'synthetic'), SYNTHETIC_FILES)
        const first = await indexOnce(runtime, synthetic.path)
        show(`${SYNTHETIC_FILES} files`, first)
        await synthetic.change(CHANGED_FILES)
        const ten = await indexOnce(runtime, synthetic.path)
        show(`${CHANGED_FILES} changed`, ten)
        const none = await indexOnce(runtime, synthetic.path)
        show('no change', none)
        const search = await showSearch(runtime, ORG, synthetic.path)

        const large = largeMb > 0 ? await measureLarge(runtime, dir, largeMb) : undefined
        const peakRssMb = peakMb(worker.pid)
        const parserPeakRssMb = Math.max(0, ...childrenOf(worker.pid).map(({ pid }) => peakMb(pid)))
        console.log(`peak memory of the worker ${peakRssMb} MB, of its parser ${parserPeakRssMb} MB`)
        return {
          mbPerSecond: speedOf(real),
          tenFilesMs: Math.round(ten.ms),
          noChangeMs: Math.round(none.ms),
          peakRssMb,
          parserPeakRssMb,
          embeddedOnTenFiles: ten.embedded,
          chunksOfTenFiles: ten.chunks,
          stageMs: real.stageMs,
          syntheticMbPerSecond: speedOf(first),
          searchChunks: search.chunks,
          searchP50Ms: search.p50Ms,
          searchFirstMs: search.firstMs,
          overlapAt10: search.overlapAt10,
          ...large,
        }
      } finally {
        await runtime.disconnect()
        await worker.stop()
      }
    })
  },
}
export default benchmark

/** The parser and the word vectors are loaded once a process, not once a repository. */
async function warmUp(runtime: Runtime, dir: string): Promise<void> {
  await indexOnce(runtime, (await createSyntheticRepo(join(dir, 'warm'), 5)).path)
}

/** A tenth of it first: a time that grows faster than the bytes, or than the chunks, shows. */
async function measureLarge(runtime: Runtime, dir: string, megabytes: number) {
  const filesOf = (mb: number) => Math.round((mb * 1e6) / (syntheticBytes(1_000) / 1_000))
  const measure = async (mb: number) => {
    const repo = await createSyntheticRepo(join(dir, `large-${mb}`), filesOf(mb))
    // Nothing of the other repositories is the same here: each has its own org.
    const orgId = `${ORG}-${mb}`
    const timed = await indexOnce(runtime, repo.path, orgId)
    show(`${mb} MB`, timed)
    return { timed, search: await showSearch(runtime, orgId, repo.path) }
  }
  const small = await measure(megabytes / 10)
  const large = await measure(megabytes)
  const searchGrowth = large.search.p50Ms / small.search.p50Ms
  const figures = {
    largeMb: round(large.timed.bytes / 1e6),
    largeMbPerSecond: speedOf(large.timed),
    slowdown: round(speedOf(small.timed) / speedOf(large.timed)),
    largeSearchChunks: large.search.chunks,
    largeSearchP50Ms: large.search.p50Ms,
    largeOverlapAt10: large.search.overlapAt10,
    searchGrowth: round(searchGrowth),
  }
  const times = round(large.search.chunks / small.search.chunks)
  console.log(
    `for each byte ${figures.slowdown} times the time of the tenth; a search takes ${figures.searchGrowth} times as long among ${times} times the chunks`,
  )
  return figures
}

async function showSearch(runtime: Runtime, orgId: string, repoId: string) {
  const search = await measureCodeSearch(runtime, orgId, repoId)
  console.log(
    `search among ${search.chunks} chunks: p50 ${search.p50Ms} ms, first ${search.firstMs} ms, overlap@10 ${search.overlapAt10}`,
  )
  return search
}

async function indexOnce(runtime: Runtime, source: string, orgId = ORG): Promise<Timed> {
  const startedMs = performance.now()
  const { jobId } = await runtime.repos.index({ orgId, repoId: source, source })
  const queue = runtime.queues.queue('repo-indexing')
  for (;;) {
    const job = await queue.getJob(jobId)
    if (job?.finishedOn !== undefined) {
      if (job.failedReason) throw new AfterturnError('SETUP_FAILED', job.failedReason)
      return { ...(job.returnvalue as Report), ms: performance.now() - startedMs }
    }
    const pollMs = Math.max(MIN_POLL_MS, (performance.now() - startedMs) * POLL_SHARE)
    await new Promise((resolve) => setTimeout(resolve, pollMs))
  }
}

function speedOf({ bytes, ms }: Timed): number {
  return round(bytes / 1e6 / (ms / 1_000))
}

function show(what: string, { ms, bytes, files, chunks, embedded, stageMs }: Timed): void {
  const stages = Object.entries(stageMs).map(([stage, took]) => `${stage} ${took}`)
  console.log(
    `${what.padEnd(12)} ${Math.round(ms)} ms  ${files} files, ${round(bytes / 1e6)} MB, ${chunks} chunks, ${embedded} embedded  (${stages.join(', ')})`,
  )
}

function peakMb(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1_024)
}
