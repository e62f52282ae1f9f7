import type { ConfigInput } from '../shared/config.ts'
import type { ServiceAddresses } from '../shared/processes/service-addresses.ts'
import { startModelServer } from '../test/helpers/models/model-server.ts'
import { type Benchmark, round, withServices } from './benchmark.ts'
import { timeExtraction } from './measures/time-extraction.ts'

/** Whether more processes are more throughput: the same turns through 1 and through 4 workers, with a model that takes 200 ms for each answer. */

const MODEL_DELAY_MS = 200
const PROCESSES = [1, 4] as const
const CONCURRENCY_PER_PROCESS = 4
const WORKSTREAMS = 160
const HOUR_MS = 3_600_000

const benchmark: Benchmark = {
  usage: [],
  run: () =>
    withServices(async ({ addresses }) => {
      const model = await startModelServer({ delayMs: MODEL_DELAY_MS })
      try {
        const throughputs: number[] = []
        console.log(
          `${WORKSTREAMS} jobs of one turn, a model with ${MODEL_DELAY_MS} ms answers, ${CONCURRENCY_PER_PROCESS} jobs at once per process`,
        )
        for (const processes of PROCESSES) {
          const settings = settingsOf(addresses, model.url, processes)
          const { seconds } = await timeExtraction({ settings, workstreams: WORKSTREAMS, processes }, async () => {})
          throughputs.push(WORKSTREAMS / seconds)
          console.log(`${processes} process(es): ${seconds.toFixed(2)} s, ${(WORKSTREAMS / seconds).toFixed(1)} jobs/s`)
        }
        const [alone = 1, together = 0] = throughputs
        console.log(`throughput of ${PROCESSES[1]} to ${PROCESSES[0]}: ${(together / alone).toFixed(2)}x`)
        return { throughputRatio: round(together / alone), jobsPerSecond: throughputs.map(round) }
      } finally {
        await model.stop()
      }
    }),
}
export default benchmark

function settingsOf(addresses: ServiceAddresses, modelUrl: string, processes: number): ConfigInput {
  return {
    ...addresses,
    redisKeyPrefix: `bench-${processes}`,
    openaiBaseUrl: modelUrl,
    embeddingDims: 256,
    digestWindowMs: HOUR_MS,
    memoryExtractionConcurrency: CONCURRENCY_PER_PROCESS,
    // One org has it all: its slots would be what is measured.
    orgConcurrency: WORKSTREAMS,
    logLevel: 'error',
  }
}
