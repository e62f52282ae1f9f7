import type { Job } from 'bullmq'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { type ModelServer, startModelServer } from '../../helpers/models/model-server.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'
import { until } from '../../helpers/until.ts'

/** One conversation whose every turn is asked to be extracted now, while a model is slow. */

const TURNS = 40
const MAX_STARTS_PER_ITEM = 2.1

const runtimes = useRuntimes(useStore())
let model: ModelServer
beforeAll(async () => {
  model = await startModelServer()
})
afterEach(() => model.reset())
afterAll(() => model.stop())

it('its jobs start twice at most, and end when their turns are settled', async () => {
  // More slots than jobs: those have starts of their own, and tests.
  const settings = { openaiBaseUrl: model.url, embeddingDims: 64, digestWindowMs: 10_000, orgConcurrency: 2 * TURNS }
  const runtime = await runtimes.start(settings)
  model.behave({ delayMs: 2_500 })
  const scope = { orgId: 'acme', workstreamId: 'busy' }
  await runtime.startWorkers(['memory-extraction'])
  for (let number = 0; number < TURNS; number += 1) {
    const turn = { ...scope, turnId: `t${number}` }
    await runtime.memory.recordTurn({ ...turn, messages: [{ role: 'user', content: `I own boat number ${number}.` }] })
    await runtime.memory.extractNow(turn)
    if (number === 0) await model.received(1, '/chat/completions')
  }
  const queue = runtime.queues.queue('memory-extraction')
  const completed = await until(
    () => queue.getCompleted(),
    (jobs) => jobs.length === TURNS,
    60_000,
  )
  const starts = completed.reduce((sum, { attemptsStarted }: Job) => sum + attemptsStarted, 0)
  expect(starts / TURNS).toBeLessThanOrEqual(MAX_STARTS_PER_ITEM)
  expect(model.requestCount('/chat/completions')).toBeLessThan(TURNS / 4)
  expect((await runtime.memory.status({ orgId: scope.orgId })).turns).toMatchObject({ pending: 0, extracted: TURNS })
}, 120_000)
