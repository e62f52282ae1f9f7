import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CATALOG } from '../../../queues/catalog.ts'
import { createProducer } from '../../../queues/producer.ts'
import { createRuntime, type Runtime } from '../../../runtime.ts'
import { silentLog } from '../../../shared/observe/log.ts'
import { stepMsOf } from '../../helpers/cpu-time.ts'
import { connectionsTo } from '../../helpers/fleet.ts'
import { findFreePort } from '../../helpers/services/find-free-port.ts'
import { startOwnRedis } from '../../helpers/services/redis-server.ts'
import { useStore } from '../../helpers/services/store.ts'
import { startTcpProxy } from '../../helpers/services/tcp-proxy.ts'
import { until } from '../../helpers/until.ts'

const store = useStore()
const TIMEOUT_MS = 500
/** What the machine may add when it is busy. */
const SLACK_MS = 400
const turn = { orgId: 'acme', workstreamId: 'w', turnId: 't' }

let server: Awaited<ReturnType<typeof startOwnRedis>>
let runtime: Runtime
const open = async (redisUrl = server.url, enqueueTimeoutMs = TIMEOUT_MS) => {
  runtime = createRuntime(
    { redisUrl, databaseUrl: store.url, redisKeyPrefix: 'deadline', enqueueTimeoutMs, drainTimeoutMs: 0 },
    { log: silentLog },
  )
  await runtime.connect()
}
/** A turn of its own for each call, recorded while Redis may be away. */
const turnOf = (turnId: string) => ({ ...turn, turnId, messages: [{ role: 'user' as const, content: turnId }] })
/** Records one before what a test is about, however late the store is. */
const recordFirst = (turnId: string) =>
  until(
    () => runtime.memory.recordTurn(turnOf(turnId)),
    () => true,
  )

beforeEach(async () => {
  server = await startOwnRedis()
})
afterEach(async () => {
  await runtime.disconnect()
  process.kill(server.pid, 'SIGCONT')
  await server.stop()
})

/** Every call that enqueues, and how it must end when Redis does not take it. */
const CALLS: readonly [string, (name: string) => Promise<unknown>, 'answers' | string][] = [
  ['recordTurn', (name) => runtime.memory.recordTurn(turnOf(name)), 'answers'],
  ['extractNow', () => runtime.memory.extractNow(turn), 'ENQUEUE_TIMEOUT'],
  ['enqueue', () => runtime.queues.enqueue(CATALOG['memory-extraction'], { v: 1, ...turn }), 'ENQUEUE_TIMEOUT'],
  [
    'enqueueMany',
    () => runtime.queues.enqueueMany(CATALOG['memory-extraction'], Array(9).fill({ v: 1, ...turn })),
    'ENQUEUE_TIMEOUT',
  ],
  ['repos.index', () => runtime.repos.index({ orgId: 'acme', repoId: 'shop', source: '/srv/shop' }), 'ENQUEUE_TIMEOUT'],
  ['jobs.cancel', () => runtime.jobs.cancel({ queue: 'memory-extraction', jobId: '1' }), 'REDIS_UNAVAILABLE'],
]

/** Makes every call, one after the other and all at once, and answers what each said of the record. */
async function inTime(name: string): Promise<Record<string, unknown>> {
  const said: Record<string, unknown> = {}
  const make = async ([what, call, end]: (typeof CALLS)[number], of: string) => {
    let result: { code?: string; recorded?: string } = {}
    // A store that is late on a busy machine is asked again; each answer comes in time.
    do {
      const tookMs = await stepMsOf(async () => {
        result = (await call(of).catch((error: unknown) => error)) as typeof result
      })
      expect(tookMs, what).toBeLessThan(TIMEOUT_MS + SLACK_MS)
    } while (result.code?.startsWith('STORE_'))
    const { code = 'answers', recorded } = result
    expect(code, what).toBe(end)
    said[what] = recorded
  }
  await Promise.all(CALLS.map((call) => make(call, `${name} together`)))
  for (const call of CALLS) await make(call, `${name} alone`)
  return said
}

describe('every call that enqueues answers inside its deadline', () => {
  it('when Redis was away from the start; only the turn and the request of an index are stored', async () => {
    await open('redis://127.0.0.1:1')
    await recordFirst(turn.turnId)
    expect(await inTime('away')).toEqual({
      recordTurn: 'yes',
      extractNow: 'no',
      enqueue: 'no',
      enqueueMany: 'no',
      'repos.index': 'yes',
      'jobs.cancel': 'no',
    })
  })

  it('when Redis is frozen; what was sent may have landed, and goes on when Redis does', async () => {
    await open()
    await recordFirst(turn.turnId)
    await runtime.memory.extractNow(turn)
    process.kill(server.pid, 'SIGSTOP')
    const first = await runtime.queues.enqueue(CATALOG['memory-extraction'], { v: 1, ...turn }).catch((error) => error)
    expect(first).toMatchObject({ code: 'ENQUEUE_TIMEOUT', recorded: 'unknown', retryable: true })
    expect(await inTime('frozen')).toMatchObject({ recordTurn: 'yes', enqueue: 'no' })
    process.kill(server.pid, 'SIGCONT')
    await expect.poll(() => runtime.memory.extractNow(turn).catch(() => undefined), { timeout: 10_000 }).toBeDefined()
  })

  it('when Redis was frozen before it was ever reached', async () => {
    process.kill(server.pid, 'SIGSTOP')
    await open()
    await recordFirst(turn.turnId)
    expect(await inTime('stone')).toMatchObject({ recordTurn: 'yes', extractNow: 'no', enqueue: 'no' })
  }, 40_000)

  it('when Redis is lost midway; nothing was sent then, and all works when it is back', async () => {
    const proxy = await startTcpProxy(server.url)
    await open(proxy.url)
    await recordFirst(turn.turnId)
    await runtime.memory.extractNow(turn)
    proxy.cut()
    await expect.poll(() => runtime.redis.getConnection().status).not.toBe('ready')
    expect(await inTime('lost')).toMatchObject({
      recordTurn: 'yes',
      extractNow: 'no',
      enqueue: 'no',
      enqueueMany: 'no',
    })
    proxy.restore()
    await expect.poll(() => runtime.memory.extractNow(turn).catch(() => undefined), { timeout: 10_000 }).toBeDefined()
    await proxy.stop()
  }, 40_000)
})

/** Far above what the store takes on a busy machine. */
const LONG_TIMEOUT_MS = 4_000

it.each(['away', 'frozen'])(
  'a turn is recorded without a wait for Redis once that is known to be %s',
  async (how) => {
    const proxy = await startTcpProxy(server.url)
    await open(proxy.url, LONG_TIMEOUT_MS)
    await recordFirst('before')
    if (how === 'away') proxy.cut()
    else proxy.freeze()
    await runtime.memory.recordTurn(turnOf('first'))
    const times: number[] = []
    for (let number = 0; number < 5; number += 1) {
      times.push(await stepMsOf(() => runtime.memory.recordTurn(turnOf(`turn-${number}`))))
    }
    expect(Math.max(...times)).toBeLessThan(LONG_TIMEOUT_MS / 2)
    proxy.restore()
    const extract = () => runtime.memory.extractNow({ ...turn, turnId: 'first' }).catch(() => undefined)
    await expect.poll(extract, { timeout: 10_000 }).toBeDefined()
    await proxy.stop()
  },
  40_000,
)

it('asking a Redis that is away leaves no listeners behind', async () => {
  await open()
  const connections = connectionsTo(`redis://127.0.0.1:${await findFreePort()}`)
  const connection = connections.getConnectionForProducers()
  const producer = createProducer({ connection, keyPrefix: 'deadline', timeoutMs: 30 })
  const ask = () => producer.ask('memory-digest', (queue) => queue.getWaitingCount()).catch(() => {})
  await ask()
  const before = connection.listenerCount('ready')
  for (let time = 0; time < 20; time += 1) await ask()
  // An attempt to connect has one of its own while it is under way.
  await until(
    () => connection.listenerCount('ready'),
    (count) => count <= before,
  )
  await connections.disconnect()
})
