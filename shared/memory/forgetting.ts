import type { Redis } from 'ioredis'
import { z } from 'zod'
import { eraseCached } from '../cache/erase-cached.ts'
import { cleanText } from '../clean-text.ts'
import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import { AfterturnError } from '../errors.ts'
import type { WithOrgMemoryLock } from '../lock/org-memory-lock.ts'
import type { Log } from '../observe/log.ts'
import { idSchema, parseInput } from '../parse-input.ts'
import type { Database } from '../store/database.ts'
import { claimDuty } from '../store/duties.ts'
import { eraseCode } from '../store/erase-code.ts'
import { eraseIndex, eraseNamedMemories, eraseTraces, eraseTurns } from '../store/erase-items.ts'
import {
  completeErasure,
  countErased,
  type Erasure,
  type ErasureScope,
  insertErasure,
  readUnfinishedErasures,
} from '../store/erasures.ts'
import { type FencedTransaction, fencedTransaction } from '../store/org-fences.ts'
import { asStoreError } from '../store/store-errors.ts'
import { findMissingTurns } from '../store/turns.ts'

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
  resume(): Promise<number>
  /** Erases as retention does. */
  eraseScope(scope: ErasureScope, by: string): Promise<ErasureReport>
}

export type ForgettingServices = {
  readonly config: Pick<
    Config,
    'redisKeyPrefix' | 'digestWindowMs' | 'digestMaxWaitMs' | 'orgLockWaitMs' | 'sweepIntervalMs'
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
const BATCH_MEMORIES = 500
const BATCH_INDEX_ROWS = 5_000
const BATCH_CODE_ROWS = 2_000
/** What dies by the erasure itself dies soon after it was asked for; later deaths are of later work. */
const TRACES_MARGIN_MS = 600_000
/** An erasure that was asked for this long ago, and is not through, has lost its process. */
const ABANDONED_AFTER_MS = 120_000
const RESUMED_AT_ONCE = 10
const MAX_NAME_LENGTH = 100

const eraseSchema = z
  .strictObject({
    orgId: idSchema,
    userId: idSchema.optional(),
    workstreamId: idSchema.optional(),
    turnId: idSchema.optional(),
    memoryId: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional(),
    by: z
      .string()
      .transform((name) => cleanText(name, MAX_NAME_LENGTH))
      .refine((name) => name !== '', 'expected a name, got nothing')
      .default('app'),
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
export function createForgetting(services: ForgettingServices): Forgetting & ErasureDuty {
  const { config, database, clock, log, cacheRedis, withOrgMemoryLock } = services
  const timing = () => ({
    now: clock.now(),
    windowMs: config.digestWindowMs,
    maxWaitMs: config.digestMaxWaitMs,
  })
  const inTransaction = <T>(orgId: string, fn: (transaction: FencedTransaction) => Promise<T>) =>
    withOrgMemoryLock(orgId, ({ fence }) => fencedTransaction(database, fence, fn))

  /** What the erasure itself still sets off, dead letters and jobs, is its own; what comes later is other work. */
  const untilOf = ({ requestedAt }: Erasure) =>
    new Date(Math.min(clock.now().getTime(), requestedAt.getTime() + TRACES_MARGIN_MS))

  const eraseRows = async (erasure: Erasure): Promise<void> => {
    const { orgId, id } = erasure
    if (isWholeOrg(erasure)) {
      const until = untilOf(erasure)
      while (await inTransaction(orgId, (transaction) => eraseIndex(transaction, erasure, BATCH_INDEX_ROWS)));
      while (await inTransaction(orgId, (transaction) => eraseCode(transaction, until, BATCH_CODE_ROWS)));
    }
    for (const step of [
      (transaction: FencedTransaction) => eraseTurns(transaction, erasure, BATCH_TURNS, timing()),
      (transaction: FencedTransaction) => eraseNamedMemories(transaction, erasure, BATCH_MEMORIES),
    ])
      for (let isMore = true; isMore; )
        isMore = await inTransaction(orgId, async (transaction) => {
          const erased = await step(transaction)
          await countErased(transaction, id, erased)
          return erased.turns + erased.memories > 0
        })
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

  const run = async (erasure: Erasure): Promise<ErasureReport> => {
    const { id, orgId } = erasure
    await eraseRows(erasure)
    await eraseJobs(erasure)
    // What those that ran have written until they ended.
    if (isWholeOrg(erasure)) await eraseRows(erasure)
    if (cacheRedis) await eraseCached(cacheRedis, config.redisKeyPrefix, orgId).catch(refuseWithoutCache)
    await inTransaction(orgId, (transaction) => eraseTraces(transaction, erasure, untilOf(erasure)))
    const { turns, memories } = await completeErasure(database, id, clock.now())
    log.info({ erasure: id, orgId, turns, memories, by: erasure.requestedBy }, 'an erasure is through')
    return { id, turns, memories }
  }

  const eraseScope = async (scope: ErasureScope, by: string): Promise<ErasureReport> => {
    try {
      return await run(await insertErasure(database, scope, { by, at: clock.now() }))
    } catch (error) {
      throw asStoreError(error)
    }
  }

  return {
    async erase(input) {
      const { by, ...scope } = parseInput(eraseSchema, input, 'erasure')
      return eraseScope(scope, by)
    },
    eraseScope,
    async resume() {
      if (!(await claimDuty(database, 'erasures', clock.now(), config.sweepIntervalMs / 2))) return 0
      const before = new Date(clock.now().getTime() - Math.max(ABANDONED_AFTER_MS, 2 * config.orgLockWaitMs))
      const left = await readUnfinishedErasures(database, before, RESUMED_AT_ONCE)
      let done = 0
      for (const erasure of left)
        await run(erasure).then(
          () => {
            done += 1
          },
          (error: Error) => log.warn({ erasure: erasure.id, error: error.message }, 'an erasure is not through yet'),
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
