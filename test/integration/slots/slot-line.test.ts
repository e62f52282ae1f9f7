import { type Job, Worker } from 'bullmq'
import { afterEach, describe, expect, it } from 'vitest'
import { slotKeys } from '../../../shared/redis/keys.ts'
import { createSlotLine } from '../../../workers/slots/slot-line.ts'
import { useFleets } from '../../helpers/fleet.ts'
import { useSlots } from '../../helpers/slots.ts'

/** The scripts move BullMQ's jobs themselves: here they are held against BullMQ. A new version of it that moves jobs otherwise fails here. */

const fleets = useFleets()
const { prefix, queue, redis } = fleets
useSlots(fleets)
const closes: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closes.splice(0)) await close()
})

const HALF_AN_HOUR_MS = 1_800_000
const share = { key: 'a', limit: 1 }

/** A job that runs, fetched by hand. */
async function running(name: string, options: { priority?: number }): Promise<Job> {
  await queue(name).add('job', { key: 'a' }, options)
  return fetchNext(name)
}

async function fetchNext(name: string): Promise<Job> {
  const connection = redis().duplicate({ maxRetriesPerRequest: null })
  const worker = new Worker(name, null, { connection, prefix: prefix() })
  closes.push(async () => {
    await worker.close()
    await connection.quit()
  })
  return (await worker.getNextJob('token')) as Job
}

/** Another job has the one slot, and runs. */
async function takeTheSlot(holders: string): Promise<void> {
  await redis().del(holders)
  await redis().zadd(holders, Date.now(), 'holder')
  await redis().set(`${prefix()}:work:holder:lock`, 'other')
}

/** All that BullMQ keeps of a queue, without times. */
async function stateOf(name: string) {
  const start = `${prefix()}:${name}:`
  const state: Record<string, unknown> = {}
  for (const key of (await redis().keys(`${start}*`)).sort()) {
    const [type, short] = [await redis().type(key), key.slice(start.length)]
    if (type === 'hash') {
      const { delay, progress, timestamp, processedOn, ...fields } = await redis().hgetall(key)
      state[short] = { ...fields, isDelayed: Number(delay) > 0 }
    } else if (type === 'zset') state[short] = await redis().zrange(key, '0', '-1')
    else if (type === 'list') state[short] = await redis().lrange(key, 0, -1)
    else if (type === 'stream') {
      const entries = await redis().xrange(key, '-', '+')
      state[short] = entries.map(([, fields]) => fields.map((field) => field.replace(/^\d{13}$/, 'time')))
    } else state[short] = await redis().get(key)
  }
  const [score] = (await redis().zrange(`${start}delayed`, '0', '0', 'WITHSCORES')).slice(1)
  return { state, dueInMs: score === undefined ? 0 : Number(score) / 0x1000 - Date.now() }
}

describe('a job', () => {
  it.each([{}, { priority: 3 }])('is parked and promoted as BullMQ delays and promotes one, %o', async (options) => {
    const theirs = await running('host', options)
    const ours = await running('work', options)
    const line = createSlotLine({ redis: redis(), keyPrefix: prefix(), queue: 'work', jobLockMs: HALF_AN_HOUR_MS })
    const [holders] = slotKeys(prefix(), 'work', share.key)
    await takeTheSlot(holders)

    await theirs.moveToDelayed(Date.now() + HALF_AN_HOUR_MS, 'token')
    expect(await line.take(share, ours, 'token')).toBe(false)
    await redis().del(`${prefix()}:work:holder:lock`)
    const [delayed, parked] = [await stateOf('host'), await stateOf('work')]
    expect(parked.state).toEqual(delayed.state)
    expect(parked.dueInMs).toBeGreaterThan(HALF_AN_HOUR_MS - 5_000)
    expect(parked.dueInMs).toBeLessThan(1.25 * HALF_AN_HOUR_MS)

    for (const name of ['host', 'work']) await queue(name).add('job', { key: 'b' }, options)
    await theirs.promote()
    await line.give(share, 'holder', 'other')
    expect((await stateOf('work')).state).toEqual((await stateOf('host')).state)
    expect(await redis().zrange(holders, '0', '-1')).toEqual([ours.id])
  })

  it('of another worker is not parked: its lock says so', async () => {
    const job = await running('work', {})
    const line = createSlotLine({ redis: redis(), keyPrefix: prefix(), queue: 'work', jobLockMs: HALF_AN_HOUR_MS })
    await redis().set(`${prefix()}:work:${job.id}:lock`, 'successor')
    const before = await stateOf('work')
    expect(await line.take(share, job, 'token')).toBe(false)
    expect(await stateOf('work')).toEqual(before)
    expect(await redis().exists(slotKeys(prefix(), 'work', share.key))).toBe(0)
    await redis().set(`${prefix()}:work:${job.id}:lock`, 'token')
  })

  it('has the slot with which it was promoted for one start only', async () => {
    const line = createSlotLine({ redis: redis(), keyPrefix: prefix(), queue: 'work', jobLockMs: HALF_AN_HOUR_MS })
    const [holders] = slotKeys(prefix(), 'work', share.key)
    await takeTheSlot(holders)
    expect(await line.take(share, await running('work', {}), 'token')).toBe(false)
    await redis().del(`${prefix()}:work:holder:lock`)
    await line.give(share, 'holder', 'other')
    // It starts elsewhere, and comes back without the slot.
    await (await fetchNext('work')).moveToWait('token')
    await takeTheSlot(holders)
    expect(await line.take(share, await fetchNext('work'), 'token')).toBe(false)
  })

  it('that waits with its slot is not parked with its followers', async () => {
    const line = createSlotLine({ redis: redis(), keyPrefix: prefix(), queue: 'work', jobLockMs: HALF_AN_HOUR_MS })
    const [first, second] = await queue('work').addBulk([0, 1].map((n) => ({ name: 'job', data: { key: 'a', n } })))
    const [holders] = slotKeys(prefix(), 'work', share.key)
    await redis().zadd(holders, Date.now(), first?.id as string)
    expect(await line.parkWaiting(share, await line.peek(10), 10)).toBe(1)
    expect(await redis().lrange(`${prefix()}:work:wait`, 0, -1)).toEqual([first?.id])
    expect(await redis().zrange(`${prefix()}:work:delayed`, '0', '-1')).toEqual([second?.id])
  })
})
