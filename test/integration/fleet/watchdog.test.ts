import { describe, expect, inject, it } from 'vitest'
import { environmentOf, startProcess } from '../../../cli/services/services.ts'
import { hasWork } from '../../../queues/state/due-jobs.ts'
import { systemClock } from '../../../shared/clock.ts'
import { fleetMember } from '../../../workers/fleet/fleet-member.ts'
import { startWatchdog } from '../../../workers/fleet/watchdog.ts'
import { BARE_ENVIRONMENT } from '../../helpers/bare-environment.ts'
import { connectionsTo, useFleets, work } from '../../helpers/fleet.ts'
import { startOwnRedis } from '../../helpers/services/redis-server.ts'
import { useStore } from '../../helpers/services/store.ts'
import { startTcpProxy } from '../../helpers/services/tcp-proxy.ts'

const store = useStore()
const { enqueue, queue, redis, start } = useFleets()

describe('a queue has work', () => {
  const hasNow = () => hasWork(queue('work'), redis())

  it('when a job waits, with a priority too', async () => {
    expect(await hasNow()).toBe(false)
    await queue('work').add('work', { key: 'a' }, { priority: 2 })
    expect(await hasNow()).toBe(true)
  })

  it('when a delayed job is due, and not before', async () => {
    await queue('work').add('work', { key: 'a' }, { delay: 300 })
    expect(await hasNow()).toBe(false)
    await expect.poll(hasNow).toBe(true)
  })

  it('not while it is paused, or full', async () => {
    await enqueue(work, { key: 'a' })
    await queue('work').pause()
    expect(await hasNow()).toBe(false)
    await queue('work').resume()
    await queue('work').setGlobalConcurrency(1)
    expect(await hasNow()).toBe(true)
    const { promise, resolve } = Promise.withResolvers<void>()
    await start([fleetMember(work, () => promise, 2)])
    await enqueue(work, { key: 'b' })
    await expect.poll(async () => (await queue('work').getJobCounts('active')).active).toBe(1)
    expect(await hasNow()).toBe(false)
    resolve()
  })
})

it('a worker that does not fetch what waits is noticed', async () => {
  const proxy = await startTcpProxy(inject('redisUrl'))
  const frozen = connectionsTo(proxy.url)
  const fleet = await start([fleetMember(work, async () => {}, 1)], { connection: frozen.getConnectionForBullMQ() })
  proxy.freeze()
  await enqueue(work, { key: 'a' })
  const stuck = Promise.withResolvers<Error>()
  const watchdog = startWatchdog({
    config: { stuckAfterMs: 500, disconnectedAfterMs: 60_000, maxEventLoopLagMs: 60_000 },
    clock: systemClock,
    activity: fleet.activity,
    hasWork: (name) => hasWork(queue(name), redis()),
    services: {},
    onStuck: stuck.resolve,
  })
  expect((await stuck.promise).message).toContain('jobs of work waited')
  watchdog.stop()
  await fleet.drain(0)
  await frozen.disconnect()
  await proxy.stop()
})

it('a worker process whose Redis is frozen ends with 75, in bounded time, so that it is started again', async () => {
  const own = await startOwnRedis()
  const settings = {
    redisUrl: own.url,
    databaseUrl: store.url,
    disconnectedAfterMs: 500,
    drainTimeoutMs: 100,
    logLevel: 'silent',
  }
  const worker = await startProcess('memory-digest', { ...BARE_ENVIRONMENT, ...environmentOf(settings) })
  try {
    process.kill(own.pid, 'SIGSTOP')
    expect(await worker.exited).toBe(75)
  } finally {
    worker.kill()
    process.kill(own.pid, 'SIGCONT')
    await own.stop()
  }
}, 30_000)
