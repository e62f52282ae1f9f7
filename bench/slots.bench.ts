import { Queue } from 'bullmq'
import { Redis } from 'ioredis'
import { type Benchmark, round, withServices } from './benchmark.ts'
import { CONCURRENCY, HOT_LIMIT, type JobData, PEERS, type Serve } from './peers/slots-peers.ts'

/**
 * Whether an org with a huge backlog delays the others: its jobs are all in the queue when those of the others are added. Against the same run
 * without that org, against the shortest time that is possible, and beside what one would build without slots.
 */

const HOT_JOBS = 2_000
const OTHER_ORGS = 20
const JOBS_PER_OTHER_ORG = 10
const JOB_MS = 20
const PERCENTILE = 0.95

type Start = { readonly orgId: string; readonly n: number; readonly afterMs: number }
type Run = {
  readonly starts: readonly Start[]
  readonly totalMs: number
  readonly startsPerItem: number
  /** What a job took: timers are late, and that is no scheduler's doing. */
  readonly jobMs: number
}

const benchmark: Benchmark = {
  usage: [],
  run: () =>
    withServices(async ({ addresses }) => {
      const url = addresses.redisUrl
      console.log(
        `${HOT_JOBS} jobs of one org, then ${JOBS_PER_OTHER_ORG} of each of ${OTHER_ORGS} others; ${JOB_MS} ms a job, ${CONCURRENCY} at once, ${HOT_LIMIT} of an org`,
      )
      const figures: Record<string, object> = {}
      for (const [name, serve] of Object.entries(PEERS)) {
        const [quiet, busy] = [await runOnce(url, serve, 0), await runOnce(url, serve, HOT_JOBS)]
        const latencies = [p95OfOthers(quiet), p95OfOthers(busy)] as const
        figures[name] = {
          startLatencyRatio: round(latencies[1] / latencies[0]),
          startsPerItem: round(busy.startsPerItem),
          inversions: inversionsIn(busy.starts),
          totalRatio: round(busy.totalMs / idealMs(busy.jobMs)),
          jobMs: round(busy.jobMs),
          startLatencyMs: latencies.map(Math.round),
        }
        console.log(name.padEnd(24), JSON.stringify(figures[name]))
      }
      const { slots, ...peers } = figures
      return { ...slots, peers }
    }),
}
export default benchmark

/** All jobs wait when the workers start; times run from there. */
async function runOnce(redisUrl: string, serve: Serve, hotJobs: number): Promise<Run> {
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: null })
  const prefix = `bench-${crypto.randomUUID().slice(0, 8)}`
  const queue = new Queue<JobData>('slots', { connection: redis, prefix })
  const others = Array.from({ length: OTHER_ORGS * JOBS_PER_OTHER_ORG }, (_, index) => ({
    orgId: `other-${index % OTHER_ORGS}`,
    n: Math.floor(index / OTHER_ORGS),
  }))
  const jobs = [...Array.from({ length: hotJobs }, (_, n) => ({ orgId: 'hot', n })), ...others]
  await queue.addBulk(jobs.map((data) => ({ name: 'job', data })))

  const starts: Start[] = []
  const allEnded = Promise.withResolvers<void>()
  let [ended, workMs] = [0, 0]
  const startedMs = performance.now()
  const stop = await serve({ redis, prefix, queue: 'slots' }, async ({ orgId, n }) => {
    const jobStartedMs = performance.now()
    starts.push({ orgId, n, afterMs: jobStartedMs - startedMs })
    await new Promise((resolve) => setTimeout(resolve, JOB_MS))
    workMs += performance.now() - jobStartedMs
    ended += 1
    if (ended === jobs.length) allEnded.resolve()
  })
  await allEnded.promise
  const totalMs = performance.now() - startedMs
  await stop()
  const completed = await queue.getJobs(['completed'], 0, jobs.length)
  const startsPerItem = completed.reduce((sum, job) => sum + job.attemptsStarted, 0) / completed.length
  await queue.obliterate({ force: true })
  await queue.close()
  await redis.quit()
  return { starts, totalMs, startsPerItem, jobMs: workMs / jobs.length }
}

/** The shortest time that is possible: the limit of the org with the backlog, or all workers, busy to the end. */
function idealMs(jobMs: number): number {
  const allJobs = HOT_JOBS + OTHER_ORGS * JOBS_PER_OTHER_ORG
  return jobMs * Math.max(HOT_JOBS / HOT_LIMIT, allJobs / CONCURRENCY)
}

function p95OfOthers({ starts }: Run): number {
  const latencies = starts.filter(({ orgId }) => orgId !== 'hot').map(({ afterMs }) => afterMs)
  return latencies.sort((a, b) => a - b)[Math.ceil(latencies.length * PERCENTILE) - 1] as number
}

/** Starts that came after that of a later job of the same org. */
function inversionsIn(starts: readonly Start[]): number {
  const latest = new Map<string, number>()
  let inversions = 0
  for (const { orgId, n } of starts) {
    if (n < (latest.get(orgId) ?? -1)) inversions += 1
    latest.set(orgId, Math.max(n, latest.get(orgId) ?? -1))
  }
  return inversions
}
