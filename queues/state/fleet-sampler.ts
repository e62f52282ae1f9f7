import type { Clock } from '../../shared/clock.ts'
import type { Log } from '../../shared/observe/log.ts'
import { keepSample, readSample, trimFleetRows } from '../../shared/store/console/fleet-rows.ts'
import type { Database } from '../../shared/store/database.ts'
import { claimPeriodicTask } from '../../shared/store/periodic-tasks.ts'
import { QUEUE_NAMES } from '../catalog.ts'
import type { Producer } from '../producer.ts'
import { type QueueState, readQueueState } from './queue-states.ts'

/**
 * Samples the queues for the whole fleet: one process at a time reads Redis, and pages and gauges of all read the row. Guarantees: the cost depends
 * neither on readers nor on backlog; history is kept for a week.
 */

/** The age up to which a sample is read again. */
const SAMPLE_MS = 5_000
const KEPT_MS = 7 * 86_400_000
const TRIM_MS = 3_600_000
const NAME = 'queues'

export type SamplerServices = { readonly database: Database; readonly queues: Producer; readonly clock: Clock }

type QueueSample = { readonly sampledAt: Date; readonly states: readonly QueueState[] }

/** The newest sample, taken now if it is old and no other process is at it. Throws what store and Redis throw. */
export async function sampleQueues(services: SamplerServices): Promise<QueueSample> {
  const { database, queues, clock } = services
  const now = clock.now()
  const kept = await readSample<{ states: QueueState[] }>(database, NAME)
  const isFresh = kept !== undefined && Math.abs(now.getTime() - kept.sampledAt.getTime()) < SAMPLE_MS
  if (kept && (isFresh || !(await claimPeriodicTask(database, 'sample-queues', now, SAMPLE_MS / 2))))
    return { sampledAt: kept.sampledAt, states: kept.value.states }
  const states = await Promise.all(QUEUE_NAMES.map((name) => queues.ask(name, (queue) => readQueueState(queue, now))))
  await keepSample(database, NAME, now, { states }, states)
  return { sampledAt: now, states }
}

/** Samples every few seconds until stopped, so that there is a history also when nobody looks. */
export function startSampler(services: SamplerServices & { readonly log: Pick<Log, 'debug'> }): {
  stop(): Promise<void>
} {
  let timer: NodeJS.Timeout | undefined
  let isStopped = false
  let trimmedAtMs = Number.NEGATIVE_INFINITY
  let current = Promise.resolve()
  const tick = () => {
    current = sample().catch((error: Error) =>
      services.log.debug({ error: error.message }, 'the queues were not sampled'),
    )
    void current.then(() => {
      if (!isStopped) timer = setTimeout(tick, SAMPLE_MS)
    })
  }
  async function sample(): Promise<void> {
    await sampleQueues(services)
    const nowMs = services.clock.monotonicMs()
    if (nowMs - trimmedAtMs < TRIM_MS) return
    trimmedAtMs = nowMs
    const old = new Date(services.clock.now().getTime() - KEPT_MS)
    await trimFleetRows(services.database, { minutes: old, processes: old })
  }
  tick()
  return {
    async stop() {
      isStopped = true
      clearTimeout(timer)
      await current
    },
  }
}
