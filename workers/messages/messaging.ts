import type { Clock } from '../../shared/clock.ts'
import type { Config } from '../../shared/config.ts'
import { describeValue } from '../../shared/describe-value.ts'
import { isAfterturnError } from '../../shared/errors.ts'
import { isAgentName, type MessageStreams } from '../../shared/messages/message-streams.ts'
import { type AgentMessage, MAX_MESSAGE_ATTEMPTS, type Messages, seen } from '../../shared/messages/messages.ts'
import type { Log } from '../../shared/observe/log.ts'
import type { RedisConnections } from '../../shared/redis/connections.ts'
import type { Database } from '../../shared/store/database.ts'
import {
  deleteMessages,
  type MessageKey,
  nextOfKey,
  readMessage,
  routeMessage,
  settleMessage,
  sweepMessages,
  type Wake,
} from '../../shared/store/messages/agent-messages.ts'
import { claimPeriodicTask } from '../../shared/store/periodic-tasks.ts'
import { type AgentEntry, type MessageLoop, startMessageLoop } from './message-loop.ts'

/**
 * Routes messages, wakes the host's agents, takes in what foreign producers and executors add to the streams, and puts back what streams lost.
 * Guarantees: each entry may come twice and do its work once, for the rows decide.
 */

/** Names who works a message; undefined: nobody, and the message is a dead letter. */
export type Route = (message: AgentMessage) => string | undefined

type MessagingOptions = {
  readonly config: Pick<
    Config,
    'redisKeyPrefix' | 'ingress' | 'eventRetentionHours' | 'sweepIntervalMs' | 'streamMaxEntries'
  >
  readonly database: Database
  readonly clock: Clock
  readonly log: Log
  readonly connections: RedisConnections
  readonly consumer: string
  readonly streams: MessageStreams
  readonly messages: Messages
  readonly agents: readonly string[]
  readonly route: Route | undefined
  /** Adds the wake-up of a message to an agent of the host. */
  enqueue(agent: string, key: MessageKey): Promise<unknown>
}

/** By then an entry would have been read. */
const LOST_AFTER_MS = 60_000
/** How long a process without agents and route leaves a message to others that have some. */
const UNROUTED_AFTER_MS = 600_000
const PUT_BACK_AT_ONCE = 500
const DELETED_AT_ONCE = 500
const HOUR_MS = 3_600_000
const MAX_CONTENT_BYTES = 512 * 1_024

export function startMessaging(options: MessagingOptions): MessageLoop {
  const { config, database, clock, log, connections, streams, messages } = options

  async function route(key: MessageKey): Promise<void> {
    const row = await readMessage(database, key)
    if (row?.state !== 'received') return
    let agent: string | undefined
    let reason = `No agent is named for the type ${JSON.stringify(row.type)}.`
    try {
      const named: unknown = options.route?.(seen(row)) ?? (options.agents.includes(row.type) ? row.type : undefined)
      if (typeof named === 'string' && isAgentName(named)) agent = named
      else if (named !== undefined) reason = `Expected the name of an agent of the route, got ${describeValue(named)}.`
    } catch (error) {
      reason = `The route failed: ${(error as Error).message}`
    }
    if (agent !== undefined) {
      if (await routeMessage(database, key, agent, clock.now())) await streams.wake([{ ...key, agent }])
      return
    }
    // Another process may have agents and a route. The sweep gives it the message again.
    const isStranger = options.agents.length === 0 && options.route === undefined
    if (isStranger && clock.now().getTime() - row.receivedAt.getTime() < UNROUTED_AFTER_MS) return
    await settleMessage(database, key, null, { kind: 'dead', code: 'MESSAGE_UNROUTED', reason }, clock.now())
  }

  /** A message that a foreign producer has put into the stream, with its content. */
  async function takeIn(id: string, entry: ReadonlyMap<string, string>): Promise<void> {
    const field = (name: string) => entry.get(name)
    const refuse = (reason: string) => log.warn({ entry: id, reason }, 'an entry of a foreign producer was refused')
    if (!config.ingress) return refuse('INGRESS is off')
    const data = field('data') ?? ''
    if (Buffer.byteLength(data) > MAX_CONTENT_BYTES) return refuse('the content is too large')
    try {
      await messages.send({
        orgId: field('org') ?? '',
        messageId: field('id') ?? id,
        type: field('type') ?? '',
        data: JSON.parse(data),
        ...(entry.has('agent') && { agent: field('agent') }),
        ...(entry.has('key') && { key: field('key') }),
      })
    } catch (error) {
      const isRefused = error instanceof SyntaxError || isAfterturnError(error, 'INPUT_INVALID')
      if (!isRefused && !isAfterturnError(error, 'MESSAGE_CONFLICT')) throw error
      refuse((error as Error).message)
    }
  }

  async function complete(entry: ReadonlyMap<string, string>): Promise<void> {
    const field = (name: string) => entry.get(name) ?? ''
    const leased = { orgId: field('org'), messageId: field('id'), lease: field('lease') }
    try {
      if (field('outcome') === 'completed')
        await messages.complete({ ...leased, result: JSON.parse(field('result') || 'null') })
      else await messages.fail({ ...leased, error: field('error') || 'The executor said nothing more.' })
    } catch (error) {
      const isOver = error instanceof SyntaxError || (isAfterturnError(error) && !error.retryable)
      if (!isOver) throw error
      log.warn({ ...leased, error: (error as Error).message }, 'a completion was refused')
    }
  }

  async function wakeBehind(dead: readonly Wake[]): Promise<void> {
    for (const key of dead) {
      const next = await nextOfKey(database, key)
      if (next) await streams.wake([next])
    }
  }

  return startMessageLoop({
    keyPrefix: config.redisKeyPrefix,
    sweepIntervalMs: config.sweepIntervalMs,
    consumer: options.consumer,
    agents: options.agents,
    log,
    openReader: connections.getConnectionForStreams,
    redis: connections.getConnection,
    async handle(stream, id, entry: AgentEntry) {
      if (!entry) return
      const [orgId, messageId] = [entry.get('org'), entry.get('id')]
      if (stream === 'completions') return complete(entry)
      if (stream === 'incoming' && entry.has('data')) return takeIn(id, entry)
      if (orgId === undefined || messageId === undefined) return
      if (stream === 'incoming') return route({ orgId, messageId })
      await options.enqueue((stream as { agent: string }).agent, { orgId, messageId })
    },
    async putBack() {
      const besidesAgents: string[] = []
      for (;;) {
        const now = clock.now()
        const since = new Date(now.getTime() - LOST_AFTER_MS)
        const limit = Math.min(PUT_BACK_AT_ONCE, config.streamMaxEntries)
        const limits = { now, since, maxAttempts: MAX_MESSAGE_ATTEMPTS, limit, besidesAgents }
        const { lost, dead } = await sweepMessages(database, limits)
        const left = await streams.wake(lost)
        await wakeBehind(dead)
        if (lost.length + dead.length < limit) return left.length > 0 || besidesAgents.length > 0
        // Of a full incoming stream, and of one that has room, more is put back when this is called again.
        const full = left.flatMap(({ agent }) => agent ?? [])
        if (full.length === 0) return true
        besidesAgents.push(...new Set(full))
      }
    },
    async sweep() {
      const now = clock.now()
      if (!(await claimPeriodicTask(database, 'messages', now, config.sweepIntervalMs / 2))) return
      const settledBefore = new Date(now.getTime() - config.eventRetentionHours * HOUR_MS)
      await deleteMessages(database, { settledBefore }, DELETED_AT_ONCE)
    },
  })
}
