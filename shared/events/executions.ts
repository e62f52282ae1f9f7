import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { AfterturnError } from '../errors.ts'
import { jsonTextSchema } from '../json-value.ts'
import { idSchema, parseInput } from '../parse-input.ts'
import { audienceWord } from '../store/audiences.ts'
import { type FoldedEvent, readExecution } from '../store/events/read-execution.ts'
import type { MemoryScope } from '../store/scopes.ts'
import { readInTime, withStoreErrors } from '../store/with-store-errors.ts'
import { narrowestScope } from './event-input.ts'
import type { EventServices } from './event-services.ts'
import { type PublishedEvent, publishEvent } from './events.ts'

/**
 * Executions of workflows as streams `workflow:{id}:execution:{id}` of four types of event. Guarantees: one start, then updates, then one end; events
 * out of this order are refused. Follow them with `events.follow`, or poll `status`.
 */
export type Executions = {
  /**
   * Starts an execution. Repeating the call is safe.
   * @throws INPUT_INVALID, EVENT_CONFLICT
   * @example
   * const runtime = createRuntime(readConfig(process.env))
   * const execution = { orgId: 'acme', workflowId: '42', executionId: '1337' }
   * await runtime.executions.started(execution, { data: { recipe: 'weekly report' } })
   * await runtime.executions.updated(execution, { subtaskId: 'fetch', status: 'done', data: { rows: 200 } })
   * await runtime.executions.completed(execution, { data: { url: '/reports/7' } })
   * const { status, subtasks } = await runtime.executions.status(execution)
   * console.log(status, subtasks)
   */
  started(execution: ExecutionKey, begin?: { readonly data?: unknown }): Promise<PublishedEvent>
  /**
   * Records the state of a step. With an `updateId`, repeating the call is safe.
   * @throws INPUT_INVALID, EXECUTION_UNKNOWN, STREAM_ENDED, EVENT_CONFLICT
   */
  updated(execution: ExecutionKey, update: ExecutionUpdate): Promise<PublishedEvent>
  /** Ends an execution as completed. @throws INPUT_INVALID, EXECUTION_UNKNOWN, STREAM_ENDED, EVENT_CONFLICT */
  completed(execution: ExecutionKey, end?: { readonly data?: unknown }): Promise<PublishedEvent>
  /** Ends an execution as failed. @throws INPUT_INVALID, EXECUTION_UNKNOWN, STREAM_ENDED, EVENT_CONFLICT */
  failed(execution: ExecutionKey, failure: ExecutionFailure): Promise<PublishedEvent>
  /**
   * Returns an execution as a viewer sees it: the newest state of each of its steps, at most 1,000, as far as its events are kept.
   * @throws INPUT_INVALID, EXECUTION_UNKNOWN
   */
  status(execution: ExecutionKey): Promise<ExecutionStatus>
}

export type ExecutionKey = {
  readonly orgId: string
  readonly workflowId: string
  readonly executionId: string
  /** The user it belongs to, as for events: erasing that user erases it. */
  readonly userId?: string | undefined
  readonly agentId?: string | undefined
  readonly workstreamId?: string | undefined
  /** Who sees it. @default 'user' with a userId, else 'agent' with an agentId, else 'workstream' with a workstreamId, else 'org' */
  readonly scope?: MemoryScope | undefined
}
export type ExecutionUpdate = {
  readonly subtaskId: string
  /** One of the app's own words, at most 100 characters. */
  readonly status: string
  readonly data?: unknown
  /** @default a new one with each call */
  readonly updateId?: string | undefined
}
export type ExecutionFailure = {
  /** What went wrong, at most 2,000 characters. */
  readonly error: string
  readonly failedStep?: string | undefined
  readonly data?: unknown
}

export type ExecutionStatus = {
  readonly status: 'running' | 'completed' | 'failed'
  readonly startedAt: Date | null
  readonly endedAt: Date | null
  readonly subtasks: readonly {
    readonly subtaskId: string
    readonly status: string
    readonly at: Date
    readonly data?: unknown
  }[]
  /** The data of the end. */
  readonly result: unknown
  readonly failure: { readonly error: string; readonly failedStep?: string; readonly reason?: string } | null
  /** The cursor from which `events.follow` reports what happens next. */
  readonly cursor: string
}

/** The seed's four types. */
const EXECUTION_EVENTS = {
  started: 'execution_started',
  updated: 'subtask_execution_update',
  completed: 'execution_completed',
  failed: 'execution_failed',
} as const

const keySchema = z
  .strictObject({
    orgId: idSchema,
    workflowId: idSchema,
    executionId: idSchema,
    userId: idSchema.optional(),
    agentId: idSchema.optional(),
    workstreamId: idSchema.optional(),
    scope: z.enum(['org', 'user', 'agent', 'workstream']).optional(),
  })
  .transform((key) => ({ ...key, scope: key.scope ?? narrowestScope(key) }))
  .refine((key) => key.scope === 'org' || key[`${key.scope}Id`] !== undefined, {
    path: ['scope'],
    error: 'expected the id that the scope names beside it, got none',
  })
const MAX_STATUS_CHARS = 100
const MAX_ERROR_CHARS = 2_000

/** The stream of an execution. */
function executionStream({ workflowId, executionId }: Pick<ExecutionKey, 'workflowId' | 'executionId'>) {
  return ['workflow', workflowId, 'execution', executionId] as const
}

/** Tells foreign subscribers of a published event, if the setting says so. */
export type RelayExecution = (
  key: Pick<ExecutionKey, 'workflowId' | 'executionId'>,
  event: { readonly type: string; readonly data: string; readonly at: Date },
) => void

/** Binds executions to a runtime's services. */
export function bindExecutions(services: EventServices & { readonly relay: RelayExecution }): Executions {
  const { config, database, clock, enter, relay } = services
  const data = jsonTextSchema(config.maxEventBytes)
  const text = (max: number) =>
    z
      .string()
      .min(1)
      .max(max)
      .refine((value) => value.isWellFormed() && !value.includes('\0'))
  const beginSchema = z.strictObject({ data }).default({ data: '{}' })
  const updateSchema = z.strictObject({
    subtaskId: idSchema,
    status: text(MAX_STATUS_CHARS),
    data,
    updateId: idSchema.optional(),
  })
  const failureSchema = z.strictObject({ error: text(MAX_ERROR_CHARS), failedStep: idSchema.optional(), data })

  async function publish(
    given: ExecutionKey,
    type: (typeof EXECUTION_EVENTS)[keyof typeof EXECUTION_EVENTS],
    body: string,
    eventId: string = type,
  ): Promise<PublishedEvent> {
    const { orgId, scope, ...key } = parseInput(keySchema, given, 'execution')
    const stream = executionStream(key)
    const at = clock.now()
    const event = { eventId, type, data: body, audience: audienceWord(scope, key), ...key }
    const isStart = type === EXECUTION_EVENTS.started
    const ends = type === EXECUTION_EVENTS.completed || type === EXECUTION_EVENTS.failed
    const options = { at, ends, expects: isStart ? ('new' as const) : ('begun' as const) }
    const published = await enter(() => withStoreErrors(publishEvent(services, { orgId, stream }, event, options)))
    if (!published.deduplicated) relay(key, { type, data: body, at })
    return published
  }

  return {
    async started(execution, begin) {
      return publish(execution, EXECUTION_EVENTS.started, bodyOf({}, parseInput(beginSchema, begin, 'begin').data))
    },
    async updated(execution, update) {
      const { updateId = randomUUID(), data: json, ...rest } = parseInput(updateSchema, update, 'update')
      return publish(execution, EXECUTION_EVENTS.updated, bodyOf(rest, json), updateId)
    },
    async completed(execution, end) {
      return publish(execution, EXECUTION_EVENTS.completed, bodyOf({}, parseInput(beginSchema, end, 'end').data))
    },
    async failed(execution, failure) {
      const { data: json, ...rest } = parseInput(failureSchema, failure, 'failure')
      return publish(execution, EXECUTION_EVENTS.failed, bodyOf(rest, json))
    },
    async status(execution) {
      const { orgId, scope: _, workflowId, executionId, ...viewer } = parseInput(keySchema, execution, 'execution')
      const stream = executionStream({ workflowId, executionId })
      const found = await enter(() => readInTime(readExecution(database, { orgId, stream }, viewer)))
      if (!found)
        throw new AfterturnError(
          'EXECUTION_UNKNOWN',
          `Expected an execution that has started, got ${JSON.stringify(stream)}.`,
        )
      return foldExecution(found)
    },
  }
}

/** The data of the app lies under `data`, so that its names meet none of ours. */
function bodyOf(fields: object, json: string): string {
  const body = JSON.stringify(fields)
  return `${body.slice(0, -1)}${body === '{}' ? '' : ','}"data":${json}}`
}

/** What the events of an execution come to. */
function foldExecution({
  cursor,
  events,
}: {
  readonly cursor: string
  readonly events: readonly FoldedEvent[]
}): ExecutionStatus {
  const of = (type: string) => events.filter((event) => event.type === type)
  const [started] = of(EXECUTION_EVENTS.started)
  const [completed, failed] = [of(EXECUTION_EVENTS.completed)[0], of(EXECUTION_EVENTS.failed)[0]]
  const end = completed ?? failed
  const body = (event: FoldedEvent | undefined) => (event ? JSON.parse(event.data) : {})
  const { data: result = null, ...failure } = body(end)
  return {
    status: completed ? 'completed' : failed ? 'failed' : 'running',
    startedAt: started?.at ?? null,
    endedAt: end?.at ?? null,
    subtasks: of(EXECUTION_EVENTS.updated).map((event) => ({ ...body(event), at: event.at })),
    result,
    failure: failed ? failure : null,
    cursor,
  }
}
