import { describe, expect, inject, it } from 'vitest'
import { createProducer } from '../../../queues/producer.ts'
import { fleetMember } from '../../../workers/fleet/fleet-member.ts'
import { connectionsTo, heldHandler, useFleets, work } from '../../helpers/fleet.ts'
import { useSlotProcesses } from '../../helpers/processes/slot-processes.ts'
import { startOwnRedis } from '../../helpers/services/redis-server.ts'
import { useSlots, withLimit } from '../../helpers/slots.ts'
import { until } from '../../helpers/until.ts'

const fleets = useFleets()
const { counts, ended, prefix, queue, redis, serve, start } = fleets
const { add, jobs, untilCompleted, untilNoKeys, untilParked } = useSlots(fleets)
const startProcess = useSlotProcesses()

const SHORT_LOCK_MS = 1_000

describe('a slot returns', () => {
  it('when its process is killed: the limit holds meanwhile, and everything runs', async () => {
    const process = startProcess({
      redisUrl: inject('redisUrl'),
      keyPrefix: prefix(),
      limit: 2,
      jobLockMs: SHORT_LOCK_MS,
    })
    await add('a', [0, 1, 2, 3])
    await process.started(2)
    await untilParked(2)
    await process.kill()
    const { handler, runs, started } = heldHandler()
    await start([fleetMember(withLimit(2), handler, 4)], { jobLockMs: SHORT_LOCK_MS })
    await started(2)
    expect((await counts('work')).active).toBe(2)
    for (let n = 0; n < 4; n += 1) {
      await started(n + 1)
      runs[n]?.finish()
    }
    await untilCompleted(4)
    expect(runs.map(({ payload }) => payload.n).sort()).toEqual([0, 1, 2, 3])
    await untilNoKeys()
  })

  it('when the job that was to have it is removed and nobody else is there: the first in line wakes by itself', async () => {
    const { handler, runs, started } = heldHandler()
    await start([fleetMember(withLimit(1), handler, 4)], { jobLockMs: SHORT_LOCK_MS })
    const [, second] = await add('a', [0, 1, 2])
    await started(1)
    await untilParked(2)
    await queue('work').pause()
    runs[0]?.finish()
    await untilParked(1)
    await (await queue('work').getJob(second as string))?.remove()
    await queue('work').resume()
    await started(2)
    expect(runs[1]?.payload.n).toBe(2)
    runs[1]?.finish()
    await untilCompleted(2)
    await untilNoKeys()
  })

  it('when a run fails; the retry waits for a slot again, before those that came later', async () => {
    const { handler, runs, started } = heldHandler()
    await serve(withLimit(1), handler, 4)
    const ids = await add('a', [0, 1, 2])
    await started(1)
    await untilParked(2)
    runs[0]?.finish()
    await started(2)
    runs[1]?.fail(new Error('again'))
    await started(3)
    // The failed one is due after some ms, and stands in line before the next is given the slot.
    await until(
      async () => (await queue('work').getJob(ids[1] as string))?.attemptsStarted,
      (starts) => starts === 3,
    )
    await add('a', [3])
    await untilParked(2)
    runs[2]?.finish()
    await started(4)
    runs[3]?.finish()
    await started(5)
    runs[4]?.finish()
    await untilCompleted(4)
    expect(runs.map(({ payload }) => payload.n)).toEqual([0, 1, 2, 1, 3])
    expect((await ended('work', ids[1] as string, 'completed')).attemptsMade).toBe(2)
    await untilNoKeys()
  })
})

describe('parked jobs', () => {
  it('that are removed are skipped', async () => {
    const { handler, runs, started } = heldHandler()
    await serve(withLimit(1), handler, 4)
    const ids = await add('a', [0, 1, 2, 3, 4])
    await started(1)
    await untilParked(4)
    for (const id of [ids[1], ids[2], ids[4]]) await (await queue('work').getJob(id as string))?.remove()
    runs[0]?.finish()
    await started(2)
    expect(runs[1]?.payload.n).toBe(3)
    runs[1]?.finish()
    await untilCompleted(2)
    await untilNoKeys()
  })

  it('stay where they are when the fleet drains, and a drain costs no job an attempt', async () => {
    const { handler, runs, started } = heldHandler()
    const fleet = await serve(withLimit(1), handler, 4)
    await add('a', [0, 1, 2, 3])
    await started(1)
    await untilParked(3)
    runs[0]?.signal.addEventListener('abort', () => runs[0]?.fail(new Error('stopped')))
    await fleet.drain(10)
    expect(await counts('work')).toMatchObject({ active: 0, failed: 0 })
    const order: unknown[] = []
    await serve(withLimit(1), async ({ n }) => void order.push(n), 4)
    await untilCompleted(4)
    expect([...order].sort()).toEqual([0, 1, 2, 3])
    expect((await jobs()).map(({ attemptsMade }) => attemptsMade)).toEqual([1, 1, 1, 1])
    await untilNoKeys()
  })

  it('that are handed a slot while the fleet drains start at once in another', async () => {
    const { handler, runs, started } = heldHandler()
    const fleet = await serve(withLimit(1), handler, 4)
    await add('a', [0, 1, 2])
    await started(1)
    await untilParked(2)
    const draining = fleet.drain(60_000)
    runs[0]?.finish()
    await draining
    expect(await counts('work')).toMatchObject({ active: 0, waiting: 1, delayed: 1, completed: 1 })
    await serve(withLimit(1), handler, 4)
    for (const n of [1, 2]) {
      await started(n + 1)
      runs[n]?.finish()
    }
    await untilCompleted(3)
    expect(runs.map(({ payload }) => payload.n)).toEqual([0, 1, 2])
    expect((await jobs()).map(({ attemptsMade }) => attemptsMade)).toEqual([1, 1, 1])
    await untilNoKeys()
  })

  it('that are cancelled, in line or just promoted, leave their place and their slot to the next', async () => {
    const { handler, runs, started } = heldHandler()
    await start([fleetMember(withLimit(1), handler, 4)], { jobLockMs: SHORT_LOCK_MS })
    const ids = await add('a', [0, 1, 2, 3])
    await started(1)
    await untilParked(3)
    expect(await fleets.jobs().cancel({ queue: 'work', jobId: ids[2] as string })).toBe('removed')
    // What is promoted waits.
    await queue('work').pause()
    runs[0]?.finish()
    await until(
      async () => (await queue('work').getJob(ids[1] as string))?.getState(),
      (state) => state === 'waiting',
    )
    expect(await fleets.jobs().cancel({ queue: 'work', jobId: ids[1] as string })).toBe('removed')
    await queue('work').resume()
    await started(2)
    expect(runs[1]?.payload.n).toBe(3)
    runs[1]?.finish()
    await untilCompleted(2)
    await untilNoKeys()
  })

  it('come back by their own wake-up when their line is lost', async () => {
    const { handler, runs, started } = heldHandler()
    await serve(withLimit(1), handler, 4)
    const ids = await add('a', [0, 1, 2])
    await started(1)
    await untilParked(2)
    await redis().del(await redis().keys(`${prefix()}:slots:*`))
    // In place of half an hour.
    for (const id of ids.slice(1)) await (await queue('work').getJob(id))?.promote()
    await started(2)
    await untilParked(1)
    for (const n of [0, 1, 2]) {
      await started(n + 1)
      runs[n]?.finish()
    }
    await untilCompleted(3)
    await untilNoKeys()
  })

  it('that somebody promotes by hand go back to their place', async () => {
    const { handler, runs, started } = heldHandler()
    await serve(withLimit(1), handler, 4)
    const ids = await add('a', [0, 1, 2])
    await started(1)
    await untilParked(2)
    await (await queue('work').getJob(ids[2] as string))?.promote()
    await until(
      async () => (await queue('work').getJob(ids[2] as string))?.attemptsStarted,
      (starts) => starts !== undefined && starts > 0,
    )
    await untilParked(2)
    for (const n of [0, 1, 2]) {
      await started(n + 1)
      expect(runs[n]?.payload.n).toBe(n)
      runs[n]?.finish()
    }
    await untilCompleted(3)
    await untilNoKeys()
  })
})

describe('a Redis that starts empty', () => {
  it('heals: what is enqueued again runs, while old runs still end', async () => {
    const server = await startOwnRedis()
    const own = connectionsTo(server.url)
    await own.connect()
    const producer = createProducer(
      { connection: own.getConnectionForProducers(), keyPrefix: prefix(), timeoutMs: 2_000 },
      ['work'],
    )
    const { handler, runs, started } = heldHandler()
    await start([fleetMember(withLimit(2), handler, 8)], { connection: own.getConnectionForBullMQ() })
    try {
      for (let n = 0; n < 6; n += 1) await producer.enqueue(work, { key: 'a', n })
      await started(2)
      await until(
        () => producer.queue('work').getDelayedCount(),
        (delayed) => delayed === 4,
      )
      await own.getConnection().flushall()
      for (let n = 0; n < 6; n += 1) await producer.enqueue(work, { key: 'a', n })
      for (let run = 0; run < 8; run += 1) {
        await started(run + 1)
        runs[run]?.finish()
      }
      await until(
        () => producer.queue('work').getCompletedCount(),
        (completed) => completed === 6,
      )
      await until(
        () => own.getConnection().keys('*:slots:*'),
        (keys) => keys.length === 0,
      )
    } finally {
      await producer.close()
      await own.disconnect()
      await server.stop()
    }
  })
})
