import { DelayedError, type Job, Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, expect, inject, it } from 'vitest'
import type { KillSwitchWatch } from '../../../shared/control/kill-switch-watch.ts'
import { AfterturnError } from '../../../shared/errors.ts'
import { silentLog } from '../../../shared/observe/log.ts'
import { loadScript } from '../../../shared/redis/script.ts'
import { createHaltedJobs } from '../../../workers/control/halted-jobs.ts'
import { until } from '../../helpers/until.ts'

/** Jobs that wait for the kill switch to be turned off, when Redis answers only now and then. */

const prefix = `t-halted-${crypto.randomUUID().slice(0, 8)}`
const [jobs, places] = [`${prefix}:kill_switch:jobs:acme:work`, `${prefix}:kill_switch:places`]
const FORGET = loadScript(new URL('../../../workers/control/forget-halted.lua', import.meta.url))
let redis: Redis
let queue: Queue
beforeEach(() => {
  redis = new Redis(inject('redisUrl'), { maxRetriesPerRequest: null })
  queue = new Queue('work', { connection: redis, prefix })
})
afterEach(async () => {
  await queue.obliterate({ force: true })
  await queue.close()
  await redis.del(jobs, places)
  await redis.quit()
})

/** Keeps the halted jobs of a fleet whose switch is off, but for what the test halts. */
const keep = (queueOf: () => Queue, haltOf: KillSwitchWatch['haltOf'] = () => undefined) =>
  createHaltedJobs({
    watch: {
      haltOf,
      guard: () => ({ signal: new AbortController().signal, release() {} }),
      onChange: () => () => {},
      lookNow: async () => {},
    },
    redis,
    keyPrefix: prefix,
    pollMs: 20,
    log: silentLog,
    queue: queueOf,
  })
const register = (id: string) =>
  redis
    .multi()
    .zadd(jobs, '1', id)
    .sadd(places, JSON.stringify(['acme', 'work']))
    .exec()

it('a job for which Redis did not answer is promoted by the next look', async () => {
  const job = await queue.add('work', {}, { delay: 3_600_000 })
  await register(job.id as string)
  let looks = 0
  const unanswering = { getJob: () => Promise.reject(new Error('Connection is closed.')) } as unknown as Queue
  const halted = keep(() => {
    looks += 1
    return looks <= 2 ? unanswering : queue
  })
  await until(
    () => job.getState(),
    (state) => state === 'waiting',
  )
  expect(looks).toBe(3)
  await until(
    () => redis.exists(jobs, places),
    (count) => count === 0,
  )
  await halted.stop()
})

it('a job that is still on its way back is not forgotten', async () => {
  const worker = new Worker('work', null, { connection: redis, prefix, autorun: false })
  const added = await queue.add('work', {})
  const job = (await worker.getNextJob('token')) as Job
  expect(job.id).toBe(added.id)
  await register(job.id as string)
  let looks = 0
  const halted = keep(() => {
    looks += 1
    return queue
  })
  await until(
    () => looks,
    (count) => count >= 3,
  )
  expect(await redis.zcard(jobs)).toBe(1)
  await job.moveToDelayed(Date.now() + 3_600_000, 'token')
  await until(
    () => job.getState(),
    (state) => state === 'waiting',
  )
  await until(
    () => redis.exists(jobs, places),
    (count) => count === 0,
  )
  await halted.stop()
  await worker.close()
})

it('a job that comes back between two looks of one promotion is not forgotten', async () => {
  const worker = new Worker('work', null, { connection: redis, prefix, autorun: false })
  const added = await queue.add('work', {})
  const running = (await worker.getNextJob('token')) as Job
  await register(added.id as string)
  // The promotion is refused, since it runs; then it is given back; then the promotion asks what it does.
  const getJob = async (id: string) => {
    const job = (await queue.getJob(id)) as Job
    const promote = job.promote.bind(job)
    job.promote = async () => {
      await promote().finally(() => running.moveToDelayed(Date.now() + 3_600_000, 'token').catch(() => {}))
    }
    return job
  }
  const halted = keep(() => ({ getJob }) as unknown as Queue)
  await until(
    () => added.getState(),
    (state) => state === 'waiting',
  )
  await halted.stop()
  await worker.close()
})

it('a job is found although a Redis that died while it was given back has forgotten its entry', async () => {
  let isHalted = true
  const halted = keep(
    () => queue,
    ({ orgId }) => (orgId && isHalted ? new AfterturnError('KILL_SWITCH_ON', 'by the test') : undefined),
  )
  const worker = new Worker('work', null, { connection: redis, prefix, autorun: false })
  await queue.add('work', { orgId: 'acme' })
  const job = (await worker.getNextJob('token')) as Job
  const move = job.moveToDelayed.bind(job)
  job.moveToDelayed = async (...args) => {
    await redis.del(jobs, places)
    await move(...args)
  }
  await expect(halted.giveBack(job, 'token')).rejects.toThrow(DelayedError)
  expect(await job.getState()).toBe('delayed')
  isHalted = false
  await until(
    () => job.getState(),
    (state) => state === 'waiting',
  )
  await halted.stop()
  await worker.close()
})

it('a job that is halted again and again has one entry, and a halt after it was read outlives its promotion', async () => {
  let isHalted = true
  const halted = keep(
    () => queue,
    ({ orgId }) => (orgId && isHalted ? new AfterturnError('KILL_SWITCH_ON', 'by the test') : undefined),
  )
  const worker = new Worker('work', null, { connection: redis, prefix, autorun: false })
  const added = await queue.add('work', { orgId: 'acme' })
  const entries: string[][] = []
  for (let time = 0; time < 5; time += 1) {
    const job = (await worker.getNextJob('token')) as Job
    await expect(halted.giveBack(job, 'token')).rejects.toThrow(DelayedError)
    entries.push(await redis.zrange(jobs, '0', '-1', 'WITHSCORES'))
    await job.promote()
  }
  expect(entries.map((found) => found.length)).toEqual([2, 2, 2, 2, 2])
  const stale = entries[0] as string[]
  expect(await FORGET(redis, [jobs], stale)).toBe(0)
  expect(await FORGET(redis, [jobs], await redis.zrange(jobs, '0', '-1', 'WITHSCORES'))).toBe(1)
  isHalted = false
  await halted.stop()
  await worker.close()
  expect(await added.getState()).toBe('waiting')
})

it('places of a queue that this process does not know, and what is no place, hold up no other', async () => {
  const job = await queue.add('work', {}, { delay: 3_600_000 })
  await redis.sadd(places, 'no place', '[]', 'null', JSON.stringify(['acme', 'send-mail']))
  await register(job.id as string)
  const halted = keep(((name: string) => {
    if (name !== 'work') throw new AfterturnError('QUEUE_UNKNOWN', name)
    return queue
  }) as () => Queue)
  await until(
    () => job.getState(),
    (state) => state === 'waiting',
  )
  await until(
    () => redis.scard(places),
    (count) => count === 4,
  )
  await halted.stop()
})

it('many jobs are held and released together: those of other orgs stay in place, and the order is kept', async () => {
  let isHalted = true
  const halted = keep(
    () => queue,
    ({ orgId }) => (orgId === 'acme' && isHalted ? new AfterturnError('KILL_SWITCH_ON', 'by the test') : undefined),
  )
  const worker = new Worker('work', null, { connection: redis, prefix, autorun: false })
  const added = await queue.addBulk(
    Array.from({ length: 1_200 }, (_, n) => ({
      name: 'work',
      data: { orgId: n % 10 === 3 ? 'other' : 'acme', n },
      opts: { ...(n === 900 && { priority: 3 }), timestamp: 1_000_000 + n },
    })),
  )
  const waiting = async () => (await redis.lrange(`${prefix}:work:wait`, '0', '-1')).reverse()
  const idsOf = (orgId: string) =>
    added.filter(({ data, opts }) => data.orgId === orgId && !opts.priority).map(({ id }) => id)
  const job = (await worker.getNextJob('token')) as Job
  await expect(halted.giveBack(job, 'token')).rejects.toThrow(DelayedError)
  await until(
    () => redis.zcard(jobs),
    (count) => count === idsOf('acme').length,
  )
  expect(await waiting()).toEqual(idsOf('other'))
  expect(await redis.zrange(`${prefix}:work:delayed`, '0', '-1')).toHaveLength(idsOf('acme').length)

  isHalted = false
  await until(
    () => redis.exists(jobs, places),
    (count) => count === 0,
  )
  expect(await waiting()).toEqual([...idsOf('other'), ...idsOf('acme')])
  expect(await redis.exists(`${prefix}:work:delayed`)).toBe(0)
  const next = (await worker.getNextJob('token')) as Job
  expect(next.data).toEqual({ orgId: 'other', n: 3 })
  await halted.stop()
  await worker.close()
})
