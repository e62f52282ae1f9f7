import { setTimeout } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { type Halt, haltWork } from './halt.ts'
import type { FaultKind, Step } from './schedule.ts'
import { THIS_RELEASE } from './world/next-release.ts'
import type { Worker } from './world/worker-process.ts'
import type { Lines, World } from './world/world.ts'

/** Owns how each fault is done to a world, and undone. */

type Undo = () => unknown

/** How long a SIGTERM waits for the worker to be in the middle of a model call. */
const MID_JOB_WAIT_MS = 500
/** What a 429 asks for. */
const RETRY_AFTER_MS = 200
/** Beyond the drain's own time: closing connections that may be dead, on a busy machine. */
const DRAIN_SLACK_MS = 12_000

/** What a schedule leaves behind: what was wrong at once, and when work was halted. */
export type Aftermath = { readonly violations: string[]; readonly halts: Halt[] }

/** Does a fault; answers what undoes it. */
type Injection = (world: World, step: Step, aftermath: Aftermath) => Promise<Undo> | Undo

const INJECTIONS: Record<FaultKind, Injection> = {
  'worker killed': async (world, { index }) => {
    const worker = workerAt(world, index)
    await worker.end('SIGKILL')
    return () => worker.start()
  },
  'worker frozen': (world, { index }) => {
    const worker = workerAt(world, index)
    worker.signal('SIGSTOP')
    return () => worker.signal('SIGCONT')
  },
  'worker stopped': stopWorker,
  'worker replaced': async (world, step, aftermath) => {
    const undo = await stopWorker(world, step, aftermath)
    changeRelease(world, workerAt(world, step.index))
    return undo
  },
  'store replaced': async (world) => {
    await world.store.end('SIGTERM')
    changeRelease(world, world.store)
    return world.startStore
  },
  'clock jumped': (world, { index, clockOffsetMs }) => {
    const set = (offsetMs: number) => world.workers[index]?.setClock(offsetMs) ?? world.setAppClock(offsetMs)
    set(clockOffsetMs)
    return () => set(0)
  },
  'redis line frozen': (world, { index }) => onLine(world, index, 'redis', 'freeze'),
  'redis line cut': (world, { index }) => onLine(world, index, 'redis', 'cut'),
  'store line frozen': (world, { index }) => onLine(world, index, 'store', 'freeze'),
  'store line cut': (world, { index }) => onLine(world, index, 'store', 'cut'),
  'redis line lost': (world, { index }) => loseLine(world, index, 'redis'),
  'store line lost': (world, { index }) => loseLine(world, index, 'store'),
  'redis killed': async ({ durable }) => {
    await durable.end('SIGKILL')
    return durable.start
  },
  'redis restarted': async ({ durable }) => {
    await durable.end('SIGTERM')
    return durable.start
  },
  'redis flushed': async ({ durable }) => {
    const redis = new Redis(durable.url)
    await redis.flushall()
    await redis.quit()
    return () => {}
  },
  'redis replaced': async ({ durable }) => {
    await durable.end('SIGKILL')
    await durable.loseData()
    return durable.start
  },
  'redis full': async ({ durable }) => {
    const setMaxMemory = async (bytes: number) => {
      const redis = new Redis(durable.url)
      await redis.config('SET', 'maxmemory', bytes)
      await redis.quit()
    }
    await setMaxMemory(1)
    return () => setMaxMemory(0)
  },
  'redis frozen': ({ durable }) => {
    durable.signal('SIGSTOP')
    return () => durable.signal('SIGCONT')
  },
  'cache killed': async ({ cache }) => {
    await cache.end('SIGKILL')
    return cache.start
  },
  'store killed': async ({ store, startStore }) => {
    await store.end('SIGKILL')
    return startStore
  },
  'store restarted': async ({ store, startStore }) => {
    await store.end('SIGTERM')
    return startStore
  },
  'store frozen': ({ store }) => {
    store.signal('SIGSTOP')
    return () => store.signal('SIGCONT')
  },
  'pooler restarted': async ({ pooler }) => {
    await pooler?.end('SIGQUIT')
    return () => pooler?.start()
  },
  'work halted': (world, { index }, { halts }) => haltWork(world, index, halts),
  'provider limits': ({ model }) => {
    model.fault({
      status: 429,
      headers: { 'retry-after-ms': String(RETRY_AFTER_MS) },
      times: Number.POSITIVE_INFINITY,
    })
    return model.reset
  },
  'provider fails': ({ model }) => {
    model.fault({ status: 503, times: Number.POSITIVE_INFINITY })
    return model.reset
  },
  'provider hangs': ({ model }, { atMs }) => {
    model.behave({ hang: atMs % 2 === 0 ? 'before-headers' : 'in-body' })
    return model.reset
  },
  'provider truncates': ({ model }) => {
    model.behave({ truncateJson: true })
    return model.reset
  },
}

/** Runs a schedule to its end and undoes every fault. */
export async function runSchedule(world: World, steps: readonly Step[]): Promise<Aftermath> {
  const aftermath: Aftermath = { violations: [], halts: [] }
  const startedMs = performance.now()
  const run = async (step: Step, before: Promise<void> | undefined) => {
    await before
    await setTimeout(Math.max(0, step.atMs - (performance.now() - startedMs)))
    const undo = await INJECTIONS[step.kind](world, step, aftermath)
    await setTimeout(step.lastsMs)
    await undo()
  }
  const lastOf = new Map<string, Promise<void>>()
  for (const step of steps) {
    const target = `${step.target} ${step.index}`
    lastOf.set(target, run(step, lastOf.get(target)))
  }
  await Promise.all(lastOf.values())
  return aftermath
}

/** Ends a worker as a supervisor does, in the middle of a job; its drain must end in time. */
async function stopWorker(world: World, { index }: Step, { violations }: Aftermath): Promise<Undo> {
  const worker = workerAt(world, index)
  await untilAsking(world, worker)
  const { code, signal, ms, wasUp } = await worker.end('SIGTERM')
  const boundMs = Number(world.config.drainTimeoutMs) + DRAIN_SLACK_MS
  // One that is still starting may die of it, or of what it met: it has no job yet.
  if (wasUp && (code !== 0 || ms > boundMs))
    violations.push(`${worker.name} after SIGTERM ended with code ${code}, signal ${signal} after ${Math.round(ms)} ms`)
  return () => worker.start()
}

/** From its next start on a process runs the other one of two releases. */
function changeRelease({ nextRelease = THIS_RELEASE }: World, process: { release: string }): void {
  process.release = process.release === nextRelease ? THIS_RELEASE : nextRelease
}

function workerAt(world: World, index: number): Worker {
  return world.workers[index] as Worker
}

function onLine(world: World, index: number, service: keyof Lines, fault: 'cut' | 'freeze'): Undo {
  const line = (world.lines[index] as Lines)[service]
  line[fault]()
  return () => line.restore()
}

/** What is open stays silent for ever; what is opened afterwards works. */
function loseLine(world: World, index: number, service: keyof Lines): Undo {
  const line = (world.lines[index] as Lines)[service]
  line.freeze()
  return () => line.restoreForNew()
}

/** Waits until the worker has a request at the model; one that has nothing to do is not waited for long. */
async function untilAsking({ model }: World, worker: Worker): Promise<void> {
  const asked = () => model.requests.findLast(({ headers }) => headers.authorization === `Bearer ${worker.name}`)
  const before = asked()
  const deadlineMs = performance.now() + MID_JOB_WAIT_MS
  while (asked() === before && performance.now() < deadlineMs) await setTimeout(5)
}
