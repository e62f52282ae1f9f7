import { afterEach, describe, expect, it } from 'vitest'
import { createProducer } from '../../queues/producer.ts'
import { systemClock } from '../../shared/clock.ts'
import { silentLog } from '../../shared/observe/log.ts'
import { createRedisConnections } from '../../shared/redis/connections.ts'
import { startFleet } from '../../workers/fleet/fleet.ts'
import { fleetMember } from '../../workers/fleet/fleet-member.ts'
import { work } from '../helpers/fleet.ts'
import { type RedisSet, startCluster, startSentinelSet } from '../helpers/services/redis-topologies.ts'
import { until } from '../helpers/until.ts'

/** Real Sentinel sets and clusters whose primary is killed while jobs are added and worked. */

const WITHIN_MS = 20_000
const KEY_PREFIX = '{topologies}'

let cleanUps: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.reverse()) await cleanUp()
  cleanUps = []
})

describe.each([
  ['Sentinel', startSentinelSet, 'redisSentinels'],
  ['Cluster', startCluster, 'redisCluster'],
] as const)('%s', (_name, start: () => Promise<RedisSet>, setting) => {
  it('goes on after its primary was killed or frozen: added jobs run once', async () => {
    const set = await start()
    cleanUps.push(() => set.stop())
    const connections = createRedisConnections({
      [setting]: set.list,
      redisKeyPrefix: KEY_PREFIX,
      enqueueTimeoutMs: 1_000,
      allowEvictingRedis: false,
      log: silentLog,
    })
    cleanUps.push(() => connections.disconnect())
    await connections.connect()
    const producer = createProducer(
      { connection: connections.getConnectionForProducers(), keyPrefix: KEY_PREFIX, timeoutMs: 1_000 },
      [work.name],
    )
    cleanUps.push(() => producer.close())
    const done: string[] = []
    const fleet = await startFleet([fleetMember(work, async ({ key }) => void done.push(key))], [], {
      connection: connections.getConnectionForBullMQ(),
      keyPrefix: KEY_PREFIX,
      clock: systemClock,
      log: silentLog,
      jobLockMs: 5_000,
    })
    cleanUps.push(() => fleet.drain(1_000))
    let count = 0
    const writesAgain = async () => {
      count += 1
      const key = `job-${count}`
      await until(
        () =>
          producer.enqueue(work, { key }).then(
            () => true,
            () => false,
          ),
        Boolean,
        WITHIN_MS,
      )
      await until(
        () => done,
        (keys) => keys.includes(key),
        WITHIN_MS,
      )
    }
    await writesAgain()
    for (const harm of ['kill', 'freeze'] as const) {
      const old = await set.primary(KEY_PREFIX)
      if (harm === 'kill') await old.kill()
      else old.signal('SIGSTOP')
      await set.untilReplaced(old, KEY_PREFIX)
      const startedMs = performance.now()
      await Promise.all([
        writesAgain(),
        until(
          () =>
            connections
              .getConnection()
              .set('{topologies}:written', '1')
              .then(
                () => true,
                () => false,
              ),
          Boolean,
          WITHIN_MS,
        ),
      ])
      expect(performance.now() - startedMs).toBeLessThan(5_000)
      if (harm === 'kill') await set.revive(old)
      else old.signal('SIGCONT')
    }
    await writesAgain()
    expect(new Set(done).size).toBe(done.length)
  })
})
