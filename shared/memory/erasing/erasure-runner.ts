import type { Redis } from 'ioredis'
import pLimit from 'p-limit'
import { eraseCached } from '../../cache/erase-cached.ts'
import type { Clock } from '../../clock.ts'
import type { Config } from '../../config.ts'
import { AfterturnError, isAfterturnError } from '../../errors.ts'
import type { WithOrgMemoryLock } from '../../lock/org-memory-lock.ts'
import type { Log } from '../../observe/log.ts'
import type { Database } from '../../store/database.ts'
import { eraseCode } from '../../store/erasing/erase-code.ts'
import {
  eraseIndex,
  eraseNamedMemories,
  eraseSessions,
  eraseTraces,
  eraseTurns,
} from '../../store/erasing/erase-items.ts'
import {
  completeErasure,
  countErased,
  type ErasedCounts,
  type Erasure,
  keepErasuresAlive,
} from '../../store/erasing/erasures.ts'
import { eraseEvents } from '../../store/events/erase-events.ts'
import { ORG_STREAM } from '../../store/events/product-events.ts'
import { type FencedTransaction, fencedTransaction } from '../../store/memories/org-fences.ts'
import { deleteMessages } from '../../store/messages/agent-messages.ts'
import { eraseThreads } from '../../store/states/delete-checkpoints.ts'
import { eraseStates } from '../../store/states/erase-states.ts'
import { FACT_RULES } from '../fact-rules.ts'
import { type ErasableJobSearch, isWholeOrg, namedJobs } from './named-jobs.ts'

/**
 * Runs erasures: rows, in bounded transactions under the org's lock and fence; jobs; the cache; traces. Guarantees: each step may be repeated; while it
 * runs, its row shows a sign of life; one that fails holds up no other.
 */
type ErasureRunner = {
  /** Runs one to its end. */
  run(erasure: Erasure, signal?: AbortSignal): Promise<ErasedCounts>
  /** Runs many, looking for their jobs and cached results once for all; one that fails is logged and left. Returns how many are complete. */
  runTogether(erasures: readonly Erasure[], signal: AbortSignal): Promise<number>
}

export type ErasureRunnerServices = {
  readonly config: Pick<Config, 'redisKeyPrefix' | 'digestWindowMs' | 'digestMaxWaitMs'>
  readonly database: Database
  readonly clock: Clock
  /** Tells who follows a stream that it has something new. */
  readonly wakes: { announce(key: { readonly orgId: string; readonly stream: readonly string[] }): void }
  readonly log: Log
  /** The cache role; undefined when there is none. */
  readonly cacheRedis: Redis | undefined
  readonly withOrgMemoryLock: WithOrgMemoryLock
  /** Makes every process forget a key that is gone. */
  announceKey(keyId: string): Promise<void>
  /** Removes jobs whose payloads are named; see `queues/erase-jobs.ts`. */
  eraseJobs(search: ErasableJobSearch): Promise<void>
}

/** Without a sign of life for this long, an erasure has lost its process. */
export const ABANDONED_AFTER_MS = 120_000
const SIGNS_OF_LIFE_WITHIN = 4
/** Rows that go in one transaction: others write between two. */
const BATCH_TURNS = 200
const BATCH_BYTES = 1_024 * 1_024
const BATCH_MEMORIES = 500
const BATCH_INDEX_ROWS = 5_000
const BATCH_EVENTS = 2_000
const BATCH_CODE_ROWS = 2_000
const BATCH_STATE_ROWS = 2_000
/** What dies by the erasure itself dies soon after it was asked for; later deaths are of later work. */
const TRACES_MARGIN_MS = 600_000
/** Erasures that run at once: one may wait for its org's lock while others work. */
const CONCURRENCY = 4

export function createErasureRunner(services: ErasureRunnerServices): ErasureRunner {
  const { config, database, clock, log, cacheRedis, withOrgMemoryLock } = services
  /** What the erasure itself still sets off, dead letters and jobs, is its own; what comes later is other work. */
  const untilOf = ({ askedAt }: Erasure) =>
    new Date(Math.min(clock.now().getTime(), askedAt.getTime() + TRACES_MARGIN_MS))

  const eraseRows = async (erasure: Erasure, signal: AbortSignal | undefined): Promise<void> => {
    const timing = { now: clock.now(), windowMs: config.digestWindowMs, maxWaitMs: config.digestMaxWaitMs }
    for (const step of stepsOf(erasure, untilOf(erasure), timing)) {
      const inTransaction = () =>
        withOrgMemoryLock(erasure.orgId, ({ fence }) => fencedTransaction(database, fence, step), {
          ...(signal && { signal }),
        })
      // Between two others may write.
      while (await inTransaction()) signal?.throwIfAborted()
    }
  }
  const eraseJobs = async (erasures: readonly Erasure[]): Promise<void> => {
    const search = namedJobs(database, erasures, untilOf)
    if (search) await services.eraseJobs(search)
  }
  /** Erases the rows that running jobs wrote until they ended. */
  const eraseLateRows = async (erasure: Erasure, signal: AbortSignal | undefined): Promise<void> => {
    if (isWholeOrg(erasure)) await eraseRows(erasure, signal)
  }
  const eraseCaches = async (erasures: readonly Erasure[]): Promise<void> => {
    const orgIds = [...new Set(erasures.map(({ orgId }) => orgId))]
    if (cacheRedis) await eraseCached(cacheRedis, config.redisKeyPrefix, orgIds).catch(refuseWithoutCache)
  }
  const finish = async (erasure: Erasure): Promise<ErasedCounts> => {
    const { id, orgId } = erasure
    const eraseRest = (transaction: FencedTransaction) => eraseTraces(transaction, erasure, untilOf(erasure))
    if (hasTraces(erasure)) {
      const keyIds = await withOrgMemoryLock(orgId, ({ fence }) => fencedTransaction(database, fence, eraseRest))
      await Promise.all(keyIds.map(services.announceKey))
    }
    const counts = await completeErasure(database, erasure, clock.now())
    services.wakes.announce({ orgId, stream: ORG_STREAM })
    log.info({ erasure: id, orgId, ...counts, by: erasure.requestedBy }, 'an erasure is complete')
    return counts
  }
  /** Those of the erasures that a step succeeded for. */
  const throughStep = async (left: readonly Erasure[], step: (erasure: Erasure) => Promise<unknown>) => {
    const passed = await pLimit(CONCURRENCY).map([...left], (erasure) =>
      step(erasure).then(
        () => [erasure],
        (error: Error) => {
          log.warn(
            { erasure: erasure.id, orgId: erasure.orgId, error: error.message },
            'an erasure is incomplete and will be resumed',
          )
          return []
        },
      ),
    )
    return passed.flat()
  }
  const keepAlive = async <T>(erasures: readonly Erasure[], work: () => Promise<T>): Promise<T> => {
    const ids = erasures.map(({ id }) => id)
    const timer = setInterval(
      () => void keepErasuresAlive(database, ids, clock.now()).catch(() => {}),
      ABANDONED_AFTER_MS / SIGNS_OF_LIFE_WITHIN,
    ).unref()
    return work().finally(() => clearInterval(timer))
  }

  return {
    run: (erasure, signal) =>
      keepAlive([erasure], async () => {
        await eraseRows(erasure, signal)
        await eraseJobs([erasure])
        await eraseLateRows(erasure, signal)
        await eraseCaches([erasure])
        return finish(erasure)
      }),
    runTogether: (erasures, signal) =>
      keepAlive(erasures, async () => {
        const withoutRows = await throughStep(erasures, (erasure) => eraseRows(erasure, signal))
        signal.throwIfAborted()
        const withoutJobs = await eraseJobs(withoutRows).then(
          () => withoutRows,
          // One of them has a job that does not end: the others need not wait for it.
          (error) =>
            isAfterturnError(error, 'ERASURE_UNFINISHED')
              ? throughStep(withoutRows, (erasure) => eraseJobs([erasure]))
              : throughStep(withoutRows, () => Promise.reject(error)),
        )
        const withoutLateRows = await throughStep(withoutJobs, (erasure) => eraseLateRows(erasure, signal))
        const withoutCaches = await eraseCaches(withoutLateRows).then(
          () => withoutLateRows,
          (error) => throughStep(withoutLateRows, () => Promise.reject(error)),
        )
        return (await throughStep(withoutCaches, finish)).length
      }),
  }
}

type DigestTiming = { readonly now: Date; readonly windowMs: number; readonly maxWaitMs: number }
/** One bounded transaction; whether there is more to do. */
type Step = (transaction: FencedTransaction) => Promise<boolean>

function stepsOf(erasure: Erasure, until: Date, timing: DigestTiming): Step[] {
  const counted =
    (step: typeof eraseTurns, limit: number): Step =>
    async (transaction) => {
      const erased = await step(transaction, erasure, { limit, maxBytes: BATCH_BYTES, rules: FACT_RULES, timing })
      await countErased(transaction, erasure.id, erased)
      return erased.turns + erased.memories > 0
    }
  const { userId, turnId, memoryId, olderThan } = erasure
  const hasStates = isWholeOrg(erasure) || (userId !== undefined && olderThan === undefined)
  return [
    ...(hasStates
      ? [
          (transaction: FencedTransaction) => eraseStates(transaction, erasure, until, BATCH_STATE_ROWS),
          (transaction: FencedTransaction) => eraseThreads(transaction, erasure, until, BATCH_STATE_ROWS),
        ]
      : []),
    (transaction) => eraseEvents(transaction, erasure, until, BATCH_EVENTS),
    ...(hasSessions(erasure) ? [(transaction: FencedTransaction) => eraseSessions(transaction, erasure)] : []),
    ...(turnId === undefined && memoryId === undefined && olderThan === undefined
      ? [(transaction: FencedTransaction) => deleteMessages(transaction, { ...erasure, until }, BATCH_EVENTS)]
      : []),
    ...(isWholeOrg(erasure)
      ? [
          (transaction: FencedTransaction) => eraseIndex(transaction, erasure, BATCH_INDEX_ROWS),
          (transaction: FencedTransaction) => eraseCode(transaction, until, BATCH_CODE_ROWS),
        ]
      : []),
    ...(memoryId === undefined ? [counted(eraseTurns, BATCH_TURNS)] : []),
    ...(turnId === undefined && olderThan === undefined ? [counted(eraseNamedMemories, BATCH_MEMORIES)] : []),
  ]
}

/** Sessions are a user's: they go with the user or the org. */
function hasSessions({ workstreamId, turnId, memoryId, olderThan }: Erasure): boolean {
  return [workstreamId, turnId, memoryId, olderThan].every((part) => part === undefined)
}

function hasTraces({ memoryId, olderThan }: Erasure): boolean {
  return memoryId === undefined && olderThan === undefined
}

function refuseWithoutCache(error: unknown): never {
  throw new AfterturnError(
    'REDIS_UNAVAILABLE',
    'The store is erased; the cache Redis could not be asked. The sweeper resumes it when it is back, or repeat the call.',
    { cause: error },
  )
}
