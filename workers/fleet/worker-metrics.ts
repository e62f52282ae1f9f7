import type { Job, Worker } from 'bullmq'
import type { Metrics } from '../../shared/observe/metrics.ts'
import type { QueueDeedsLog } from './queue-deeds.ts'

/** Records metrics of a BullMQ worker from its events, and what the console's history is made of. */
export function measureWorker(
  worker: Worker,
  metrics: Metrics,
  deeds?: Pick<QueueDeedsLog, 'noteStart' | 'noteEnd'>,
): void {
  const queue = worker.name
  const ended = (outcome: 'completed' | 'failed' | 'retried', { processedOn }: Job) => {
    deeds?.noteEnd(queue, outcome)
    metrics.count('afterturn_jobs_ended_total', { queue, outcome })
    // BullMQ records the start only; the end is now.
    if (processedOn) metrics.observe('afterturn_job_run_seconds', { queue }, (Date.now() - processedOn) / 1_000)
  }
  worker.on('active', (job) => {
    // A later start waited for its delay or its retry, not for a worker.
    if (job.attemptsStarted > 1 || !job.processedOn) return deeds?.noteStart(queue, undefined)
    const dueAtMs = job.timestamp + (job.opts.delay ?? 0)
    deeds?.noteStart(queue, job.processedOn - dueAtMs)
    metrics.observe('afterturn_job_start_latency_seconds', { queue }, (job.processedOn - dueAtMs) / 1_000)
  })
  worker.on('completed', (job) => ended('completed', job))
  worker.on('failed', (job) => job && ended(job.finishedOn ? 'failed' : 'retried', job))
  worker.on('stalled', () => metrics.count('afterturn_jobs_stalled_total', { queue }))
}
