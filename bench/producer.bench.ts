import { Queue, Worker } from 'bullmq'
import { z } from 'zod'
import { defineQueue } from '../queues/define-queue.ts'
import { createProducer } from '../queues/producer.ts'
import { systemClock } from '../shared/clock.ts'
import { silentLog } from '../shared/observe/log.ts'
import { createRedisConnections } from '../shared/redis/connections.ts'
import { startFleet } from '../workers/fleet/fleet.ts'
import { fleetMember } from '../workers/fleet/fleet-member.ts'
import { type Benchmark, round, withServices } from './benchmark.ts'
import { recordWithoutRedis } from './measures/record-without-redis.ts'

/**
 * What the typed, bounded producer and the fleet cost beside BullMQ alone: `enqueue` against `queue.add`, `enqueueMany` against `addBulk`,
 * and a fleet's worker with a handler that does nothing against a BullMQ worker. Rounds alternate; the medians are shown. And what `recordTurn`
 * adds to the store's own time while Redis is away.
 */

const ROUNDS = 31
const ENQUEUES = 300
const BULK = 1_000
const JOBS = 2_000
const CONCURRENCY = 8
const WARM_UP_ROUNDS = 5
const JOB_LOCK_MS = 30_000
const TIMEOUT_MS = 10_000

const payload = z.strictObject({ v: z.literal(1), orgId: z.string().min(1), workstreamId: z.string().min(1) })
const noop = defineQueue({ name: 'noop', description: 'Does nothing', payload })
const data = { v: 1 as const, orgId: 'acme', workstreamId: 'support-42' }
/** What the producer sets too, so that Redis has the same to do. */
const opts = {
  delay: 0,
  attempts: 4,
  backoff: { type: 'contract' },
  removeOnComplete: { count: 1_000 },
  removeOnFail: { count: 5_000 },
}

type Round = () => Promise<number>

const benchmark: Benchmark = {
  usage: [],
  run: () =>
    withServices(async ({ addresses }, stack) => {
      const awayOverStoreP99Ms = await recordWithoutRedis(stack, addresses)
      const connections = createRedisConnections({
        redisUrl: addresses.redisUrl,
        enqueueTimeoutMs: TIMEOUT_MS,
        allowEvictingRedis: false,
        log: silentLog,
      })
      await connections.connect()
      const producing = connections.getConnectionForProducers()
      const working = connections.getConnectionForBullMQ()
      const prefix = 'bench'
      const producer = createProducer({ connection: producing, keyPrefix: prefix, timeoutMs: TIMEOUT_MS }, ['noop'])
      const raw = new Queue('noop', { connection: producing, prefix, streams: { events: { maxLen: 1_000 } } })
      const emptied = (measure: Round) => async () => {
        const result = await measure()
        await raw.obliterate({ force: true })
        return result
      }
      const fill = () => raw.addBulk(Array.from({ length: JOBS }, () => ({ name: 'noop', data, opts })))

      const enqueue = await compare({
        what: `ms for ${ENQUEUES} jobs one by one`,
        ours: emptied(() => timed(() => repeat(ENQUEUES, () => producer.enqueue(noop, data)))),
        theirs: emptied(() => timed(() => repeat(ENQUEUES, () => raw.add('noop', data, opts)))),
      })
      const bulk = await compare({
        what: `ms for ${BULK} jobs at once`,
        ours: emptied(() => timed(() => producer.enqueueMany(noop, Array<typeof data>(BULK).fill(data)))),
        theirs: emptied(() =>
          timed(() => raw.addBulk(Array.from({ length: BULK }, () => ({ name: 'noop', data, opts })))),
        ),
      })
      const worker = await compare({
        what: `jobs/s of ${JOBS} that do nothing, ${CONCURRENCY} at once`,
        ours: emptied(async () => {
          await fill()
          const all = countdown(JOBS)
          const member = fleetMember(noop, async () => all.one(), CONCURRENCY)
          const options = { connection: working, keyPrefix: prefix, clock: systemClock, log: silentLog }
          const startedMs = performance.now()
          const fleet = await startFleet([member], [], { ...options, jobLockMs: JOB_LOCK_MS })
          await all.done
          const perSecond = (JOBS * 1_000) / (performance.now() - startedMs)
          await fleet.drain(TIMEOUT_MS)
          return perSecond
        }),
        theirs: emptied(async () => {
          await fill()
          const all = countdown(JOBS)
          const startedMs = performance.now()
          const alone = new Worker('noop', async () => all.one(), {
            connection: working,
            prefix,
            concurrency: CONCURRENCY,
          })
          await all.done
          const perSecond = (JOBS * 1_000) / (performance.now() - startedMs)
          await alone.close()
          return perSecond
        }),
      })
      await raw.close()
      await producer.close()
      await connections.disconnect()
      return { enqueueRatio: enqueue, bulkRatio: bulk, workerRatio: worker, awayOverStoreP99Ms }
    }),
}
export default benchmark

/** Alternates the two, the first one changing, and answers the median of the rounds' ratios: what slows the machine down slows both. */
async function compare({ what, ours, theirs }: { what: string; ours: Round; theirs: Round }): Promise<number> {
  const figures: Record<'ours' | 'theirs' | 'ratio', number[]> = { ours: [], theirs: [], ratio: [] }
  for (let index = -WARM_UP_ROUNDS; index < ROUNDS; index += 1) {
    const pair = { ours: 0, theirs: 0 }
    for (const side of index % 2 === 0 ? (['ours', 'theirs'] as const) : (['theirs', 'ours'] as const))
      pair[side] = await (side === 'ours' ? ours : theirs)()
    if (index < 0) continue
    figures.ours.push(pair.ours)
    figures.theirs.push(pair.theirs)
    figures.ratio.push(pair.ours / pair.theirs)
  }
  const [our, their, ratio] = [median(figures.ours), median(figures.theirs), median(figures.ratio)]
  console.log(`${what}: ours ${our.toFixed(1)}, BullMQ ${their.toFixed(1)}; ratio ${ratio.toFixed(3)}`)
  return round(ratio)
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now()
  await work()
  return performance.now() - startedMs
}

async function repeat(times: number, call: () => Promise<unknown>): Promise<void> {
  for (let index = 0; index < times; index += 1) await call()
}

/** Resolves `done` when `one` has been called so often. */
function countdown(count: number): { done: Promise<void>; one(): void } {
  const { promise, resolve } = Promise.withResolvers<void>()
  let left = count
  return {
    done: promise,
    one() {
      left -= 1
      if (left === 0) resolve()
    },
  }
}
