import { setTimeout as sleep } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import type { CallPacer } from '../ai/call-pacer.ts'
import type { Clock } from '../clock.ts'
import { withinDeadline } from '../deadline.ts'
import { AfterturnError } from '../errors.ts'
import type { Log } from '../observe/log.ts'
import type { Metrics } from '../observe/metrics.ts'
import { modelLineKey } from '../redis/keys.ts'
import { MAX_RETRY_AFTER_MS } from '../retry-after.ts'
import { type CallLimits, createCallBudget } from './call-budget.ts'
import { createLocalLine } from './local-rate-limiter.ts'
import type { CallLine, CallPermit, CallRequest } from './rate-limiter.ts'
import { createSharedLine } from './shared-rate-limiter.ts'

/**
 * Owns when a model is called: the budgets of the fleet, and the pauses that the provider asks of any of its processes.
 * Guarantees: without Redis each process keeps the budget by itself, and no call waits for Redis longer than `REDIS_PATIENCE_MS`.
 */

type ModelPacerOptions = {
  /** Fails at once while it is away. */
  readonly redis: Redis
  readonly keyPrefix: string
  /** Where the models are: the same name elsewhere is another model. */
  readonly baseUrl: string
  /** The limits by model; a model without any has pauses only. */
  readonly limits: ReadonlyMap<string, CallLimits>
  /** The longest wait in place; a call that would wait longer is sent away. */
  readonly maxWaitMs: number
  countTokens(text: string): Promise<number>
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
}

const REDIS_PATIENCE_MS = 1_000
/** After a failure of Redis the process decides alone for this long. */
const ALONE_MS = 1_000
const NO_LIMITS: CallLimits = { callsPerMinute: undefined, tokensPerMinute: undefined, windowMs: 1 }

type Line = CallLine & { readonly countsTokens: boolean; owedTokens: number }

/** The pacer that all processes with the same Redis and prefix share. */
export function createModelPacer(options: ModelPacerOptions): CallPacer {
  const { clock, log, metrics } = options
  const lines = new Map<string, Line>()
  let aloneUntilMs = Number.NEGATIVE_INFINITY

  /** What Redis says, or the process itself while Redis is away. Both are asked, so that the process knows what it has spent. */
  async function decide<Answer>(ask: (line: CallLine) => Promise<Answer>, shared: CallLine, local: CallLine) {
    const own = await ask(local)
    if (clock.monotonicMs() < aloneUntilMs) return own
    try {
      const isLate = () =>
        new AfterturnError('REDIS_UNAVAILABLE', `Redis did not answer within ${REDIS_PATIENCE_MS} ms`)
      return await withinDeadline(ask(shared), REDIS_PATIENCE_MS, isLate)
    } catch (error) {
      log.debug({ error: (error as Error).message }, 'Redis is away: this process paces model calls by itself')
      aloneUntilMs = clock.monotonicMs() + ALONE_MS
      return own
    }
  }

  function lineOf(model: string): Line {
    const known = lines.get(model)
    if (known) return known
    const limits = options.limits.get(model) ?? NO_LIMITS
    const budget = createCallBudget(limits)
    const shared = createSharedLine(options.redis, modelLineKey(options.keyPrefix, options.baseUrl, model), budget)
    const local = createLocalLine(clock, budget)
    const line: Line = {
      next: (call) => decide((one) => one.next(call), shared, local),
      pause: (pauseMs) => decide((one) => one.pause(pauseMs), shared, local),
      countsTokens: limits.tokensPerMinute !== undefined,
      owedTokens: 0,
    }
    lines.set(model, line)
    return line
  }

  function ask(line: Line, call: Omit<CallRequest, 'owedTokens'>): Promise<CallPermit> {
    const { owedTokens } = line
    line.owedTokens = 0
    return line.next({ ...call, owedTokens })
  }

  async function tokensOf(texts: readonly string[]): Promise<number> {
    let tokens = 0
    for (const text of texts) tokens += await options.countTokens(text)
    return tokens
  }

  return {
    async enter(model, texts, signal) {
      const line = lineOf(model)
      const tokens = line.countsTokens ? await tokensOf(texts()) : 0
      const startedMs = clock.monotonicMs()
      const waitedMs = () => clock.monotonicMs() - startedMs
      for (let hasSlot = false; ; hasSlot = true) {
        signal?.throwIfAborted()
        const slot = await ask(line, { tokens, maxWaitMs: options.maxWaitMs - waitedMs(), hasSlot })
        if (!slot.isGo) {
          metrics.count('afterturn_model_waits_total', { model, outcome: 'sent_away' })
          throw new AfterturnError(
            'MODEL_RATE_LIMITED',
            `The fleet's calls of ${model} wait for their turn: expected one within ${options.maxWaitMs} ms, got one in ${slot.waitMs} ms`,
            { retryAfterMs: slot.waitMs },
          )
        }
        if (slot.waitMs <= 0) break
        await waitFor(slot.waitMs, signal)
      }
      if (waitedMs() >= 1) {
        metrics.count('afterturn_model_waits_total', { model, outcome: 'waited' })
        metrics.observe('afterturn_model_wait_seconds', { model }, waitedMs() / 1_000)
      }
      return {
        used(usedTokens) {
          if (line.countsTokens) line.owedTokens += usedTokens - tokens
        },
        async refused(retryAfterMs) {
          const pauseMs = Math.min(retryAfterMs, MAX_RETRY_AFTER_MS)
          if (pauseMs <= 0) return retryAfterMs
          if (await line.pause(pauseMs))
            log.warn({ model, pauseMs }, 'the provider asked for a pause; all calls of this model wait')
          const { waitMs } = await ask(line, { tokens, maxWaitMs: -1, hasSlot: true })
          return Math.max(retryAfterMs, waitMs)
        },
      }
    },
  }
}

async function waitFor(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(ms, undefined, { signal })
  } catch (error) {
    signal?.throwIfAborted()
    throw error
  }
}
