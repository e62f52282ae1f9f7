import { afterEach, expect, inject, it } from 'vitest'
import { countTurns } from '../../shared/store/turns/turns.ts'
import { until } from '../helpers/until.ts'
import { runSchedule } from './inject.ts'
import { findViolations } from './invariants.ts'
import { createRandom } from './random.ts'
import { untilAtRest } from './rest.ts'
import { countFaults, formatSchedule, makeSchedule } from './schedule.ts'
import { noteSettlements } from './settlements.ts'
import { startTraffic } from './traffic.ts'
import { THIS_RELEASE } from './world/next-release.ts'
import { startWorld, type World } from './world/world.ts'

/**
 * A rolling deploy and its roll-back: this release and the next one side by side on one store and one Redis, under all faults, then this one
 * alone. The store is migrated first, and wake-ups of the next release have a payload that this one cannot read.
 */

const WORKERS = ['memory-digest', 'memory-digest', 'memory-extraction', 'workers']
const MINUTE_MS = 60_000
const SHORT_MS = 20_000
const REST_TIMEOUT_MS = 120_000
const SEED = Number(process.env.FAULT_SEED || 1)
const DURATION_MS = Number(process.env.FAULT_MINUTES || 0) * MINUTE_MS || SHORT_MS
/** The line that a worker logs of a payload that it cannot read. */
const WAITS_FOR_PROGRAM = 'a job waits for a program that reads its payload'

let world: World
afterEach(() => world.stop())

it('two releases lose, double and bury nothing, and neither does the older one alone afterwards', {
  timeout: 2 * DURATION_MS + 5 * MINUTE_MS,
}, async ({ task }) => {
  world = await startWorld({
    workers: WORKERS,
    pgliteTemplateDir: inject('pgliteTemplateDir'),
    hasNextRelease: true,
  })
  const { workers, nextRelease = THIS_RELEASE, processes, database } = world
  /** Has these workers run a release, one after the other. */
  const roll = async (release: string, chosen = workers) => {
    for (const worker of chosen) {
      await worker.end('SIGTERM')
      worker.release = release
      await worker.start()
    }
  }
  await noteSettlements(database)
  await roll(
    nextRelease,
    workers.filter((_, index) => index % 2 === 0),
  )
  const steps = makeSchedule(SEED, DURATION_MS, WORKERS.length, ['next release'])
  const traffic = startTraffic(world, createRandom(SEED))
  const { violations, halts } = await runSchedule(world, steps)
  await roll(THIS_RELEASE)
  await world.store.end('SIGTERM')
  world.store.release = THIS_RELEASE
  await world.startStore()
  const left = { v: 3, orgId: 'acme', workstreamId: 'none', since: 'next release' }
  await world.runtime.queues.queue('memory-digest').add('memory-digest', left)
  const book = await traffic.stop()

  // Wake-ups of the next release wait for it; this one makes its own.
  const isSettled = await until(
    () => countTurns(database),
    ({ pending }) => pending === 0,
    REST_TIMEOUT_MS,
  ).then(
    () => true,
    () => false,
  )
  if (!isSettled) violations.push('turns are left to the older release alone', ...(await untilAtRest(world, 0)))
  await roll(nextRelease)
  violations.push(...(await untilAtRest(world, REST_TIMEOUT_MS)))
  violations.push(...(await findViolations(world, book, halts)))
  const letters = await database.selectFrom('dead_letters').select(['code', 'reason']).execute()
  const waits = workers.reduce((sum, { name }) => sum + processes.output(name).split(WAITS_FOR_PROGRAM).length - 1, 0)
  if (violations.length > 0) console.error(formatSchedule(steps))
  const { extracted, deadLettered } = await countTurns(database)
  task.meta.report =
    `fault: two releases, seed ${SEED}: ${steps.length} faults (${countFaults(steps)}), ${book.recorded.length} turns checked ` +
    `(${extracted} extracted, ${deadLettered} dead letters), ${waits} waits for the next release, ${violations.length} violations`
  expect(violations).toEqual([])
  expect(letters.filter(({ code }) => code === 'PAYLOAD_INVALID')).toEqual([])
  expect(waits).toBeGreaterThan(0)
})
