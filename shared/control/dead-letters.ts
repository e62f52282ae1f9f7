import { z } from 'zod'
import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import { AfterturnError, isAfterturnError } from '../errors.ts'
import type { Log } from '../observe/log.ts'
import { bySchema, idSchema, tellFault } from '../parse-input.ts'
import {
  dropDeadLetter,
  replayJob,
  replayMessage,
  replayTurn,
  settledError,
} from '../store/control/dead-letter-resolution.ts'
import {
  countDeadLetters,
  type DeadLetter,
  type DeadLetterDetail,
  type DeadLetterFilter,
  findDeadLetters,
  readDeadLetters,
} from '../store/control/dead-letters.ts'
import type { Database } from '../store/database.ts'
import { deadMessageOf } from '../store/messages/dead-message.ts'
import type { WorkstreamKey } from '../store/turns/workstreams.ts'
import { readInTime, withStoreErrors } from '../store/with-store-errors.ts'

/** The dead letters, for people and programs that handle them: work that failed for good, why, and what was done about it. */
export type DeadLetters = {
  /** Lists the newest open letters or, with `isResolved`, those that were replayed or dropped; `beforeId` continues after a letter. @default limit 100 */
  list(input?: DeadLetterFilter & { limit?: number; beforeId?: number; isResolved?: boolean }): Promise<DeadLetter[]>
  /** Counts the open letters. */
  count(filter?: DeadLetterFilter): Promise<number>
  /** Returns one letter with its attempts. @throws DEAD_LETTER_UNKNOWN */
  show(input: { id: number }): Promise<DeadLetterDetail>
  /**
   * Replays letters, with all their attempts: a turn is pending again and its digest is due, a message is open again, a job is enqueued under its key.
   * All ids are checked first: if one cannot be replayed, none is.
   * @throws DEAD_LETTER_UNKNOWN, DEAD_LETTER_SETTLED, INPUT_INVALID; ENQUEUE_TIMEOUT: the letter of that job stays open
   */
  replay(input: { ids: readonly number[]; by?: string }): Promise<{ replayed: number }>
  /** Replays all open letters that match, newest first; those that cannot be replayed stay open and are counted, unless somebody else settles them meanwhile. */
  replayAll(input: DeadLetterFilter & { by?: string; limit?: number }): Promise<{ replayed: number; refused: number }>
  /**
   * Drops letters for good; their records are kept, and a turn stays dead.
   * @throws DEAD_LETTER_UNKNOWN, DEAD_LETTER_SETTLED: nothing was changed
   */
  drop(input: { ids: readonly number[]; by?: string }): Promise<{ dropped: number }>
}

type DeadLettersServices = {
  readonly database: Database
  readonly clock: Clock
  readonly log: Log
  readonly config: Pick<Config, 'digestWindowMs' | 'digestMaxWaitMs'>
  /** Enqueues the wake-up of a digest; it may fail, the sweeper makes up for it. */
  scheduleDigest(workstream: WorkstreamKey, delayMs: number): Promise<unknown>
  /** Enqueues a job of a queue under its key. @throws QUEUE_UNKNOWN, PAYLOAD_INVALID, ENQUEUE_TIMEOUT */
  enqueue(queue: string, payload: object): Promise<unknown>
}

const MAX_LISTED = 10_000
const PAGE_LETTERS = 500

const text = idSchema.optional()
const filterSchema = z.object({ orgId: text, queue: text, code: text })
const limit = z.number().int().min(1).max(MAX_LISTED)
// PostgreSQL's bigint reaches further than a number does.
const id = z.number().int().min(1).max(Number.MAX_SAFE_INTEGER)
const listSchema = filterSchema
  .extend({ limit: limit.default(100), beforeId: id.optional(), isResolved: z.boolean().optional() })
  .strict()
const showSchema = z.strictObject({ id })
const idsSchema = z.strictObject({ ids: z.array(id).min(1).max(MAX_LISTED), by: bySchema })
const replayAllSchema = filterSchema.extend({ by: bySchema, limit: limit.optional() }).strict()

/** Binds the dead letters to a runtime's services. */
export function createDeadLetters(services: DeadLettersServices): DeadLetters {
  const { database, clock, config, log } = services

  const replayOne = async (letter: DeadLetterDetail, by: string) => {
    const now = clock.now()
    if (letter.jobId !== null) {
      const payload = payloadOf(letter)
      const message = deadMessageOf(letter)
      if (message) return replayMessage(database, letter, { by, at: now }, message)
      return replayJob(database, letter, { by, at: now }, () => services.enqueue(letter.queue, payload))
    }
    const timing = { now, windowMs: config.digestWindowMs, maxWaitMs: config.digestMaxWaitMs }
    const { digestDueAt, ...workstream } = await replayTurn(database, letter, { by, at: now }, timing)
    const delayMs = Math.max(0, (digestDueAt?.getTime() ?? 0) - now.getTime())
    await services
      .scheduleDigest(workstream, delayMs)
      .catch((error: Error) =>
        log.warn({ ...workstream, error: error.message }, 'no wake-up could be queued; the sweeper will add it'),
      )
  }
  /** All or none: an id that is mistyped must not leave half of the others replayed. */
  const openLetters = async (given: readonly number[]): Promise<DeadLetterDetail[]> => {
    const ids = [...new Set(given)]
    const found = new Map((await findDeadLetters(database, ids)).map((letter) => [letter.id, letter]))
    return ids.map((one) => {
      const letter = found.get(one)
      if (!letter || letter.resolution !== null) throw settledError(one, letter)
      return letter
    })
  }

  return {
    list: (input = {}) => readInTime(readDeadLetters(database, parse(listSchema, input))),
    async count(filter = {}) {
      const counts = await readInTime(countDeadLetters(database, parse(filterSchema.strict(), filter)))
      return counts.reduce((sum, { count }) => sum + count, 0)
    },
    async show(input) {
      const { id } = parse(showSchema, input)
      const [letter] = await readInTime(findDeadLetters(database, [id]))
      if (!letter) throw settledError(id, undefined)
      return letter
    },
    async replay(input) {
      const { ids, by } = parse(idsSchema, input)
      const letters = await withStoreErrors(openLetters(ids))
      for (const letter of letters) if (letter.jobId !== null) payloadOf(letter)
      for (const letter of letters) await withStoreErrors(replayOne(letter, by))
      return { replayed: letters.length }
    },
    async replayAll(input) {
      const { by, limit: most = Number.POSITIVE_INFINITY, ...filter } = parse(replayAllSchema, input)
      const report = { replayed: 0, refused: 0 }
      let beforeId: number | undefined
      for (let left = most; left > 0; ) {
        const page = await withStoreErrors(
          readDeadLetters(database, { ...filter, beforeId, limit: Math.min(PAGE_LETTERS, left) }),
        )
        if (page.length === 0) break
        const letters = await withStoreErrors(
          findDeadLetters(
            database,
            page.map((letter) => letter.id),
          ),
        )
        for (const letter of letters) {
          const refusal = await withStoreErrors(replayOne(letter, by)).then(
            () => undefined,
            (error: unknown) => error,
          )
          if (refusal === undefined) report.replayed += 1
          // Somebody else was first.
          else if (isAfterturnError(refusal, 'DEAD_LETTER_SETTLED')) continue
          else if (isAfterturnError(refusal) && !refusal.retryable) report.refused += 1
          else throw refusal
        }
        beforeId = page.at(-1)?.id
        left -= page.length
      }
      return report
    },
    async drop(input) {
      const { ids, by } = parse(idsSchema, input)
      const letters = await withStoreErrors(openLetters(ids))
      for (const letter of letters) await withStoreErrors(dropDeadLetter(database, letter.id, { by, at: clock.now() }))
      return { dropped: letters.length }
    },
  }
}

/** @throws PAYLOAD_INVALID when no store takes it, and so it was not kept. */
function payloadOf({ id, payload }: DeadLetterDetail): object {
  if (payload !== null) return payload
  throw new AfterturnError(
    'PAYLOAD_INVALID',
    `Dead letter ${id} cannot be replayed: its payload is no object or is longer than what is kept.`,
    { recorded: 'no' },
  )
}

function parse<Output>(schema: z.ZodType<Output>, input: unknown): Output {
  const result = schema.safeParse(input, { reportInput: true })
  if (result.success) return result.data
  const faults = result.error.issues.map((issue) => `${issue.path.join('.') || 'id'}: ${tellFault(issue)}`)
  throw new AfterturnError('INPUT_INVALID', `Nothing was changed: ${faults.join('; ')}.`)
}
