import { describe, expect, inject, it } from 'vitest'
import { fleetMember } from '../../../workers/fleet/fleet-member.ts'
import { stepMsOf } from '../../helpers/cpu-time.ts'
import { connectionsTo, heldHandler, once, QUICK, useFleets, work } from '../../helpers/fleet.ts'
import { startTcpProxy } from '../../helpers/services/tcp-proxy.ts'
import { until } from '../../helpers/until.ts'

const { counts, ended, enqueue, queue, serve, start } = useFleets()

describe('a drain', () => {
  it('lets a running job finish, and takes no other', async () => {
    const { handler, runs, started } = heldHandler()
    const fleet = await serve(work, handler, 1)
    const first = await enqueue(work, { key: 'a' })
    await enqueue(work, { key: 'b' })
    await started(1)
    const draining = fleet.drain(10_000)
    runs[0]?.finish('done')
    await draining
    expect((await ended('work', first, 'completed')).returnvalue).toBe('done')
    expect(runs[0]?.signal.aborted).toBe(false)
    expect(await counts('work')).toMatchObject({ waiting: 1, active: 0 })
  })

  it('after its deadline aborts a job and gives it back at no cost of an attempt; the next fleet runs it', async () => {
    let seen: unknown
    const fleet = await serve(work, async (_, { signal }) => {
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    })
    const id = await enqueue(work, { key: 'a' })
    await until(
      () => counts('work'),
      ({ active }) => active === 1,
    )
    expect(await stepMsOf(() => fleet.drain(50))).toBeLessThan(1_500)
    const back = await queue('work').getJob(id)
    expect(back?.attemptsMade).toBe(0)
    expect(await counts('work')).toMatchObject({ active: 0, failed: 0 })
    await serve(work, async (given, { attempt }) => {
      seen = { given, attempt }
    })
    await ended('work', id, 'completed')
    expect(seen).toEqual({ given: { key: 'a' }, attempt: 1 })
  })

  it('gives back a job on its last attempt too', async () => {
    const { handler, runs, started } = heldHandler()
    const fleet = await serve({ ...work, retry: { ...QUICK, retries: 0 } }, handler)
    const id = await enqueue({ ...work, retry: { ...QUICK, retries: 0 } }, { key: 'a' })
    await started(1)
    runs[0]?.signal.addEventListener('abort', () => runs[0]?.fail(new Error('stopped')))
    await fleet.drain(10)
    expect(await counts('work')).toMatchObject({ failed: 0, active: 0 })
    await serve(work, async () => 'done')
    expect((await ended('work', id, 'completed')).attemptsMade).toBe(1)
  })

  it('ends although a handler does not listen, and the job is not lost', async () => {
    const { handler, runs, started } = heldHandler()
    const fleet = await serve(work, handler)
    const id = await enqueue(work, { key: 'a' })
    await started(1)
    expect(await stepMsOf(() => fleet.drain(10))).toBeLessThan(4_000)
    expect(runs[0]?.signal.aborted).toBe(true)
    expect(await (await queue('work').getJob(id))?.getState()).toBe('active')
    runs[0]?.finish()
  }, 10_000)

  it('ends when Redis is frozen, while a job runs and when none does', async () => {
    const proxy = await startTcpProxy(inject('redisUrl'))
    const frozen = connectionsTo(proxy.url)
    const { handler, runs, started } = heldHandler()
    const fleet = await start([fleetMember(work, handler, 1), fleetMember(once, async () => {}, 1)], {
      connection: frozen.getConnectionForBullMQ(),
    })
    await enqueue(work, { key: 'a' })
    await started(1)
    proxy.freeze()
    runs[0]?.finish()
    expect(await stepMsOf(() => fleet.drain(10))).toBeLessThan(5_000)
    await frozen.disconnect()
    await proxy.stop()
  }, 15_000)

  it('with time to spare does not spend it on a Redis that is away, once nothing runs', async () => {
    const proxy = await startTcpProxy(inject('redisUrl'))
    const frozen = connectionsTo(proxy.url)
    const { handler, runs, started } = heldHandler()
    const fleet = await start([fleetMember(work, handler, 1)], { connection: frozen.getConnectionForBullMQ() })
    await enqueue(work, { key: 'a' })
    await started(1)
    proxy.freeze()
    const draining = fleet.drain(3_600_000)
    runs[0]?.finish()
    await draining
    await frozen.disconnect()
    await proxy.stop()
  })

  it('of an idle fleet is quick, and may be asked for twice', async () => {
    const fleet = await serve(work, async () => {})
    const drains = () => Promise.all([fleet.drain(10_000), fleet.drain(10_000)]).then(() => fleet.drain(10_000))
    expect(await stepMsOf(drains)).toBeLessThan(1_500)
  })
})
