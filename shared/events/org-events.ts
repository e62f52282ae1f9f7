import { parseInput } from '../parse-input.ts'
import { audiencesOf } from '../store/audiences.ts'
import type { Database } from '../store/database.ts'
import {
  isPlaceAhead,
  ORG_BEGINNING,
  type OrgEvent,
  type OrgPlace,
  readOrgEvents,
} from '../store/events/read-org-events.ts'
import type { Viewer } from '../store/scopes.ts'
import { readInTime } from '../store/with-store-errors.ts'
import type { ResetReason } from './event-cursor.ts'
import { type ReadEventsInput, readOrgSchema } from './event-input.ts'
import type { EventServices } from './event-services.ts'
import { joinTexts } from './event-texts.ts'
import type { StreamEvent } from './stream-event.ts'

/**
 * Reads and follows all streams of an org at once, in the order of transactions. Guarantees: nothing is skipped, for a page ends before the oldest
 * transaction that is still open. Who needs the order of one stream sorts by its `seq`.
 */
export type OrgEvents = {
  /**
   * Reads a page of the events of every stream of an org, oldest first; with `waitMs` it waits for the first one.
   * @throws INPUT_INVALID, and the reason of the signal
   */
  readOrg(input: ReadOrgInput): Promise<OrgEventPage>
  /**
   * Follows every stream of an org: what is kept after the cursor, then what comes. It ends with the signal only, and throws its reason.
   * @throws INPUT_INVALID
   * @example
   * const runtime = createRuntime(readConfig(process.env))
   * for await (const event of runtime.events.followOrg({ orgId: 'acme', viewer: { userId: 'maya' }, texts: true }))
   *   if (event.kind === 'event') console.log(event.stream, event.type, event.text)
   */
  followOrg(input: FollowOrgInput): AsyncIterable<FollowedOrgEvent>
  /**
   * Follows every stream of an org page by page, for whoever sends events on. A page without events says that nothing has come for a while.
   * @throws INPUT_INVALID
   */
  orgPages(input: FollowOrgInput): AsyncIterable<OrgEventPage>
}

type ReadOrgInput = Omit<ReadEventsInput, 'stream'>
type FollowOrgInput = Omit<ReadOrgInput, 'limit' | 'waitMs'>

/** An event of some stream. Its `cursor` continues the whole org, not that stream. */
export type OrgStreamEvent = StreamEvent & { readonly stream: readonly string[] }

type OrgEventPage = {
  readonly events: readonly OrgStreamEvent[]
  /** Where to read on. It may stand behind events that the viewer does not see. */
  readonly cursor: string
  /** Set where events between the cursor and these may be missing. */
  readonly reset: ResetReason | undefined
  readonly hasMore: boolean
}

type FollowedOrgEvent =
  | ({ readonly kind: 'event' } & OrgStreamEvent)
  | { readonly kind: 'reset'; readonly reason: ResetReason; readonly cursor: string }

/** Where a reader is, and of when what it read last is. */
type Place = OrgPlace & { readonly atMs: number }
type Selection = {
  readonly orgId: string
  readonly viewer: Viewer
  readonly texts: boolean
  readonly limit: number
  readonly signal?: AbortSignal | undefined
}

const BEGINNING: Place = { ...ORG_BEGINNING, atMs: 0 }
const HOUR_MS = 3_600_000
const POLL_MS = 1_000
const POLL_CONNECTED_MS = 5_000
/** A transaction that began before the one that woke us may be open still. */
const POLL_BEHIND_MS = 250
const BEHIND_MS = 10_000

export function bindOrgEvents(services: EventServices): OrgEvents {
  const read = readTogether(services.database)

  async function* pagesOf(after: string | undefined, selection: Selection): AsyncGenerator<OrgEventPage, void> {
    const { signal, orgId } = selection
    let [isWoken, wokenAt] = [false, Number.NEGATIVE_INFINITY]
    let wake = () => {}
    const watch = services.wakes.watch({ orgId }, () => {
      isWoken = true
      wokenAt = performance.now()
      wake()
    })
    const onAbort = () => wake()
    signal?.addEventListener('abort', onAbort)
    try {
      let given = after
      for (;;) {
        isWoken = false
        const page = await readPage(services, read, given, selection)
        if (page.cursor !== given) wokenAt = Number.NEGATIVE_INFINITY
        given = page.cursor
        yield page
        signal?.throwIfAborted()
        if (page.hasMore) continue
        const isBehind = performance.now() - wokenAt < BEHIND_MS
        const pauseMs = isBehind ? POLL_BEHIND_MS : services.wakes.isConnected() ? POLL_CONNECTED_MS : POLL_MS
        const woken = Promise.withResolvers<void>()
        wake = woken.resolve
        const timer = setTimeout(wake, pauseMs)
        if (!isWoken && !signal?.aborted) await woken.promise
        clearTimeout(timer)
        signal?.throwIfAborted()
      }
    } finally {
      watch.stop()
      signal?.removeEventListener('abort', onAbort)
    }
  }

  async function* orgPages(input: FollowOrgInput): AsyncGenerator<OrgEventPage, void> {
    const { after, waitMs: _, ...selection } = parseInput(readOrgSchema, input, 'selection')
    selection.signal?.throwIfAborted()
    yield* pagesOf(after, selection)
  }

  return {
    async readOrg(input) {
      const { after, waitMs, ...selection } = parseInput(readOrgSchema, input, 'selection')
      selection.signal?.throwIfAborted()
      const late = waitMs > 0 ? AbortSignal.timeout(waitMs) : undefined
      const signals = [late, selection.signal].filter((signal) => signal !== undefined)
      const waiting = signals.length > 0 ? AbortSignal.any(signals) : undefined
      let last: OrgEventPage | undefined
      try {
        for await (const page of pagesOf(after, { ...selection, signal: waiting })) {
          last = page
          if (waitMs === 0 || page.events.length > 0 || page.reset !== undefined) break
        }
      } catch (error) {
        if (!waiting?.aborted || error !== waiting.reason) throw error
        selection.signal?.throwIfAborted()
      }
      return last ?? { events: [], cursor: after ?? formatPlace(BEGINNING), reset: undefined, hasMore: false }
    },
    orgPages,
    async *followOrg(input) {
      for await (const { events, reset, cursor } of orgPages(input)) {
        if (reset !== undefined) yield { kind: 'reset', reason: reset, cursor: input.after ?? cursor }
        for (const event of events) yield { kind: 'event', ...event }
      }
    },
  }
}

type Read = (orgId: string, place: OrgPlace, limit: number) => Promise<readonly OrgEvent[]>

/** Followers that wake in one turn of the event loop read once: whatever woke any of them was committed before that turn. */
function readTogether(database: Database): Read {
  const reads = new Map<string, ReturnType<Read>>()
  return (orgId, { xid, id }, limit) => {
    const key = JSON.stringify([orgId, xid, id, limit])
    const begun = reads.get(key)
    if (begun) return begun
    const reading = readInTime(readOrgEvents(database, { orgId }, { after: { xid, id }, limit }))
    reads.set(key, reading)
    setImmediate(() => reads.delete(key))
    return reading
  }
}

async function readPage(
  { database, clock, config, enter }: EventServices,
  read: Read,
  after: string | undefined,
  { orgId, viewer, limit, texts }: Selection,
): Promise<OrgEventPage> {
  const parsed = after === undefined ? BEGINNING : parsePlace(after)
  const place = parsed ?? BEGINNING
  return enter(async () => {
    const found = await read(orgId, place, limit)
    const isAhead = found.length === 0 && place !== BEGINNING && (await readInTime(isPlaceAhead(database, place)))
    // What is older than retention may be gone, with events after it.
    const isOld = place.atMs > 0 && place.atMs < clock.now().getTime() - config.eventRetentionHours * HOUR_MS
    const reset = !parsed || isAhead ? 'unknown_cursor' : isOld ? 'trimmed' : undefined
    const last = found.at(-1)
    const next = last ? { ...last, atMs: last.at.getTime() } : isAhead ? BEGINNING : place
    const audiences = new Set(audiencesOf(viewer))
    const events = found
      .filter(({ audience }) => audiences.has(audience))
      .map(({ stream, seq, eventId, type, at, data, xid, id }) => {
        const cursor = formatPlace({ xid, id, atMs: at.getTime() })
        return { stream, seq, cursor, eventId, type, at, data: JSON.parse(data) as unknown }
      })
    // A quiet org has nothing newer to begin from: the reset is told once.
    const cursor = formatPlace(isOld && !last && !isAhead ? { ...place, atMs: 0 } : next)
    const joined = texts ? await readInTime(joinTexts(database, { orgId, viewer }, events)) : events
    return { events: joined, cursor, reset, hasMore: found.length === limit || isAhead }
  })
}

const MAX_XID_DIGITS = 19
const MAX_DIGITS = 15

function formatPlace({ xid, id, atMs }: Place): string {
  return `${xid}.${id}.${atMs}`
}

function parsePlace(cursor: string): Place | undefined {
  const parts = cursor.split('.')
  const isNumber = (part: string, at: number) =>
    part.length > 0 &&
    part.length <= (at === 0 ? MAX_XID_DIGITS : MAX_DIGITS) &&
    [...part].every((digit) => digit >= '0' && digit <= '9')
  if (parts.length !== 3 || !parts.every(isNumber)) return undefined
  const [xid, id, atMs] = parts as [string, string, string]
  return { xid, id: Number(id), atMs: Number(atMs) }
}
