import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createRuntime, type Runtime } from '../runtime.ts'
import { environmentOf, startProcess } from '../scripts/services.ts'
import { AfterturnError } from '../shared/errors.ts'
import { silentLog } from '../shared/observe/log.ts'
import { childrenOf } from '../test/helpers/child-processes.ts'
import { type Benchmark, round, scratchDirectory, withServices } from './benchmark.ts'
import { measureCodeSearch } from './measure-code-search.ts'
import { createSyntheticRepo, syntheticBytes } from './synthetic-repo.ts'

/**
 * How fast a repository is indexed, end to end with the local embedder, by a worker process of its own: first REPO, then made-up ones for what
 * a small commit and no commit cost, for search, and, with a second argument, for that many megabytes.
 */

const ORG = 'bench'
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
  run: ([repo = '', largeMb = '0']) =>
    withServices(async ({ addresses }, stack) => {
      const dir = await scratchDirectory(stack)
      const settings = { ...addresses, repoMirrorDir: join(dir, 'mirrors'), logLevel: 'warn' as const }
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
        const search = await measureCodeSearch(runtime, ORG, synthetic.path)
        console.log(
          `search among ${search.chunks} chunks: p50 ${search.p50Ms} ms, first ${search.firstMs} ms, overlap@10 ${search.overlapAt10}`,
        )

        const large = Number(largeMb) > 0 ? await measureLarge(runtime, dir, Number(largeMb)) : undefined
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
    }),
}
export default benchmark

/** The parser and the word vectors are loaded once a process, not once a repository. */
async function warmUp(runtime: Runtime, dir: string): Promise<void> {
  await indexOnce(runtime, (await createSyntheticRepo(join(dir, 'warm'), 5)).path)
}

/** A tenth of it first: a time that grows faster than the bytes shows. */
async function measureLarge(runtime: Runtime, dir: string, megabytes: number) {
  const filesOf = (mb: number) => Math.round((mb * 1e6) / (syntheticBytes(1_000) / 1_000))
  const timed: Timed[] = []
  for (const mb of [megabytes / 10, megabytes]) {
    const repo = await createSyntheticRepo(join(dir, `large-${mb}`), filesOf(mb))
    // Nothing of the other repositories is the same here: each has its own org.
    const one = await indexOnce(runtime, repo.path, `${ORG}-${mb}`)
    show(`${mb} MB`, one)
    timed.push(one)
  }
  const [small, large] = timed as [Timed, Timed]
  return {
    largeMb: round(large.bytes / 1e6),
    largeMbPerSecond: speedOf(large),
    slowdown: round(speedOf(small) / speedOf(large)),
  }
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
