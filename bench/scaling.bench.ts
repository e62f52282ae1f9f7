import type { ConfigInput } from '../shared/config.ts'
import type { ServiceAddresses } from '../shared/processes/service-addresses.ts'
import { startModelServer } from '../test/helpers/models/model-server.ts'
import { type Benchmark, round } from './benchmark.ts'
import { withServicesOn } from './measures/bench-postgres.ts'
import { timeExtraction } from './measures/time-extraction.ts'

/**
 * Measures whether more processes raise the throughput: the same turns through 1 and through 4 warm workers, of one org and of sixteen, with a model that
 * takes 200 ms for each answer; and what a digest costs of the processor, and waits for the model. With the argument `postgres` on a PostgreSQL 17, else
 * on PGlite.
 */

const MODEL_DELAY_MS = 200
const PROCESSES = [1, 4] as const
const CONCURRENCY_PER_PROCESS = 4
const WARM_UP_PER_PROCESS = 16
const DEFAULT_JOBS = 640
const ORGS = [1, 16] as const
const HOUR_MS = 3_600_000

type Run = { readonly jobsPerSecond: number; readonly modelWaitsPerDigest: number; readonly cpuMsPerDigest: object }

const benchmark: Benchmark = {
  usage: [],
  run: (args) =>
    withServicesOn(args, async (addresses) => {
      const jobs = Number(args.find((one) => /^\d+$/.test(one)) ?? DEFAULT_JOBS)
      const model = await startModelServer({ delayMs: MODEL_DELAY_MS })
      const time = async (processes: number, orgs: number): Promise<Run> => {
        const settings = settingsOf(addresses, model.url, `bench-${processes}-${orgs}`, jobs)
        const work = { settings, workstreams: jobs, processes, orgs, warmUp: processes * WARM_UP_PER_PROCESS }
        const { seconds, cpuMs } = await timeExtraction(work, async () => {})
        const busyMs = (seconds * 1_000 * processes * CONCURRENCY_PER_PROCESS) / jobs
        const run = {
          jobsPerSecond: round(jobs / seconds),
          // How long a digest takes of a worker's time, in model times.
          modelWaitsPerDigest: round(busyMs / MODEL_DELAY_MS),
          cpuMsPerDigest: Object.fromEntries(Object.entries(cpuMs).map(([kind, ms]) => [kind, round(ms / jobs)])),
        }
        console.log(`${processes} process(es), ${orgs} org(s):`, run)
        return run
      }
      try {
        console.log(`${jobs} jobs of one turn, ${CONCURRENCY_PER_PROCESS} at once per process`)
        const byOrgs: Record<string, object> = {}
        const ratios: number[] = []
        for (const orgs of ORGS) {
          const [alone, together] = [await time(PROCESSES[0], orgs), await time(PROCESSES[1], orgs)]
          const throughputRatio = round(together.jobsPerSecond / alone.jobsPerSecond)
          ratios.push(throughputRatio)
          byOrgs[orgs] = {
            throughputRatio,
            // Alone nothing but the digest itself is waited for.
            modelWaitsPerDigest: alone.modelWaitsPerDigest,
            cpuMsPerDigest: together.cpuMsPerDigest,
            jobsPerSecond: [alone.jobsPerSecond, together.jobsPerSecond],
          }
          console.log(`${orgs} org(s): throughput of ${PROCESSES[1]} to ${PROCESSES[0]}: ${throughputRatio}x`)
        }
        const store = args.includes('postgres') ? 'postgres' : 'pglite'
        const { throughputRatio, ...first } = byOrgs[ORGS[0]] as { throughputRatio: number }
        return { throughputRatio, ...first, store, jobs, byOrgs, lowestThroughputRatio: Math.min(...ratios) }
      } finally {
        await model.stop()
      }
    }),
}
export default benchmark

function settingsOf(addresses: ServiceAddresses, modelUrl: string, redisKeyPrefix: string, jobs: number): ConfigInput {
  return {
    ...addresses,
    redisKeyPrefix,
    openaiBaseUrl: modelUrl,
    embeddingDims: 256,
    digestWindowMs: HOUR_MS,
    memoryExtractionConcurrency: CONCURRENCY_PER_PROCESS,
    // One org has it all: its slots would be what is measured.
    orgConcurrency: jobs,
    logLevel: 'error',
  }
}
