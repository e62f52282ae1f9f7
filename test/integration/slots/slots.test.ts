import type { Job } from 'bullmq'
import { describe, expect, it } from 'vitest'
import { readParked } from '../../../queues/state/parked-jobs.ts'
import type { Handler } from '../../../workers/fleet/job-context.ts'
import { heldHandler, type Payload, useFleets, work } from '../../helpers/fleet.ts'
import { useSlots, withLimit } from '../../helpers/slots.ts'
import { until } from '../../helpers/until.ts'

const fleets = useFleets()
const { counts, ended, enqueue, queue, redis, serve, start } = fleets
const { add, jobs, untilCompleted, untilNoKeys, untilParked } = useSlots(fleets)
const upTo = (count: number) => Array.from({ length: count }, (_, n) => n)

/** A handler that takes a moment, and counts how many of a key run at once. */
function countingHandler() {
  const starts: Payload[] = []
  const running = new Map<string, number>()
  const mostAtOnce = new Map<string, number>()
  const handler: Handler<Payload> = async (given) => {
    starts.push(given)
    const atOnce = (running.get(given.key) ?? 0) + 1
    running.set(given.key, atOnce)
    mostAtOnce.set(given.key, Math.max(atOnce, mostAtOnce.get(given.key) ?? 0))
    await new Promise((resolve) => setTimeout(resolve, 5))
    running.set(given.key, (running.get(given.key) as number) - 1)
  }
  return {
    handler,
    starts,
    mostAtOnce,
    numbers: (key: string) => starts.filter((one) => one.key === key).map((one) => one.n),
  }
}

describe('jobs of one key', () => {
  it('never run in greater number than its limit, over three fleets, and all run once', async () => {
    const { handler, starts, mostAtOnce } = countingHandler()
    await Promise.all(upTo(3).map(() => serve(withLimit(3), handler, 4)))
    await Promise.all([add('a', upTo(80)), add('b', upTo(40))])
    await untilCompleted(120)
    expect(Object.fromEntries(mostAtOnce)).toEqual({ a: 3, b: 3 })
    expect(starts).toHaveLength(120)
    await untilNoKeys()
  })

  it.each([1, 4])('start in their order, %i at once, at two starts each', async (limit) => {
    const { handler, numbers } = countingHandler()
    await add('a', upTo(120))
    await serve(withLimit(limit), handler, 8)
    await untilCompleted(120)
    expect(numbers('a')).toEqual(upTo(120))
    const startsOfAll = (await jobs()).reduce((sum, job) => sum + job.attemptsStarted, 0)
    expect(startsOfAll).toBeLessThanOrEqual(2 * 120)
    await untilNoKeys()
  })

  it('keep their order over three fleets, from when they wait', async () => {
    const first = Promise.withResolvers<void>()
    const { handler, numbers } = countingHandler()
    const waiting: Handler<Payload> = async (given, context) => {
      if (given.n === 0) await first.promise
      await handler(given, context)
    }
    await Promise.all(upTo(3).map(() => serve(withLimit(1), waiting, 4)))
    const [id] = await add('a', [0])
    await until(
      async () => (await queue('work').getJob(id as string))?.getState(),
      (state) => state === 'active',
    )
    await add('a', upTo(60).slice(1))
    await untilParked(59)
    first.resolve()
    await untilCompleted(60)
    expect(numbers('a')).toEqual(upTo(60))
    await untilNoKeys()
  })

  it('that come later do not overtake those that are parked', async () => {
    const { handler, runs, started } = heldHandler()
    await serve(withLimit(1), handler, 4)
    await add('a', [0, 1, 2])
    await started(1)
    await untilParked(2)
    await add('a', [3])
    runs[0]?.finish()
    for (const n of [1, 2, 3]) {
      await started(n + 1)
      expect(runs[n]?.payload.n).toBe(n)
      runs[n]?.finish()
    }
    await untilCompleted(4)
    await untilNoKeys()
  })

  it('when they are parked hold no worker: another key starts at once', async () => {
    const { handler, runs, started } = heldHandler()
    await serve(withLimit(2), handler, 4)
    await add('a', upTo(100))
    await started(2)
    await add('b', [0, 1])
    await started(4)
    expect(runs.map(({ payload }) => payload.key)).toEqual(['a', 'a', 'b', 'b'])
    await untilParked(98)
    expect(await counts('work')).toMatchObject({ active: 4, waiting: 0 })
    // Otherwise the next ones run too.
    await queue('work').pause()
    for (const run of runs) run.finish()
  })

  it('are parked together when they wait one behind the other: most start once', async () => {
    const { handler, mostAtOnce, numbers } = countingHandler()
    await Promise.all(
      upTo(20).map((n) =>
        add(
          n < 18 ? 'a' : 'b',
          upTo(20).map((i) => 20 * n + i),
        ),
      ),
    )
    await serve(withLimit(4), handler, 8)
    await untilCompleted(400)
    expect(Object.fromEntries(mostAtOnce)).toEqual({ a: 4, b: 4 })
    expect(numbers('a')).toHaveLength(360)
    const startsOfAll = (await jobs()).reduce((sum, job) => sum + job.attemptsStarted, 0)
    expect(startsOfAll).toBeLessThan(1.5 * 400)
    await untilNoKeys()
  })

  it('keep their priority', async () => {
    const { handler, runs, started } = heldHandler()
    await serve(withLimit(1), handler, 4)
    for (const n of upTo(3)) await queue('work').add('work', { key: 'a', n }, { priority: 5 })
    await started(1)
    await untilParked(2)
    for (const n of upTo(3)) {
      await started(n + 1)
      runs[n]?.finish()
    }
    await untilCompleted(3)
    expect((await jobs()).map(({ priority }) => priority)).toEqual([5, 5, 5])
    await untilNoKeys()
  })
})

describe('why a job waits', () => {
  it('is shown on the job until it has its slot, and counted by key', async () => {
    const { handler, runs, started } = heldHandler()
    await serve(withLimit(1), handler, 4)
    const [, second, third] = await add('a', [0, 1, 2])
    await started(1)
    await untilParked(2)
    const waiting = { waitsFor: 'one of the 1 slot(s) of a' }
    expect((await queue('work').getJob(second as string))?.progress).toEqual(waiting)
    expect(await readParked(queue('work'))).toEqual(new Map([['a', 2]]))
    runs[0]?.finish()
    await started(2)
    expect((await queue('work').getJob(second as string))?.progress).toBe(0)
    expect((await queue('work').getJob(third as string))?.progress).toEqual(waiting)
    expect(await readParked(queue('work'))).toEqual(new Map([['a', 1]]))
    runs[1]?.finish()
    await started(3)
    runs[2]?.finish()
    await untilCompleted(3)
    expect(await readParked(queue('work'))).toEqual(new Map())
    await untilNoKeys()
  })
})

describe('a limit', () => {
  it('may differ by key, and change', async () => {
    const limits: Record<string, number> = { a: 1, b: 3 }
    const { handler, runs, started } = heldHandler()
    await serve(
      withLimit(async (key) => limits[key] as number),
      handler,
      8,
    )
    await add('a', upTo(4))
    await add('b', upTo(4))
    await started(4)
    expect(runs.map(({ payload }) => payload.key).sort()).toEqual(['a', 'b', 'b', 'b'])
    limits.a = 2
    await add('a', [4])
    await started(5)
    expect(runs[4]?.payload).toEqual({ key: 'a', n: 1 })
    limits.b = 1
    await queue('work').pause()
    for (const run of runs) run.finish()
  })

  it('that is lowered while it is full holds for all that start after that, those that are given a slot too', async () => {
    let limit = 3
    const { handler, runs, started } = heldHandler()
    await serve(
      withLimit(() => limit),
      handler,
      8,
    )
    const ids = await add('a', upTo(6))
    await started(3)
    await untilParked(3)
    limit = 1
    for (const [ended, run] of runs.slice(0, 2).entries()) {
      run.finish()
      // The one that is handed the slot starts, and finds that there is none for it.
      await until(
        async () => (await queue('work').getJob(ids[3] as string))?.attemptsStarted,
        (starts) => starts === 2 + ended,
      )
      await untilParked(3)
      expect(runs).toHaveLength(3)
    }
    runs[2]?.finish()
    for (const n of [3, 4, 5]) {
      await started(n + 1)
      // A slot is handed on before its job counts as completed.
      await until(
        () => counts('work'),
        ({ active, delayed }) => active === 1 && delayed === 5 - n,
      )
      expect(runs).toHaveLength(n + 1)
      expect(runs[n]?.payload.n).toBe(n)
      runs[n]?.finish()
    }
    await untilCompleted(6)
    await untilNoKeys()
  })

  it.each([0, -1, Number.NaN, 1.5, Number.POSITIVE_INFINITY])(
    'of %d is refused, and changes nothing',
    async (limit) => {
      const refusal = { code: 'CONFIG_INVALID', message: `Expected a limit of slots of 1 or more, got ${limit}.` }
      await add('a', [0])
      await expect(serve(withLimit(limit), async () => {})).rejects.toMatchObject(refusal)
      const extra = { queue: 'host', concurrency: 1, processor: async () => {}, slots: { key: () => 'a', limit } }
      await expect(start([], { extra: [extra] })).rejects.toMatchObject(refusal)
      expect(await counts('work')).toMatchObject({ waiting: 1, completed: 0, failed: 0 })
      await untilNoKeys()
    },
  )

  it('that turns out to be none fails the job, tells why, and leaves no trace', async () => {
    const { handler, runs } = heldHandler()
    await serve(
      withLimit(() => 0),
      handler,
    )
    const job = await ended('work', await enqueue(work, { key: 'a' }), 'failed')
    expect(job.failedReason).toBe('Expected a limit of slots for "a" of 1 or more, got 0.')
    expect(runs).toEqual([])
    await untilNoKeys()
  })
})

describe('a queue of the host', () => {
  it('has slots too, by a key from the job', async () => {
    const { handler, mostAtOnce, numbers } = countingHandler()
    const host = {
      queue: 'host',
      concurrency: 8,
      processor: async ({ data }: { data: Payload }) => handler(data, undefined as never),
      slots: { key: ({ data }: { data: Payload }) => data.key, limit: 2 },
    }
    await queue('host').addBulk(upTo(40).map((n) => ({ name: 'any', data: { key: 'a', n } })))
    await start([], { extra: [host] })
    await untilCompleted(40, 'host')
    expect(mostAtOnce.get('a')).toBe(2)
    expect(numbers('a')).toEqual(upTo(40))
    await untilNoKeys()
  })

  it.each([
    [
      ({ data }: { data: { org?: { id: string } } }) => (data.org as { id: string }).id,
      /its function threw "TypeError: .*'id'/,
    ],
    [({ data }: { data: { n: number } }) => data.n as unknown as string, /expected a key .* got 0\.$/i],
    [() => '', /got ""\.$/],
  ])('whose key cannot be told fails the job, tells why, and holds up no other', async (key, reason) => {
    const { handler, runs, started } = heldHandler()
    const host = {
      queue: 'host',
      concurrency: 4,
      processor: async ({ data }: { data: Payload }) => handler(data, {} as never),
      slots: { key: (job: Pick<Job, 'data'>) => (job.data.key === 'b' ? 'b' : key(job)), limit: 1 },
    }
    const [bad] = await queue('host').addBulk(['a', 'b'].map((key, n) => ({ name: 'any', data: { key, n } })))
    await start([], { extra: [host] })
    expect((await ended('host', bad?.id as string, 'failed')).failedReason).toMatch(reason)
    await started(1)
    expect(runs.map(({ payload }) => payload.key)).toEqual(['b'])
    runs[0]?.finish()
    await untilCompleted(1, 'host')
    await untilNoKeys()
  })

  it('runs jobs that name no key without a slot', async () => {
    const { handler, runs, started } = heldHandler()
    const host = {
      queue: 'host',
      concurrency: 4,
      processor: async ({ data }: { data: Payload }) => handler(data, {} as never),
      slots: { key: ({ data }: { data: { orgId?: string } }) => data.orgId, limit: 1 },
    }
    await queue('host').addBulk(upTo(4).map((n) => ({ name: 'any', data: { key: 'a', n } })))
    await start([], { extra: [host] })
    await started(4)
    expect(await redis().keys(`${fleets.prefix()}:slots:*`)).toEqual([])
    for (const run of runs) run.finish()
    await untilCompleted(4, 'host')
  })
})
