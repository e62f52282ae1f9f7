import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { turn } from '../../helpers/memory/turns.ts'
import { type ModelServer, startModelServer } from '../../helpers/models/model-server.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { type BareRedis, startBareRedis } from '../../helpers/services/redis-server.ts'
import { useStore } from '../../helpers/services/store.ts'
import { until, untilSettled } from '../../helpers/until.ts'

/** P8, the cache is optional: it stops in the middle of a run, and the run's result is the same. */

const TURNS = 200
const WORKSTREAMS = 20

const runtimes = useRuntimes(useStore())
let model: ModelServer
let server: BareRedis
beforeAll(async () => {
  model = await startModelServer({ delayMs: 20 })
  server = await startBareRedis()
})
afterEach(() => server.signal('SIGCONT'))
afterAll(async () => {
  await model.stop()
  await server.stop()
})

/** What a run of `TURNS` turns leaves: every memory, with the turns that it comes from. */
async function memoriesOf(orgId: string, inTheMiddle: () => unknown): Promise<unknown[]> {
  const runtime = await runtimes.start({ cacheRedisUrl: server.url, openaiBaseUrl: model.url, embeddingDims: 64 })
  for (let number = 0; number < TURNS; number++)
    await runtime.memory.recordTurn(turn(number, { orgId, workstreamId: `ws-${number % WORKSTREAMS}` }))
  await runtime.startWorkers()
  const { turns } = await until(
    () => runtime.memory.status({ orgId }),
    (seen) => seen.turns.extracted > 0,
  )
  expect(turns.pending).toBeGreaterThan(0)
  await inTheMiddle()
  const status = await untilSettled(runtime, orgId)
  expect(status.turns).toMatchObject({ extracted: TURNS, deadLettered: 0 })
  const memories = await runtime.memory.list({ orgId, limit: 2 * TURNS })
  const shown = memories.map(({ fact, sources }) =>
    JSON.stringify([fact, ...sources.map(({ workstreamId, turnId, quote }) => [workstreamId, turnId, quote])]),
  )
  await runtime.disconnect()
  return shown.sort()
}

it('a cache that is frozen or killed in the middle of 200 turns changes no memory', async () => {
  const untouched = await memoriesOf('untouched', () => {})
  expect(untouched).toHaveLength(TURNS)
  expect(await memoriesOf('frozen', () => server.signal('SIGSTOP'))).toEqual(untouched)
  server.signal('SIGCONT')
  expect(await memoriesOf('killed', () => server.kill())).toEqual(untouched)
}, 240_000)
