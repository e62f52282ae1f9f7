import type { Job } from 'bullmq'
import { afterEach, beforeEach, inject } from 'vitest'
import { z } from 'zod'
import { defineQueue, type QueueContract } from '../../queues/define-queue.ts'
import { createJobs } from '../../queues/jobs.ts'
import { createProducer, type Producer } from '../../queues/producer.ts'
import { systemClock } from '../../shared/clock.ts'
import { silentLog } from '../../shared/observe/log.ts'
import { createRedisConnections, type RedisConnections } from '../../shared/redis/connections.ts'
import { type ExtraWorker, type Fleet, startFleet } from '../../workers/fleet/fleet.ts'
import type { FleetOptions } from '../../workers/fleet/fleet-member.ts'
import { type FleetMember, fleetMember } from '../../workers/fleet/fleet-member.ts'
import type { Handler } from '../../workers/fleet/job-context.ts'
import { until } from './until.ts'

/** Three contracts of the tests' own: a job a call, a job a key, and a job a key that is repeated when asked for while it runs. */
const payload = z.strictObject({ key: z.string().min(1), n: z.number().optional(), orgId: z.string().optional() })
export type Payload = z.infer<typeof payload>
export const QUICK = { retries: 3, backoffBaseMs: 1, backoffCapMs: 5, jitter: 0 }
export const work = defineQueue({ name: 'work', description: 'A job a call', payload, retry: QUICK })
export const once = defineQueue({ ...work, name: 'once', deduplicationKey: ({ key }) => key })
export const repeated = defineQueue({ ...once, name: 'repeated', isRepeatedWhenActive: true })
const QUEUES = ['work', 'once', 'repeated', 'host']

/** Fleets of one test on the run's Redis, with a producer and a key prefix of their own; after it they are drained and their queues gone. */
export function useFleets() {
  const fleets: Fleet[] = []
  const state = {} as { prefix: string; connections: RedisConnections; producer: Producer }
  const producerWith = (keyPrefix: string) =>
    createProducer({ connection: state.connections.getConnectionForProducers(), keyPrefix, timeoutMs: 2_000 }, QUEUES)

  beforeEach(async () => {
    state.prefix = `t-fleet-${crypto.randomUUID().slice(0, 8)}`
    state.connections = connectionsTo(inject('redisUrl'))
    await state.connections.connect()
    state.producer = producerWith(state.prefix)
  })
  afterEach(async () => {
    await Promise.all(fleets.splice(0).map((fleet) => fleet.drain(0)))
    for (const name of QUEUES) await state.producer.queue(name).obliterate({ force: true })
    await state.producer.close()
    await state.connections.disconnect()
  })

  async function start(
    members: FleetMember[],
    { extra = [], ...options }: Partial<FleetOptions> & { extra?: ExtraWorker[] } = {},
  ): Promise<Fleet> {
    const fleet = await startFleet(members, extra, {
      connection: state.connections.getConnectionForBullMQ(),
      keyPrefix: state.prefix,
      clock: systemClock,
      log: silentLog,
      jobLockMs: 30_000,
      ...options,
    })
    fleets.push(fleet)
    return fleet
  }

  return {
    producerWith,
    start,
    prefix: () => state.prefix,
    jobs: () =>
      createJobs({
        producer: state.producer,
        redis: state.connections.getConnectionForProducers(),
        keyPrefix: state.prefix,
        timeoutMs: 2_000,
        settle: async () => {},
      }),
    redis: () => state.connections.getConnection(),
    queue: (name: string) => state.producer.queue(name),
    enqueue: (contract: QueueContract<string, Payload>, given: Payload) => state.producer.enqueue(contract, given),
    serve: (contract: QueueContract<string, Payload>, handler: Handler<Payload>, concurrency = 2) =>
      start([fleetMember(contract, handler, concurrency)]),
    counts: (name: string) =>
      state.producer.queue(name).getJobCounts('waiting', 'active', 'delayed', 'completed', 'failed'),
    /** Waits until a job has ended so. */
    async ended(name: string, id: string, how: 'completed' | 'failed'): Promise<Job> {
      await until(
        async () => (await state.producer.queue(name).getJob(id))?.getState(),
        (seen) => seen === how,
      )
      // Read again: what was read before the state may be older than it.
      return (await state.producer.queue(name).getJob(id)) as Job
    },
  }
}

/** Connections of a test's own. */
export function connectionsTo(redisUrl: string): RedisConnections {
  return createRedisConnections({ redisUrl, enqueueTimeoutMs: 2_000, allowEvictingRedis: false, log: silentLog })
}

/** A handler that runs until the test lets it, and says when it started. */
export function heldHandler() {
  const runs: {
    payload: Payload
    signal: AbortSignal
    attempt: number
    finish: (value?: unknown) => void
    fail: (error: Error) => void
  }[] = []
  const handler: Handler<Payload> = (given, { signal, attempt }) => {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    runs.push({ payload: given, signal, attempt, finish: resolve, fail: reject })
    return promise
  }
  const started = (count: number) =>
    until(
      () => runs.length,
      (seen) => seen >= count,
    )
  return { handler, runs, started }
}
