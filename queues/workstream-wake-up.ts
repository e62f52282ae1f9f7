import { z } from 'zod'
import { compositeKey } from '../shared/redis/keys.ts'
import { orgSlots, workstreamPayload } from './define-queue.ts'
import type { SlotPolicy } from './slot-policy.ts'

/**
 * The wake-up of a workstream, for all queues that send one. The wake-up of a backfill has a key of its own: a live turn's must not be absorbed by one that
 * lets others go first. Whichever runs first does the work of both.
 */

const payload = z.strictObject({
  ...workstreamPayload,
  v: z.literal([1, 2]),
  /** Since version 2: all that the workstream waits for is a backfill. */
  priority: z.literal('backfill').optional(),
})
type WorkstreamWakeUp = z.infer<typeof payload>

const slots: SlotPolicy<WorkstreamWakeUp> = { ...orgSlots, yields: ({ priority }) => priority === 'backfill' }

/** The parts of a contract that wakes workstreams. */
export const workstreamWakeUps = {
  payload,
  payloadVersion: 2,
  deduplicationKey: ({ orgId, workstreamId, priority }: WorkstreamWakeUp) =>
    priority ? compositeKey(orgId, workstreamId, priority) : compositeKey(orgId, workstreamId),
  isRepeatedWhenActive: true,
  slots,
}

/** Returns the payload that wakes a workstream; a live one is also read by programs that know no priority. */
export function wakeUpOf({
  orgId,
  workstreamId,
  isBackfill = false,
}: {
  readonly orgId: string
  readonly workstreamId: string
  readonly isBackfill?: boolean | undefined
}): WorkstreamWakeUp {
  return isBackfill ? { v: 2, orgId, workstreamId, priority: 'backfill' } : { v: 1, orgId, workstreamId }
}
