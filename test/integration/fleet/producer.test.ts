import { connect, createServer } from 'node:net'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { defineQueue } from '../../../queues/define-queue.ts'
import { createProducer, type Producer } from '../../../queues/producer.ts'
import { silentLog } from '../../../shared/observe/log.ts'
import { createRedisConnections, type RedisConnections } from '../../../shared/redis/connections.ts'
import { stepMsOf } from '../../helpers/cpu-time.ts'
import { startOwnRedis } from '../../helpers/services/redis-server.ts'

const TIMEOUT_MS = 300
/** Where no test is about the deadline. */
const PATIENT_MS = 10_000

const keyed = defineQueue({
  name: 'keyed',
  description: 'One job a key',
  payload: z.strictObject({ key: z.string().min(1), n: z.number().optional() }),
  deduplicationKey: ({ key }) => key,
})
const plain = defineQueue({ name: 'plain', description: 'A job a call', payload: z.strictObject({ key: z.string() }) })

let server: Awaited<ReturnType<typeof startOwnRedis>>
let connections: RedisConnections
let producer: Producer
let prefixes = 0

const open = (redisUrl: string, enqueueTimeoutMs = TIMEOUT_MS) =>
  createRedisConnections({ redisUrl, enqueueTimeoutMs, allowEvictingRedis: false, log: silentLog })
const producerOn = (of: RedisConnections, keyPrefix = `p${++prefixes}`, timeoutMs = TIMEOUT_MS) =>
  createProducer({ connection: of.getConnectionForProducers(), keyPrefix, timeoutMs }, ['keyed', 'plain'])

beforeAll(async () => {
  server = await startOwnRedis()
})
beforeEach(async () => {
  connections = open(server.url, PATIENT_MS)
  await connections.connect()
  producer = producerOn(connections, undefined, PATIENT_MS)
})
afterEach(async () => {
  process.kill(server.pid, 'SIGCONT')
  await producer.close()
  await connections.disconnect()
})
afterAll(() => server.stop())

const jobs = (name: string) => producer.queue(name).getJobCounts('waiting', 'delayed')

describe('enqueue', () => {
  it('puts one job in the queue for one key, however often and at whatever time it is asked', async () => {
    const ids = await Promise.all(Array.from({ length: 30 }, (_, n) => producer.enqueue(keyed, { key: 'a', n })))
    expect(new Set(ids).size).toBe(1)
    expect(await producer.enqueue(keyed, { key: 'b' }, { delayMs: 60_000 })).not.toBe(ids[0])
    await producer.enqueue(keyed, { key: 'b' })
    expect(await jobs('keyed')).toMatchObject({ waiting: 1, delayed: 1 })
  })

  it('makes a job of each call where the contract has no key', async () => {
    await Promise.all(Array.from({ length: 5 }, () => producer.enqueue(plain, { key: 'a' })))
    expect(await jobs('plain')).toMatchObject({ waiting: 5 })
  })

  it.each(['a:b', ':', '123', '%', 'a b', '😀', '__proto__', 'x'.repeat(600)])('takes the key %j', async (key) => {
    await producer.enqueue(keyed, { key })
    await producer.enqueue(keyed, { key })
    expect(await jobs('keyed')).toMatchObject({ waiting: 1 })
  })

  it('gives a job its contract’s attempts, and bounds what is kept', async () => {
    const id = await producer.enqueue(plain, { key: 'a' }, { delayMs: 5_000 })
    const job = await producer.queue('plain').getJob(id)
    expect(job?.opts).toMatchObject({
      attempts: 4,
      delay: 5_000,
      removeOnComplete: { count: 1_000 },
      removeOnFail: { count: 5_000 },
    })
    expect(job?.data).toEqual({ key: 'a' })
  })

  it('refuses a payload before it leaves, naming every fault', async () => {
    const wrong = producer.enqueue(keyed, { key: '', n: 'x', more: 1 } as never)
    await expect(wrong).rejects.toMatchObject({
      code: 'PAYLOAD_INVALID',
      recorded: 'no',
      message: expect.stringMatching(/3 fault\(s\).*key: .*n: .*more/),
    })
    expect(await jobs('keyed')).toMatchObject({ waiting: 0 })
  })

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY, 366 * 86_400_000, '5', null])(
    'refuses a delay of %s',
    async (delayMs) => {
      const delay = { delayMs: delayMs as number }
      const refusal = {
        code: 'INPUT_INVALID',
        recorded: 'no',
        message: expect.stringContaining('delayMs: expected from 0'),
      }
      await expect(producer.enqueue(keyed, { key: 'a' }, delay)).rejects.toMatchObject(refusal)
      await expect(producer.enqueueMany(keyed, [{ key: 'a' }], delay)).rejects.toMatchObject(refusal)
      expect(await jobs('keyed')).toMatchObject({ waiting: 0, delayed: 0 })
    },
  )

  it('is answered when it was in flight as the producer closed, and refused later', async () => {
    const closing = producerOn(connections)
    const inFlight = closing.enqueue(keyed, { key: 'a' })
    await closing.close()
    expect(await inFlight).toBeTypeOf('string')
    const closed = { code: 'RUNTIME_CLOSED', recorded: 'no' }
    await expect(closing.enqueue(keyed, { key: 'a' })).rejects.toMatchObject(closed)
  })

  it('does not meet a producer with another prefix', async () => {
    const other = producerOn(connections)
    await producer.enqueue(keyed, { key: 'a' })
    await other.enqueue(keyed, { key: 'a' })
    expect(await jobs('keyed')).toMatchObject({ waiting: 1 })
    expect(await other.queue('keyed').getJobCounts('waiting')).toEqual({ waiting: 1 })
    await other.close()
  })
})

describe('enqueueMany', () => {
  it('answers the ids in order, and one id for one key', async () => {
    const many = await producer.enqueueMany(
      plain,
      ['a', 'b', 'c'].map((key) => ({ key })),
    )
    const stored = await Promise.all(many.map((id) => producer.queue('plain').getJob(id)))
    expect(stored.map((job) => job?.data.key)).toEqual(['a', 'b', 'c'])
    const [first, second, third] = await producer.enqueueMany(keyed, [{ key: 'a' }, { key: 'b' }, { key: 'a' }])
    expect([first === third, first === second]).toEqual([true, false])
    expect(await producer.enqueueMany(plain, [])).toEqual([])
  })

  it('lets none leave when one does not fit, and names each fault by its place', async () => {
    const payloads = [{ key: 'a' }, { key: '' }, { key: 'c', more: 1 } as never]
    await expect(producer.enqueueMany(keyed, payloads)).rejects.toMatchObject({
      code: 'PAYLOAD_INVALID',
      recorded: 'no',
      message: expect.stringMatching(/3 payloads .*2 fault\(s\): 1\.key: .*2: .*more/),
    })
    expect(await jobs('keyed')).toMatchObject({ waiting: 0 })
  })
})

describe('a queue', () => {
  it.each(['nobody', 'toString', '__proto__', ''])('%j is unknown', (name) => {
    let code: unknown
    try {
      producer.queue(name)
    } catch (error) {
      code = (error as { code?: string }).code
    }
    expect(code).toBe('QUEUE_UNKNOWN')
  })

  it('of the catalogue or of the host is known, and always the same', () => {
    expect(producer.queue('memory-digest').name).toBe('memory-digest')
    expect(producer.queue('keyed')).toBe(producer.queue('keyed'))
  })
})

describe('without Redis', () => {
  beforeEach(async () => {
    await producer.close()
    await connections.disconnect()
    connections = open(server.url)
    await connections.connect()
    producer = producerOn(connections)
  })

  /** How long an enqueue took to be refused. */
  async function refused(by: Producer, recorded = 'no'): Promise<number> {
    const refusal = { code: 'ENQUEUE_TIMEOUT', recorded, retryable: true }
    return stepMsOf(() => expect(by.enqueue(keyed, { key: 'a' })).rejects.toMatchObject(refusal))
  }

  it('a frozen one is answered inside the deadline, and again; when it goes on, jobs go through', async () => {
    await producer.enqueue(keyed, { key: 'first' })
    process.kill(server.pid, 'SIGSTOP')
    // What was sent may lie in Redis' socket; after that the queue is opened again, and nothing is sent before Redis has answered.
    for (const recorded of ['unknown', 'no', 'no'])
      expect(await refused(producer, recorded)).toBeLessThan(TIMEOUT_MS + 250)
    const many = await Promise.allSettled(Array.from({ length: 50 }, () => refused(producer)))
    expect(many.filter(({ status }) => status === 'rejected')).toEqual([])
    process.kill(server.pid, 'SIGCONT')
    await expect.poll(() => producer.enqueue(keyed, { key: 'b' }).catch(() => undefined)).toBeTypeOf('string')
  })

  it('one that was away from the start is answered inside the deadline, and found when it comes', async () => {
    const listener = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => listener.once('listening', resolve))
    const { port } = listener.address() as { port: number }
    await new Promise((resolve) => listener.close(resolve))
    const url = new URL(server.url)
    url.port = String(port)
    const away = open(url.href)
    const waiting = producerOn(away)
    const warnings: string[] = []
    const note = (warning: Error) => void warnings.push(warning.name)
    process.on('warning', note)
    for (let call = 0; call < 3; call += 1) expect(await refused(waiting)).toBeLessThan(TIMEOUT_MS + 250)
    await Promise.all(Array.from({ length: 30 }, () => refused(waiting)))

    const sockets = createServer((inner) => {
      const outer = connect(server.port, '127.0.0.1')
      inner.pipe(outer).pipe(inner)
      inner.on('error', () => outer.destroy())
      outer.on('error', () => inner.destroy())
    }).listen(port, '127.0.0.1')
    await expect
      .poll(() => waiting.enqueue(keyed, { key: 'c' }).catch(() => undefined), { timeout: 10_000 })
      .toBeTypeOf('string')
    process.off('warning', note)
    expect(warnings).toEqual([])
    expect(await stepMsOf(() => waiting.close().then(() => away.disconnect()))).toBeLessThan(3_000)
    await new Promise((resolve) => sockets.close(resolve))
  })

  it('closing takes bounded time, with a queue that never reached it', async () => {
    process.kill(server.pid, 'SIGSTOP')
    const frozen = open(server.url)
    const stuck = producerOn(frozen)
    await refused(stuck)
    expect(await stepMsOf(() => stuck.close().then(() => frozen.disconnect()))).toBeLessThan(5_000)
  })

  it('a full one is a typed error, not a lost job', async () => {
    const admin = new Redis(server.url)
    await admin.config('SET', 'maxmemory', '1')
    try {
      await expect(producer.enqueue(keyed, { key: 'full' })).rejects.toMatchObject({
        code: 'ENQUEUE_TIMEOUT',
        message: expect.stringContaining('OOM'),
      })
    } finally {
      await admin.config('SET', 'maxmemory', '0')
      await admin.quit()
    }
    expect(await producer.enqueue(keyed, { key: 'full' })).toBeTypeOf('string')
  })
})
