import { afterEach } from 'vitest'
import type { SlotPolicy } from '../../queues/slot-policy.ts'
import { type Payload, type useFleets, work } from './fleet.ts'
import { until } from './until.ts'

/** The contract `work`, with so many slots for each key. */
export function withLimit(limit: SlotPolicy<Payload>['limit']) {
  return { ...work, slots: { key: ({ key }: Payload) => key, limit } }
}

/** What tests of slots look at: what Redis has of them, and that it has nothing when no job waits or runs. */
export function useSlots({ redis, prefix, queue, counts, enqueue }: ReturnType<typeof useFleets>) {
  const keysLeft = async () =>
    (await Promise.all([redis().keys(`${prefix()}:slots:*`), redis().keys(`${prefix()}:parked:*`)])).flat()

  afterEach(async () => {
    const left = await keysLeft()
    if (left.length > 0) await redis().del(left)
  })

  return {
    /** Waits until no key of slots is left. */
    untilNoKeys: () => until(keysLeft, (keys) => keys.length === 0),
    async add(key: string, numbers: readonly number[]): Promise<string[]> {
      const ids: string[] = []
      for (const n of numbers) ids.push(await enqueue(work, { key, n }))
      return ids
    },
    untilParked: (count: number, name = 'work') =>
      until(
        async () => ({
          line: await redis().zcard(`${prefix()}:slots:${name}:a:line`),
          delayed: (await counts(name)).delayed,
        }),
        ({ line, delayed }) => line === count && delayed === count,
      ),
    untilCompleted: (count: number, name = 'work') =>
      until(
        () => counts(name),
        ({ completed }) => completed === count,
      ),
    async jobs(name = 'work') {
      return queue(name).getJobs(['completed', 'failed', 'delayed', 'waiting', 'active'])
    },
  }
}
