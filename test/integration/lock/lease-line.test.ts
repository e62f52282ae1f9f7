import { DelayedError, type Queue } from 'bullmq'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { systemClock } from '../../../shared/clock.ts'
import { silentLog } from '../../../shared/observe/log.ts'
import { takeLineLease } from '../../../workers/control/lease-line.ts'
import type { JobContext } from '../../../workers/fleet/job-context.ts'
import { startOwnRedis } from '../../helpers/services/redis-server.ts'
import { skipPauses } from '../../helpers/skipped-pauses.ts'

let server: Awaited<ReturnType<typeof startOwnRedis>>
let redis: Redis
beforeAll(async () => {
  server = await startOwnRedis()
  redis = new Redis(server.url)
})
afterAll(async () => {
  await redis.quit()
  await server.stop()
})

function contextOf(jobId: string): JobContext {
  return {
    jobId,
    queue: 'memory-digest',
    attempt: 1,
    isLastAttempt: false,
    signal: new AbortController().signal,
    clock: systemClock,
    log: silentLog,
    progress: async () => {},
    delayUntil: () => Promise.reject(new DelayedError('in line')),
  }
}

it('wakes the jobs in line although Redis fails over meanwhile, and each of them once', async () => {
  const woken: string[] = []
  let refusals = 2
  const services = {
    config: { jobLockMs: 30_000 },
    redis,
    queues: {
      async ask<T>(_: string, question: (queue: Queue) => Promise<T>): Promise<T> {
        if (refusals-- > 0) throw new Error('the server is a replica now')
        const getJob = async (id: string) => void woken.push(id)
        return question({ getJob } as unknown as Queue)
      },
    },
  }
  const lease = await takeLineLease(services, 'lease', contextOf('first'), 1)
  for (const id of ['second', 'third'])
    await expect(takeLineLease(services, 'lease', contextOf(id), 1)).rejects.toThrow('in line')
  const { zrem } = redis
  const lost = vi.spyOn(redis, 'zrem').mockImplementationOnce(async (...args) => {
    await zrem.apply(redis, args as never)
    throw new Error('the answer is lost')
  })
  await lease.end(1)
  expect(woken.sort()).toEqual(['second', 'third'])
  expect(await redis.zcard('lease:line')).toBe(0)
  lost.mockRestore()
})

it('is left by a job that comes back by itself, and every job in it comes back within a minute', async () => {
  const services = { config: { jobLockMs: 30_000 }, redis, queues: { ask: () => Promise.reject(new Error('nobody')) } }
  const holder = await takeLineLease(services, 'left', contextOf('first'), 1)
  const waits: number[] = []
  const delayed = (id: string) => ({
    ...contextOf(id),
    delayUntil(time: Date) {
      waits.push(time.getTime() - Date.now())
      return Promise.reject(new DelayedError('in line'))
    },
  })
  for (const id of ['second', 'third', 'fourth'])
    await expect(takeLineLease(services, 'left', delayed(id), 1)).rejects.toThrow('in line')
  expect(Math.max(...waits)).toBeLessThanOrEqual(62_000)
  // The holder dies: it ends nothing, and its lease runs out.
  await redis.del('left')
  const successor = await takeLineLease(services, 'left', contextOf('third'), 1)
  expect(await redis.zrange('left:line', '0', '-1')).toEqual(['memory-digest fourth', 'memory-digest second'])
  await redis.del('left:line')
  await Promise.all([holder.end(1), successor.end(1)])
})

it('holds no place for a start that has lost its job, and no lease for one that cannot go on', async () => {
  const services = { config: { jobLockMs: 30_000 }, redis, queues: { ask: () => Promise.reject(new Error('nobody')) } }
  const holder = await takeLineLease(services, 'lost', contextOf('first'), 1)
  const delayUntil = () => Promise.reject(new Error('Missing lock for job second'))
  await expect(takeLineLease(services, 'lost', { ...contextOf('second'), delayUntil }, 1)).rejects.toThrow(
    'Missing lock',
  )
  expect(await redis.zcard('lost:line')).toBe(0)
  await holder.end(1)
  const refused = vi.spyOn(redis, 'zrem').mockRejectedValueOnce(new Error('the server is a replica now'))
  await expect(takeLineLease(services, 'lost', contextOf('third'), 1)).rejects.toThrow('a replica')
  refused.mockRestore()
  expect(await redis.exists('lost')).toBe(0)
})

it('holds no place for a start that Redis failed after it had lined up', async () => {
  const services = { config: { jobLockMs: 30_000 }, redis, queues: { ask: () => Promise.reject(new Error('nobody')) } }
  const holder = await takeLineLease(services, 'failed', contextOf('first'), 1)
  const commands = redis as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>
  for (const command of ['get', 'zrange', 'pttl']) {
    const original = commands[command]
    const failing = vi.spyOn(commands, command).mockImplementation(async (...args) => {
      if ((await redis.zcard('failed:line')) > 0) throw new Error(`no answer to ${command}`)
      return original?.apply(redis, args)
    })
    await expect(takeLineLease(services, 'failed', contextOf('second'), 1)).rejects.toThrow(`no answer to ${command}`)
    failing.mockRestore()
    expect(await redis.zcard('failed:line')).toBe(0)
  }
  await holder.end(1)
})

it('says why a start failed although Redis does not let it leave the line either', async () => {
  const services = { config: { jobLockMs: 30_000 }, redis, queues: { ask: () => Promise.reject(new Error('nobody')) } }
  const holder = await takeLineLease(services, 'told', contextOf('first'), 1)
  skipPauses()
  const failing = vi.spyOn(redis, 'zrem').mockRejectedValue(new Error('the server is a replica now'))
  const delayUntil = () => Promise.reject(new Error('Missing lock for job second'))
  await expect(takeLineLease(services, 'told', { ...contextOf('second'), delayUntil }, 1)).rejects.toThrow(
    'Missing lock',
  )
  failing.mockRestore()
  await holder.end(1)
})
