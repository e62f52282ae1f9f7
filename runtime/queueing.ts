import { CATALOG } from '../queues/catalog.ts'
import type { AnyQueueContract } from '../queues/define-queue.ts'
import { createJobs, type Jobs } from '../queues/jobs.ts'
import { createProducer, type Producer } from '../queues/producer.ts'
import { wakeUpOf } from '../queues/workstream-wake-up.ts'
import { cancelIndex } from '../shared/store/code/code-indexes.ts'
import { repoStream } from '../shared/store/events/product-events.ts'
import type { WakenWorkstream } from '../shared/store/turns/workstreams.ts'
import type { Foundation } from './foundation.ts'

/** How work comes in: the product's queues and the host's. */
export type Queueing = {
  readonly queues: Producer
  readonly jobs: Jobs
  /** The contracts that are known here: the product's, and the host's where it has them. */
  readonly contracts: readonly AnyQueueContract[]
  /** Sets the timer of a workstream's digest, unless Redis is away; returns the job's id. */
  scheduleDigest(workstream: WakenWorkstream, delayMs: number): Promise<string>
  /** Wakes an org's re-extraction, unless Redis is away. */
  scheduleReextraction(orgId: string): Promise<unknown>
  /** Wakes the compaction of a workstream's context, unless Redis is away; returns the job's id. */
  scheduleCompaction(workstream: WakenWorkstream): Promise<string>
}

/** A queue of the host's own, with its contract where it has one. */
type HostQueue = { readonly queue: string; readonly contract?: AnyQueueContract }

export function createQueueing(foundation: Foundation, hostQueues: readonly HostQueue[]): Queueing {
  const { config, clock, connections, database, telemetry, wakes, log } = foundation
  const redis = connections.getConnectionForProducers()
  const keyPrefix = config.redisKeyPrefix
  const timeoutMs = config.enqueueTimeoutMs
  const queues = createProducer(
    {
      connection: redis,
      keyPrefix,
      timeoutMs,
      resultTtlSeconds: config.resultTtlSeconds,
      telemetry,
      unsuitable: connections.unsuitable,
    },
    hostQueues.map(({ queue }) => queue),
  )
  return {
    queues,
    jobs: createJobs({
      producer: queues,
      redis,
      keyPrefix,
      timeoutMs,
      async settle(queue, payload) {
        const { name, payload: schema } = CATALOG['repo-indexing']
        const key = queue === name ? schema.safeParse(payload).data : undefined
        if (!key) return
        await cancelIndex(database, key, clock.now())
        wakes.announce({ orgId: key.orgId, stream: repoStream(key.repoId) })
      },
    }),
    contracts: [...Object.values(CATALOG), ...hostQueues.flatMap(({ contract }) => contract ?? [])],
    scheduleDigest: (workstream, delayMs) =>
      queues.enqueue(CATALOG['memory-digest'], wakeUpOf(workstream), { delayMs, isOptional: true }),
    scheduleReextraction: (orgId) =>
      queues
        .enqueue(CATALOG['memory-reextraction'], { v: 1, orgId }, { isOptional: true })
        .catch((error: Error) =>
          log.warn({ orgId, error: error.message }, 'no wake-up could be queued; the sweeper will add it'),
        ),
    scheduleCompaction: (workstream) =>
      queues.enqueue(CATALOG['context-compaction'], wakeUpOf(workstream), { isOptional: true }),
  }
}
