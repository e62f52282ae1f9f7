import { setTimeout } from 'node:timers/promises'
import { countMessageTokens } from '../../ai/tokens/message-tokens.ts'
import { loadTokenCounter } from '../../ai/tokens/token-count.ts'
import type { Clock } from '../../clock.ts'
import type { Config } from '../../config.ts'
import { type ConversationMessage, partsOf, textOf } from '../../conversation.ts'
import { withinDeadline } from '../../deadline.ts'
import { AfterturnError, isAfterturnError } from '../../errors.ts'
import type { Log } from '../../observe/log.ts'
import { compactFromTokens } from '../../settings/context-settings.ts'
import type { Database } from '../../store/database.ts'
import type { Erasure } from '../../store/erasing/erasures.ts'
import { asStoreError } from '../../store/store-errors.ts'
import { insertTurn, type NewTurnMessage } from '../../store/turns/insert-turn.ts'
import type { WakenWorkstream } from '../../store/turns/workstreams.ts'
import { contentHashOf, parseTurn, scopeOf, type TurnInput } from './turn-input.ts'

/** What `recordTurn` answers once the turn is in the store. */
export type RecordedTurn = {
  readonly recorded: 'yes'
  /** Whether this turn had been recorded before, with the same content. */
  readonly deduplicated: boolean
  /** When the workstream's digest runs; null when nothing of it is pending any more. */
  readonly digestDueAt: Date | null
  /** What the whole conversation takes now as a context, in tokens. */
  readonly contextTokens: number
}

export type RecordTurnServices = {
  readonly config: Pick<
    Config,
    | 'digestWindowMs'
    | 'digestMaxWaitMs'
    | 'enqueueTimeoutMs'
    | 'timeZone'
    | 'maxMessageBytes'
    | 'maxInlineBytes'
    | 'maxTurnBytes'
    | 'maxMessagesPerTurn'
    | 'contextWindowTokens'
    | 'contextThresholdPercent'
  >
  readonly database: Database
  readonly clock: Clock
  readonly log: Log
  /** Enqueues the wake-up of a digest; it may fail, the sweeper makes up for it. */
  scheduleDigest(workstream: WakenWorkstream, delayMs: number): Promise<unknown>
  /** Enqueues the wake-up of a compaction; likewise. */
  scheduleCompaction(workstream: WakenWorkstream): Promise<unknown>
  /** Erases what was derived from a turn that was replaced; it may fail, the sweeper makes up for it. */
  finishErasure(erasure: Erasure): Promise<unknown>
}

/** The time that a wake-up may take from its caller, in ms. */
const WAKE_SLICES = 4
const WAKE_SLICE_MS = 10

/** What is counted of one turn: some 50 ms. Messages beyond it are counted by whoever reads them. */
const MAX_COUNTED_BYTES = 256 * 1_024

/**
 * Records a turn: the row first, then the wake-up. Once the row is in the store the turn is recorded, whatever Redis does.
 * @throws INPUT_INVALID, TURN_CONFLICT: nothing was written. The codes of the store: `recorded` says 'no' or 'unknown'; repeat it with the same turnId.
 */
export async function recordTurn(services: RecordTurnServices, input: TurnInput): Promise<RecordedTurn> {
  const { config, clock } = services
  const turn = parseTurn(input, config, clock.now())
  const leftMs = () => Math.max(1, config.enqueueTimeoutMs - (clock.monotonicMs() - startedMs))
  const messages = await countMessages(turn.messages)
  const startedMs = clock.monotonicMs()
  const now = clock.now()
  const timing = { now, windowMs: config.digestWindowMs, maxWaitMs: config.digestMaxWaitMs }
  const row = { ...turn, timeZone: turn.timeZone ?? config.timeZone, scope: scopeOf(turn), messages }
  const { deduplicated, digestDueAt, isBackfill, liveTokens, isCompactionDue, erasure } = await withinDeadline(
    insertTurn(services.database, row, contentHashOf(turn), timing, compactFromTokens(config)),
    leftMs(),
    () =>
      new AfterturnError(
        'STORE_UNAVAILABLE',
        `The store did not take the turn within ${config.enqueueTimeoutMs} ms; it may have landed.`,
        { recorded: 'unknown' },
      ),
  ).catch((error) => {
    throw asStoreError(error)
  })

  const { orgId, workstreamId } = turn
  const wake = (scheduling: Promise<unknown>) =>
    waitBriefly(
      scheduling.catch((error: Error) => {
        // Who reports the connection has said once that Redis is away.
        const level = isAfterturnError(error) && error.recorded === 'no' ? 'debug' : 'warn'
        services.log[level](
          { orgId, workstreamId, error: error.message },
          'no wake-up could be queued; the sweeper will add it',
        )
      }),
    )
  if (erasure) await finish(services, erasure, leftMs())
  const delayMs = digestDueAt && Math.max(0, digestDueAt.getTime() - now.getTime())
  await Promise.all([
    ...(delayMs === null ? [] : [wake(services.scheduleDigest({ orgId, workstreamId, isBackfill }, delayMs))]),
    ...(isCompactionDue ? [wake(services.scheduleCompaction({ orgId, workstreamId, isBackfill }))] : []),
  ])
  return { recorded: 'yes', deduplicated, digestDueAt, contextTokens: liveTokens }
}

/**
 * Waits for a wake-up, but not for a Redis that is silent; it goes on behind the caller's back. In slices: a process that was late itself looks again before
 * it blames Redis.
 */
async function waitBriefly(waking: Promise<unknown>): Promise<void> {
  let isDone = false
  const done = waking.then(() => {
    isDone = true
  })
  for (let slice = 0; slice < WAKE_SLICES && !isDone; slice++) await Promise.race([done, setTimeout(WAKE_SLICE_MS)])
}

/** Erases what a replaced turn left while there is time; after that it goes on behind the caller's back. */
async function finish(
  { finishErasure, log }: Pick<RecordTurnServices, 'finishErasure' | 'log'>,
  erasure: Erasure,
  leftMs: number,
): Promise<void> {
  const finished = finishErasure(erasure).catch((error: Error) =>
    log.warn(
      { erasure: erasure.id, orgId: erasure.orgId, error: error.message },
      'a replaced turn is not erased yet; the sweeper will do it',
    ),
  )
  const timeUp = () => new AfterturnError('ENQUEUE_TIMEOUT', 'The time to record the turn was up.', { recorded: 'yes' })
  await withinDeadline(finished, leftMs, timeUp).catch(() => {})
}

/** The messages as the store takes them, with their tokens. */
async function countMessages(messages: readonly ConversationMessage[]): Promise<NewTurnMessage[]> {
  const countText = await loadTokenCounter('o200k')
  let leftBytes = MAX_COUNTED_BYTES
  return messages.map((message) => {
    const { role, name } = message
    const [content, parts] = [textOf(message), partsOf(message)]
    leftBytes -= Buffer.byteLength(content) + (parts ? Buffer.byteLength(JSON.stringify(parts)) : 0)
    return { role, name, content, parts, tokens: leftBytes < 0 ? null : countMessageTokens(message, countText) }
  })
}
