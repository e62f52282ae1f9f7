import type { QueueName } from '../../queues/catalog.ts'
import type { DueJobs } from '../../queues/state/due-jobs.ts'
import type { KillSwitchStatus } from '../../shared/control/kill-switch.ts'

/** The due jobs of a queue that one more worker could start: none while the queue is halted or blocked, or its model is paused. */
export function countRunnable(
  queue: QueueName,
  { due, isBlocked }: DueJobs,
  { switches, redisValue, isStoreReadable }: KillSwitchStatus,
  isModelPaused: boolean,
): number {
  const isHalted =
    redisValue !== undefined ||
    !isStoreReadable ||
    switches.some((one) => one.orgId === undefined && (one.queue === undefined || one.queue === queue))
  return isBlocked || isHalted || isModelPaused ? 0 : due
}
