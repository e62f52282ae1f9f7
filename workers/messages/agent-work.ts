import { randomUUID } from 'node:crypto'
import { type AgentMessagePayload, agentQueue } from '../../queues/agent-message.ts'
import type { Clock } from '../../shared/clock.ts'
import type { Config } from '../../shared/config.ts'
import { describeValue } from '../../shared/describe-value.ts'
import { AfterturnError, isAfterturnError } from '../../shared/errors.ts'
import { jsonTextSchema } from '../../shared/json-value.ts'
import { isAgentName, type MessageStreams } from '../../shared/messages/message-streams.ts'
import { type AgentMessage, MAX_MESSAGE_ATTEMPTS, seen, settle } from '../../shared/messages/messages.ts'
import { parseInput } from '../../shared/parse-input.ts'
import type { Database } from '../../shared/store/database.ts'
import {
  extendMessage,
  type MessageKey,
  type Outcome,
  settleMessage,
  takeMessage,
} from '../../shared/store/messages/agent-messages.ts'
import type { HostWorker } from '../fleet/extra-workers.ts'
import type { JobContext } from '../fleet/job-context.ts'

/**
 * Works messages to the host's own agents on the fleet. Guarantees: the handler runs while its row's lease holds, and its signal fires when that is lost;
 * a message is completed once; one that was stopped costs no attempt; what fails for good is a dead letter with its reason.
 */

/** An agent of the host: who works the messages that are routed to its name. */
export type Agent = {
  /** a-z first, then a-z, 0-9 and -, at most 50. */
  readonly name: string
  /** Messages that one process works at once. @default 8 */
  readonly concurrency?: number
  /** What it returns is the message's result: JSON as in `complete`, of at most MAX_EVENT_BYTES and 32 levels. It may run again after a crash: make its effect one transaction that notices. */
  handler(message: AgentMessage, context: Pick<JobContext, 'signal' | 'log' | 'clock' | 'progress'>): unknown
}

type AgentServices = {
  readonly config: Pick<Config, 'maxEventBytes'>
  readonly database: Database
  readonly clock: Clock
  readonly streams: MessageStreams
}

const LEASE_MS = 60_000
const DEFAULT_CONCURRENCY = 8

/**
 * Refuses names that no agent can have.
 * @throws CONFIG_INVALID
 */
export function checkAgents(agents: readonly Agent[]): void {
  const names = agents.map((agent) => agent?.name)
  const odd = names.find((name, at) => typeof name !== 'string' || !isAgentName(name) || names.indexOf(name) < at)
  const isOdd = names.length > 0 && (odd !== undefined || names.includes(undefined as never))
  if (isOdd)
    throw new AfterturnError(
      'CONFIG_INVALID',
      `agents: expected different names of a-z first, then a-z, 0-9 and -, at most 50, got ${describeValue(odd)}.`,
      { remedy: 'Correct the `agents` of `createRuntime`.' },
    )
}

/** The worker of an agent. The services are asked for when a message comes: the runtime is not there yet when its workers are bound. */
export function agentWorker(
  { name, concurrency = DEFAULT_CONCURRENCY, handler }: Agent,
  orgConcurrency: number | ((orgId: string) => number | Promise<number>),
  services: () => AgentServices,
): HostWorker<AgentMessagePayload> {
  return {
    contract: agentQueue(name, concurrency, orgConcurrency),
    handler: ({ orgId, messageId }, context) => work(services(), handler, { orgId, messageId }, context),
  }
}

async function work(
  services: AgentServices,
  handler: Agent['handler'],
  key: MessageKey,
  context: JobContext,
): Promise<{ readonly outcome: string }> {
  const { config, database, clock } = services
  const lease = randomUUID()
  const until = () => new Date(clock.now().getTime() + LEASE_MS)
  const row = await takeMessage(database, key, { lease, now: clock.now(), until: until() })
  // Settled, with somebody else, or behind another one of its key, which wakes it.
  if (!row) return { outcome: 'passed over' }
  const lost = new AbortController()
  const renewal = setInterval(() => {
    extendMessage(database, key, { lease, now: clock.now(), until: until() }).then(
      (isKept) => {
        if (!isKept) lost.abort(new AfterturnError('LEASE_LOST', 'Another attempt has taken the message over.'))
      },
      () => {},
    )
  }, LEASE_MS / 3)
  const signal = AbortSignal.any([context.signal, lost.signal])
  try {
    const result = await handler(seen(row), { ...context, signal })
    signal.throwIfAborted()
    await settle(services, key, lease, { kind: 'completed', result: resultText(result, config.maxEventBytes) })
    return { outcome: 'completed' }
  } catch (error) {
    if (isAfterturnError(error, 'MESSAGE_SETTLED')) return { outcome: 'settled by another attempt' }
    const outcome = outcomeOf(error, row.attempts, context.signal.aborted)
    if (outcome.kind !== 'dead') {
      // Its own job comes again, or after a loss of Redis the sweep.
      await settleMessage(database, key, lease, outcome, clock.now())
      throw error
    }
    await settle(services, key, lease, outcome)
    return { outcome: 'dead' }
  } finally {
    clearInterval(renewal)
  }
}

/** @throws INPUT_INVALID, which ends the message: to do the work again would give the same */
function resultText(result: unknown, maxBytes: number): string {
  try {
    const text = JSON.stringify(result ?? null) ?? 'null'
    return parseInput(jsonTextSchema(maxBytes), JSON.parse(text), 'result')
  } catch (cause) {
    if (cause instanceof AfterturnError) throw cause
    const { message } = cause as Error
    throw new AfterturnError('INPUT_INVALID', `Expected a result that is JSON, got another value: ${message}`, {
      cause,
    })
  }
}

function outcomeOf(error: unknown, attempts: number, isStopped: boolean): Exclude<Outcome, { kind: 'completed' }> {
  const code = isAfterturnError(error) ? error.code : 'UNEXPECTED'
  const reason = error instanceof Error ? error.message : String(error)
  if (isStopped) return { kind: 'returned', code, reason }
  const isFinal = attempts >= MAX_MESSAGE_ATTEMPTS || (isAfterturnError(error) && !error.retryable)
  return { kind: isFinal ? 'dead' : 'again', code, reason }
}
