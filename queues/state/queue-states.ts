import type { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import { readParked } from './parked-jobs.ts'

/** The state of a queue's jobs. Each figure comes from a length or a range of one: no job but the oldest is read. */
export type QueueState = {
  readonly queue: string
  /** Ready to start. */
  readonly waiting: number
  readonly active: number
  /** With a time before which they do not start; parked ones are among them. */
  readonly delayed: number
  readonly failed: number
  /** Waiting ones, and delayed ones whose time has come. */
  readonly due: number
  /** Of the delayed ones, those that stand in line for a slot of their org. */
  readonly parked: number
  /** The time since the oldest waiting job became due, in ms; 0 without one. */
  readonly oldestMs: number
}

/** Reads how the jobs of a queue stand. Throws what Redis throws. */
export async function readQueueState(queue: Queue, now: Date): Promise<QueueState> {
  const redis = queue.opts.connection as Redis
  // A score of BullMQ's delayed set has 12 bits below the millisecond.
  const dueScore = now.getTime() * 0x1000
  const [{ wait = 0, prioritized = 0, active = 0, delayed = 0, failed = 0 }, overdue, parked, [oldest]] =
    await Promise.all([
      queue.getJobCounts('wait', 'prioritized', 'active', 'delayed', 'failed'),
      redis.zcount(queue.toKey('delayed'), '-inf', dueScore),
      readParked(queue),
      queue.getJobs(['wait'], 0, 0, true),
    ])
  const waiting = wait + prioritized
  return {
    queue: queue.name,
    waiting,
    active,
    delayed,
    failed,
    due: waiting + overdue,
    parked: [...parked.values()].reduce((sum, count) => sum + count, 0),
    oldestMs: oldest ? Math.max(0, now.getTime() - oldest.timestamp - (oldest.opts.delay ?? 0)) : 0,
  }
}
