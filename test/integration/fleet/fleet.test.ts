import { Redis } from 'ioredis'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { defineQueue } from '../../../queues/define-queue.ts'
import { AfterturnError } from '../../../shared/errors.ts'
import { fleetMember } from '../../../workers/fleet/fleet-member.ts'
import { FREE_WAITS } from '../../../workers/fleet/run-job.ts'
import { connectionsTo, heldHandler, once, QUICK, repeated, useFleets, work } from '../../helpers/fleet.ts'
import { startOwnRedis } from '../../helpers/services/redis-server.ts'
import { until } from '../../helpers/until.ts'

const { counts, ended, enqueue, prefix, producerWith, queue, serve, start } = useFleets()

describe('a job', () => {
  it('with a payload that does not fit fails at once, every fault named, and its handler is never called', async () => {
    const { handler, runs } = heldHandler()
    await serve(work, handler)
    const bad = await queue('work').add('work', { key: '', n: 'x', secret: 1 }, { attempts: 4 })
    const job = await ended('work', bad.id as string, 'failed')
    expect(job.failedReason).toMatch(/^PAYLOAD_INVALID: .*3 fault\(s\): key: .*n: .*secret/)
    expect(job.attemptsMade).toBe(1)
    expect(runs).toEqual([])
  })

  it('of a newer version waits for a program that reads it, costs no attempt, and holds up no wake-up of its key', async () => {
    const versioned = defineQueue({ ...once, payload: z.strictObject({ v: z.literal(1), key: z.string() }) })
    const newer = defineQueue({
      name: 'once',
      description: versioned.description,
      deduplicationKey: ({ key }) => key,
      payloadVersion: 2,
      payload: z.strictObject({ v: z.literal(2), key: z.string(), more: z.string() }),
    })
    const seen: unknown[] = []
    const handler = async (given: object) => void seen.push(given)
    const old = await start([fleetMember(versioned, handler, 1)])
    const id = await producerWith(prefix()).enqueue(newer, { v: 2, key: 'a', more: 'b' })
    const waiting = await until(
      () => queue('once').getJob(id),
      (job) => (job?.progress as { waitsFor?: string } | undefined)?.waitsFor !== undefined,
    )
    expect(waiting).toMatchObject({ progress: { waitsFor: 'a worker that reads payloads of version 2' } })
    await ended('once', await producerWith(prefix()).enqueue(versioned, { v: 1, key: 'a' }), 'completed')
    await until(
      () => counts('once'),
      ({ delayed }) => delayed === 1,
    )
    await old.drain(1_000)
    await start([fleetMember(newer, handler, 1)])
    await (await queue('once').getJob(id))?.promote()
    const done = await ended('once', id, 'completed')
    expect(done.attemptsMade).toBe(1)
    expect(seen).toEqual([
      { v: 1, key: 'a' },
      { v: 2, key: 'a', more: 'b' },
    ])
  })

  it('whose payload is no newer version but wrong fails, whatever its number says', async () => {
    await serve(work, async () => {})
    for (const v of [0, 1, 'x', null, 2.5, Number.NaN]) {
      const { id } = await queue('work').add('work', { v, key: '' }, { attempts: 4 })
      expect((await ended('work', id as string, 'failed')).failedReason).toContain('PAYLOAD_INVALID')
    }
  })

  it('that fails is tried four times, and knows which try is the last', async () => {
    const tries: [number, boolean][] = []
    await serve(work, async (_, { attempt, isLastAttempt }) => {
      tries.push([attempt, isLastAttempt])
      throw new AfterturnError('MODEL_UNAVAILABLE', 'down')
    })
    const job = await ended('work', await enqueue(work, { key: 'a' }), 'failed')
    expect(job.attemptsMade).toBe(4)
    expect(tries).toEqual([
      [1, false],
      [2, false],
      [3, false],
      [4, true],
    ])
  })

  it('that a repetition cannot mend is not repeated, and keeps its code', async () => {
    let runs = 0
    await serve(work, async () => {
      runs += 1
      throw new AfterturnError('MODEL_REFUSED', 'no such key')
    })
    const job = await ended('work', await enqueue(work, { key: 'a' }), 'failed')
    expect(job.failedReason).toBe('MODEL_REFUSED: no such key')
    expect(runs).toBe(1)
  })

  it('that is told to wait waits as long, and spends no attempt on it', async () => {
    const starts: { atMs: number; attempt: number }[] = []
    await serve(work, async (_, { attempt }) => {
      starts.push({ atMs: performance.now(), attempt })
      if (starts.length < 7) throw new AfterturnError('MODEL_RATE_LIMITED', 'slow down', { retryAfterMs: 40 })
      return 'done'
    })
    const job = await ended('work', await enqueue(work, { key: 'a' }), 'completed')
    expect(starts.map(({ attempt }) => attempt)).toEqual(starts.map(() => 1))
    for (const [index, { atMs }] of starts.entries())
      if (index > 0) expect(atMs - (starts[index - 1]?.atMs as number)).toBeGreaterThan(35)
    expect(job.attemptsMade).toBe(1)
    expect(job.returnvalue).toBe('done')
  })

  it('that is told to wait again and again spends an attempt at last, and waits as long for the next one', async () => {
    const starts: { atMs: number; attempt: number }[] = []
    await serve({ ...work, retry: { ...QUICK, retries: 1 } }, async (_, { attempt }) => {
      starts.push({ atMs: performance.now(), attempt })
      throw new AfterturnError('MODEL_RATE_LIMITED', 'slow down', { retryAfterMs: 15 })
    })
    const twice = { ...work, retry: { ...QUICK, retries: 1 } }
    const job = await ended('work', await enqueue(twice, { key: 'a' }), 'failed')
    expect(job.attemptsMade).toBe(2)
    expect(job.failedReason).toBe('slow down')
    const ofAttempt = (n: number) => starts.filter(({ attempt }) => attempt === n).length
    expect([starts.length, ofAttempt(1), ofAttempt(2)]).toEqual([2 * FREE_WAITS + 2, FREE_WAITS + 1, FREE_WAITS + 1])
    const waits = starts.slice(1).map(({ atMs }, index) => atMs - (starts[index]?.atMs as number))
    expect(Math.min(...waits)).toBeGreaterThan(12)
  })

  it('backs off by its contract', async () => {
    const starts: number[] = []
    await serve({ ...work, retry: { retries: 3, backoffBaseMs: 60, backoffCapMs: 100, jitter: 0.5 } }, async () => {
      starts.push(performance.now())
      throw new Error('again')
    })
    const slow = { ...work, retry: { ...QUICK } }
    await ended('work', await enqueue(slow, { key: 'a' }), 'failed')
    const waits = starts.slice(1).map((atMs, index) => atMs - (starts[index] as number))
    for (const [index, fullMs] of [60, 100, 100].entries()) {
      expect(waits[index]).toBeGreaterThan(fullMs / 2 - 5)
      expect(waits[index]).toBeLessThan(fullMs + 1_000)
    }
  })

  it('shows how far it is', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    await serve(work, async (_, { progress }) => {
      await progress(3, 7)
      await promise
    })
    const id = await enqueue(work, { key: 'a' })
    await until(
      async () => (await queue('work').getJob(id))?.progress,
      (progress) => JSON.stringify(progress) === '{"done":3,"total":7}',
    )
    resolve()
    await ended('work', id, 'completed')
  })

  it('runs beside as many as its concurrency allows, and no more', async () => {
    const { handler, runs, started } = heldHandler()
    await serve(work, handler, 3)
    for (let n = 0; n < 5; n += 1) await enqueue(work, { key: 'a', n })
    await started(3)
    expect(await counts('work')).toMatchObject({ active: 3, waiting: 2 })
    expect(runs).toHaveLength(3)
    runs[0]?.finish()
    await started(4)
    for (const run of runs) run.finish()
    await started(5)
    runs[4]?.finish()
    await until(
      () => counts('work'),
      ({ completed }) => completed === 5,
    )
  })
})

describe('the same key', () => {
  it('while its job runs is absorbed, and free again when it has ended, well or not', async () => {
    const { handler, runs, started } = heldHandler()
    await serve(once, handler)
    const first = await enqueue(once, { key: 'a' })
    await started(1)
    expect(await enqueue(once, { key: 'a' })).toBe(first)
    runs[0]?.finish()
    await ended('once', first, 'completed')
    const second = await enqueue(once, { key: 'a' })
    await started(2)
    runs[1]?.fail(new AfterturnError('MODEL_REFUSED', 'no'))
    await ended('once', second, 'failed')
    const third = await enqueue(once, { key: 'a' })
    await started(3)
    runs[2]?.finish()
    await ended('once', third, 'completed')
    expect(new Set([first, second, third]).size).toBe(3)
  })

  it('while its job runs leads to exactly one more run after it, where the contract wants that', async () => {
    const { handler, runs, started } = heldHandler()
    await serve(repeated, handler, 4)
    await enqueue(repeated, { key: 'a' })
    await started(1)
    for (let n = 0; n < 5; n += 1) await enqueue(repeated, { key: 'a' })
    expect(runs).toHaveLength(1)
    expect(await counts('repeated')).toMatchObject({ active: 1, waiting: 0 })
    runs[0]?.finish()
    await started(2)
    runs[1]?.finish()
    await until(
      () => counts('repeated'),
      ({ completed, active, waiting }) => completed === 2 && active === 0 && waiting === 0,
    )
    expect(runs).toHaveLength(2)
  })

  it.each(['fails for good', 'goes back to wait'])('is not lost when the running job %s', async (end) => {
    const runs: number[] = []
    const enqueued = Promise.withResolvers<void>()
    const starting = Promise.withResolvers<void>()
    await serve(repeated, async (_, { delayUntil }) => {
      runs.push(performance.now())
      if (runs.length > 1) return
      starting.resolve()
      await enqueued.promise
      if (end === 'goes back to wait') await delayUntil(new Date(Date.now() + 10))
      throw new AfterturnError('MODEL_REFUSED', 'no')
    })
    await enqueue(repeated, { key: 'a' })
    await starting.promise
    await enqueue(repeated, { key: 'a' })
    const enqueuedAtMs = performance.now()
    enqueued.resolve()
    await until(
      () => runs.some((atMs) => atMs > enqueuedAtMs),
      (isRun) => isRun,
    )
    await until(
      () => counts('repeated'),
      ({ active, waiting, delayed }) => active === 0 && waiting === 0 && delayed === 0,
    )
  })
})

describe('a fleet', () => {
  it('leaves no connection behind', async () => {
    const server = await startOwnRedis()
    const own = connectionsTo(server.url)
    await own.connect()
    const fleet = await start([fleetMember(work, async () => {}, 1)], { connection: own.getConnectionForBullMQ() })
    const asking = new Redis(server.url)
    const others = async () => ((await asking.client('LIST')) as string).trim().split('\n').length - 1
    await until(others, (count) => count >= 4)
    await fleet.drain(1_000)
    await own.disconnect()
    await until(others, (count) => count === 0)
    await asking.quit()
    await server.stop()
  })

  it('that fails to start leaves no worker behind', async () => {
    const taken: string[] = []
    const members = [fleetMember(work, async () => void taken.push('left behind'), 1)]
    const extra = [{ queue: 'no:colons', concurrency: 1, processor: async () => {} }]
    await expect(start(members, { extra })).rejects.toThrow('name')
    await serve(work, async () => void taken.push('new'), 1)
    for (let n = 0; n < 20; n += 1) await enqueue(work, { key: 'a', n })
    await until(
      () => taken.length,
      (count) => count === 20,
    )
    expect(new Set(taken)).toEqual(new Set(['new']))
  })

  it.each([0, -1, 1.5, Number.NaN])('with a concurrency of %s does not start', async (concurrency) => {
    await expect(start([fleetMember(once, async () => {}, concurrency)])).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: `Expected a concurrency of 1 or more, got ${concurrency}.`,
    })
  })

  it('runs the host’s own queues beside its members', async () => {
    const fleet = await start([fleetMember(work, async () => 'ours', 1)], {
      extra: [{ queue: 'host', concurrency: 1, processor: async (job) => `host ${job.data.n}` }],
    })
    expect(fleet.queues).toEqual(['work', 'host'])
    const theirs = await queue('host').add('anything', { n: 7 })
    const ours = await enqueue(work, { key: 'a' })
    expect((await ended('host', theirs.id as string, 'completed')).returnvalue).toBe('host 7')
    expect((await ended('work', ours, 'completed')).returnvalue).toBe('ours')
  })

  it('does not meet one with another prefix', async () => {
    const others: string[] = []
    await start([fleetMember(work, async ({ key }) => void others.push(key), 1)], { keyPrefix: `${prefix()}-other` })
    const mine: string[] = []
    await serve(work, async ({ key }) => void mine.push(key))
    const other = producerWith(`${prefix()}-other`)
    await other.enqueue(work, { key: 'theirs' })
    await enqueue(work, { key: 'mine' })
    await until(
      () => mine.length + others.length,
      (count) => count === 2,
    )
    expect([mine, others]).toEqual([['mine'], ['theirs']])
    await other.queue('work').obliterate({ force: true })
    await other.close()
  })

  it('shares the work of a queue with another fleet, each job once', async () => {
    const seen: number[] = []
    for (let n = 0; n < 3; n += 1) await serve(work, async ({ n = -1 }) => void seen.push(n))
    await Promise.all(Array.from({ length: 40 }, (_, n) => enqueue(work, { key: 'a', n })))
    await until(
      () => counts('work'),
      ({ completed }) => completed === 40,
    )
    expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, n) => n))
  })
})
