import { describe, expect, it } from 'vitest'
import { fleetMember } from '../../../workers/fleet/fleet-member.ts'
import { heldHandler, once, repeated, useFleets, work } from '../../helpers/fleet.ts'
import { until } from '../../helpers/until.ts'

const { counts, ended, enqueue, jobs, prefix, queue, redis, serve, start } = useFleets()

const requests = () => redis().keys(`${prefix()}:cancel:*`)

describe('cancelling a job', () => {
  it.each([
    ['waits', {}],
    ['is delayed', { delay: 60_000 }],
    ['waits with a priority', { priority: 3 }],
  ])('that %s removes it; no worker ever sees it', async (_, options) => {
    const { id = '' } = await queue('work').add('work', { key: 'a' }, options)
    expect(await jobs().cancel({ queue: 'work', jobId: id })).toBe('removed')
    expect(await queue('work').getJob(id)).toBeUndefined()
    const { handler, runs } = heldHandler()
    await serve(work, handler)
    await enqueue(work, { key: 'b' })
    await until(
      () => runs.length,
      (count) => count === 1,
    )
    expect(runs[0]?.payload).toEqual({ key: 'b' })
    runs[0]?.finish()
  })

  it('that waits frees its key', async () => {
    const id = await enqueue(once, { key: 'a' })
    await jobs().cancel({ queue: 'once', jobId: id })
    expect(await enqueue(once, { key: 'a' })).not.toBe(id)
  })

  it('that runs tells it within a second; it fails with JOB_CANCELLED and is not tried again', async () => {
    const { handler, runs, started } = heldHandler()
    await serve(work, handler)
    const id = await enqueue(work, { key: 'a' })
    const other = await enqueue(work, { key: 'b' })
    await started(2)
    const run = runs.find(({ payload }) => payload.key === 'a')
    const askedAtMs = performance.now()
    const told = new Promise<number>((resolve) =>
      run?.signal.addEventListener('abort', () => {
        resolve(performance.now())
        run.fail(new Error('obeys'))
      }),
    )
    expect(await jobs().cancel({ queue: 'work', jobId: id })).toBe('stopped')
    expect((await told) - askedAtMs).toBeLessThan(1_000)
    expect(run?.signal.reason).toMatchObject({ code: 'JOB_CANCELLED' })
    const job = await ended('work', id, 'failed')
    expect([job.attemptsMade, job.failedReason]).toEqual([1, 'JOB_CANCELLED: Somebody cancelled the job.'])
    expect(runs).toHaveLength(2)
    expect(runs.find(({ payload }) => payload.key === 'b')?.signal.aborted).toBe(false)
    for (const one of runs) one.finish()
    await ended('work', other, 'completed')
    expect(await requests()).toEqual([])
  })

  it('that runs and does not listen answers in time; it fails all the same, and can be retried', async () => {
    const { handler, runs, started } = heldHandler()
    await serve(work, handler)
    const id = await enqueue(work, { key: 'a' })
    await started(1)
    const startedMs = performance.now()
    expect(await jobs().cancel({ queue: 'work', jobId: id })).toBe('told')
    expect(performance.now() - startedMs).toBeLessThan(2_000)
    await ended('work', id, 'failed')
    await until(requests, (keys) => keys.length === 0)
    await (await queue('work').getJob(id))?.retry()
    await started(2)
    runs[1]?.finish()
    await ended('work', id, 'completed')
    runs[0]?.finish()
  })

  it('that goes back to wait at that moment removes it there', async () => {
    const id = await enqueue(work, { key: 'a' })
    await serve(work, async (_, { delayUntil, signal }) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      await delayUntil(new Date(Date.now() + 60_000))
    })
    await until(
      () => counts('work'),
      ({ active }) => active === 1,
    )
    expect(await jobs().cancel({ queue: 'work', jobId: id })).toBe('removed')
    expect(await requests()).toEqual([])
  })

  it('whose worker died is heard by its successor', async () => {
    const jobLockMs = 1_000
    const dead = await start([], {
      extra: [{ queue: 'work', concurrency: 1, processor: () => new Promise(() => {}) }],
      jobLockMs,
    })
    const id = await enqueue(work, { key: 'a' })
    await until(
      () => counts('work'),
      ({ active }) => active === 1,
    )
    await dead.drain(0)
    expect(await jobs().cancel({ queue: 'work', jobId: id })).toBe('told')
    const { handler, runs, started } = heldHandler()
    await start([fleetMember(work, handler, 1)], { jobLockMs })
    await started(1)
    runs[0]?.signal.addEventListener('abort', () => runs[0]?.fail(new Error('obeys')))
    expect((await ended('work', id, 'failed')).failedReason).toContain('JOB_CANCELLED')
  }, 20_000)

  it.each(['nobody', '', '1:2'])('with the id %j, which nobody has, is JOB_UNKNOWN', async (id) => {
    await expect(jobs().cancel({ queue: 'work', jobId: id })).rejects.toMatchObject({
      code: 'JOB_UNKNOWN',
      recorded: 'no',
    })
    expect(await requests()).toEqual([])
  })

  it.each(['completed', 'failed'] as const)('that has %s is JOB_UNKNOWN, and changes nothing', async (how) => {
    await serve({ ...work, retry: { ...work.retry, retries: 0 } }, async () => {
      if (how === 'failed') throw new Error('no')
      return 'done'
    })
    const { id = '' } = await queue('work').add('work', { key: 'a' })
    await ended('work', id, how)
    const stored = () => redis().hgetall(queue('work').toKey(id))
    const before = await stored()
    await expect(jobs().cancel({ queue: 'work', jobId: id })).rejects.toMatchObject({
      code: 'JOB_UNKNOWN',
      message: expect.stringContaining(how),
    })
    expect(await stored()).toEqual(before)
    expect(await requests()).toEqual([])
  })

  it('of a queue that nobody serves is QUEUE_UNKNOWN', async () => {
    await expect(jobs().cancel({ queue: 'nobody', jobId: '1' })).rejects.toMatchObject({ code: 'QUEUE_UNKNOWN' })
  })

  it('leaves the run that was asked for meanwhile', async () => {
    const { handler, runs, started } = heldHandler()
    await serve(repeated, handler)
    const id = await enqueue(repeated, { key: 'a' })
    await started(1)
    await enqueue(repeated, { key: 'a' })
    runs[0]?.signal.addEventListener('abort', () => runs[0]?.fail(new Error('obeys')))
    await jobs().cancel({ queue: 'repeated', jobId: id })
    await started(2)
    expect(runs[1]?.signal.aborted).toBe(false)
    runs[1]?.finish()
  })
})
