import type { Log } from '../../shared/observe/log.ts'
import { trimFleetRows } from '../../shared/store/console/fleet-rows.ts'
import { SAMPLE_MS, type SampledServices, sampled } from '../../shared/store/console/sampled.ts'
import { QUEUE_NAMES } from '../catalog.ts'
import type { Producer } from '../producer.ts'
import { type QueueState, readQueueState } from './queue-states.ts'

/**
 * Samples the queues for the whole fleet: one process at a time reads Redis, and pages and gauges of all read the row. Guarantees: the cost depends
 * neither on readers nor on backlog; history is kept for a week.
 */

const KEPT_MS = 7 * 86_400_000
const TRIM_MS = 3_600_000

export type SamplerServices = SampledServices & { readonly queues: Producer }

type QueueSample = { readonly sampledAt: Date; readonly states: readonly QueueState[] }

/** The newest sample of the queues. Throws what store and Redis throw. */
export async function sampleQueues(services: SamplerServices): Promise<QueueSample> {
  const read = async (now: Date) => ({
    states: await Promise.all(
      QUEUE_NAMES.map((name) => services.queues.ask(name, (queue) => readQueueState(queue, now))),
    ),
  })
  const { sampledAt, value } = await sampled(services, 'queues', read, ({ states }) => states)
  return { sampledAt, states: value.states }
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
