import { expect, it } from 'vitest'
import { SAMPLE_MS, sampled } from '../../shared/store/console/sampled.ts'
import type { Database } from '../../shared/store/database.ts'
import { createTestClock } from '../helpers/loaded-cache.ts'
import { useDatabase } from '../helpers/services/database.ts'

/** A sample that all processes share: read once in its time, by one of them. */

let database: Database
useDatabase((opened) => {
  database = opened
})

it('is taken once, read by all while it is fresh, and by one process at a time', async () => {
  const clock = createTestClock()
  let readings = 0
  const read = async () => ({ readings: ++readings })
  const ask = () => sampled({ database, clock }, 'readings', read)
  const first = await ask()
  expect(first).toEqual({ sampledAt: clock.now(), value: { readings: 1 } })
  clock.advance(SAMPLE_MS - 1)
  expect(await ask()).toEqual(first)
  clock.advance(1)
  const both = await Promise.all([ask(), ask(), ask()])
  expect(readings).toBe(2)
  for (const { value } of both) expect([1, 2]).toContain(value.readings)
  expect((await ask()).value).toEqual({ readings: 2 })
})

it('that cannot be read stays away, and is tried again', async () => {
  const clock = createTestClock()
  const fail = () => sampled({ database, clock }, 'failing', () => Promise.reject(new Error('no Redis')))
  await expect(fail()).rejects.toThrow('no Redis')
  const { value } = await sampled({ database, clock }, 'failing', async () => ({ isBack: true }))
  expect(value).toEqual({ isBack: true })
})
