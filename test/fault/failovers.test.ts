import { afterEach, expect, inject, it } from 'vitest'
import { countTurns } from '../../shared/store/turns/turns.ts'
import { type RedisSet, startCluster, startSentinelSet } from '../helpers/services/redis-topologies.ts'
import { until } from '../helpers/until.ts'
import { findViolations } from './invariants.ts'
import { createRandom } from './random.ts'
import { untilAtRest } from './rest.ts'
import { noteSettlements } from './settlements.ts'
import { startTraffic } from './traffic.ts'
import { startWorld, type World } from './world/world.ts'

/**
 * The primary of a real Sentinel set, and of a real cluster, is killed while turns are recorded: of the set once in the short form, of both more often with
 * `--minutes`.
 */

const KEY_PREFIX = '{fault}'
const SEED = Number(process.env.FAULT_SEED || 1)
const KILLS_PER_MINUTE = 4
const MINUTES = Number(process.env.FAULT_MINUTES || 0)
const KILLS = Math.max(1, Math.round(KILLS_PER_MINUTE * MINUTES))
const TOPOLOGIES = [
  ['Sentinel', startSentinelSet, 'redisSentinels'],
  ['Cluster', startCluster, 'redisCluster'],
] as const
/** On a busy machine; how long it took is reported. */
const WRITES_WITHIN_MS = 60_000
const REST_TIMEOUT_MS = 90_000
const MOST_PENDING = 50
/** With a minute at most for each failover. */
const TIMEOUT_MS = 240_000 + KILLS * 60_000

let world: World | undefined
let set: RedisSet | undefined
afterEach(async () => {
  await world?.stop()
  await set?.stop()
  world = undefined
  set = undefined
})

it.for(MINUTES > 0 ? TOPOLOGIES : TOPOLOGIES.slice(0, 1))(
  'a primary of a %s that is killed: every process writes to the new one, nothing is lost or doubled',
  { timeout: TIMEOUT_MS },
  async ([kind, start, setting], { task }) => {
    const topology = await start()
    set = topology
    world = await startWorld({
      workers: ['memory-digest', 'workers'],
      pgliteTemplateDir: inject('pgliteTemplateDir'),
      config: { redisKeyPrefix: KEY_PREFIX },
      redis: { [setting]: topology.list },
    })
    const { database } = world
    await noteSettlements(database)
    let isHeld = false
    const traffic = startTraffic(world, createRandom(SEED), () => isHeld)
    const waitsMs: number[] = []
    const untilPending = (isSo: (pending: number) => boolean) =>
      until(
        () => countTurns(database),
        ({ pending }) => isSo(pending),
      )
    for (let kill = 0; kill < KILLS; kill += 1) {
      isHeld = false
      await untilPending((pending) => pending > 0)
      const old = await topology.primary(KEY_PREFIX)
      await old.kill()
      await topology.untilReplaced(old, KEY_PREFIX)
      waitsMs.push(await untilWriting(world))
      await topology.revive(old)
      // Minutes of turns would be more than the fleet works off before the end.
      isHeld = true
      await untilPending((pending) => pending < MOST_PENDING)
    }
    const book = await traffic.stop()
    const { url } = await topology.primary(KEY_PREFIX)
    const violations = await untilAtRest({ ...world, durable: { ...world.durable, url } }, REST_TIMEOUT_MS)
    violations.push(...(await findViolations(world, book)))
    task.meta.report =
      `fault: ${kind}: ${KILLS} primaries killed, writing again within ${Math.round(Math.max(...waitsMs))} ms of a new one being known, ` +
      `${book.recorded.length} turns checked, ${violations.length} violations`
    expect(violations).toEqual([])
  },
)

/** The times until the app writes to Redis and until a worker ends another digest, in ms. */
async function untilWriting({ runtime, database }: World): Promise<number> {
  const startedMs = performance.now()
  const { extracted } = await countTurns(database)
  await Promise.all([
    until(
      () =>
        runtime.redis
          .getConnection()
          .set(`${KEY_PREFIX}-probe`, '1')
          .then(
            () => true,
            () => false,
          ),
      Boolean,
      WRITES_WITHIN_MS,
    ),
    until(
      () => countTurns(database),
      (turns) => turns.extracted > extracted,
      WRITES_WITHIN_MS,
    ),
  ])
  return performance.now() - startedMs
}
