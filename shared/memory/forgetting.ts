import { z } from 'zod'
import type { Config } from '../config.ts'
import { bySchema, idSchema, parseInput } from '../parse-input.ts'
import { readOrgsToRetain } from '../store/erasing/erase-items.ts'
import { type Erasure, requestErasure, takeIdleErasure } from '../store/erasing/erasures.ts'
import { claimPeriodicTask, renewDuty } from '../store/periodic-tasks.ts'
import { asStoreError } from '../store/store-errors.ts'
import { ABANDONED_AFTER_MS, createErasureRunner, type ErasureRunnerServices } from './erasing/erasure-runner.ts'

/**
 * Forgetting: what is erased is gone from the store, the queues and the caches, and does not come back.
 *
 * The wish is a row first. It is the record for people, what a sweep goes on with when the process dies, and the tombstone. Then, in bounded steps that may
 * be repeated: rows, under the org's lock and fence; jobs; the cache; traces. A run in flight has read rows that are gone now. Its commit finds them missing
 * (turns are settled by compare-and-set), and so do its checkpoints. What it caches is refused by a mark: either it had looked before the mark was set, and
 * then the mark is another, or it asks the store once more before it buys, and finds nothing.
 */
export type Forgetting = {
  /**
   * Erases an org, or one of its users, workstreams, turns or memories, with everything derived from it: memories that have no other source, vectors,
   * words, checkpoints, dead letters, jobs, caches. What is recorded after the call began stays. Embeddings in the memory of processes are gone within an
   * hour. Jobs are removed from the product's queues and from every queue that a runtime with the same Redis and key prefix has ever opened.
   * After a failure, repeating the call continues the erasure; the sweeper resumes it too.
   * @throws INPUT_INVALID; ERASURE_UNFINISHED, REDIS_UNAVAILABLE, LOCK_TIMEOUT and the codes of the store
   */
  erase(input: EraseInput): Promise<ErasureReport>
}

export type EraseInput = {
  readonly orgId: string
  readonly userId?: string
  readonly workstreamId?: string
  /** Beside its workstream. */
  readonly turnId?: string
  readonly memoryId?: number
  /** The person or program that requests it; recorded with the ids and the time. @default 'app' */
  readonly by?: string
}

export type ErasureReport = { readonly id: number; readonly turns: number; readonly memories: number }

/** What a sweep does for it. */
export type ErasureDuty = {
  /** Runs an erasure that is written down already. @throws as `erase` does */
  finish(erasure: Erasure): Promise<ErasureReport>
  /** Resumes every erasure that has lost its process, the longest untouched first; returns how many are complete now. */
  resume(signal: AbortSignal): Promise<number>
  /** Erases what has been kept for as long as retention says, of all orgs; returns of how many. */
  retain(signal: AbortSignal): Promise<number>
}

type ForgettingServices = ErasureRunnerServices & {
  readonly config: Pick<Config, 'retentionDays' | 'retentionKeptPercent'>
}

/** Erasures that are resumed at once. */
const RESUMED_AT_ONCE = 10
const RETENTION_INTERVAL_MS = 3_600_000
/** Orgs that retention looks at in one go. */
const ORGS_AT_ONCE = 500
const DAY_MS = 86_400_000

const eraseSchema = z
  .strictObject({
    orgId: idSchema,
    userId: idSchema.optional(),
    workstreamId: idSchema.optional(),
    turnId: idSchema.optional(),
    memoryId: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional(),
    by: bySchema,
  })
  .refine(
    ({ userId, workstreamId, memoryId }) =>
      [userId, workstreamId, memoryId].filter((id) => id !== undefined).length <= 1,
    'expected one of userId, workstreamId and memoryId, got several',
  )
  .refine(({ workstreamId, turnId }) => turnId === undefined || workstreamId !== undefined, {
    path: ['turnId'],
    error: 'expected its workstreamId beside it, got none',
  })

/** Binds forgetting to a runtime's services. */
export function bindForgetting(services: ForgettingServices): Forgetting & ErasureDuty {
  const { config, database, clock } = services
  const runner = createErasureRunner(services)
  const finish = async (erasure: Erasure) => ({ id: erasure.id, ...(await runner.run(erasure)) })

  return {
    async erase(input) {
      const { by, ...scope } = parseInput(eraseSchema, input, 'erasure')
      try {
        return await finish(await requestErasure(database, scope, { by, at: clock.now() }))
      } catch (error) {
        throw asStoreError(error)
      }
    },
    finish,
    async retain(signal) {
      const { retentionDays, retentionKeptPercent } = config
      if (retentionDays === undefined) return 0
      const keptImportance = retentionKeptPercent / 100
      const startedAt = clock.now()
      if (!(await claimPeriodicTask(database, 'retention', startedAt, RETENTION_INTERVAL_MS))) return 0
      // Whole days: what passes the line costs its conversation its summaries, and its org its cache, once a day and not every hour.
      const olderThan = new Date((Math.floor(startedAt.getTime() / DAY_MS) - retentionDays) * DAY_MS)
      let count = 0
      let after: string | undefined = ''
      while (after !== undefined && !signal.aborted) {
        const page: Awaited<ReturnType<typeof readOrgsToRetain>> = await readOrgsToRetain(
          database,
          { olderThan, keptImportance },
          { after, limit: ORGS_AT_ONCE },
        )
        const at = clock.now()
        const erasures = []
        for (const orgId of page.orgIds)
          erasures.push(await requestErasure(database, { orgId, olderThan, keptImportance }, { by: 'retention', at }))
        if (erasures.length > 0) count += await runner.runTogether(erasures, signal)
        await renewDuty(database, 'retention', clock.now(), RETENTION_INTERVAL_MS)
        after = page.after
      }
      return count
    },
    async resume(signal) {
      const startedAt = clock.now().getTime()
      let done = 0
      // Each is taken once in a call, since taking it is a sign of life.
      while (!signal.aborted) {
        const taken = []
        for (let count = 0; count < RESUMED_AT_ONCE; count += 1) {
          const idleSince = new Date(startedAt - ABANDONED_AFTER_MS)
          const erasure = await takeIdleErasure(database, { now: clock.now(), idleSince })
          if (!erasure) break
          taken.push(erasure)
        }
        if (taken.length === 0) break
        done += await runner.runTogether(taken, signal)
      }
      return done
    },
  }
}
