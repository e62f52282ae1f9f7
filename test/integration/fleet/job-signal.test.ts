import { describe, expect, inject, it } from 'vitest'
import { fleetMember } from '../../../workers/fleet/fleet-member.ts'
import type { JobContext } from '../../../workers/fleet/job-context.ts'
import { connectionsTo, heldHandler, type Payload, QUICK, useFleets, work } from '../../helpers/fleet.ts'
import { startTcpProxy } from '../../helpers/services/tcp-proxy.ts'
import { until } from '../../helpers/until.ts'

const { counts, ended, enqueue, queue, redis, serve, start } = useFleets()

/** Resolves when the signal has fired, at that moment. */
const fired = (signal: AbortSignal) =>
  new Promise<number>((resolve) => signal.addEventListener('abort', () => resolve(performance.now())))

/** A handler that obeys its signal, and tells what it was given. */
function obedient() {
  const contexts: JobContext[] = []
  const handler = async (_: Payload, context: JobContext) => {
    contexts.push(context)
    await fired(context.signal)
    context.signal.throwIfAborted()
  }
  const started = (count: number) =>
    until(
      () => contexts.length,
      (seen) => seen >= count,
    )
  return { handler, contexts, started }
}

describe('the signal of a run', () => {
  it('fires with LEASE_LOST before a successor starts, when Redis is frozen for its worker alone', async () => {
    const proxy = await startTcpProxy(inject('redisUrl'))
    const cutOff = connectionsTo(proxy.url)
    const jobLockMs = 1_500
    const first = obedient()
    await start([fleetMember(work, first.handler, 1)], { connection: cutOff.getConnectionForBullMQ(), jobLockMs })
    const id = await enqueue(work, { key: 'a' })
    await first.started(1)
    const firedAtMs = fired(first.contexts[0]?.signal as AbortSignal)
    proxy.freeze()
    const frozenAtMs = performance.now()
    const successor = Promise.withResolvers<number>()
    await start([fleetMember(work, async () => successor.resolve(performance.now()), 1)], { jobLockMs })
    const successorAtMs = await successor.promise
    expect((await firedAtMs) - frozenAtMs).toBeLessThanOrEqual(jobLockMs * 0.9 + 100)
    expect(await firedAtMs).toBeLessThan(successorAtMs)
    expect(first.contexts[0]?.signal.reason).toMatchObject({ code: 'LEASE_LOST' })
    const job = await ended('work', id, 'completed')
    proxy.restore()
    // What the first worker says of the job now is not heard.
    expect(job.attemptsMade).toBe(1)
    await cutOff.disconnect()
    await proxy.stop()
  }, 20_000)

  it('does not fire while the lock can be renewed, however long the job takes', async () => {
    const { handler, runs, started } = heldHandler()
    await start([fleetMember(work, handler, 1)], { jobLockMs: 1_000 })
    const id = await enqueue(work, { key: 'a' })
    await started(1)
    const startedMs = performance.now()
    await until(
      () => performance.now() - startedMs,
      (ms) => ms > 3_500,
    )
    expect(runs[0]?.signal.aborted).toBe(false)
    runs[0]?.finish()
    expect((await ended('work', id, 'completed')).attemptsStarted).toBe(1)
  })

  it('fires with LEASE_LOST as soon as Redis says that the lock is another’s', async () => {
    const { handler, contexts, started } = obedient()
    await start([fleetMember(work, handler, 1)], { jobLockMs: 1_000 })
    const id = await enqueue(work, { key: 'a' })
    await started(1)
    const lost = fired(contexts[0]?.signal as AbortSignal)
    const takenAtMs = performance.now()
    await redis().set(queue('work').toKey(`${id}:lock`), 'another')
    expect((await lost) - takenAtMs).toBeLessThan(600)
    expect(contexts[0]?.signal.reason).toMatchObject({ code: 'LEASE_LOST' })
    await until(
      () => counts('work'),
      ({ active }) => active === 1,
    )
    await redis().del(queue('work').toKey(`${id}:lock`))
    await until(
      () => contexts.length,
      (count) => count === 2,
      10_000,
    )
    expect(contexts[1]?.attempt).toBe(1)
  })

  it('fires with JOB_TIMEOUT when the time of its contract is up, each try having it again', async () => {
    const { handler, contexts } = obedient()
    await serve({ ...work, timeoutMs: 60 }, handler)
    const job = await ended('work', await enqueue(work, { key: 'a' }), 'failed')
    expect(job.attemptsMade).toBe(4)
    expect(job.failedReason).toBe('The job did not end within 60 ms.')
    expect(contexts.map(({ signal }) => signal.reason.code)).toEqual(Array(4).fill('JOB_TIMEOUT'))
  })

  it('ends a job whose handler does not listen, too, and its place is free again', async () => {
    const { handler, runs, started } = heldHandler()
    const once = { ...work, timeoutMs: 30, retry: { ...QUICK, retries: 0 } }
    await serve(once, handler, 1)
    const id = await enqueue(once, { key: 'a' })
    await enqueue(once, { key: 'b' })
    await ended('work', id, 'failed')
    await started(2)
    for (const run of runs) run.finish()
  })
})

describe('a handler', () => {
  it('logs with its queue, its job and its org', async () => {
    const lines: object[] = []
    const note = (fields: object, message: string) => void lines.push({ ...fields, message })
    const log = { debug: note, info: note, warn: note, error: note }
    await start([fleetMember(work, async (_, context) => context.log.info({ n: 1 }, 'hello'), 1)], { log })
    const id = await enqueue(work, { key: 'a', orgId: 'acme' })
    await ended('work', id, 'completed')
    expect(lines).toContainEqual({ queue: 'work', jobId: id, orgId: 'acme', n: 1, message: 'hello' })
  })

  it('does not fail because its progress cannot be told', async () => {
    await serve(work, async (_, { progress, jobId }) => {
      await redis().rename(queue('work').toKey(jobId), queue('work').toKey('away'))
      await progress(1, 2)
      await redis().rename(queue('work').toKey('away'), queue('work').toKey(jobId))
      return 'done'
    })
    expect((await ended('work', await enqueue(work, { key: 'a' }), 'completed')).returnvalue).toBe('done')
  })
})

describe('a worker of the host’s own', () => {
  it('has the same signal as its third parameter, and is drained at no cost of an attempt, to the front', async () => {
    const signals: AbortSignal[] = []
    const fleet = await start([], {
      extra: [
        {
          queue: 'host',
          concurrency: 1,
          processor: async (_job, _token, signal) => {
            signals.push(signal as AbortSignal)
            await fired(signal as AbortSignal)
            throw new Error('whatever it throws')
          },
        },
      ],
    })
    const { id } = await queue('host').add('mail', { to: 'maya' })
    await queue('host').add('mail', { to: 'later' })
    await until(
      () => signals.length,
      (count) => count === 1,
    )
    await fleet.drain(20)
    expect(signals[0]?.reason).toMatchObject({ code: 'SHUTTING_DOWN' })
    const back = await queue('host').getJob(id as string)
    expect([back?.attemptsMade, await back?.getState()]).toEqual([0, 'waiting'])
    const seen: string[] = []
    await start([], {
      extra: [{ queue: 'host', concurrency: 1, processor: async ({ data }) => void seen.push(data.to) }],
    })
    await until(
      () => seen.length,
      (count) => count === 2,
    )
    expect(seen).toEqual(['maya', 'later'])
  })

  it('has no time limit unless it asks for one', async () => {
    const codes: string[] = []
    await start([], {
      extra: [
        {
          queue: 'host',
          concurrency: 1,
          timeoutMs: 30,
          processor: async (_job, _token, signal) => {
            await fired(signal as AbortSignal)
            codes.push((signal as AbortSignal).reason.code)
          },
        },
      ],
    })
    await queue('host').add('mail', {})
    await until(
      () => codes,
      (seen) => seen[0] === 'JOB_TIMEOUT',
    )
  })
})
