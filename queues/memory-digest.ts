import { defineQueue } from './define-queue.ts'
import { workstreamWakeUps } from './workstream-wake-up.ts'

/**
 * A conversation is digested once it has been quiet for the digest window, and at the latest when its oldest pending turn has waited for the
 * maximum. One model call then reads many turns, and a busy conversation is digested too.
 *
 *   turns        t1   t2    t3                     t4 t5 t6 t7 … (never quiet)
 *   due          t1+15 ─▶ t2+15 ─▶ t3+15           t4+15 ─▶ t5+15 ─▶ … ─▶ min(last + 15, t4 + 60)
 *   job          └──────── delayed ──────▶ digest  └──────── delayed ──────────────────────▶ digest
 *
 * The due time is a column of the workstream's row; each turn moves it in the transaction that records the turn. The job is only a wake-up: one
 * delayed job per workstream, deduplicated by its key, and one for a backfill. Whenever it wakes, the handler reads the row. If it is early, it delays itself until the
 * row's time; if it is due, it extracts everything pending. Moving the job with each turn would cost a Redis call per turn and save nothing.
 *
 * Why not BullMQ's own debounce? With `ttl + extend + replace` one key ran twice in parallel, since the ttl ends as the job starts. `replace`
 * without a ttl drops enqueues while the job is active; and `extend` has no maximum, so a busy conversation would never be digested. So
 * deduplication only saves work, and correctness rests on the row: a wake-up added during a run causes one more run (`isRepeatedWhenActive`);
 * of two parallel runs only one commits, thanks to the workstream's lease and the commit's compare-and-set; and the sweeper, which looks for
 * due rows, adds any wake-up that Redis lost. A due time too far ahead, left by a wrong clock, counts as due.
 */
export const memoryDigest = defineQueue({
  name: 'memory-digest',
  description: 'Extracts the pending turns of a workstream once it has been quiet for the digest window',
  ...workstreamWakeUps,
  deadLetters: 'turns',
})
