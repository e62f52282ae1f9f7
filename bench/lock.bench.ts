import { Redis } from 'ioredis'
import { createRuntime } from '../runtime.ts'
import { silentLog } from '../shared/observe/log.ts'
import { loadScript } from '../shared/redis/script.ts'
import { type Benchmark, round, withServices } from './benchmark.ts'
import { freezeOnce } from './measures/lock-freeze.ts'
import { type LockMaker, loadNodeRedlock, ours, redisSemaphore } from './peers/lock-peers.ts'

/**
 * The lock: whether its holder is told in time when Redis freezes, what a lease costs against the bare commands, how fast it is handed on, and
 * what the fence adds. `redis-semaphore` and `node-redlock` are measured beside it, in the same freezes.
 */

const LEASE_TTL_MS = 1_500
const FREEZES = 20
const FREEZES_AT_ONCE = 5
const CYCLES = 1_000
const CYCLE_ROUNDS = 9
const WAITERS = 20
const HOLD_MS = 5
const CONTENTION_ROUNDS = 5
const FENCES = 200

const benchmark: Benchmark = {
  usage: [],
  run: () =>
    withServices(async ({ addresses: { redisUrl, databaseUrl } }, stack) => {
      const makers = { afterturn: ours, 'redis-semaphore': redisSemaphore, 'node-redlock': await loadNodeRedlock() }
      const frozen = await measureFreezes(stack, databaseUrl, [makers['redis-semaphore'], makers['node-redlock']])
      const cycles = await measureCycles(redisUrl, makers)
      const contention = await measureContention(redisUrl, makers)
      const fence = await measureFence(redisUrl, databaseUrl)
      const [semaphore, redlock] = frozen.peerAbortMsMax
      console.log(`a lease of ${LEASE_TTL_MS} ms, Redis frozen for 5 s, ${FREEZES} times`)
      console.log(
        `  told after at most: afterturn ${frozen.abortMsMax} ms, redis-semaphore ${semaphore ?? 'never'}, node-redlock ${redlock ?? 'never'}`,
      )
      console.log(`  overlapping writes and holders: ${frozen.overlaps}`)
      console.log(`throughput of acquire + release, against SET NX PX + compare-and-delete: ${show(cycles)}`)
      console.log(`${WAITERS} waiters of ${HOLD_MS} ms, time against ${WAITERS * HOLD_MS} ms: ${show(contention)}`)
      console.log(`the fence: ${fence.fenceMs} ms; ${WAITERS} waiters with it: ${fence.fencedContentionRatio}`)
      return {
        abortMsMax: frozen.abortMsMax,
        leaseTtlMs: LEASE_TTL_MS,
        overlaps: frozen.overlaps,
        cycleRatio: cycles.afterturn,
        contentionRatio: contention.afterturn,
        ...fence,
        peers: {
          'redis-semaphore': peer(semaphore, cycles['redis-semaphore'], contention['redis-semaphore']),
          'node-redlock': peer(redlock, cycles['node-redlock'], contention['node-redlock']),
        },
      }
    }),
}
export default benchmark

type Ratios<Name extends string> = Record<Name, number>

const peer = (abortMsMax: number | null | undefined, cycleRatio: number, contentionRatio: number) => ({
  abortMsMax: abortMsMax ?? null,
  cycleRatio,
  contentionRatio,
})
const show = (ratios: Ratios<string>) =>
  Object.entries(ratios)
    .map(([name, ratio]) => `${name} ${ratio}`)
    .join(', ')
const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] as number

async function measureFreezes(stack: AsyncDisposableStack, databaseUrl: string, peers: readonly LockMaker[]) {
  const freezes: Awaited<ReturnType<typeof freezeOnce>>[] = []
  while (freezes.length < FREEZES) {
    const some = Array.from({ length: FREEZES_AT_ONCE }, (_, index) =>
      // Spread over the time between two renewals.
      freezeOnce(stack, databaseUrl, LEASE_TTL_MS, ((freezes.length + index) / FREEZES) * (LEASE_TTL_MS / 3), peers),
    )
    freezes.push(...(await Promise.all(some)))
  }
  const worst = (times: readonly number[]) => (times.every(Number.isFinite) ? Math.round(Math.max(...times)) : null)
  return {
    abortMsMax: worst(freezes.map(({ abortMs }) => abortMs)),
    overlaps: freezes.reduce((sum, { overlaps }) => sum + overlaps, 0),
    peerAbortMsMax: peers.map((_, index) => worst(freezes.map(({ peerAbortMs }) => peerAbortMs[index] as number))),
  }
}

/** Rounds of each, in turns, so that what the machine does besides meets all alike. */
async function measureCycles<Name extends string>(
  redisUrl: string,
  makers: Record<Name, LockMaker>,
): Promise<Ratios<Name>> {
  const redis = new Redis(redisUrl)
  const release = loadScript(new URL('../shared/lock/release-lease.lua', import.meta.url))
  const raw = async (key: string) => {
    await redis.set(key, 'token', 'PX', LEASE_TTL_MS, 'NX')
    await release(redis, [key], ['token'])
  }
  const names = Object.keys(makers) as Name[]
  const locks = names.map((name) => makers[name](redisUrl))
  const runs = [raw, ...locks.map((lock) => async (key: string) => (await lock.acquire(key, LEASE_TTL_MS))())]
  const times = runs.map((): number[] => [])
  for (let measured = -1; measured < CYCLE_ROUNDS; measured += 1) {
    for (const [index, run] of runs.entries()) {
      const startedMs = performance.now()
      for (let cycle = 0; cycle < CYCLES; cycle += 1) await run(`cycle-${index}`)
      // The first round warms up.
      if (measured >= 0) times[index]?.push(performance.now() - startedMs)
    }
  }
  await Promise.all(locks.map((lock) => lock.close()))
  redis.disconnect()
  const [rawMs, ...lockMs] = times as [number[], ...number[][]]
  const ratioOf = (own: readonly number[]) => round(median(rawMs.map((ms, index) => ms / (own[index] as number))))
  return Object.fromEntries(names.map((name, index) => [name, ratioOf(lockMs[index] as number[])])) as Ratios<Name>
}

async function measureContention<Name extends string>(
  redisUrl: string,
  makers: Record<Name, LockMaker>,
): Promise<Ratios<Name>> {
  const ratios = {} as Ratios<Name>
  for (const name of Object.keys(makers) as Name[]) {
    const locks = [1, 2].map(() => makers[name](redisUrl))
    const withLock = async (n: number, work: () => Promise<void>) => {
      const release = await (locks[n % 2] as (typeof locks)[0]).acquire(`contended-${name}`, LEASE_TTL_MS)
      await work()
      await release()
    }
    ratios[name] = await contend(withLock)
    await Promise.all(locks.map((lock) => lock.close()))
  }
  return ratios
}

/** How long all waiters take together, against one hold after the other. */
async function contend(withLock: (n: number, work: () => Promise<void>) => Promise<unknown>): Promise<number> {
  const ratios: number[] = []
  for (let measured = -1; measured < CONTENTION_ROUNDS; measured += 1) {
    const startedMs = performance.now()
    await Promise.all(Array.from({ length: WAITERS }, (_, n) => withLock(n, holdExactly)))
    if (measured >= 0) ratios.push((performance.now() - startedMs) / (WAITERS * HOLD_MS))
  }
  return round(median(ratios))
}

/** A timer of 5 ms takes between 5 and 6.5 ms: more than a lock costs. */
async function holdExactly(): Promise<void> {
  const untilMs = performance.now() + HOLD_MS
  while (performance.now() < untilMs) await new Promise((resolve) => setImmediate(resolve))
}

async function measureFence(redisUrl: string, databaseUrl: string) {
  const runtime = createRuntime({ redisUrl, databaseUrl, orgLockTtlMs: LEASE_TTL_MS }, { log: silentLog })
  await runtime.connect()
  const lease = ours(redisUrl)
  const [alone, fenced]: [number[], number[]] = [[], []]
  for (let n = 0; n < FENCES; n += 1) {
    const startedMs = performance.now()
    await (await lease.acquire('fence', LEASE_TTL_MS))()
    const betweenMs = performance.now()
    await runtime.withOrgMemoryLock('fence', async () => {})
    alone.push(betweenMs - startedMs)
    fenced.push(performance.now() - betweenMs)
  }
  const fencedContentionRatio = await contend((_, work) => runtime.withOrgMemoryLock('contended', work))
  await lease.close()
  await runtime.disconnect()
  return { fenceMs: round(median(fenced) - median(alone)), fencedContentionRatio }
}
