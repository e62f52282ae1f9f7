import { DelayedError, type Job } from 'bullmq'
import type { AnyQueueContract } from '../../queues/define-queue.ts'
import { type SlotPolicy, slotKeyOf, slotLimitOf } from '../../queues/slot-policy.ts'
import type { Log } from '../../shared/observe/log.ts'
import type { Work } from '../fleet/run-job.ts'
import type { Share, SlotLine } from './slot-line.ts'

/**
 * Slots: how many jobs of one org run at once, whatever its backlog, so that the others do not wait for it. What BullMQ Pro calls groups, on
 * open-source BullMQ. An essay, because each of the obvious ways is wrong: a lock with retries spins (20 starts an item) and loses the order; a
 * worker that waits for a slot is a worker less; a queue for each org needs a worker for each org.
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
 * A job whose org is full is parked: BullMQ's `delayed` set keeps it, the org's line its place, in the order of the jobs' times. Whoever ends gives
 * its slot to the first in line and promotes it, to the end of the wait list, behind the jobs of others. The slot is its own from then on, unless
 * the limit is lowered before it starts. Each step is one script, which lines a job up before it looks for a slot: no wake-up can fall between. So
 * an item starts once to be parked, and once to run; and most need the first start no more, since the first job that is parked has those behind it
 * in the wait list parked with it.
 *
 * A slot needs no lease of its own: it is held for as long as BullMQ's lock of the job, which its worker renews, and for a while by a job without a
 * lock that is on its way: promoted, or taken from a dead worker. All else loses it at the next step of anybody in the org. If nobody makes a step,
 * the first in line wakes by itself once such a lock has ended; for nothing, then after twice that time. If Redis loses its data, lines and
 * jobs are gone together. If only lines are lost, every parked job wakes within the hour.
 */

/** What the host's own policy sees of a job. */
export type SlottedJob = Pick<Job, 'name' | 'data'>

/** The slots of a contract, by job. A payload that does not fit needs none: it ends before its handler. */
export function slotsOf({
  payload,
  slots,
}: Pick<AnyQueueContract, 'payload' | 'slots'>): SlotPolicy<SlottedJob> | undefined {
  if (!slots) return undefined
  const keyOf = (data: unknown) => {
    const checked = payload.safeParse(data)
    return checked.success ? slots.key(checked.data as never) : undefined
  }
  return { key: ({ data }) => keyOf(data), limit: slots.limit }
}

/** The first look at who waits behind a parked job, and the most that one look parks: it blocks Redis for some 3 ms. */
const FIRST_PEEK = 50
const MAX_PEEK = 500

/** Work whose jobs take a slot before they run, and give it back when they have ended. */
export function withSlots(work: Work, policy: SlotPolicy<SlottedJob>, line: SlotLine): Work {
  const parkFollowers = createFollowerParking(policy, line)
  return {
    ...work,
    async run(job, token, signal, log) {
      const key = slotKeyOf(policy, job)
      if (key === undefined) return work.run(job, token, signal, log)
      const share = { key, limit: await slotLimitOf(policy, key) }
      if (!(await line.take(share, job, token))) {
        log.debug({ key, limit: share.limit }, 'a job is parked: its slots are taken')
        void parkFollowers(share, log)
        throw new DelayedError()
      }
      try {
        return await work.run(job, token, signal, log)
      } finally {
        // Not waited for: it goes over the connection on which BullMQ ends the job and fetches the next, which may be the one handed over to.
        // What is not given is found free by the next step of anybody.
        void line
          .give(share, job.id as string, token)
          .catch((error: Error) => log.debug({ key, error: error.message }, 'could not release a slot'))
      }
    },
  }
}

/** Parks the waiting jobs of a full key, next to run first, for as long as most of those looked at are its own. */
function createFollowerParking(policy: SlotPolicy<SlottedJob>, line: SlotLine) {
  const isParking = new Set<string>()

  const isOfKey = (job: { name: string; data: string }, key: string) => {
    try {
      return policy.key({ name: job.name, data: JSON.parse(job.data) }) === key
    } catch {
      // It starts, and fails for its own reason.
      return false
    }
  }

  return async (share: Share, log: Log): Promise<void> => {
    if (isParking.has(share.key)) return
    isParking.add(share.key)
    try {
      for (let count = FIRST_PEEK; ; count = Math.min(2 * count, MAX_PEEK)) {
        const followers = (await line.peek(count)).filter((job) => isOfKey(job, share.key))
        if (followers.length === 0 || (await line.parkWaiting(share, followers, count)) < count / 2) break
      }
    } catch (error) {
      log.debug({ error: (error as Error).message }, 'could not park waiting jobs together')
    } finally {
      isParking.delete(share.key)
    }
  }
}
