import { type ChildProcess, fork } from 'node:child_process'
import { afterEach, describe, expect, inject, it } from 'vitest'
import { fleetMember } from '../../../workers/fleet/fleet-member.ts'
import { useFleets, work } from '../../helpers/fleet.ts'
import type { FleetEvent } from '../../helpers/processes/fleet-process.ts'
import { until } from '../../helpers/until.ts'

const { counts, ended, enqueue, prefix, queue, start } = useFleets()
const JOB_LOCK_MS = 1_000

const children: ChildProcess[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

/** A worker process whose handler never ends by itself. */
function startProcess({ isObedient = true, drainMs = 50 } = {}) {
  const settings = JSON.stringify({ jobLockMs: JOB_LOCK_MS, drainMs, isObedient })
  const child = fork(
    new URL('../../helpers/processes/fleet-process.ts', import.meta.url),
    [inject('redisUrl'), prefix(), settings],
    {
      execArgv: [],
    },
  )
  children.push(child)
  const events: FleetEvent[] = []
  child.on('message', (message) => 'event' in (message as object) && events.push(message as FleetEvent))
  const exited = new Promise<number | string | null>((resolve) =>
    child.once('exit', (code, signal) => resolve(code ?? signal)),
  )
  return { pid: child.pid as number, exited, happened: (event: FleetEvent['event']) => untilHappened(events, event) }
}

const untilHappened = async (events: readonly FleetEvent[], event: FleetEvent['event']): Promise<FleetEvent> =>
  (await until(
    () => events.find((one) => one.event === event),
    (found) => found !== undefined,
  )) as FleetEvent

const nowMs = () => Number(process.hrtime.bigint() / 1_000n) / 1_000

describe('a worker process', () => {
  it('that is killed again and again costs its job no attempt, and another ends it', async () => {
    const id = await enqueue({ ...work, retry: { ...work.retry, retries: 0 } }, { key: 'a' })
    for (let kill = 0; kill < 3; kill += 1) {
      const worker = startProcess()
      await worker.happened('started')
      process.kill(worker.pid, 'SIGKILL')
      await worker.exited
    }
    await start([fleetMember(work, async (_, { attempt }) => attempt, 1)], { jobLockMs: JOB_LOCK_MS })
    expect((await ended('work', id, 'completed')).returnvalue).toBe(1)
  })

  it('that was stopped hears at once, when it goes on, that its job is another’s; what it says is not heard', async () => {
    const worker = startProcess()
    const id = await enqueue(work, { key: 'a' })
    await worker.happened('started')
    process.kill(worker.pid, 'SIGSTOP')
    const { promise, resolve } = Promise.withResolvers<void>()
    let successors = 0
    await start(
      [
        fleetMember(
          work,
          async () => {
            successors += 1
            await promise
            return 'successor'
          },
          1,
        ),
      ],
      { jobLockMs: JOB_LOCK_MS },
    )
    await until(
      () => successors,
      (count) => count === 1,
    )
    const continuedAtMs = nowMs()
    process.kill(worker.pid, 'SIGCONT')
    const aborted = await worker.happened('aborted')
    expect(aborted.code).toBe('LEASE_LOST')
    expect(aborted.atMs - continuedAtMs).toBeLessThan(300)
    process.kill(worker.pid, 'SIGTERM')
    expect(await worker.exited).toBe(0)
    expect(await counts('work')).toMatchObject({ active: 1, waiting: 0, delayed: 0, failed: 0 })
    resolve()
    const job = await ended('work', id, 'completed')
    expect([job.returnvalue, job.attemptsMade, successors]).toEqual(['successor', 1, 1])
  })

  it('that is told to stop gives its job back to the front, at no cost of an attempt', async () => {
    const worker = startProcess()
    const id = await enqueue(work, { key: 'a' })
    await worker.happened('started')
    await enqueue(work, { key: 'b' })
    process.kill(worker.pid, 'SIGTERM')
    expect(await worker.exited).toBe(0)
    expect((await worker.happened('aborted')).code).toBe('SHUTTING_DOWN')
    expect((await queue('work').getJob(id))?.attemptsMade).toBe(0)
    const order: string[] = []
    await start([fleetMember(work, async ({ key }) => void order.push(key), 1)])
    await until(
      () => order.length,
      (count) => count === 2,
    )
    expect(order).toEqual(['a', 'b'])
  })

  it('whose handler does not listen ends all the same, and another takes its job up', async () => {
    const worker = startProcess({ isObedient: false })
    const id = await enqueue(work, { key: 'a' })
    await worker.happened('started')
    const toldAtMs = nowMs()
    process.kill(worker.pid, 'SIGTERM')
    expect(await worker.exited).toBe(0)
    expect(nowMs() - toldAtMs).toBeLessThan(3_500)
    await start([fleetMember(work, async (_, { attempt }) => attempt, 1)], { jobLockMs: JOB_LOCK_MS })
    expect((await ended('work', id, 'completed')).returnvalue).toBe(1)
  })
})
