import type { ConfigInput } from '../shared/config.ts'
import { startModelServer } from '../test/helpers/models/model-server.ts'
import { type Benchmark, round, withServices } from './benchmark.ts'
import { timeExtraction } from './measures/time-extraction.ts'

/**
 * What a provider's limit costs a fleet of four processes: calls that were refused, and time against what the limit itself takes. With the
 * budget set, and beside it with the provider's refusals alone. A minute is shortened to six seconds, and all waits with it.
 */

const LIMIT = { calls: 60, windowMs: 6_000 }
const MODEL_DELAY_MS = 50
const PROCESSES = 4
const WORKSTREAMS = 180
const HOUR_MS = 3_600_000
const OWN_SECONDS = (WORKSTREAMS / LIMIT.calls) * (LIMIT.windowMs / 1_000)

type Figures = {
  refusedShare: number
  timeRatio: number
  failedJobs: number
  deadLetters: number
  startsPerJob: number
}

const benchmark: Benchmark = {
  usage: [],
  run: () =>
    withServices(async ({ addresses }) => {
      const model = await startModelServer({ delayMs: MODEL_DELAY_MS })
      const common: ConfigInput = {
        ...addresses,
        openaiBaseUrl: model.url,
        embeddingDims: 256,
        digestWindowMs: HOUR_MS,
        modelLimitWindowMs: LIMIT.windowMs,
        modelMaxWaitMs: 500,
        retryBackoffMs: 1_000,
        // One org has it all: its slots would be what is measured.
        orgConcurrency: WORKSTREAMS,
        logLevel: 'error',
      }
      const measure = async (redisKeyPrefix: string, settings: Partial<ConfigInput>): Promise<Figures> => {
        model.reset()
        model.behave({ limit: LIMIT })
        const { seconds, seen } = await timeExtraction(
          { settings: { ...common, ...settings, redisKeyPrefix }, workstreams: WORKSTREAMS, processes: PROCESSES },
          async (runtime, orgId) => {
            const queue = runtime.queues.queue('memory-extraction')
            const jobs = await queue.getJobs(['completed', 'failed'])
            return {
              failedJobs: await queue.getFailedCount(),
              deadLetters: (await runtime.memory.status({ orgId })).deadLetters.length,
              startsPerJob: round(jobs.reduce((sum, job) => sum + job.attemptsStarted, 0) / jobs.length),
            }
          },
        )
        return {
          ...seen,
          refusedShare: round(model.limitedCount() / model.requestCount('/chat/completions')),
          timeRatio: round(seconds / OWN_SECONDS),
        }
      }
      try {
        console.log(
          `${WORKSTREAMS} turns, ${PROCESSES} processes, ${LIMIT.calls} completions in any ${LIMIT.windowMs} ms`,
        )
        const budget = await measure('bench-budget', {
          completionCallsPerMinute: (LIMIT.calls * 60_000) / LIMIT.windowMs,
        })
        const pausesOnly = await measure('bench-pauses', {})
        console.table({ 'with the budget': budget, 'pauses only': pausesOnly })
        return { ...budget, processes: PROCESSES, pausesOnly }
      } finally {
        await model.stop()
      }
    }),
}
export default benchmark
