import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import { AfterturnError } from '../errors.ts'
import { jsonTextSchema } from '../json-value.ts'
import { idSchema, parseInput } from '../parse-input.ts'
import type { Database } from '../store/database.ts'
import {
  extendMessage,
  insertMessage,
  type MessageKey,
  type MessageRow,
  type MessageState,
  nextOfKey,
  type Outcome,
  readMessage,
  settleMessage,
  takeMessage,
} from '../store/messages/agent-messages.ts'
import { readInTime, withStoreErrors } from '../store/with-store-errors.ts'
import { isAgentName, type MessageStreams } from './message-streams.ts'

/**
 * Messages to agents. The row is the message: it is worked on until it is completed or dead, whatever Redis loses. Handlers of `createRuntime({ agents })`
 * run on the fleet; executors in other programs read the stream `triggers:AGENT`, then take, extend and complete the messages.
 */
export type Messages = {
  /**
   * Records a message and wakes its router; a message with an `agent` is already routed. Repeating a messageId is safe, with or without the agent to which
   * the message is routed; naming an `agent` before it is routed is a conflict.
   * @throws INPUT_INVALID, MESSAGE_CONFLICT, the codes of the store
   * @example
   * const runtime = createRuntime(readConfig(process.env), {
   *   agents: [{ name: 'reviewer', concurrency: 2, handler: async ({ data }) => ({ verdict: 'ok', data }) }],
   *   route: ({ type }) => (type === 'review' ? 'reviewer' : undefined),
   * })
   * await runtime.startWorkers()
   * await runtime.messages.send({ orgId: 'acme', messageId: 'm-1', type: 'review', key: 'pr-7', data: { pr: 7 } })
   * const { state, result } = await runtime.messages.status({ orgId: 'acme', messageId: 'm-1' })
   * console.log(state, result)
   */
  send(message: MessageInputOfAgent): Promise<{ readonly deduplicated: boolean }>
  /** Returns the state of a message, and its result when there is one. @throws INPUT_INVALID, MESSAGE_UNKNOWN */
  status(input: MessageKey): Promise<MessageStatus>
  /**
   * Starts an attempt, under a lease; undefined if the message cannot be worked on now: it is settled, somebody has it, or an earlier message of its key is open.
   * @throws INPUT_INVALID, MESSAGE_UNKNOWN
   */
  take(input: MessageKey & { readonly leaseMs?: number }): Promise<TakenMessage | undefined>
  /** Extends the lease of a message that was taken. @throws INPUT_INVALID, MESSAGE_SETTLED when the lease is lost */
  extend(input: LeasedMessage & { readonly leaseMs?: number }): Promise<void>
  /** Completes a message; the first completion counts. @throws INPUT_INVALID, MESSAGE_SETTLED */
  complete(input: LeasedMessage & { readonly result?: unknown }): Promise<void>
  /** Reports a failed attempt: the message is tried again, 5 times in all, unless the failure is final. @throws INPUT_INVALID, MESSAGE_SETTLED */
  fail(input: LeasedMessage & { readonly error: string; readonly isFinal?: boolean }): Promise<void>
}

export type MessageInputOfAgent = MessageKey & {
  readonly type: string
  /** The agent that works it. @default the one that `route` names */
  readonly agent?: string | undefined
  /** Messages of one agent and key are processed one after the other, in the order in which they were sent. */
  readonly key?: string | undefined
  /** JSON of at most MAX_EVENT_BYTES. @default {} */
  readonly data?: unknown
  /** The user or workstream it belongs to: erasing that erases it. */
  readonly userId?: string | undefined
  readonly workstreamId?: string | undefined
}
/** A message as whoever works it sees it. */
export type AgentMessage = MessageKey & {
  readonly type: string
  readonly agent: string | null
  readonly key: string | null
  readonly data: unknown
  readonly attempt: number
}
export type TakenMessage = AgentMessage & { readonly lease: string; readonly leaseUntil: Date }
export type LeasedMessage = MessageKey & { readonly lease: string }
export type MessageStatus = {
  readonly state: MessageState
  readonly agent: string | null
  readonly attempts: number
  readonly receivedAt: Date
  readonly settledAt: Date | null
  readonly result: unknown
  readonly failure: { readonly code: string; readonly reason: string } | null
}

type MessageServices = {
  readonly config: Pick<Config, 'maxEventBytes'>
  readonly database: Database
  readonly clock: Clock
  readonly streams: MessageStreams
}

/** Attempts that a message has. */
export const MAX_MESSAGE_ATTEMPTS = 5
const DEFAULT_LEASE_MS = 60_000
const MAX_LEASE_MS = 3_600_000

const keyShape = { orgId: idSchema, messageId: idSchema }
const leaseMs = z.number().int().min(1_000).max(MAX_LEASE_MS).default(DEFAULT_LEASE_MS)
const leased = { ...keyShape, lease: idSchema }
const agentSchema = z.string().refine(isAgentName, 'expected a-z first, then a-z, 0-9 and -, at most 50')

/** Binds messages to a runtime's services. */
export function bindMessages(services: MessageServices): Messages {
  const { config, database, clock, streams } = services
  const json = jsonTextSchema(config.maxEventBytes)
  const sendSchema = z.strictObject({
    ...keyShape,
    type: idSchema,
    agent: agentSchema.optional(),
    key: idSchema.optional(),
    data: json.optional(),
    userId: idSchema.optional(),
    workstreamId: idSchema.optional(),
  })
  const completeSchema = z.strictObject({ ...leased, result: json.optional() })
  const selectionSchema = z.strictObject(keyShape)
  const takeSchema = z.strictObject({ ...keyShape, leaseMs })
  const extendSchema = z.strictObject({ ...leased, leaseMs })
  const failSchema = z.strictObject({
    ...leased,
    error: z.string().min(1).max(10_000),
    isFinal: z.boolean().default(false),
  })

  return {
    async send(input) {
      const message = parseInput(sendSchema, input, 'message')
      const { agent = null, key = null, data = '{}', userId = null, workstreamId = null } = message
      const row = { ...message, agent, key, data, userId, workstreamId }
      const outcome = await withStoreErrors(insertMessage(database, row, clock.now()))
      if (outcome === 'other')
        throw new AfterturnError(
          'MESSAGE_CONFLICT',
          `Expected a new messageId, got ${JSON.stringify(message.messageId)}, which stands for another message.`,
          { recorded: 'no' },
        )
      if (outcome === 'new') await streams.wake([row])
      return { deduplicated: outcome === 'same' }
    },
    async status(input) {
      const row = await known(database, parseInput(selectionSchema, input, 'selection'))
      const { state, agent, attempts, receivedAt, settledAt, result, failureCode, failure } = row
      return {
        state,
        agent,
        attempts,
        receivedAt,
        settledAt,
        result: result === null ? null : JSON.parse(result),
        failure: failureCode === null ? null : { code: failureCode, reason: failure ?? '' },
      }
    },
    async take(input) {
      const { leaseMs: forMs, ...key } = parseInput(takeSchema, input, 'message')
      const now = clock.now()
      const leaseUntil = new Date(now.getTime() + forMs)
      const lease = randomUUID()
      const row = await withStoreErrors(takeMessage(database, key, { lease, now, until: leaseUntil }))
      if (row) return { ...seen(row), lease, leaseUntil }
      await known(database, key)
      return undefined
    },
    async extend(input) {
      const { leaseMs: forMs, lease, ...key } = parseInput(extendSchema, input, 'message')
      const now = clock.now()
      const until = new Date(now.getTime() + forMs)
      if (!(await withStoreErrors(extendMessage(database, key, { lease, now, until })))) throw settled(key)
    },
    async complete(input) {
      const { lease, result = '{}', ...key } = parseInput(completeSchema, input, 'completion')
      await settle(services, key, lease, { kind: 'completed', result })
    },
    async fail(input) {
      const { lease, error, isFinal, ...key } = parseInput(failSchema, input, 'failure')
      const { attempts } = await known(database, key)
      const kind = isFinal || attempts >= MAX_MESSAGE_ATTEMPTS ? 'dead' : 'again'
      await settle(services, key, lease, { kind, code: 'UNEXPECTED', reason: error })
    },
  }
}

/** A row as whoever works it sees it. */
export function seen({ orgId, messageId, type, agent, key, data, attempts }: MessageRow): AgentMessage {
  return { orgId, messageId, type, agent, key, data: JSON.parse(data), attempt: attempts }
}

/** Ends an attempt, and wakes what waited for it. @throws MESSAGE_SETTLED */
export async function settle(
  { database, clock, streams }: Omit<MessageServices, 'config'>,
  key: MessageKey,
  lease: string | null,
  outcome: Outcome,
): Promise<void> {
  const row = await withStoreErrors(settleMessage(database, key, lease, outcome, clock.now()))
  if (!row) throw settled(key)
  if (outcome.kind === 'again') return void (await streams.wake([{ ...key, agent: row.agent }]))
  const next = row.key === null ? undefined : await withStoreErrors(nextOfKey(database, key))
  if (next) await streams.wake([next])
}

async function known(database: Database, key: MessageKey): Promise<MessageRow> {
  const row = await readInTime(readMessage(database, key))
  if (row) return row
  throw new AfterturnError('MESSAGE_UNKNOWN', `No message ${JSON.stringify(key.messageId)} is known here.`)
}

function settled({ messageId }: MessageKey): AfterturnError {
  return new AfterturnError(
    'MESSAGE_SETTLED',
    `Expected the lease of the message ${JSON.stringify(messageId)}, got one that is over: another attempt has it, or it is settled.`,
    { recorded: 'no' },
  )
}
