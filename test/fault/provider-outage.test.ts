import { afterEach, expect, inject, it } from 'vitest'
import { QUEUE_NAMES } from '../../queues/catalog.ts'
import { turn } from '../helpers/memory/turns.ts'
import { until } from '../helpers/until.ts'
import { findViolations } from './invariants.ts'
import { untilAtRest } from './rest.ts'
import { noteSettlements } from './settlements.ts'
import type { BookedTurn } from './traffic.ts'
import { startWorld, type World } from './world/world.ts'

const MINUTE_MS = 60_000
const REST_TIMEOUT_MS = 45_000
/** BullMQ keeps the lowest bits of a due time for the order of jobs that are due together. */
const SCORES_PER_MS = 4_096

let world: World
afterEach(() => world.stop())

/** Lets time pass in every process, and wakes what is due by then: BullMQ would sleep on, by timers of its own. */
async function advanceTo({ workers, setAppClock, runtime }: World, offsetMs: number): Promise<void> {
  setAppClock(offsetMs)
  for (const worker of workers) worker.setClock(offsetMs)
  for (const name of QUEUE_NAMES) {
    const queue = runtime.queues.queue(name)
    const due = `(${(Date.now() + offsetMs) * SCORES_PER_MS}`
    const delayed = await runtime.redis.getConnection().zrangebyscore(queue.toKey('delayed'), '-inf', due)
    for (const id of delayed) await (await queue.getJob(id))?.promote().catch(() => {})
    await until(
      () => queue.getJobCounts('waiting', 'active'),
      ({ waiting, active }) => waiting === 0 && active === 0,
    )
  }
}

it('a provider that is down for an hour costs no turn anything, and gets no storm of calls', async () => {
  world = await startWorld({
    workers: ['memory-digest', 'memory-extraction'],
    pgliteTemplateDir: inject('pgliteTemplateDir'),
    config: { digestWindowMs: 15 * MINUTE_MS, digestMaxWaitMs: 60 * MINUTE_MS, retryBackoffMs: 10_000 },
  })
  await noteSettlements(world.database)
  const recorded: BookedTurn[] = []
  const record = async (workstreamId: string, number: number) => {
    const input = turn(number, { workstreamId })
    const begunMs = performance.now()
    await world.runtime.memory.recordTurn(input)
    recorded.push({ input, content: input.messages[0]?.content as string, begunMs, recordedMs: performance.now() })
  }

  world.model.fault({ status: 503, times: Number.POSITIVE_INFINITY })
  for (let minute = 0; minute < 60; minute += 1) {
    await advanceTo(world, minute * MINUTE_MS)
    await record('never quiet', minute)
    if (minute === 0) await record('said at its beginning', 1_000)
    if (minute === 50) await record('said before its end', 1_001)
  }
  const calls = world.model.requestCount('/chat/completions')
  world.model.reset()
  for (let minute = 60; minute <= 90; minute += 1) await advanceTo(world, minute * MINUTE_MS)

  const book = { recorded, refused: [], violations: [] }
  expect([...(await untilAtRest(world, REST_TIMEOUT_MS)), ...(await findViolations(world, book))]).toEqual([])
  const states = await world.database
    .selectFrom('turns')
    .select(({ fn }) => ['workstream_id', 'state', fn.countAll<number>().as('count')])
    .groupBy(['workstream_id', 'state'])
    .orderBy('workstream_id')
    .execute()
  expect(states).toEqual([
    { workstream_id: 'never quiet', state: 'extracted', count: 60 },
    { workstream_id: 'said at its beginning', state: 'extracted', count: 1 },
    { workstream_id: 'said before its end', state: 'extracted', count: 1 },
  ])
  // One workstream was due in that hour, for 45 minutes; the waits grow from ten seconds to ten minutes.
  expect(calls).toBeGreaterThan(4)
  expect(calls).toBeLessThan(20)
})
