import { Queue } from 'bullmq'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, expect, inject, it } from 'vitest'
import { silentLog } from '../../shared/observe/log.ts'
import { keepHaltedJobs } from '../../workers/halted-jobs.ts'
import { until } from '../helpers/until.ts'

/** Jobs that wait for the kill switch to be turned off, when Redis answers only now and then. */

const prefix = `t-halted-${crypto.randomUUID().slice(0, 8)}`
const [jobs, places] = [`${prefix}:kill_switch:jobs:acme:work`, `${prefix}:kill_switch:places`]
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

it('a job for which Redis did not answer is promoted by the next look', async () => {
  const job = await queue.add('work', {}, { delay: 3_600_000 })
  await redis
    .multi()
    .zadd(jobs, '1', job.id as string)
    .sadd(places, JSON.stringify(['acme', 'work']))
    .exec()
  let looks = 0
  const unanswering = { getJob: () => Promise.reject(new Error('Connection is closed.')) } as unknown as Queue
  const halted = keepHaltedJobs({
    watch: {
      haltOf: () => undefined,
      guard: () => ({ signal: new AbortController().signal, release() {} }),
      onChange: () => () => {},
      lookNow: async () => {},
    },
    redis,
    keyPrefix: prefix,
    pollMs: 20,
    log: silentLog,
    queue() {
      looks += 1
      return looks <= 2 ? unanswering : queue
    },
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
