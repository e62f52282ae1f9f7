import { AfterturnError } from '../errors.ts'
import { parseInput } from '../parse-input.ts'
import { audienceWord } from '../store/audiences.ts'
import type { Database } from '../store/database.ts'
import {
  type AppendOptions,
  appendEvent,
  findEvent,
  type NewEvent,
  type StreamKey,
} from '../store/events/event-streams.ts'
import { readStreamHeads, type StoredEvent } from '../store/events/read-events.ts'
import type { Viewer } from '../store/scopes.ts'
import { readInTime, withStoreErrors } from '../store/with-store-errors.ts'
import { formatCursor, type ResetReason } from './event-cursor.ts'
import {
  type EventInput,
  eventSchema,
  type FollowInput,
  followSchema,
  type ReadEventsInput,
  readSchema,
} from './event-input.ts'
import type { EventServices } from './event-services.ts'
import { joinTexts } from './event-texts.ts'
import { type FollowedPage, followStream } from './follow-stream.ts'
import { bindOrgEvents, type OrgEvents } from './org-events.ts'
import type { StreamEvent } from './stream-event.ts'
import type { StreamTails } from './stream-tails.ts'

/**
 * Streams of events: each event is appended once, kept for a while, and read and followed from any cursor. Every call is scoped by org in its type.
 * In addition to the errors named, each call throws the codes of the store (STORE_…), and RUNTIME_CLOSED after `disconnect()`.
 */
export type Events = OrgEvents & {
  /**
   * Appends an event. When the call returns, it is in the store, and followers get it at once. A stream begins with its first event.
   * @throws INPUT_INVALID, EVENT_CONFLICT, STREAM_ENDED
   * @example
   * const runtime = createRuntime(readConfig(process.env))
   * const stream = ['import', '17']
   * const { cursor } = await runtime.events.publish({ orgId: 'acme', stream, eventId: 'row-200', type: 'rows_read', data: { rows: 200 } })
   * for await (const event of runtime.events.follow({ orgId: 'acme', stream, after: cursor })) {
   *   if (event.kind === 'reset') console.log('some events are gone:', event.reason)
   *   else console.log(event.seq, event.type, event.data)
   * }
   */
  publish(event: EventInput): Promise<PublishedEvent>
  /**
   * Reads a page of events after a cursor, oldest first; with `waitMs`, waits for the first one.
   * @throws INPUT_INVALID, and the reason of the signal
   */
  read(input: ReadEventsInput): Promise<EventPage>
  /**
   * Follows a stream: first the events kept after the cursor, then new ones. It pulls: the next page is read when the last one has been taken. It ends with
   * the stream; when the signal fires, it throws the signal's reason. A stream that does not exist yet counts as open and empty.
   * @throws INPUT_INVALID
   */
  follow(input: FollowInput): AsyncIterable<FollowedEvent>
  /**
   * Follows a stream as `follow` does, page by page and with `data` as JSON text, for whoever sends events on.
   * @throws INPUT_INVALID
   */
  pages(input: FollowInput): AsyncIterable<FollowedPage>
}

export type PublishedEvent = {
  readonly seq: number
  readonly cursor: string
  /** True if this eventId was already there, with the same content. */
  readonly deduplicated: boolean
}

export type EventPage = {
  readonly events: readonly StreamEvent[]
  /** Where to continue. It may be after events that the viewer does not see. */
  readonly cursor: string
  readonly state: 'open' | 'ended'
  /** Set if events after the cursor are missing; `events` begins with the oldest that is left. */
  readonly reset: ResetReason | undefined
  readonly hasMore: boolean
}

/** An event as a follower gets it, or one notice that events are missing before the next one. */
export type FollowedEvent =
  | ({ readonly kind: 'event' } & StreamEvent)
  | { readonly kind: 'reset'; readonly reason: ResetReason; readonly cursor: string }

const UNIQUE_VIOLATION = '23505'

/** Binds streams of events to a runtime's services. */
export function bindEvents(services: EventServices): Events {
  const { config, database, clock, tails, enter } = services
  const schema = eventSchema(config.maxEventBytes)
  const read = <T>(call: () => Promise<T>) => enter(() => readInTime(call()))
  async function* followPages(input: FollowInput): AsyncGenerator<FollowedPage, void> {
    const { orgId, stream, after, viewer, signal } = parseInput(followSchema, input, 'selection')
    signal?.throwIfAborted()
    yield* followStream(tails, { orgId, stream }, { after, viewer, signal }, read)
  }
  /** With the words of memories, where they are asked for. */
  const withTexts = async <Event extends StreamEvent>(
    { orgId, viewer, texts }: { readonly orgId: string; readonly viewer: Viewer; readonly texts: boolean },
    events: readonly Event[],
  ): Promise<readonly Event[]> =>
    texts && events.length > 0 ? read(() => joinTexts(database, { orgId, viewer }, events)) : events
  return {
    ...bindOrgEvents(services),
    async publish(input) {
      const { orgId, stream, ends, scope, ...event } = parseInput(schema, input, 'event')
      const appended = { ...event, data: event.data as string, audience: audienceWord(scope, event) }
      return enter(() =>
        withStoreErrors(publishEvent(services, { orgId, stream }, appended, { at: clock.now(), ends })),
      )
    },
    async read(input) {
      const { orgId, stream, waitMs, limit, signal, texts, ...options } = parseInput(readSchema, input, 'selection')
      const late = waitMs > 0 ? AbortSignal.timeout(waitMs) : AbortSignal.abort()
      const waiting = signal ? AbortSignal.any([late, signal]) : late
      const page = await firstPage(tails, { orgId, stream }, { ...options, limit, waiting, signal }, read)
      return { ...page, events: await withTexts({ orgId, texts, ...options }, page.events) }
    },
    pages: followPages,
    async *follow(input) {
      const { orgId, viewer, texts } = parseInput(followSchema, input, 'selection')
      for await (const { events, reset, cursor } of followPages(input)) {
        if (reset !== undefined) yield { kind: 'reset', reason: reset, cursor: events[0] ? before(events[0]) : cursor }
        const joined = await withTexts({ orgId, viewer, texts }, events.map(shown))
        for (const event of joined) yield { kind: 'event', ...event }
      }
    },
  }
}

/**
 * Appends an event once, and announces it.
 * @throws EVENT_CONFLICT, STREAM_ENDED; EXECUTION_UNKNOWN where the stream should have begun
 */
export async function publishEvent(
  { database, tails, wakes }: Pick<EventServices, 'database' | 'tails' | 'wakes'>,
  key: StreamKey,
  event: NewEvent,
  options: AppendOptions,
): Promise<PublishedEvent> {
  const appended = await appendEvent(database, key, event, options).catch((error: { code?: string }) => {
    if (error.code !== UNIQUE_VIOLATION) throw error
    return undefined
  })
  if (appended) {
    const cursor = formatCursor(appended)
    const { seq, epoch } = appended
    tails.add(key, epoch, { ...event, seq, at: options.at }, options.ends)
    wakes.announce(key, cursor)
    return { seq: appended.seq, cursor, deduplicated: false }
  }
  const known = await findEvent(database, key, event.eventId)
  if (!known) throw await refusal(database, key, options)
  const isSame = known.type === event.type && known.data === event.data && known.audience === event.audience
  if (!isSame)
    throw new AfterturnError(
      'EVENT_CONFLICT',
      `Expected a new eventId, got ${JSON.stringify(event.eventId)}, which stands for another event of the stream ${JSON.stringify(key.stream)}.`,
      { recorded: 'no' },
    )
  return { seq: known.seq, cursor: formatCursor(known), deduplicated: true }
}

/** Why a stream did not take an event. */
async function refusal(database: Database, key: StreamKey, { expects }: AppendOptions): Promise<AfterturnError> {
  const [head] = await readStreamHeads(database, [key])
  const name = JSON.stringify(key.stream)
  const [code, message] =
    !head && expects === 'begun'
      ? (['EXECUTION_UNKNOWN', `Expected an execution that has started, got ${name}.`] as const)
      : head?.isEnded === false && expects === 'new'
        ? (['EVENT_CONFLICT', `Expected a new execution, got ${name}, which has started already.`] as const)
        : (['STREAM_ENDED', `Expected an open stream, got ${name}, which has ended.`] as const)
  return new AfterturnError(code, message, { recorded: 'no' })
}

type FirstPage = {
  readonly after?: string | undefined
  readonly viewer: FollowInput['viewer'] & object
  readonly limit: number
  /** Ends the wait. */
  readonly waiting: AbortSignal
  readonly signal: AbortSignal | undefined
}

/** The first page that has something to tell, or what there is when the wait is over. */
async function firstPage(
  tails: StreamTails,
  key: StreamKey,
  { after, viewer, limit, waiting, signal }: FirstPage,
  enter: EventServices['enter'],
): Promise<EventPage> {
  let last: FollowedPage | undefined
  try {
    for await (const page of followStream(tails, key, { after, viewer, signal: waiting, isFresh: true }, enter)) {
      last = page
      if (page.events.length > 0 || page.reset !== undefined || page.isEnded || (waiting.aborted && !page.hasMore))
        break
    }
  } catch (error) {
    if (!waiting.aborted || error !== waiting.reason) throw error
    signal?.throwIfAborted()
  }
  const events = (last?.events ?? []).slice(0, limit)
  const isCut = events.length < (last?.events.length ?? 0)
  return {
    events: events.map(shown),
    cursor: (isCut ? events.at(-1)?.cursor : last?.cursor) ?? after ?? formatCursor({ epoch: '0', seq: 0 }),
    state: last?.isEnded && !isCut ? 'ended' : 'open',
    reset: last?.reset,
    hasMore: isCut || (last?.hasMore ?? false),
  }
}

function shown({ seq, cursor, eventId, type, at, data }: StoredEvent & { readonly cursor: string }): StreamEvent {
  return { seq, cursor, eventId, type, at, data: JSON.parse(data) as unknown }
}

/** The cursor right before an event: who keeps it after a reset misses nothing more. */
function before({ cursor, seq }: { readonly cursor: string; readonly seq: number }): string {
  return formatCursor({ epoch: cursor.slice(0, cursor.lastIndexOf('.')), seq: seq - 1 })
}
