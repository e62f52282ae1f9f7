import type { Job } from 'bullmq'
import { expect, it } from 'vitest'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'
import { until } from '../../helpers/until.ts'

/** The kill switch and slots together: jobs of a halted org that stand in line, hold a slot, or are cancelled meanwhile. */

const runtimes = useRuntimes(useStore())

it('an org that is halted with jobs in line and on their way goes on with all but the cancelled, one at a time', async () => {
  const orgId = 'acme'
  const starts: number[] = []
  let running = 0
  let mostAtOnce = 0
  const first = Promise.withResolvers<void>()
  const processor = async ({ data }: Job, _token?: string, signal?: AbortSignal) => {
    starts.push(data.n)
    running += 1
    mostAtOnce = Math.max(mostAtOnce, running)
    try {
      if (starts.length > 1) return
      await new Promise((_, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason))
        first.resolve()
      })
    } finally {
      running -= 1
    }
  }
  const slots = { key: ({ data }: Pick<Job, 'data'>) => data.orgId as string, limit: 1 }
  const runtime = await runtimes.start({}, { extraWorkers: [{ queue: 'host', concurrency: 4, processor, slots }] })
  await runtime.startWorkers(['host'])
  const queue = runtime.queues.queue('host')
  const added = await queue.addBulk([0, 1, 2, 3, 4].map((n) => ({ name: 'any', data: { orgId, n } })))
  await first.promise
  await until(
    () => queue.getDelayedCount(),
    (delayed) => delayed === 4,
  )

  await runtime.killSwitch.turnOn({ orgId, by: 'ops' })
  // The one that ran, and the one that was handed its slot.
  const halted = `${runtime.config.redisKeyPrefix}:kill_switch:jobs:${orgId}:host`
  await until(
    () => runtime.redis.getConnection().zcard(halted),
    (count) => count === 2,
  )
  await until(
    () => queue.getDelayedCount(),
    (delayed) => delayed === 5,
  )
  expect(starts).toEqual([0])
  // A halted one and a parked one.
  for (const n of [1, 3])
    expect(await runtime.jobs.cancel({ queue: 'host', jobId: added[n]?.id as string })).toBe('removed')

  await runtime.killSwitch.turnOff({ orgId, by: 'ops' })
  await until(
    () => queue.getCompletedCount(),
    (completed) => completed === 3,
  )
  expect(starts).toEqual([0, 0, 2, 4])
  expect(mostAtOnce).toBe(1)
  const attempts = (await queue.getCompleted()).map(({ attemptsMade }) => attemptsMade)
  expect(attempts).toEqual([1, 1, 1])
  expect(await runtime.redis.getConnection().exists(halted)).toBe(0)
})
