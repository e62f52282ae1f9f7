import type { Redis } from 'ioredis'
import { QUEUE_NAMES, type QueueName } from '../queues/catalog.ts'
import type { Producer } from '../queues/producer.ts'
import { type DueJobs, readDueJobs } from '../queues/state/due-jobs.ts'
import { readPresence } from '../queues/state/fleet-presence.ts'
import type { KillSwitchStatus } from '../shared/control/kill-switch.ts'
import type { Metrics } from '../shared/observe/metrics.ts'
import { MODEL_OF_QUEUE, type Model } from './console/model-pause.ts'
import { countRunnable } from './console/runnable.ts'

/** Owns the gauges that autoscalers read: how much there is to do that more workers would do, and how many there are. */

type ScalingSources = {
  readonly queues: Producer
  readonly keyPrefix: string
  getConnection(): Redis
  readKillSwitch(): Promise<KillSwitchStatus>
  /** True while the provider has asked for a pause of a model's calls. */
  isPaused(model: Model): Promise<boolean>
}

/** Adds them to a process's metrics. */
export function readScalingGauges(metrics: Metrics, sources: ScalingSources): void {
  const { queues, keyPrefix, getConnection } = sources
  const ofEachQueue = async (read: (queue: QueueName) => Promise<number>) =>
    Promise.all(QUEUE_NAMES.map(async (queue) => ({ labels: { queue }, value: await read(queue) })))
  const due = (name: QueueName): Promise<DueJobs> => readDueJobs(queues.queue(name), getConnection())

  metrics.readGauge('afterturn_queue_due_jobs', () => ofEachQueue(async (queue) => (await due(queue)).due))
  metrics.readGauge('afterturn_queue_runnable_jobs', async () => {
    const status = await sources.readKillSwitch()
    return ofEachQueue(async (queue) =>
      countRunnable(queue, await due(queue), status, await sources.isPaused(MODEL_OF_QUEUE[queue])),
    )
  })
  const presence = (name: QueueName) => readPresence(getConnection(), keyPrefix, name)
  metrics.readGauge('afterturn_queue_workers', () => ofEachQueue(async (queue) => (await presence(queue)).workers))
  metrics.readGauge('afterturn_queue_slots', () => ofEachQueue(async (queue) => (await presence(queue)).slots))
}
