import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { environmentOf, startProcess } from '../cli/services/services.ts'
import { createRuntime, type Runtime } from '../runtime.ts'
import { AfterturnError } from '../shared/errors.ts'
import { silentLog } from '../shared/observe/log.ts'
import { WORKING_TREE } from '../shared/repo/repo-source.ts'
import { childrenOf } from '../test/helpers/processes/child-processes.ts'
import { type Benchmark, round, scratchDirectory, withServices } from './benchmark.ts'
import { createHostileRepo } from './inputs/hostile-repo.ts'
import { seededRandom } from './inputs/random-vectors.ts'

/**
 * How a worker withstands generated hostile repositories, one after the other, as commits and as working trees: each run ends, each report is
 * true, and its process and its parser's keep no memory of them. It fails where one of these does not hold. COUNT is 1,000 unless given, SEED 1.
 */

const ORG = 'bench'
const REPO = 'hostile'
const COUNT = 1_000
/** Seeds that are neighbours share no repository. */
const PRIME = 1_000_003
/** A run that takes longer hangs. */
const HANG_MS = 60_000
const MAX_GROWTH_MB = 64
const TOLD_EVERY = 100
/** How often memory is read, and how many of the first readings are those of a process that is not warm yet. */
const READ_EVERY = 25
const COLD_READINGS = 4
/** The lowest of this many readings counts: what garbage collection left lying about is no growth. */
const COMPARED_READINGS = 4

const benchmark: Benchmark = {
  usage: [],
  run: ([count = String(COUNT), seed = '1']) =>
    withServices(async ({ addresses }, stack) => {
      const dir = await scratchDirectory(stack)
      const settings = { ...addresses, repoMirrorDir: join(dir, 'mirrors'), logLevel: 'silent' as const }
      const worker = await startProcess('repo-indexing', { PATH: process.env.PATH, ...environmentOf(settings) })
      const runtime = createRuntime(settings, { log: silentLog })
      const [times, readings]: [number[], number[]] = [[], []]
      let untrue = 0
      try {
        await runtime.connect()
        for (let nth = 0; nth < Number(count); nth++) {
          const chance = seededRandom(Number(seed) * PRIME + nth)
          const random = (below: number) => Math.floor(chance() * below)
          const ref = random(2) === 0 ? 'HEAD' : WORKING_TREE
          const repo = createHostileRepo(join(dir, 'repo'), random)
          const startedMs = performance.now()
          await indexInTime(runtime, repo.path, ref, `${nth} (${repo.hazards.join(', ')})`)
          times.push(performance.now() - startedMs)
          const fault = await faultOfReport(runtime, repo)
          if (fault) {
            console.log(`${nth}, ${ref}, ${repo.hazards.join(' + ')}: ${fault}`)
            untrue += 1
          }
          await runtime.repos.remove({ orgId: ORG, repoId: REPO })
          if (nth % READ_EVERY === 0) readings.push(fleetMb(worker.pid))
          if (nth > 0 && nth % TOLD_EVERY === 0) console.log(`${nth} of ${count}: ${readings.at(-1)} MB`)
        }
      } finally {
        await runtime.disconnect()
        await worker.stop()
      }
      return report(times, readings, untrue)
    }),
}
export default benchmark

/** @throws SETUP_FAILED when it does not end */
async function indexInTime(runtime: Runtime, source: string, ref: string, what: string): Promise<void> {
  const signal = AbortSignal.timeout(HANG_MS)
  await runtime.repos.index({ orgId: ORG, repoId: REPO, source, ref })
  await runtime.repos.untilIndexed({ orgId: ORG, repoId: REPO, signal }).catch((error) => {
    if (!signal.aborted) throw error
    throw new AfterturnError('SETUP_FAILED', `Repository ${what} was not indexed within ${HANG_MS} ms.`)
  })
}

/** The first untrue statement of a report; undefined for a true one. */
async function faultOfReport(
  runtime: Runtime,
  { verdicts, failure }: ReturnType<typeof createHostileRepo>,
): Promise<string | undefined> {
  const [status] = await runtime.repos.status({ orgId: ORG, repoId: REPO })
  if (status?.failure?.code !== failure)
    return `expected ${failure ?? 'success'}, got ${JSON.stringify(status?.failure)}`
  if (failure !== undefined) return undefined
  const skipped = new Map(status?.skippedFiles.map(({ path, reason }) => [path, reason]))
  for (const [path, allowed] of verdicts) {
    const verdict = skipped.get(path) ?? 'read'
    if (!allowed.includes(verdict)) return `expected ${JSON.stringify(path)} ${allowed.join(' or ')}, got ${verdict}`
  }
  return undefined
}

function report(times: readonly number[], readings: readonly number[], untrueReports: number) {
  const lowest = (some: readonly number[]) => Math.min(...some)
  const warm = readings.slice(Math.min(COLD_READINGS, readings.length - 1))
  const growthMb = Math.max(0, lowest(warm.slice(-COMPARED_READINGS)) - lowest(warm.slice(0, COMPARED_READINGS)))
  const sorted = times.toSorted((a, b) => a - b)
  const figures = {
    repositories: times.length,
    p50Ms: round(sorted[times.length >> 1] ?? 0),
    longestMs: round(sorted.at(-1) ?? 0),
    growthMb,
    peakMb: Math.max(...readings),
    untrueReports,
  }
  console.log(
    `${figures.repositories} repositories, p50 ${figures.p50Ms} ms, longest ${figures.longestMs} ms, ${untrueReports} untrue reports; memory of the worker and its parser ${readings.join(' ')} MB`,
  )
  if (untrueReports > 0 || growthMb > MAX_GROWTH_MB)
    throw new AfterturnError(
      'SETUP_FAILED',
      `Expected true reports and at most ${MAX_GROWTH_MB} MB of growth, got ${untrueReports} untrue ones and ${growthMb} MB.`,
    )
  return figures
}

function fleetMb(pid: number): number {
  const pids = [pid, ...childrenOf(pid).map((child) => child.pid)]
  return Math.round(pids.reduce((sum, one) => sum + residentMb(one), 0))
}

function residentMb(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1_024
  } catch {
    // A helper of git, which has ended.
    return 0
  }
}
