import { afterEach, describe, expect, it } from 'vitest'
import { createProducer } from '../../queues/producer.ts'
import { systemClock } from '../../shared/clock.ts'
import { silentLog } from '../../shared/observe/log.ts'
import { createRedisConnections } from '../../shared/redis/connections.ts'
import { startFleet } from '../../workers/fleet/fleet.ts'
import { fleetMember } from '../../workers/fleet/fleet-member.ts'
import { work } from '../helpers/fleet.ts'
import { findFreePort } from '../helpers/services/find-free-port.ts'
import { startBareRedis } from '../helpers/services/redis-server.ts'
import {
  type RedisSet,
  type SetOptions,
  startCluster,
  startSentinel,
  startSentinelSet,
} from '../helpers/services/redis-topologies.ts'
import { until } from '../helpers/until.ts'

/** Real Sentinel sets and clusters whose primary is killed while jobs are added and worked. */

const WITHIN_MS = 20_000
const KEY_PREFIX = '{topologies}'
/** As managed servers give one: without CONFIG and CLIENT LIST, and for its own keys only. */
const USER = 'fleet'
const USERS = {
  lines: [
    'user default off',
    'user admin on >admins-own ~* &* +@all',
    `user ${USER} on >p@ss:w/rd ~${KEY_PREFIX}:* &${KEY_PREFIX}:* +@all -@dangerous +info -client +client|setname`,
  ],
  login: { username: 'admin', password: 'admins-own' },
}

let cleanUps: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.reverse()) await cleanUp()
  cleanUps = []
})

describe.each([
  ['Sentinel', startSentinelSet, 'redisSentinels'],
  ['Cluster', startCluster, 'redisCluster'],
] as const)('%s', (_name, start: (options: SetOptions) => Promise<RedisSet>, setting) => {
  it('goes on after its primary was killed or frozen: no added job is lost', { timeout: 180_000 }, async () => {
    const set = await start(USERS)
    cleanUps.push(() => set.stop())
    const connections = createRedisConnections({
      [setting]: set.list,
      // The host beside a list is nobody's.
      redisUrl: `redis://${USER}:${encodeURIComponent('p@ss:w/rd')}@nowhere.invalid`,
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
      if (harm === 'kill') await set.revive(old)
      else old.signal('SIGCONT')
    }
    await writesAgain()
    // One may run twice: an adding that was late is repeated, and Redis answers before it replicates. What jobs write is fenced.
    const added = Array.from({ length: count }, (_, index) => `job-${index + 1}`)
    expect([...new Set(done)].sort()).toEqual(added)
  })
})

describe('who does not know the primary', () => {
  /** Connects, and answers with what was said of the Redis being away. */
  const saysOf = async (settings: object) => {
    const said = Promise.withResolvers<string>()
    const warn = (fields: object) => said.resolve(String((fields as { error?: unknown }).error))
    const connections = createRedisConnections({
      ...settings,
      redisKeyPrefix: KEY_PREFIX,
      enqueueTimeoutMs: 500,
      allowEvictingRedis: false,
      log: { ...silentLog, warn },
    })
    cleanUps.push(() => connections.disconnect())
    await connections.connect()
    return said.promise
  }

  it('is a cluster without the slot: it is waited for, and said', async () => {
    const bus = await findFreePort()
    const node = await startBareRedis((port) => [`port ${port}`, 'cluster-enabled yes', `cluster-port ${bus}`])
    cleanUps.push(() => node.stop())
    expect(await saysOf({ redisCluster: `127.0.0.1:${node.port}` })).toMatch(
      /no node serves slot \d+, that of {topologies}/,
    )
  })

  it('are sentinels that disagree', async () => {
    const [one, other] = [await startBareRedis(), await startBareRedis()]
    cleanUps.push(
      () => one.stop(),
      () => other.stop(),
    )
    const sentinels = await Promise.all(
      [one, other].map(({ port }) => startSentinel([`sentinel monitor mymaster 127.0.0.1 ${port} 2`])),
    )
    cleanUps.push(...sentinels.map((sentinel) => () => sentinel.stop()))
    const redisSentinels = sentinels.map(({ port }) => `127.0.0.1:${port}`).join(',')
    expect(await saysOf({ redisSentinels })).toContain('the primary is disputed')
    expect(await saysOf({ redisSentinels, redisSentinelMaster: 'other' })).toContain('it watches no master other')
  })

  it('is an address of a node of a cluster: it is refused, and REDIS_CLUSTER named', async () => {
    const bus = await findFreePort()
    const node = await startBareRedis((port) => [`port ${port}`, 'cluster-enabled yes', `cluster-port ${bus}`])
    cleanUps.push(() => node.stop())
    await expect(saysOf({ redisUrl: node.url })).rejects.toMatchObject({
      code: 'REDIS_UNSUITABLE',
      message: expect.stringContaining('REDIS_CLUSTER'),
    })
  })
})
