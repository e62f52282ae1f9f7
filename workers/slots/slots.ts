import { DelayedError, type Job } from 'bullmq'
import type { AnyQueueContract } from '../../queues/define-queue.ts'
import { newerVersionOf } from '../../queues/parse-payload.ts'
import { type SlotPolicy, slotKeyOf, slotLimitOf } from '../../queues/slot-policy.ts'
import type { Log } from '../../shared/observe/log.ts'
import type { JobRunner } from '../fleet/job-context.ts'
import type { Share, SlotLine } from './slot-line.ts'

/**
 * Slots limit how many jobs of one org run at once, so that other orgs do not wait for its backlog: the groups of BullMQ Pro, on open-source
 * BullMQ. This is an essay because the obvious ways are all wrong: a lock with retries spins (20 starts per job) and loses the order; a worker
 * that waits for a slot is lost to other jobs; a queue per org needs a worker per org.
 *
 *      wait list (BullMQ)                worker                      holders of `acme`, limit 2
 *   ┌──────────────────────┐   start   ┌────────┐   a slot is free   ┌─────────────┐
 *   │ b9 a7 b8 a6 a5 a4 a3 ├──────────▶│  take  ├───────────────────▶│ a1  a2      │──▶ the handler runs
 *   └──────────▲───────────┘           └───┬────┘                    └──────┬──────┘
 *              │                           │ full: parked                   │ ended: give
 *              │ promote, with             ▼                                ▼
 *              │ its slot        ┌───────────────────┐   the first   ┌─────────────┐
 *              └─────────────────┤ line of `acme`    │◀──────────────┤  hand out   │
 *                                │ a3 a4 a5 (delayed)│               └─────────────┘
 *                                └───────────────────┘
 *
 * A job whose org is full is parked: BullMQ's `delayed` set keeps the job, and the org's line keeps its position, ordered by the jobs' times. A
 * job that ends gives its slot to the first in line and promotes it to the end of the wait list, behind the jobs of other orgs. The promoted job
 * keeps the slot, unless the limit is lowered before it starts. Each step is one script, which lines a job up before it looks for a slot, so no
 * wake-up can be lost in between. Thus a job starts once to be parked and once to run. Most skip the first start, since the first job that is
 * parked also parks the jobs of its org behind it in the wait list.
 *
 * Jobs that yield, as a backfill's do, stand behind the others of their key, in the line and out of it: one that starts parks those that wait
 * behind it, full or not. They are not starved: while both kinds stand in line, each fifth slot goes to one that yields.
 *
 * A slot needs no lease: a job holds it as long as BullMQ's lock of the job, which its worker renews. A job without a lock keeps it for a while
 * if it is on its way: promoted, or taken from a dead worker. Any other job loses it at the org's next step. If there is no such step, the first
 * in line wakes by itself once a dead holder's lock has expired; if it still gets no slot, after twice that time. If Redis loses its data, lines
 * and jobs are gone together. If only the lines are lost, every parked job wakes within the hour.
 */

/** The part of a job that a host's slot policy can read. */
export type SlottedJob = Pick<Job, 'name' | 'data'>

/**
 * The slot policy of a contract, applied to jobs. An invalid payload needs no slot: its job fails before the handler. One of a newer program may have
 * got a slot there, which it hands on while it waits: its key is read unchecked.
 */
export function slotsOf(
  contract: Pick<AnyQueueContract, 'payload' | 'payloadVersion' | 'slots'>,
): SlotPolicy<SlottedJob> | undefined {
  const { payload, slots } = contract
  if (!slots) return undefined
  const { key, limit, yields } = slots
  return {
    key({ data }) {
      const checked = payload.safeParse(data)
      if (checked.success) return key(checked.data as never)
      return newerVersionOf(contract, data) === undefined ? undefined : uncheckedKey(key, data)
    },
    limit,
    ...(yields && {
      yields({ data }) {
        const checked = payload.safeParse(data)
        return checked.success && yields(checked.data as never)
      },
    }),
  }
}

function uncheckedKey(keyOf: (subject: never) => unknown, data: unknown): string | undefined {
  try {
    const key = keyOf(data as never)
    return typeof key === 'string' && key !== '' ? key : undefined
  } catch {
    return undefined
  }
}

/** Jobs behind a parked one that are examined first, and at most in one step, which blocks Redis for about 3 ms. */
const FIRST_PEEK = 50
const MAX_PEEK = 500

/** Wraps work so that each job takes a slot before it runs, and gives it back when it has ended. */
export function withSlots(work: JobRunner, policy: SlotPolicy<SlottedJob>, line: SlotLine): JobRunner {
  const parkFollowers = createFollowerParking(policy, line)
  return {
    ...work,
    async run(job, token, signal, log) {
      const key = slotKeyOf(policy, job)
      if (key === undefined) return work.run(job, token, signal, log)
      const share = { key, limit: await slotLimitOf(policy, key), yields: policy.yields?.(job) ?? false }
      if (!(await line.take(share, job, token))) {
        log.debug({ key, limit: share.limit }, 'a job is parked: its slots are taken')
        void parkFollowers(share, log)
        throw new DelayedError()
      }
      // Those behind it yield too, mostly: a later job of this key must not have to wait behind them.
      if (share.yields) void parkFollowers(share, log)
      try {
        return await work.run(job, token, signal, log)
      } finally {
        // Not awaited: it precedes, on the same connection, BullMQ's end of this job and fetch of the next, which may be the one promoted.
        // If it fails, the next step of this key finds the slot free.
        void line
          .give(share, job.id as string, token)
          .catch((error: Error) => log.debug({ key, error: error.message }, 'could not release a slot'))
      }
    },
  }
}

/** Parks the waiting jobs of a full key, next to run first, as long as most of the examined jobs are of this key. */
function createFollowerParking(policy: SlotPolicy<SlottedJob>, line: SlotLine) {
  const isParking = new Set<string>()

  const ofKey = <Waiting extends { name: string; data: string }>(waiting: Waiting, key: string) => {
    try {
      const job = { name: waiting.name, data: JSON.parse(waiting.data) }
      return policy.key(job) === key ? [{ ...waiting, yields: policy.yields?.(job) ?? false }] : []
    } catch {
      // Let it start, and fail for its own reason.
      return []
    }
  }

  return async (share: Share, log: Log): Promise<void> => {
    if (isParking.has(share.key)) return
    isParking.add(share.key)
    try {
      for (let count = FIRST_PEEK; ; count = Math.min(2 * count, MAX_PEEK)) {
        const followers = (await line.peek(count)).flatMap((job) => ofKey(job, share.key))
        if (followers.length === 0 || (await line.parkWaiting(share, followers, count)) < count / 2) break
      }
    } catch (error) {
      log.debug({ error: (error as Error).message }, 'could not park waiting jobs together')
    } finally {
      isParking.delete(share.key)
    }
  }
}
