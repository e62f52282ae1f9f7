import { createRuntime } from '../runtime.ts'
import { environmentOf, startProcess } from '../scripts/services.ts'
import type { ServiceAddresses } from '../shared/config.ts'
import { silentLog } from '../shared/observe/log.ts'
import { startModelServer } from '../test/helpers/model-server.ts'
import { type Benchmark, round, withServices } from './benchmark.ts'

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
          const seconds = await timeExtraction(addresses, model.url, processes)
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

/** Queues everything while the queue is paused and the processes start; the time runs from resuming to the last turn extracted. */
async function timeExtraction(addresses: ServiceAddresses, modelUrl: string, processCount: number): Promise<number> {
  const settings = {
    redisKeyPrefix: `bench-${processCount}`,
    openaiBaseUrl: modelUrl,
    embeddingDims: 256,
    digestWindowMs: HOUR_MS,
    memoryExtractionConcurrency: CONCURRENCY_PER_PROCESS,
    // One org has it all: its slots would be what is measured.
    orgConcurrency: WORKSTREAMS,
    logLevel: 'error' as const,
  }
  const runtime = createRuntime({ ...addresses, ...settings }, { log: silentLog })
  await runtime.connect()
  const queue = runtime.queues.queue('memory-extraction')
  await queue.pause()
  const orgId = `scaling-${processCount}`
  for (let index = 0; index < WORKSTREAMS; index++) {
    const turn = { orgId, workstreamId: `w${index}`, turnId: 't' }
    await runtime.memory.recordTurn({
      ...turn,
      messages: [{ role: 'user', content: `I am number ${index} and I live in house ${index}.` }],
    })
    await runtime.memory.extractNow(turn)
  }
  const environment = { ...process.env, ...environmentOf({ ...addresses, ...settings }) }
  const processes = await Promise.all(
    Array.from({ length: processCount }, () => startProcess('memory-extraction', environment)),
  )
  const startedMs = performance.now()
  await queue.resume()
  while ((await runtime.memory.status({ orgId })).turns.pending > 0)
    await new Promise((resolve) => setTimeout(resolve, 50))
  const seconds = (performance.now() - startedMs) / 1_000
  await Promise.all(processes.map((one) => one.stop()))
  await runtime.disconnect()
  return seconds
}
