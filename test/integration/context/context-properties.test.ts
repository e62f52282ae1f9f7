import fc from 'fast-check'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, inject, it } from 'vitest'
import { createLocalProvider } from '../../../shared/ai/local/local-provider.ts'
import { createProviderHealth } from '../../../shared/ai/provider-health.ts'
import { REPLY_TOKENS } from '../../../shared/ai/tokens/message-tokens.ts'
import { systemClock } from '../../../shared/clock.ts'
import { expandContext } from '../../../shared/context/expand-context.ts'
import { loadContext } from '../../../shared/context/load-context.ts'
import type { LoadedContext } from '../../../shared/context/loaded-context.ts'
import { formatMessageId } from '../../../shared/context/message-ids.ts'
import { createTokenCounter, type TokenCounter } from '../../../shared/context/token-counter.ts'
import { type ConversationMessage, partsOf, textOf } from '../../../shared/conversation.ts'
import { isAfterturnError } from '../../../shared/errors.ts'
import { silentLog } from '../../../shared/observe/log.ts'
import { createTracing } from '../../../shared/observe/tracing.ts'
import { readContextState, wantCompaction } from '../../../shared/store/conversations/compactions.ts'
import type { MessagePlace } from '../../../shared/store/conversations/workstream-context.ts'
import type { Database } from '../../../shared/store/database.ts'
import { insertTurn } from '../../../shared/store/turns/insert-turn.ts'
import { compactWorkstream } from '../../../workers/context/context-compaction.ts'
import { conversations, faultsOfRequest } from '../../helpers/memory/conversations.ts'
import { useDatabase } from '../../helpers/services/database.ts'

/** What holds for every conversation, compacted or not; PROPERTY_RUNS asks for more of them. */

const RUNS = Number(process.env.PROPERTY_RUNS ?? 60)
const TIMING = { now: new Date('2026-01-01T00:00:00Z'), windowMs: 60_000, maxWaitMs: 60_000 }
const BUDGETS = [150, 400, 1_000, 4_000]

let database: Database
let orgId: string
let redis: Redis
let counter: TokenCounter
useDatabase((opened, id) => {
  database = opened
  orgId = id
})
beforeAll(async () => {
  redis = new Redis(inject('redisUrl'))
  counter = await createTokenCounter('gpt-5')
})
afterAll(() => redis.quit())

const config = {
  completionModel: 'gpt-5',
  contextOffloadTokens: 100,
  contextTailPercent: 30,
  compactionInputTokens: 1_500,
  compactionBreakerMs: 60_000,
  retryBackoffMs: 10,
  redisKeyPrefix: `t-${crypto.randomUUID()}`,
  jobLockMs: 30_000,
}

/** Runs compactions on the database given, which may fail at any of its transactions. */
function compact(scope: { orgId: string; workstreamId: string }, given: Database = database) {
  const provider = createLocalProvider()
  const handler = compactWorkstream({
    config,
    database: given,
    redis,
    queues: { ask: () => Promise.reject(new Error('nobody waits in line')) },
    provider,
    health: createProviderHealth(systemClock, silentLog),
    completer: {
      complete: async (_org, task, input, options) => ({
        ...(await provider.complete(task, input, options)),
        isCached: false,
      }),
      stats: () => {
        throw new Error('nobody asks')
      },
    },
    wakes: { announce() {} },
    clock: systemClock,
    log: silentLog,
    tracing: createTracing(false),
  })
  const context = {
    jobId: '1',
    queue: 'context-compaction',
    attempt: 1,
    isLastAttempt: false,
    signal: new AbortController().signal,
    clock: systemClock,
    log: silentLog,
    progress: async () => {},
    delayUntil: () => Promise.reject(new Error('the lease is taken')),
  }
  return handler({ v: 1, ...scope }, context)
}

let workstreams = 0
async function record(
  turns: readonly ConversationMessage[][],
  scope: { orgId: string; workstreamId: string },
  from = 0,
) {
  for (const [index, messages] of turns.entries()) {
    const rows = messages.map((message) => ({
      role: message.role,
      name: message.name,
      content: textOf(message),
      parts: partsOf(message),
      tokens: counter.message(message),
    }))
    const turn = { ...scope, scope: 'org' as const, turnId: `t${from + index}`, messages: rows }
    await insertTurn(database, turn, Buffer.alloc(32, from + index), TIMING)
  }
}

type Loaded = { budgetTokens: number; loaded: LoadedContext }

/** Loads at all budgets; one that the pinned messages exceed is refused by exactly as much. */
async function loadAll(scope: { orgId: string; workstreamId: string }): Promise<Loaded[]> {
  const all: Loaded[] = []
  for (const budgetTokens of BUDGETS) {
    try {
      all.push({ budgetTokens, loaded: await loadContext({ config, database }, { ...scope, budgetTokens }) })
    } catch (error) {
      if (!isAfterturnError(error, 'CONTEXT_TOO_SMALL')) throw error
      const missing = Number(/is (\d+) too small/.exec(error.message)?.[1])
      await loadContext({ config, database }, { ...scope, budgetTokens: budgetTokens + missing })
    }
  }
  return all
}

async function check(scope: { orgId: string; workstreamId: string }, messages: readonly ConversationMessage[]) {
  for (const { budgetTokens, loaded } of await loadAll(scope)) {
    const counted = REPLY_TOKENS + loaded.messages.reduce((sum, message) => sum + counter.message(message), 0)
    equal('its tokens', loaded.tokens, counted)
    if (counted > budgetTokens) throw new Error(`${counted} tokens in a budget of ${budgetTokens}`)
    equal('what the API refuses', faultsOfRequest(loaded.messages), [])
    equal('all messages', loaded.totalMessages, messages.length)
    await checkCoverage(scope, loaded, messages.length)
    await checkPins(scope, loaded, messages)
    equal('a second load', await loadContext({ config, database }, { ...scope, budgetTokens }), loaded)
  }
}

/** The newest system prompt stays whole, and of the first message of a user at least its ends. */
async function checkPins(
  scope: { orgId: string; workstreamId: string },
  loaded: LoadedContext,
  messages: readonly ConversationMessage[],
) {
  const { pins } = (await readContextState(database, scope)) ?? {}
  const shown = (place: MessagePlace | undefined) =>
    loaded.parts.find(({ id }) => place && id === formatMessageId(place))
  const prompt = pins?.system?.find(({ isPrompt }) => isPrompt)
  if (prompt) equal('the system prompt', shown(prompt.at)?.kind, 'raw')
  const user = messages.find(({ role }) => role === 'user')
  if (user && !['raw', 'excerpt'].includes(shown(pins?.user)?.kind ?? '')) throw new Error('the first user is gone')
}

/** Each message is in one part: found by expanding them all. */
async function checkCoverage(scope: { orgId: string; workstreamId: string }, loaded: LoadedContext, total: number) {
  equal(
    'parts',
    loaded.parts.reduce((sum, part) => sum + part.messages, 0),
    total,
  )
  const single = new Set(loaded.parts.filter(({ id }) => !id.includes('-')).map(({ id }) => id))
  const seen: string[] = [...single]
  for (const { id, messages } of loaded.parts.filter((part) => part.id.includes('-'))) {
    const covered: string[] = []
    for (let next: string | null = id; next; ) {
      const page: Awaited<ReturnType<typeof expandContext>> = await expandContext(
        { config, database },
        { ...scope, id: next, limit: 50 },
      )
      covered.push(...page.messages.map((one) => one.id).filter((one) => !single.has(one)))
      next = page.next
    }
    equal(`messages behind ${id}`, covered.length, messages)
    seen.push(...covered)
  }
  equal('messages once', new Set(seen).size, total)
}

function equal(what: string, got: unknown, expected: unknown) {
  const [a, b] = [JSON.stringify(got), JSON.stringify(expected)]
  if (a !== b) throw new Error(`${what}: expected ${b?.slice(0, 600)}, got ${a?.slice(0, 600)}`)
}

it('every message is shown or stands behind one part, within the budget, valid for the API, before and after compactions', async () => {
  const property = fc.asyncProperty(
    conversations,
    conversations,
    fc.constantFrom(300, 800),
    async (first, later, budget) => {
      const scope = { orgId, workstreamId: `w${++workstreams}` }
      await record(first, scope)
      await check(scope, first.flat())
      await wantCompaction(database, scope, budget)
      await compact(scope)
      await check(scope, first.flat())
      const state = await readContextState(database, scope)
      const before = await loadContext({ config, database }, { ...scope, budgetTokens: 100_000 })

      await wantCompaction(database, scope, budget)
      await compact(scope)
      equal('compacted twice', (await readContextState(database, scope))?.compaction, state?.compaction)

      await record(later, scope, first.length)
      const after = await loadContext({ config, database }, { ...scope, budgetTokens: 100_000 })
      // A call without a result is words until its result comes.
      const open = before.messages.findIndex((message) => textOf(message).includes('no result is here'))
      const settled = open === -1 ? before.messages.length : open
      // A system prompt that takes the place of another takes it out of what stood before.
      const pinned = (await readContextState(database, scope))?.pins.system ?? []
      const isReplaced = (state?.pins.system ?? []).some(({ at }) => !pinned.some((pin) => `${pin.at}` === `${at}`))
      if (!isReplaced) equal('what stood before', after.messages.slice(0, settled), before.messages.slice(0, settled))
      await wantCompaction(database, scope, budget)
      await compact(scope)
      await check(scope, [...first, ...later].flat())
    },
  )
  await fc.assert(property, { numRuns: RUNS, endOnFailure: true })
}, 600_000)

it('a crash at any step leaves a context that is whole, and the next run goes on', async () => {
  const property = fc.asyncProperty(conversations, fc.integer({ min: 1, max: 12 }), async (turns, lastQuery) => {
    const scope = { orgId, workstreamId: `c${++workstreams}` }
    await record(turns, scope)
    await wantCompaction(database, scope, 300)
    await compact(scope, dyingAfter(lastQuery)).catch(() => {})
    await check(scope, turns.flat())
    await wantCompaction(database, scope, 300)
    await compact(scope)
    await check(scope, turns.flat())
  })
  await fc.assert(property, { numRuns: Math.ceil(RUNS / 2), endOnFailure: true })
}, 600_000)

/** A database whose connection is gone after so many queries. */
function dyingAfter(queries: number): Database {
  let left = queries
  return database.withPlugin({
    transformQuery: ({ node }) => {
      if (--left < 0) throw new Error('the process died here')
      return node
    },
    transformResult: async ({ result }) => result,
  })
}
