import type { Redis } from 'ioredis'
import { z } from 'zod'
import { termsOf } from '../ai/local/terms.ts'
import { eraseCached } from '../cache/erase-cached.ts'
import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import { AfterturnError } from '../errors.ts'
import type { WithOrgMemoryLock } from '../lock/org-memory-lock.ts'
import type { Log } from '../observe/log.ts'
import { bySchema, idSchema, parseInput } from '../parse-input.ts'
import type { Database } from '../store/database.ts'
import { claimPeriodicTask } from '../store/duties.ts'
import { eraseCode } from '../store/erasing/erase-code.ts'
import {
  eraseIndex,
  eraseNamedMemories,
  eraseTraces,
  eraseTurns,
  readOrgsToRetain,
} from '../store/erasing/erase-items.ts'
import {
  completeErasure,
  countErased,
  type Erasure,
  type ErasureScope,
  insertErasure,
  readUnfinishedErasures,
} from '../store/erasing/erasures.ts'
import type { FactRules } from '../store/erasing/reword-memories.ts'
import { type FencedTransaction, fencedTransaction } from '../store/memories/org-fences.ts'
import { asStoreError } from '../store/store-errors.ts'
import { findMissingTurns } from '../store/turns/turns.ts'
import { hashFact } from './hash-fact.ts'
import { turnText } from './recording/turn-text.ts'

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
   * Erases an org, or of it a user, a workstream, a turn or a memory, with all that is derived from it: memories that have no other source, vectors, words,
   * checkpoints, dead letters, jobs, caches. What is recorded after the call began stays. Embeddings in the memory of processes go within the hour.
   * If it fails it may be repeated, and the sweeper goes on with it.
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
  /** Who asks for it; it is kept, with the ids and the time. @default 'app' */
  readonly by?: string
}

export type ErasureReport = { readonly id: number; readonly turns: number; readonly memories: number }

/** What a sweep does for it. */
export type ErasureDuty = {
  /** Goes on with what was left; answers how many are through now. */
  resume(signal: AbortSignal): Promise<number>
  /** Erases what has been kept for as long as retention says, of some orgs; answers of how many. */
  retain(signal: AbortSignal): Promise<number>
}

export type ForgettingServices = {
  readonly config: Pick<
    Config,
    | 'redisKeyPrefix'
    | 'digestWindowMs'
    | 'digestMaxWaitMs'
    | 'orgLockWaitMs'
    | 'sweepIntervalMs'
    | 'retentionDays'
    | 'retentionKeptPercent'
  >
  readonly database: Database
  readonly clock: Clock
  readonly log: Log
  /** The cache role; undefined when there is none. */
  readonly cacheRedis: Redis | undefined
  readonly withOrgMemoryLock: WithOrgMemoryLock
  /** Removes jobs whose payloads are named; see `queues/erase-jobs.ts`. */
  eraseJobs(isNamed: (jobs: readonly ErasableJob[]) => Promise<readonly boolean[]>): Promise<void>
}

type ErasableJob = { readonly payload: unknown; readonly enqueuedAt: Date }

/** Rows that go in one transaction: others write between two. */
const BATCH_TURNS = 200
const BATCH_BYTES = 1_024 * 1_024
const BATCH_MEMORIES = 500
const BATCH_INDEX_ROWS = 5_000
const BATCH_CODE_ROWS = 2_000
/** What dies by the erasure itself dies soon after it was asked for; later deaths are of later work. */
const TRACES_MARGIN_MS = 600_000
/** An erasure that was asked for this long ago, and is not through, has lost its process. */
const ABANDONED_AFTER_MS = 120_000
const RESUMED_AT_ONCE = 10
const RETENTION_INTERVAL_MS = 3_600_000
/** Orgs from which retention erases in one go; the others come next time. */
const RETAINED_AT_ONCE = 100
const DAY_MS = 86_400_000
/** As extraction indexes and compares. */
const RULES: FactRules = { ofTurn: (messages) => termsOf(turnText(messages)), ofFact: termsOf, hashFact }

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
  const { config, database, clock, log, cacheRedis, withOrgMemoryLock } = services
  const timing = () => ({
    now: clock.now(),
    windowMs: config.digestWindowMs,
    maxWaitMs: config.digestMaxWaitMs,
  })
  /** What the erasure itself still sets off, dead letters and jobs, is its own; what comes later is other work. */
  const untilOf = ({ requestedAt }: Erasure) =>
    new Date(Math.min(clock.now().getTime(), requestedAt.getTime() + TRACES_MARGIN_MS))

  const eraseRows = async (erasure: Erasure, signal: AbortSignal | undefined): Promise<void> => {
    const until = untilOf(erasure)
    const counted = (step: typeof eraseTurns, limit: number) => async (transaction: FencedTransaction) => {
      const erased = await step(transaction, erasure, { limit, maxBytes: BATCH_BYTES, rules: RULES, timing: timing() })
      await countErased(transaction, erasure.id, erased)
      return erased.turns + erased.memories > 0
    }
    const ofOrg = [
      (transaction: FencedTransaction) => eraseIndex(transaction, erasure, BATCH_INDEX_ROWS),
      (transaction: FencedTransaction) => eraseCode(transaction, until, BATCH_CODE_ROWS),
    ]
    const steps = [
      ...(isWholeOrg(erasure) ? ofOrg : []),
      counted(eraseTurns, BATCH_TURNS),
      counted(eraseNamedMemories, BATCH_MEMORIES),
    ]
    for (const step of steps) {
      const inTransaction = () =>
        withOrgMemoryLock(erasure.orgId, ({ fence }) => fencedTransaction(database, fence, step), {
          ...(signal && { signal }),
        })
      // Between two others may write.
      while (await inTransaction()) signal?.throwIfAborted()
    }
  }

  const eraseJobs = async (erasure: Erasure): Promise<void> => {
    if (erasure.memoryId !== undefined) return
    const until = untilOf(erasure)
    await services.eraseJobs(async (jobs) => {
      const places = jobs.map(({ payload, enqueuedAt }) =>
        enqueuedAt <= until ? placeOf(payload, erasure) : undefined,
      )
      const turns = places.flatMap((place) => (place && !place.isNamed && place.turn ? [place.turn] : []))
      const missing = await findMissingTurns(database, erasure.orgId, turns)
      return places.map(
        (place) => place !== undefined && (place.isNamed || (place.turn !== undefined && missing.shift() === true)),
      )
    })
  }

  const run = async (erasure: Erasure, signal?: AbortSignal): Promise<ErasureReport> => {
    const { id, orgId } = erasure
    await eraseRows(erasure, signal)
    await eraseJobs(erasure)
    // What those that ran have written until they ended.
    if (isWholeOrg(erasure)) await eraseRows(erasure, signal)
    if (cacheRedis) await eraseCached(cacheRedis, config.redisKeyPrefix, orgId).catch(refuseWithoutCache)
    const eraseRest = (transaction: FencedTransaction) => eraseTraces(transaction, erasure, untilOf(erasure))
    await withOrgMemoryLock(orgId, ({ fence }) => fencedTransaction(database, fence, eraseRest))
    const { turns, memories } = await completeErasure(database, id, clock.now())
    log.info({ erasure: id, orgId, turns, memories, by: erasure.requestedBy }, 'erasure completed')
    return { id, turns, memories }
  }

  const eraseScope = async (scope: ErasureScope, by: string, signal?: AbortSignal): Promise<ErasureReport> => {
    try {
      return await run(await insertErasure(database, scope, { by, at: clock.now() }), signal)
    } catch (error) {
      throw asStoreError(error)
    }
  }

  return {
    async erase(input) {
      const { by, ...scope } = parseInput(eraseSchema, input, 'erasure')
      return eraseScope(scope, by)
    },
    async retain(signal) {
      const { retentionDays, retentionKeptPercent } = config
      if (retentionDays === undefined) return 0
      const keptImportance = retentionKeptPercent / 100
      const now = clock.now()
      if (!(await claimPeriodicTask(database, 'retention', now, RETENTION_INTERVAL_MS))) return 0
      // Whole days: what passes the line costs its conversation its summaries, and its org its cache, once a day and not every hour.
      const olderThan = new Date((Math.floor(now.getTime() / DAY_MS) - retentionDays) * DAY_MS)
      const orgs = await readOrgsToRetain(database, { olderThan, keptImportance }, RETAINED_AT_ONCE)
      for (const orgId of orgs) await eraseScope({ orgId, olderThan, keptImportance }, 'retention', signal)
      return orgs.length
    },
    async resume(signal) {
      if (!(await claimPeriodicTask(database, 'erasures', clock.now(), config.sweepIntervalMs / 2))) return 0
      const before = new Date(clock.now().getTime() - Math.max(ABANDONED_AFTER_MS, 2 * config.orgLockWaitMs))
      const left = await readUnfinishedErasures(database, before, RESUMED_AT_ONCE)
      let done = 0
      for (const erasure of left)
        await run(erasure, signal).then(
          () => {
            done += 1
          },
          (error: Error) => log.warn({ erasure: erasure.id, error: error.message }, 'erasure incomplete, will be resumed'),
        )
      return done
    },
  }
}

function isWholeOrg({ userId, workstreamId, memoryId, olderThan }: ErasureScope): boolean {
  return [userId, workstreamId, memoryId, olderThan].every((part) => part === undefined)
}

/** What a job's payload says of the org that is erased: the org or workstream that goes, or a turn that may be gone. */
function placeOf(payload: unknown, scope: ErasureScope) {
  const { orgId, workstreamId, turnId } = (payload ?? {}) as Record<string, unknown>
  if (orgId !== scope.orgId) return undefined
  const isWorkstream = scope.turnId === undefined && scope.workstreamId !== undefined
  const isTurn = typeof workstreamId === 'string' && typeof turnId === 'string'
  return {
    isNamed: isWholeOrg(scope) || (isWorkstream && workstreamId === scope.workstreamId),
    turn: isTurn ? { workstreamId, turnId } : undefined,
  }
}

function refuseWithoutCache(error: unknown): never {
  throw new AfterturnError(
    'REDIS_UNAVAILABLE',
    'The store is erased; the cache Redis could not be asked. The sweeper goes on when it is back, or repeat the call.',
    { cause: error },
  )
}
