import { expect, it } from 'vitest'
import type { Runtime } from '../../runtime.ts'
import type { Log } from '../../shared/observe/log.ts'
import { turn } from '../helpers/memory/turns.ts'
import type { Fault } from '../helpers/models/model-server.ts'
import { useModelServer } from '../helpers/models/model-under-test.ts'
import { useRuntimes } from '../helpers/runtime.ts'
import { useStore } from '../helpers/services/store.ts'
import { until, untilSettled } from '../helpers/until.ts'

/** What is the operator's to mend costs no turn anything: a key, an account, the name of a model, an address. */

const runtimes = useRuntimes(useStore())
const model = await useModelServer()
const settings = () => ({ openaiBaseUrl: model.url, embeddingDims: 64, retryBackoffMs: 10, sweepIntervalMs: 1_000 })

function keepLines() {
  const lines: { level: string; message: string; fields: Record<string, unknown> }[] = []
  const line = (level: string) => (fields: object, message: string) =>
    void lines.push({ level, message, fields: fields as Record<string, unknown> })
  const log: Log = { debug() {}, info: line('info'), warn: line('warn'), error: line('error') }
  return { lines, log }
}

/** 500 turns; the last of each workstream come while the key is refused. */
const WORKSTREAMS = 5
const TURNS = 100
const LATE_TURNS = 5
const always = { times: Number.POSITIVE_INFINITY }

async function recordMany(runtime: Runtime, orgId: string, from: number, to: number) {
  const record = async (workstream: number) => {
    for (let number = from; number < to; number++) {
      const content = `In room ${workstream} I keep ${number} bees.`
      const messages = [{ role: 'user' as const, content }]
      await runtime.memory.recordTurn(turn(number, { orgId, workstreamId: `w${workstream}`, messages }))
    }
  }
  await Promise.all(Array.from({ length: WORKSTREAMS }, (_, workstream) => record(workstream)))
}

const CIRCUMSTANCES: readonly (readonly [string, Omit<Fault, 'times'>])[] = [
  ['a refused key', { status: 401, message: 'Incorrect API key provided' }],
  ['an account without credit', { status: 402, message: 'Insufficient Balance' }],
  ['a right that is missing', { status: 403 }],
  ['a model that is not there', { status: 404, message: 'model "x" not found' }],
  ['a quota that is spent', { status: 429, error: { message: 'no', code: 'insufficient_quota' } }],
  ['a key that is refused as bad input', { status: 400, message: 'API key not valid. Please pass a valid API key.' }],
  ['a parameter that is refused', { status: 422, message: 'Extra inputs are not permitted' }],
  ['a page in place of the API', { status: 200, error: { message: 'no such page' } }],
]

it.each(['/chat/completions', '/embeddings'] as const)(
  'whatever is the operator’s to mend is waited out (%s)',
  async (path) => {
    const runtime = await runtimes.start(settings())
    await runtime.startWorkers(['memory-digest'])
    for (const [name, fault] of path === '/embeddings' ? CIRCUMSTANCES.slice(0, 2) : CIRCUMSTANCES) {
      const orgId = `${name} ${path}`
      model.fault({ ...fault, ...always, path })
      await runtime.memory.recordTurn(turn(1, { orgId }))
      await model.received(4, path)
      // The last answer is counted before the worker has noted it.
      const status = await until(
        () => runtime.memory.status({ orgId }),
        ({ oldestFailure }) => oldestFailure?.code !== undefined,
      )
      expect(status, name).toMatchObject({ turns: { pending: 1 }, deadLetters: [] })
      expect(status.oldestFailure?.code, name).toMatch(/^MODEL_(REFUSED|OUTPUT_INVALID)$/)
      model.reset()
      expect(await untilSettled(runtime, orgId), name).toMatchObject({ turns: { extracted: 1 }, deadLetters: [] })
    }
  },
)

it('an outage that ends between the refusal of a turn and the plain question costs the turn nothing', async () => {
  const runtime = await runtimes.start(settings())
  const orgId = 'ends in between'
  let isOver = false
  const isAway = (body: Record<string, unknown>) => !(isOver && JSON.stringify(body.messages).length < 500)
  model.fault({ status: 200, error: { message: 'no such page' }, times: 100, path: '/chat/completions', when: isAway })
  await runtime.memory.recordTurn(turn(1, { orgId }))
  await runtime.startWorkers(['memory-digest'])
  await until(
    () => runtime.memory.status({ orgId }),
    ({ oldestFailure }) => oldestFailure !== null,
  )
  isOver = true
  const asked = model.requestCount('/chat/completions')
  await model.received(asked + 3, '/chat/completions')
  model.reset()
  expect(await untilSettled(runtime, orgId)).toMatchObject({ turns: { extracted: 1 }, deadLetters: [] })
})

it('vectors of a wrong length are waited out', async () => {
  const runtime = await runtimes.start(settings())
  const orgId = 'dims'
  await runtime.memory.recordTurn(turn(1, { orgId }))
  model.behave({ dims: 32 })
  await runtime.startWorkers(['memory-digest'])
  await model.received(6, '/embeddings')
  // The answer that was paid for is kept.
  expect(model.requestCount('/chat/completions')).toBe(1)
  expect(await runtime.memory.status({ orgId })).toMatchObject({ turns: { pending: 1 }, deadLetters: [] })
  model.reset()
  expect(await untilSettled(runtime, orgId)).toMatchObject({ turns: { extracted: 1 }, deadLetters: [] })
})

it('a key that is refused for a while in the middle of many turns costs none, and three lines of the log', async () => {
  const { lines, log } = keepLines()
  const runtime = await runtimes.start(settings(), { log })
  const orgId = 'rotated'
  await recordMany(runtime, orgId, 0, TURNS - LATE_TURNS)
  model.behave({ delayMs: 5 })
  await runtime.startWorkers(['memory-digest'])
  await model.received(6)
  model.fault({ status: 401, message: 'Incorrect API key provided', ...always })
  await recordMany(runtime, orgId, TURNS - LATE_TURNS, TURNS)
  await until(
    () => runtime.memory.status({ orgId }),
    ({ oldestFailure }) => oldestFailure?.code === 'MODEL_REFUSED',
  )
  await model.received(model.requestCount() + 8)
  expect((await runtime.memory.status({ orgId })).deadLetters).toEqual([])
  model.reset()
  const status = await untilSettled(runtime, orgId)
  expect(status).toMatchObject({ turns: { extracted: WORKSTREAMS * TURNS, deadLettered: 0 } })
  // What a busy machine's late store or cache costs is not the key's.
  const [told, ...others] = lines.filter((line) => /MODEL_|the model/.test(JSON.stringify(line)))
  expect(told?.fields).toMatchObject({ orgId, workstreamId: expect.stringMatching(/^w\d$/), code: 'MODEL_REFUSED' })
  expect(told?.message).toBe('the model cannot be used: work waits, nothing is lost')
  expect(others.length, JSON.stringify(others)).toBeLessThanOrEqual(2)
  expect(others.map(({ message }) => message)).toContain('the model can be used again: what waited continues')
})

it('a new embedding model that refuses is left alone by re-embedding, for longer each time, and makes no dead letter', async () => {
  const first = await runtimes.start(settings())
  const orgId = 'new model'
  await first.memory.recordTurn(turn(1, { orgId }))
  await first.startWorkers(['memory-digest'])
  await untilSettled(first, orgId)
  await first.disconnect()
  const runtime = await runtimes.start({ ...settings(), embeddingModel: 'another', sweepIntervalMs: 200 })
  model.fault({ status: 403, message: 'no right to embeddings', ...always, path: '/embeddings' })
  await runtime.startWorkers(['memory-digest', 'memory-reembedding'])
  const before = model.requestCount('/embeddings')
  await model.received(before + 6, '/embeddings')
  const { reembeddingWait, deadLetters } = await until(
    () => runtime.memory.status({ orgId }),
    (status) => status.reembeddingWait !== null && status.reembeddingWait.until > status.reembeddingWait.since,
  )
  expect(deadLetters).toEqual([])
  expect(await runtime.deadLetters.list({ orgId, limit: 9 })).toEqual([])
  expect(reembeddingWait).toMatchObject({ code: 'MODEL_REFUSED', reason: expect.stringContaining('no right') })
  expect((reembeddingWait?.until.getTime() ?? 0) - (reembeddingWait?.since.getTime() ?? 0)).toBeGreaterThanOrEqual(10)
  model.reset()
  await until(
    () => runtime.memory.status({ orgId }),
    (status) => status.reembeddingWait === null,
  )
  // One text for the turn and its memory.
  expect(model.textCount()).toBeGreaterThan(0)
})
