import { describe, expect, it } from 'vitest'
import { heldHandler, type Payload, useFleets } from '../../helpers/fleet.ts'
import { useSlots, withLimit } from '../../helpers/slots.ts'

/** Jobs from number 100 on let the others of their key go first. */

const fleets = useFleets()
const { counts, serve } = fleets
const { add, jobs, untilCompleted, untilNoKeys, untilParked } = useSlots(fleets)
const from = (first: number, count: number) => Array.from({ length: count }, (_, n) => first + n)

function yielding(limit: number) {
  const contract = withLimit(limit)
  return { ...contract, slots: { ...contract.slots, yields: ({ n = 0 }: Payload) => n >= 100 } }
}

/** Ends the running jobs one after the other; returns the numbers in the order of their starts. */
async function runAll(held: ReturnType<typeof heldHandler>, count: number): Promise<(number | undefined)[]> {
  for (let index = 0; index < count; index += 1) {
    await held.started(index + 1)
    held.runs[index]?.finish()
  }
  await untilCompleted(count)
  return held.runs.map(({ payload }) => payload.n)
}

describe('jobs that yield', () => {
  it('are overtaken by those that come later, but each fifth slot is theirs; both kinds keep their order', async () => {
    const held = heldHandler()
    await serve(yielding(1), held.handler, 4)
    await add('a', from(100, 5))
    await held.started(1)
    await untilParked(4)
    await add('a', from(0, 10))
    await untilParked(14)
    const expected = [100, 0, 1, 2, 3, 101, 4, 5, 6, 7, 102, 8, 9, 103, 104]
    expect(await runAll(held, 15)).toEqual(expected)
    const startsOfAll = (await jobs()).reduce((sum, job) => sum + job.attemptsStarted, 0)
    expect(startsOfAll).toBeLessThanOrEqual(2 * 15)
    await untilNoKeys()
  })

  it('hold up no other where workers are fewer than slots', async () => {
    const held = heldHandler()
    await add('a', from(100, 40))
    await serve(yielding(4), held.handler, 1)
    await held.started(1)
    // All but those with a slot.
    await untilParked(36)
    await add('a', [0])
    await runAll(held, 41)
    const order = held.runs.map(({ payload }) => payload.n)
    // Behind those that had their slots before it came, and as many that got them while it waited to start.
    expect(order.indexOf(0)).toBeLessThanOrEqual(8)
    expect(order.filter((n) => n !== 0)).toEqual(from(100, 40))
    await untilNoKeys()
  })

  it('of one key do not wait for the others of another', async () => {
    const held = heldHandler()
    await serve(yielding(1), held.handler, 4)
    await add('a', [0, 100])
    await held.started(1)
    await untilParked(1)
    await add('b', [100])
    await held.started(2)
    expect(held.runs.map(({ payload }) => `${payload.key}${payload.n}`)).toEqual(['a0', 'b100'])
    expect(await counts('work')).toMatchObject({ active: 2, delayed: 1 })
    await runAll(held, 3)
    await untilNoKeys()
  })
})
