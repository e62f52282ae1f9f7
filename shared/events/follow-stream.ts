import { audiencesOf } from '../store/audiences.ts'
import type { EventPlace, StreamKey } from '../store/events/event-streams.ts'
import type { StoredEvent } from '../store/events/read-events.ts'
import type { Viewer } from '../store/scopes.ts'
import { BEGINNING, formatCursor, parseCursor, type ResetReason, resetReason } from './event-cursor.ts'
import type { StreamTail, StreamTails } from './stream-tails.ts'

/**
 * Follows a stream page by page: the one loop behind `follow`, `read` with a wait, and every live connection. Guarantees: the events of the pages, one
 * after the other, are those of the stream in order and without a gap, or there is one reset where it cannot be continued.
 */

/** An event and its position. Followers of a stream in one process receive the same object. */
export type PlacedEvent = StoredEvent & { readonly cursor: string }

/** What a follower learns at once. `events` are those that its viewer sees; `cursor` stands behind all that were looked at. */
export type FollowedPage = {
  readonly events: readonly PlacedEvent[]
  readonly cursor: string
  /** Why what lies between the last cursor and these events is missing; they begin with the first that is left. */
  readonly reset: ResetReason | undefined
  /** Nothing comes after this page. */
  readonly isEnded: boolean
  /** Whether there is more to read at once. */
  readonly hasMore: boolean
}

type FollowOptions = {
  readonly after: string | undefined
  readonly viewer: Viewer
  readonly signal: AbortSignal | undefined
  /** Whether the first page must have all that is committed by now. @default false */
  readonly isFresh?: boolean
}

/** The pages of a stream, each read when the last one was taken; the first may be empty, later ones only where a cursor moved. Ends with the stream or the signal. */
export async function* followStream(
  tails: StreamTails,
  key: StreamKey,
  { after, viewer, signal, isFresh = false }: FollowOptions,
  enter: <T>(read: () => Promise<T>) => Promise<T>,
): AsyncGenerator<FollowedPage, void> {
  const tail = tails.open(key)
  const audiences = new Set(audiencesOf(viewer))
  try {
    let place = after === undefined ? undefined : parseCursor(after)
    let isUnknown = after !== undefined && !place
    for (let isFirst = true; ; isFirst = false) {
      const isFromStart = isFirst && after === undefined
      const options = { isUnknown, isFromStart, isFresh: isFirst && isFresh }
      const page = await enter(() => readPage(tail, place, options))
      isUnknown = false
      const isNews =
        isFirst ||
        page.reset !== undefined ||
        !place ||
        formatCursor(place) !== formatCursor(page.place) ||
        page.isEnded
      place = page.place
      const { events, reset, isEnded, hasMore } = page
      const visible = events.filter(({ audience }) => audiences.has(audience))
      const { epoch } = place
      if (isNews)
        yield {
          events: visible.map((event) => placed(event, epoch)),
          cursor: formatCursor(place),
          reset,
          isEnded,
          hasMore,
        }
      if (isEnded) return
      signal?.throwIfAborted()
      if (hasMore) continue
      await tail.untilAfter(place, signal)
      signal?.throwIfAborted()
    }
  } finally {
    tail.close()
  }
}

const placedEvents = new WeakMap<StoredEvent, PlacedEvent>()

function placed(event: StoredEvent, epoch: string): PlacedEvent {
  const known = placedEvents.get(event)
  if (known) return known
  const made = { ...event, cursor: formatCursor({ epoch, seq: event.seq }) }
  placedEvents.set(event, made)
  return made
}

type ReadPage = Pick<FollowedPage, 'reset' | 'isEnded' | 'hasMore'> & {
  readonly place: EventPlace
  readonly events: readonly StoredEvent[]
}

async function readPage(
  tail: StreamTail,
  given: EventPlace | undefined,
  {
    isUnknown,
    isFromStart,
    isFresh,
  }: { readonly isUnknown: boolean; readonly isFromStart: boolean; readonly isFresh: boolean },
): Promise<ReadPage> {
  const place = given ?? BEGINNING
  const page = await tail.readAfter(place, { isFresh })
  // Who names no cursor asks for what is kept, and misses nothing.
  const reset = isUnknown ? 'unknown_cursor' : isFromStart ? undefined : resetReason(place, page?.head)
  if (!page) return { reset, place: BEGINNING, events: [], isEnded: false, hasMore: false }
  const { head } = page
  if (reset !== undefined) {
    const first = { epoch: head.epoch, seq: head.firstSeq - 1 }
    const fresh = await tail.readAfter(first)
    // It was erased just now: the next round says so.
    if (fresh?.head.id !== head.id) return { reset, place: first, events: [], isEnded: false, hasMore: true }
    return { reset, ...continued(first, fresh) }
  }
  return { reset, ...continued({ epoch: head.epoch, seq: Math.max(place.seq, head.firstSeq - 1) }, page) }
}

function continued(from: EventPlace, { head, events }: NonNullable<Awaited<ReturnType<StreamTail['readAfter']>>>) {
  const place = { epoch: head.epoch, seq: events.at(-1)?.seq ?? from.seq }
  const hasMore = place.seq < head.lastSeq
  return { place, events, hasMore, isEnded: head.isEnded && !hasMore }
}
