import { Redis } from 'ioredis'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest'
import { environmentOf, startProcess } from '../../../cli/services/services.ts'
import type { Runtime } from '../../../runtime.ts'
import type { ConfigInput } from '../../../shared/config.ts'
import { stepMsOf } from '../../helpers/cpu-time.ts'
import { turn } from '../../helpers/memory/turns.ts'
import { useModelServer } from '../../helpers/models/model-under-test.ts'
import { useWorkerProcess } from '../../helpers/processes/worker-processes.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'
import { startTcpProxy } from '../../helpers/services/tcp-proxy.ts'
import { until, untilSettled } from '../../helpers/until.ts'

const runtimes = useRuntimes(useStore())
const by = 'ops'
const model = await useModelServer()
const cleanUps: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})
// Behind the others: what is hooked last runs first, and the worker rests before its switch is cleared.
const work = useWorkerProcess()

const settings = (overrides: Partial<ConfigInput> = {}) =>
  runtimes.config({ openaiBaseUrl: model.url, embeddingDims: 64, ...overrides })

/** A runtime that only records and turns the switch, and a worker process beside it. */
async function startBoth(overrides: Partial<ConfigInput> = {}): Promise<Runtime> {
  const runtime = await runtimes.start(settings())
  cleanUps.push(() => clear(runtime))
  await work('memory-digest', settings(overrides))
  return runtime
}

/** The store is the file's: no test may find the switch of another. */
async function clear(runtime: Runtime): Promise<void> {
  await runtime.database.deleteFrom('kill_switches').execute()
  await runtime.database.deleteFrom('kill_switch_changes').execute()
}

const jobCounts = (runtime: Runtime) => runtime.queues.queue('memory-digest').getJobCounts('active', 'delayed', 'wait')
const untilIdle = (runtime: Runtime, timeoutMs?: number) =>
  until(
    () => jobCounts(runtime),
    ({ active }) => active === 0,
    timeoutMs,
  )
const turnsOf = async (runtime: Runtime, orgId: string) => (await runtime.memory.status({ orgId })).turns
const attemptsOf = async (runtime: Runtime, orgId: string) =>
  (await runtime.database.selectFrom('turns').select('attempts').where('org_id', '=', orgId).execute()).map(
    (row) => row.attempts,
  )

/** What a second bounds is the switch, and not the processes of other files on the same cores: one try in three must keep it. */
const TIMED = { retry: 2 }
let tries = 0
beforeEach(() => {
  tries += 1
})
/** Each try has its own: the turns of another are settled. */
const own = (orgId: string) => `${orgId} ${tries}`

describe('the kill switch', () => {
  it(
    'stops what runs in another process within a second, lets nothing start, and costs no attempt; off, work goes on',
    TIMED,
    async () => {
      model.behave({ hang: 'before-headers' })
      // No poll is in time: the messages alone tell.
      const runtime = await startBoth({ killSwitchPollMs: 60_000 })
      await runtime.memory.recordTurn(turn(1, { orgId: own('a') }))
      await model.received(1, '/chat/completions')

      const turning = runtime.killSwitch.turnOn({ by, reason: 'the model went mad' })
      expect(await stepMsOf(() => turning.then(() => untilIdle(runtime)))).toBeLessThan(1_000)
      expect(await turning).toMatchObject({ isOn: true, switches: [{ by, reason: 'the model went mad' }] })

      // Recorded all the same; its digest is due long before the switch goes off.
      expect(await runtime.memory.recordTurn(turn(2, { orgId: own('b') }))).toMatchObject({ recorded: 'yes' })
      await until(
        () => runtime.queues.queue('memory-digest').getJobCountByTypes('delayed'),
        (count) => count === 2,
      )
      const calls = model.requestCount()
      // A worker that starts under the switch, and has looked at the queue, starts nothing either.
      const environment = environmentOf(settings({ killSwitchPollMs: 60_000 }))
      const second = await startProcess('memory-digest', { ...process.env, ...environment, LOG_LEVEL: 'silent' })
      expect(model.requestCount()).toBe(calls)
      await second.stop()
      expect(await second.exited).toBe(0)
      expect(await attemptsOf(runtime, own('a'))).toEqual([0])

      model.behave({ hang: 'never' })
      const goingOn = async () => {
        await runtime.killSwitch.turnOff({ by })
        await until(
          () => model.requestCount(),
          (count) => count > calls,
        )
      }
      expect(await stepMsOf(goingOn)).toBeLessThan(2_000)
      expect((await untilSettled(runtime, own('a'))).turns).toMatchObject({ extracted: 1, deadLettered: 0 })
      expect((await untilSettled(runtime, own('b'))).turns).toMatchObject({ extracted: 1 })
      const [job] = await runtime.queues.queue('memory-digest').getCompleted()
      expect(job?.attemptsMade).toBe(1)
    },
  )

  it('works by a bare SET of its Redis key, and off by a falsy one', TIMED, async () => {
    const runtime = await startBoth()
    const redis = runtime.redis.getConnection()
    const key = `${runtime.config.redisKeyPrefix}:kill_switch`
    model.behave({ hang: 'before-headers' })
    await runtime.memory.recordTurn(turn(1, { orgId: own('bare') }))
    await model.received(1, '/chat/completions')
    await redis.set(key, '1')
    await untilIdle(runtime, 1_500)
    expect(await runtime.killSwitch.status()).toMatchObject({ isOn: true, redisValue: '1', switches: [] })
    model.behave({ hang: 'never' })
    await redis.set(key, 'false')
    await untilSettled(runtime, own('bare'))
    expect(await runtime.killSwitch.status()).toMatchObject({ isOn: false, redisValue: undefined })

    await redis.set(key, 'yes')
    expect(await runtime.killSwitch.turnOff({ by })).toMatchObject({ isOn: false })
    expect(await redis.exists(key)).toBe(0)
    expect(await runtime.killSwitch.changes()).toMatchObject([{ isOn: false, by }])
  })

  it('of one org leaves the others alone and does not spin', async () => {
    const runtime = await startBoth({ memoryDigestConcurrency: 2 })
    await runtime.killSwitch.turnOn({ orgId: 'halted', by })
    for (let n = 0; n < 20; n++) await runtime.memory.recordTurn(turn(n, { orgId: 'halted', workstreamId: `ws-${n}` }))
    for (let n = 0; n < 5; n++) await runtime.memory.recordTurn(turn(n, { orgId: 'free', workstreamId: `ws-${n}` }))
    expect((await untilSettled(runtime, 'free')).turns.extracted).toBe(5)
    const redis = runtime.redis.getConnection()
    const places = `${runtime.config.redisKeyPrefix}:kill_switch:jobs:halted:memory-digest`
    await until(
      () => redis.zcard(places),
      (count) => count === 20,
    )
    await until(
      () => jobCounts(runtime),
      ({ active, wait }) => active === 0 && wait === 0,
    )
    expect(await turnsOf(runtime, 'halted')).toMatchObject({ pending: 20 })
    const startsOf = async () => {
      const jobs = await runtime.queues.queue('memory-digest').getDelayed()
      return jobs.map((job) => job.attemptsStarted)
    }
    // One early start at most, when the wake-up found that it was not due, and the one that was halted.
    expect(Math.max(...(await startsOf()))).toBeLessThanOrEqual(2)

    await runtime.killSwitch.turnOff({ orgId: 'halted', by })
    expect((await untilSettled(runtime, 'halted')).turns.extracted).toBe(20)
    expect(await redis.exists(places)).toBe(0)
  })

  it('of one queue halts that queue only', async () => {
    const runtime = await runtimes.start(settings())
    cleanUps.push(() => clear(runtime))
    await runtime.killSwitch.turnOn({ queue: 'memory-digest', by })
    await runtime.startWorkers()
    await runtime.memory.recordTurn(turn(1, { orgId: 'queue', workstreamId: 'a' }))
    await runtime.memory.recordTurn(turn(2, { orgId: 'queue', workstreamId: 'b' }))
    await runtime.memory.extractNow({ orgId: 'queue', workstreamId: 'b', turnId: 'turn-2' })
    await until(
      () => turnsOf(runtime, 'queue'),
      ({ extracted }) => extracted === 1,
    )
    expect(await turnsOf(runtime, 'queue')).toMatchObject({ pending: 1, extracted: 1 })
    await runtime.killSwitch.turnOff({ queue: 'memory-digest', by })
    await untilSettled(runtime, 'queue')
  })

  it('halts at the commit what no message and no poll has told', TIMED, async () => {
    model.behave({ hang: 'never', delayMs: 300 })
    const runtime = await startBoth({ killSwitchPollMs: 60_000 })
    await runtime.memory.recordTurn(turn(1, { orgId: own('late') }))
    await model.received(1, '/chat/completions')
    // The row alone: nothing is announced.
    const row = { org_id: '', queue: '', turned_on_by: by, reason: 'quietly', turned_on_at: new Date() }
    await runtime.database.insertInto('kill_switches').values(row).execute()
    await until(
      () => runtime.queues.queue('memory-digest').getJobCountByTypes('delayed'),
      (count) => count === 1,
    )
    expect(await turnsOf(runtime, own('late'))).toMatchObject({ pending: 1 })
    expect(await attemptsOf(runtime, own('late'))).toEqual([0])
    expect(await runtime.memory.list({ orgId: own('late') })).toEqual([])
    // Its process has looked since, and does not pay for the same call again and again.
    expect(model.requestCount('/chat/completions')).toBe(1)
    await runtime.killSwitch.turnOff({ by })
    await untilSettled(runtime, own('late'))
  })
})

describe('without its messages', () => {
  it('is found by the poll within a second, on and off', TIMED, async () => {
    const runtime = await startBoth()
    model.behave({ hang: 'before-headers' })
    await runtime.memory.recordTurn(turn(1, { orgId: own('unannounced') }))
    await model.received(1, '/chat/completions')
    const row = { org_id: '', queue: '', turned_on_by: by, reason: 'quietly', turned_on_at: new Date() }
    const turning = runtime.database.insertInto('kill_switches').values(row).execute()
    expect(await stepMsOf(() => turning.then(() => untilIdle(runtime)))).toBeLessThan(1_000)
    model.behave({ hang: 'never' })
    await clear(runtime)
    await untilSettled(runtime, own('unannounced'))
  })
})

describe('when half of it is away, the kill switch', () => {
  it('is decided by the rows while Redis does not answer, within a second', TIMED, async () => {
    const proxy = await startTcpProxy(inject('redisUrl'))
    cleanUps.push(() => proxy.stop())
    model.behave({ hang: 'before-headers' })
    const runtime = await startBoth({ redisUrl: proxy.url, enqueueTimeoutMs: 2_000 })
    await runtime.memory.recordTurn(turn(1, { orgId: own('redis-away') }))
    await model.received(1, '/chat/completions')
    proxy.freeze()
    const halting = async () => {
      await runtime.killSwitch.turnOn({ by })
      await until(
        () => model.openRequests,
        (open) => open === 0,
      )
    }
    expect(await stepMsOf(halting)).toBeLessThan(1_000)
    proxy.restore()
    model.behave({ hang: 'never' })
    await runtime.killSwitch.turnOff({ by })
    expect((await untilSettled(runtime, own('redis-away'))).turns.extracted).toBe(1)
  })

  it('is on while its rows cannot be read, and off when they can be again', async () => {
    model.behave({ hang: 'before-headers' })
    const runtime = await startBoth()
    await runtime.memory.recordTurn(turn(1, { orgId: 'rows-away' }))
    await model.received(1, '/chat/completions')
    await sql`alter table kill_switches rename to hidden`.execute(runtime.database)
    await untilIdle(runtime, 1_500)
    expect(await runtime.killSwitch.status()).toMatchObject({ isOn: true, isStoreReadable: false, switches: [] })
    expect(await turnsOf(runtime, 'rows-away')).toMatchObject({ pending: 1 })
    model.behave({ hang: 'never' })
    await sql`alter table hidden rename to kill_switches`.execute(runtime.database)
    expect((await untilSettled(runtime, 'rows-away')).turns.extracted).toBe(1)
    expect(await attemptsOf(runtime, 'rows-away')).toEqual([1])
  })

  it('can be turned on by Redis alone when the store is away, for everything only', async () => {
    const runtime = await runtimes.start(settings())
    cleanUps.push(() => clear(runtime))
    const redis = new Redis(inject('redisUrl'))
    cleanUps.push(() => redis.quit())
    const gone = await runtimes.start(settings({ databasePoolSize: 1 }))
    await gone.database.destroy()
    await expect(gone.killSwitch.turnOn({ orgId: 'a', by })).rejects.toMatchObject({
      code: expect.stringMatching(/STORE_UNAVAILABLE|RUNTIME_CLOSED/),
    })
    expect(await gone.killSwitch.turnOn({ by, reason: 'fire' })).toMatchObject({ isOn: true, redisValue: 'ops: fire' })
    expect(await runtime.killSwitch.status()).toMatchObject({ isOn: true, redisValue: 'ops: fire' })
    expect(await runtime.killSwitch.turnOff({ by })).toMatchObject({ isOn: false })
  })
})

describe('turning it', () => {
  it('keeps who, when and why, cut and in one line; off what is off keeps nothing', async () => {
    const runtime = await runtimes.start(settings())
    cleanUps.push(() => clear(runtime))
    const { killSwitch } = runtime
    await killSwitch.turnOff({ by })
    expect(await killSwitch.changes()).toEqual([])
    await killSwitch.turnOn({ orgId: 'acme', by: 'ops\u001b[31m\n', reason: `why\n${'x'.repeat(900)}` })
    await killSwitch.turnOn({ orgId: 'acme', by, reason: 'better' })
    expect((await killSwitch.status()).switches).toMatchObject([{ orgId: 'acme', by, reason: 'better' }])
    await killSwitch.turnOff({ orgId: 'acme', by: 'night shift' })
    const changes = await killSwitch.changes()
    expect(changes).toMatchObject([
      { isOn: false, orgId: 'acme', by: 'night shift' },
      { isOn: true, reason: 'better' },
      { isOn: true, by: 'ops [31m' },
    ])
    expect(changes[2]?.reason).toHaveLength(500)
    expect(changes[2]?.reason).not.toMatch(/\p{Cc}/u)
  })

  it.each([
    [{ by: '' }, /by: expected a name/],
    [{ by, org: 'a' }, /org/],
    [{ by, orgId: '' }, /orgId/],
    [{ by, reason: 7 }, /reason/],
    [undefined, /change/],
  ])('refuses %j and changes nothing', async (input, message) => {
    const runtime = await runtimes.start(settings())
    await expect(runtime.killSwitch.turnOn(input as never)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringMatching(message),
    })
    expect(await runtime.killSwitch.status()).toMatchObject({ isOn: false })
  })
})
