import { startModelServer } from '../test/helpers/models/model-server.ts'
import { startCacheProcess } from '../test/helpers/processes/cache-processes.ts'
import { type Benchmark, round } from './benchmark.ts'
import { withCacheRedis } from './measures/bench-redis.ts'

/**
 * What a stampede costs: processes whose callers all want one text at once that nobody has, and callers with overlapping batches of many texts.
 * Caches that join callers within a process only would make a call for each process, those that join none one for each caller.
 */

const PROCESSES = 8
const CALLERS_PER_PROCESS = 50
const TEXTS = 200
const TEXTS_PER_CALLER = 20
const MODEL_DELAY_MS = 200

const benchmark: Benchmark = {
  usage: [],
  run: () =>
    withCacheRedis(async ({ url }) => {
      const model = await startModelServer({ delayMs: MODEL_DELAY_MS })
      const processes = await Promise.all(
        Array.from({ length: PROCESSES }, () => startCacheProcess({ url, modelUrl: model.url })),
      )
      const stampede = async (batchOf: (caller: number) => string[]) => {
        model.reset()
        const startedMs = performance.now()
        const outcomes = await Promise.all(
          processes.map((one, process) => {
            const first = process * CALLERS_PER_PROCESS
            const batches = Array.from({ length: CALLERS_PER_PROCESS }, (_, caller) => batchOf(first + caller))
            return one.embed({ orgId: 'bench', batches })
          }),
        )
        const failed = outcomes.flat().filter((outcome) => 'code' in outcome).length
        return { ms: performance.now() - startedMs, failed, callers: outcomes.flat().length }
      }
      try {
        const one = await stampede(() => ['one text that nobody has'])
        const providerCalls = model.requestCount()
        console.log(
          `${PROCESSES} processes x ${CALLERS_PER_PROCESS} callers, one text: ${providerCalls} provider call(s), ${one.ms.toFixed(0)} ms with a model of ${MODEL_DELAY_MS} ms`,
        )
        const texts = Array.from({ length: TEXTS }, (_, index) => `text ${index}`)
        const many = await stampede((caller) => {
          const from = (caller * 7) % TEXTS
          return [...texts, ...texts].slice(from, from + TEXTS_PER_CALLER)
        })
        console.log(
          `The same callers, each with ${TEXTS_PER_CALLER} of ${TEXTS} texts: ${model.textCount()} texts sent in ${model.requestCount()} calls, ${many.ms.toFixed(0)} ms`,
        )
        return {
          processes: PROCESSES,
          callers: one.callers,
          providerCalls,
          distinctTexts: TEXTS,
          textsSent: model.textCount(),
          failed: one.failed + many.failed,
          ms: round(one.ms),
        }
      } finally {
        await Promise.all(processes.map((process) => process.kill()))
        await model.stop()
      }
    }),
}
export default benchmark
