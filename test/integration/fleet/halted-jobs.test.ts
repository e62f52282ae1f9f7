import { DelayedError, type Job, Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, expect, inject, it, onTestFinished } from 'vitest'
import { AfterturnError } from '../../../shared/errors.ts'
import { silentLog } from '../../../shared/observe/log.ts'
import { createHaltedJobs } from '../../../workers/control/halted-jobs.ts'
import { startOwnRedis } from '../../helpers/services/redis-server.ts'
import { until } from '../../helpers/until.ts'

/** Jobs that wait for the kill switch to be turned off, whoever else holds and releases them, and whatever Redis refuses. */

const prefix = `t-halted-${crypto.randomUUID().slice(0, 8)}`
const places = `${prefix}:kill_switch:places`
const [jobs, broken] = ['work', 'broken'].map((name) => `${prefix}:kill_switch:jobs:acme:${name}`) as [string, string]
let redis: Redis
let queue: Queue
let worker: Worker
beforeEach(() => {
  redis = new Redis(inject('redisUrl'), { maxRetriesPerRequest: null })
  queue = new Queue('work', { connection: redis, prefix })
  worker = new Worker('work', null, { connection: redis, prefix, autorun: false })
})
afterEach(async () => {
  await worker.close()
  await queue.obliterate({ force: true })
  await queue.close()
  await redis.del(jobs, broken, places)
  await redis.quit()
})

/** The halted jobs of one process, which knows as much of the switch as the test lets it. */
function keep({ isOn = false, connection = redis, pollMs = 20 }) {
  let listener = () => {}
  const halted = createHaltedJobs({
    watch: {
      haltOf: ({ orgId }) =>
        orgId === 'acme' && isOn ? new AfterturnError('KILL_SWITCH_ON', 'by the test') : undefined,
      guard: () => ({ signal: new AbortController().signal, release() {} }),
      onChange(added) {
        listener = added
        return () => {}
      },
      lookNow: async () => {},
    },
    redis: connection,
    keyPrefix: prefix,
    pollMs,
    log: silentLog,
  })
  onTestFinished(() => halted.stop())
  return {
    ...halted,
    turnOff() {
      isOn = false
      listener()
    },
  }
}
const nextJob = async () => (await worker.getNextJob('token')) as Job
const giveBack = async (halted: ReturnType<typeof keep>, job: Job) =>
  expect(halted.giveBack(job, 'token')).rejects.toThrow(DelayedError)
const untilState = (job: Job, wanted: string) =>
  until(
    () => job.getState(),
    (state) => state === wanted,
  )

/** A connection that can be held up: after this many commands it keeps the others back. */
class HeldUpRedis extends Redis {
  #mayPass = Number.POSITIVE_INFINITY
  readonly #kept: Parameters<Redis['sendCommand']>[] = []

  holdUpAfter(commands: number) {
    this.#mayPass = commands
  }
  hasKept = () => this.#kept.length > 0
  letGo() {
    this.#mayPass = Number.POSITIVE_INFINITY
    for (const args of this.#kept.splice(0)) super.sendCommand(...args)
  }
  override sendCommand(...args: Parameters<Redis['sendCommand']>) {
    this.#mayPass -= 1
    if (this.#mayPass >= 0) return super.sendCommand(...args)
    this.#kept.push(args)
    return args[0].promise
  }
}

it.for([0, 1, 2, 3, 4, 5, 6])(
  'a job is not forgotten by a process that is held up after %i commands of its release, while another releases it and a third halts it',
  async (commands) => {
    const slow = new HeldUpRedis(inject('redisUrl'))
    onTestFinished(() => slow.disconnect())
    await slow.ping()
    const added = await queue.add('work', { orgId: 'acme' })
    const behind = keep({ isOn: true, pollMs: 3_600_000 })
    await giveBack(behind, await nextJob())

    slow.holdUpAfter(commands)
    const releasing = keep({ connection: slow, pollMs: 3_600_000 })
    releasing.turnOff()
    await until(async () => slow.hasKept() || (await added.getState()) === 'waiting', Boolean)
    const other = keep({})
    await untilState(added, 'waiting')
    await until(
      () => redis.exists(jobs),
      (count) => count === 0,
    )
    await other.stop()
    await giveBack(behind, await nextJob())
    slow.letGo()
    await releasing.stop()

    keep({})
    await untilState(added, 'waiting')
  },
)

it('a job that a full Redis does not list starts once more within a second, and is listed once there is room', async () => {
  const own = await startOwnRedis()
  const connection = new Redis(own.url, { maxRetriesPerRequest: null })
  const ownQueue = new Queue('work', { connection, prefix })
  const ownWorker = new Worker('work', null, { connection, prefix, autorun: false })
  onTestFinished(async () => {
    await ownWorker.close()
    await ownQueue.close()
    await connection.quit()
    await own.stop()
  })
  const halted = keep({ isOn: true, connection })
  const added = await ownQueue.add('work', { orgId: 'acme' })
  const job = (await ownWorker.getNextJob('token')) as Job
  await connection.config('SET', 'maxmemory', 1)
  await giveBack(halted, job)
  expect(await connection.exists(jobs, places)).toBe(0)
  expect((await ownQueue.getJob(added.id as string))?.delay).toBeLessThanOrEqual(1_000)

  await connection.config('SET', 'maxmemory', 0)
  await added.promote()
  await giveBack(halted, (await ownWorker.getNextJob('token')) as Job)
  expect(await connection.zrange(jobs, '0', '-1')).toEqual([added.id])
  await connection.config('SET', 'maxmemory', 1)
  halted.turnOff()
  await untilState(added, 'waiting')
  expect(await connection.exists(jobs, places)).toBe(0)
})

it('a job that is halted again and again has one entry', async () => {
  const halted = keep({ isOn: true })
  const added = await queue.add('work', { orgId: 'acme' })
  for (let time = 0; time < 5; time += 1) {
    await giveBack(halted, await nextJob())
    expect(await redis.zrange(jobs, '0', '-1')).toEqual([added.id])
    await added.promote()
  }
  halted.turnOff()
  await until(
    () => redis.exists(jobs, places),
    (count) => count === 0,
  )
  expect(await added.getState()).toBe('waiting')
})

it('what is no place, and lists that cannot be read, hold up no other', async () => {
  await redis.sadd(
    places,
    'no place',
    '[]',
    'null',
    JSON.stringify(['acme', 'broken']),
    JSON.stringify(['acme', 'gone']),
  )
  await redis.set(broken, 'no list')
  const halted = keep({ isOn: true })
  const added = await queue.add('work', { orgId: 'acme' })
  await giveBack(halted, await nextJob())
  halted.turnOff()
  await untilState(added, 'waiting')
  await until(
    () => redis.smembers(places),
    (left) => left.length === 4,
  )
})

it('many jobs are held and released together: those of other orgs stay in place, and the order is kept', async () => {
  const halted = keep({ isOn: true })
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
  await giveBack(halted, await nextJob())
  await until(
    () => redis.zcard(jobs),
    (count) => count === idsOf('acme').length,
  )
  expect(await waiting()).toEqual(idsOf('other'))
  expect(await redis.zrange(`${prefix}:work:delayed`, '0', '-1')).toHaveLength(idsOf('acme').length)

  halted.turnOff()
  await until(
    () => redis.exists(jobs, places),
    (count) => count === 0,
  )
  expect(await waiting()).toEqual([...idsOf('other'), ...idsOf('acme')])
  expect(await redis.exists(`${prefix}:work:delayed`)).toBe(0)
  expect((await nextJob()).data).toEqual({ orgId: 'other', n: 3 })
})
