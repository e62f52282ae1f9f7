import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createProducer } from '../../../queues/producer.ts'
import { systemClock } from '../../../shared/clock.ts'
import { silentLog } from '../../../shared/observe/log.ts'
import { startFleet } from '../../../workers/fleet/fleet.ts'
import { fleetMember } from '../../../workers/fleet/fleet-member.ts'
import { connectionsTo, work } from '../../helpers/fleet.ts'
import { type BareRedis, startBareRedis } from '../../helpers/services/redis-server.ts'
import { startTcpProxy, type TcpProxy } from '../../helpers/services/tcp-proxy.ts'
import { until } from '../../helpers/until.ts'

/** A failover that cuts nothing: the old primary becomes a replica, and who connects anew reaches the new one. */

const WITHIN_MS = 5_000

let [first, second] = [] as unknown as [BareRedis, BareRedis]
let proxy: TcpProxy
beforeAll(async () => {
  first = await startBareRedis()
  second = await startBareRedis()
  proxy = await startTcpProxy(first.url)
})
afterAll(async () => {
  await proxy.stop()
  await Promise.all([first.stop(), second.stop()])
})

/** Makes the second the primary, once it has all that the first has. */
async function failOver(): Promise<Redis> {
  const [oldPrimary, newPrimary] = [new Redis(first.url), new Redis(second.url)]
  await newPrimary.replicaof('127.0.0.1', first.port)
  await until(
    () => newPrimary.info('replication'),
    (info) => info.includes('master_link_status:up'),
  )
  await newPrimary.replicaof('NO', 'ONE')
  proxy.retarget(second.url)
  await oldPrimary.replicaof('127.0.0.1', second.port)
  await oldPrimary.quit()
  return newPrimary
}

it('who enqueues, works and writes does so on the new primary within five seconds', async () => {
  const connections = connectionsTo(proxy.url)
  const keyPrefix = 'failover'
  await connections.connect()
  const producer = createProducer(
    { connection: connections.getConnectionForProducers(), keyPrefix, timeoutMs: 2_000 },
    ['work'],
  )
  const done: string[] = []
  const member = fleetMember(work, async ({ key }) => void done.push(key), 2)
  const connection = connections.getConnectionForBullMQ()
  const fleet = await startFleet([member], [], {
    connection,
    keyPrefix,
    clock: systemClock,
    log: silentLog,
    jobLockMs: 30_000,
  })
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
  await connections.getConnection().set('kept', '1')

  const newPrimary = await failOver()
  await Promise.all([
    succeeds(() => producer.enqueue(work, { key: 'one' })),
    succeeds(() => producer.enqueueMany(work, [{ key: 'many-1' }, { key: 'many-2' }])),
    succeeds(() => connections.getConnection().set('written', '1')),
    succeeds(() => connections.getConnection().eval("return redis.call('SET', KEYS[1], '1')", 1, 'scripted')),
  ])
  await Promise.all(['one', 'many-1', 'many-2'].map(untilDone))
  expect(await newPrimary.mget('kept', 'written', 'scripted')).toEqual(['1', '1', '1'])
  await newPrimary.quit()
  await fleet.drain(0)
  await producer.close()
  await connections.disconnect()
})
