import { Redis } from 'ioredis'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createProducer } from '../../../queues/producer.ts'
import { systemClock } from '../../../shared/clock.ts'
import { silentLog } from '../../../shared/observe/log.ts'
import { startFleet } from '../../../workers/fleet/fleet.ts'
import { fleetMember } from '../../../workers/fleet/fleet-member.ts'
import { connectionsTo, work } from '../../helpers/fleet.ts'
import { type BareRedis, startBareRedis } from '../../helpers/services/redis-server.ts'
import { startTcpProxy, type TcpProxy } from '../../helpers/services/tcp-proxy.ts'
import { until } from '../../helpers/until.ts'

/** Servers that answer, and refuse: who enqueues, works and writes does so again within five seconds of the end of that, without a restart. */

const WITHIN_MS = 5_000
const KEY_PREFIX = 'failover'
/** Each takes 2 ms to load. */
const LOADED_KEYS = 1_000
/** A port on which no server is. */
const NOWHERE = 1

let [first, second] = [] as unknown as [BareRedis, BareRedis]
let proxy: TcpProxy
beforeEach(async () => {
  first = await startBareRedis()
  second = await startBareRedis()
  proxy = await startTcpProxy(first.url)
})
afterEach(async () => {
  await proxy.stop()
  await Promise.all([first.stop(), second.stop()])
})

/** The keys of an app and a worker on the server behind the proxy. */
async function startWork() {
  const connections = connectionsTo(proxy.url)
  await connections.connect()
  const producer = createProducer(
    { connection: connections.getConnectionForProducers(), keyPrefix: KEY_PREFIX, timeoutMs: 2_000 },
    ['work'],
  )
  const done: string[] = []
  const member = fleetMember(work, async ({ key }) => void done.push(key), 2)
  const connection = connections.getConnectionForBullMQ()
  const options = { connection, keyPrefix: KEY_PREFIX, clock: systemClock, log: silentLog, jobLockMs: 30_000 }
  const fleet = await startFleet([member], [], options)
  const untilDone = (key: string) =>
    until(
      () => done,
      (keys) => keys.includes(key),
      WITHIN_MS,
    )
  /** Repeats a call as its users do, until it succeeds. */
  const succeeds = (call: () => Promise<unknown>) =>
    until(
      () =>
        call().then(
          () => true,
          () => false,
        ),
      (isDone) => isDone,
      WITHIN_MS,
    )
  await producer.enqueue(work, { key: 'before' })
  await untilDone('before')
  const redis = connections.getConnection()
  await redis.set('kept', '1')
  return {
    redis,
    producer,
    /** Enqueues, works and writes; returns what the server holds of it. */
    async everythingWorks(url: string) {
      await Promise.all([
        succeeds(() => producer.enqueue(work, { key: 'one' })),
        succeeds(() => producer.enqueueMany(work, [{ key: 'many-1' }, { key: 'many-2' }])),
        succeeds(() => redis.set('written', '1')),
        succeeds(() => redis.eval("return redis.call('SET', KEYS[1], '1')", 1, 'scripted')),
      ])
      await Promise.all(['one', 'many-1', 'many-2'].map(untilDone))
      const eyes = new Redis(url)
      expect(await eyes.mget('kept', 'written', 'scripted')).toEqual(['1', '1', '1'])
      await eyes.quit()
    },
    async stop() {
      await fleet.drain(0)
      await producer.close()
      await connections.disconnect()
    },
  }
}

/** Makes the second the primary, once it has all that the first has; the first follows the server of the port. */
async function failOver(oldFollows: number, ...settings: [name: string, value: string][]): Promise<void> {
  const [oldPrimary, newPrimary] = [new Redis(first.url), new Redis(second.url)]
  await newPrimary.replicaof('127.0.0.1', first.port)
  await until(
    () => newPrimary.info('replication'),
    (info) => info.includes('master_link_status:up'),
  )
  await newPrimary.replicaof('NO', 'ONE')
  proxy.retarget(second.url)
  for (const [name, value] of settings) await oldPrimary.config('SET', name, value)
  await oldPrimary.replicaof('127.0.0.1', oldFollows)
  await Promise.all([oldPrimary.quit(), newPrimary.quit()])
}

describe('a failover that cuts nothing', () => {
  it('to a primary whose old one has become its replica: READONLY', async () => {
    const own = await startWork()
    await failOver(second.port)
    await own.everythingWorks(second.url)
    await own.stop()
  })

  it('while the old one has lost its own primary and serves nothing: MASTERDOWN', async () => {
    const own = await startWork()
    await failOver(NOWHERE, ['replica-serve-stale-data', 'no'])
    const old = new Redis(first.url, { enableReadyCheck: false })
    await expect(old.get('kept')).rejects.toThrow('MASTERDOWN')
    await old.quit()
    await own.everythingWorks(second.url)
    await own.stop()
  })
})

describe('a server', () => {
  it('that is loading its data after a restart is waited for: LOADING', async () => {
    const own = await startWork()
    const eyes = new Redis(first.url, { enableReadyCheck: false })
    await eyes.mset(Array.from({ length: LOADED_KEYS }, (_, n) => [`loaded-${n}`, '1']).flat())
    await eyes.save()
    await eyes.quit()
    await first.kill()
    const started = first.start(['key-load-delay 2000', 'loading-process-events-interval-bytes 1024'])
    const loading = new Redis(first.url, { enableReadyCheck: false, retryStrategy: () => 20 })
    loading.on('error', () => {})
    await until(
      () => loading.get('kept').catch(String),
      (answer) => String(answer).includes('LOADING'),
    )
    loading.disconnect()
    await started
    await own.everythingWorks(first.url)
    await own.stop()
  })

  it('that is full refuses by a typed error, and takes all again once it has room: OOM', async () => {
    const own = await startWork()
    const admin = new Redis(first.url)
    await admin.config('SET', 'maxmemory', '1')
    const full = { code: 'ENQUEUE_TIMEOUT', retryable: true, message: expect.stringContaining('OOM') }
    await expect(own.producer.enqueue(work, { key: 'full' })).rejects.toMatchObject(full)
    await expect(own.redis.set('written', '0')).rejects.toThrow('OOM')
    await admin.config('SET', 'maxmemory', '0')
    await admin.quit()
    await own.everythingWorks(first.url)
    await own.stop()
  })
})
