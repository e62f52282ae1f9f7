import { LRUCache } from 'lru-cache'
import type { Database } from '../store/database.ts'
import type { EventPlace, StreamKey } from '../store/events/event-streams.ts'
import {
  type PageLimit,
  readStreamHeads,
  readStreamPage,
  type StoredEvent,
  type StreamHead,
  type StreamPage,
} from '../store/events/read-events.ts'
import { BEGINNING, formatCursor } from './event-cursor.ts'
import type { StreamWakes } from './stream-wakes.ts'

/**
 * Owns what a process knows of the streams that are followed in it. Guarantees: an event is read from the store once per process, however many follow its
 * stream; a wake-up that is lost delays a follower until the next poll, and loses nothing. Events stay in memory for seconds: what is erased goes with them.
 */
export type StreamTails = {
  /** Begins to watch a stream; the last one who closes it ends that. */
  open(key: StreamKey): StreamTail
  /** Takes in an event that this process has just committed, so that its own followers need not read it. */
  add(key: StreamKey, epoch: string, event: StoredEvent, isEnded: boolean): void
  /** Wakes every follower for the last time, and stops. */
  close(): void
}

/** A stream that somebody follows. */
export type StreamTail = {
  /** What follows a place; undefined while the stream does not exist. From memory where possible, unless it must have all that is committed by now. */
  readAfter(place: EventPlace, options?: { readonly isFresh?: boolean }): Promise<StreamPage | undefined>
  /** Resolves when there may be something after a place, and with the signal; whoever waits looks again. */
  untilAfter(place: EventPlace, signal: AbortSignal | undefined): Promise<void>
  close(): void
}

type TailServices = { readonly database: Database; readonly wakes: StreamWakes }

/** What one read takes; each follower takes it in before it reads on. */
const PAGE: PageLimit = { limit: 100, maxBytes: 256 * 1_024 }
/** While wake-ups arrive, streams are polled this rarely. */
const POLLS_SKIPPED = 5
const POLL_INTERVAL_MS = 1_000
const HEADS_AT_ONCE = 1_000
const MAX_CACHED_BYTES = 64 * 1_024 * 1_024
const CACHED_MS = 10_000
/** What an event takes beside its data. */
const EVENT_BYTES = 512

type State = {
  readonly key: StreamKey
  followers: number
  head: StreamHead | undefined
  isLoaded: boolean
  refreshing: Promise<void> | undefined
  isStale: boolean
  readonly reads: Map<string, Promise<StreamPage | undefined>>
  readonly waiting: Set<() => void>
  readonly watch: { stop(): void }
}

export function createStreamTails({ database, wakes }: TailServices): StreamTails {
  const states = new Map<string, State>()
  const events = new LRUCache<string, StoredEvent>({
    maxSize: MAX_CACHED_BYTES,
    ttl: CACHED_MS,
    sizeCalculation: ({ data }) => EVENT_BYTES + 2 * data.length,
  })
  let timer: NodeJS.Timeout | undefined
  let ticks = 0
  let isClosed = false

  const wakeFollowers = (state: State) => {
    for (const wake of [...state.waiting]) wake()
  }
  const learn = (state: State, page: StreamPage | undefined) => {
    for (const event of page?.events ?? []) events.set(`${page?.head.id}.${event.seq}`, event)
    const { head } = state
    // Reads overlap: an older answer must not take back what a newer one told.
    const isOlder = page && head && head.id === page.head.id && page.head.lastSeq < head.lastSeq
    if (!isOlder) state.head = page?.head
    state.isLoaded = true
  }
  /** Reads what is new for all followers, one read at a time. */
  const refresh = (state: State) => {
    state.isStale = true
    state.refreshing ??= (async () => {
      while (state.isStale) {
        state.isStale = false
        const { head } = state
        learn(state, await readStreamPage(database, state.key, { ...PAGE, afterSeq: head?.lastSeq ?? 0 }))
        wakeFollowers(state)
      }
    })()
      // The store is away: the next poll asks again.
      .catch(() => {})
      .finally(() => {
        state.refreshing = undefined
      })
  }
  const onWake = (state: State) => (cursor?: string) => {
    const { head } = state
    if (state.followers === 0 || (head && cursor && isKnown(head, cursor))) return
    // What the first read has seen nobody knows yet: once it is back, another one looks.
    if (state.isLoaded) refresh(state)
    else state.isStale = true
  }
  const poll = async () => {
    const followed = [...states.values()].filter(({ isLoaded }) => isLoaded)
    for (let from = 0; from < followed.length; from += HEADS_AT_ONCE) {
      const some = followed.slice(from, from + HEADS_AT_ONCE)
      const keys = some.map(({ key }) => key)
      const heads = await readStreamHeads(database, keys)
      for (const [at, state] of some.entries()) if (isNews(state.head, heads[at])) refresh(state)
    }
  }
  const tick = () => {
    ticks += 1
    const isDue = !wakes.isConnected() || ticks % POLLS_SKIPPED === 0
    const polled = isDue ? poll().catch(() => {}) : Promise.resolve()
    void polled.then(() => {
      timer = states.size > 0 && !isClosed ? setTimeout(tick, POLL_INTERVAL_MS).unref() : undefined
    })
  }
  /** The events after a place, as far as they are in memory; undefined when the store must be asked. */
  const fromMemory = ({ head, isLoaded }: State, place: EventPlace): StreamPage | undefined => {
    if (!isLoaded || !head || place.epoch !== head.epoch || place.seq + 1 < head.firstSeq) return undefined
    const found: StoredEvent[] = []
    let bytes = 0
    for (let seq = place.seq + 1; seq <= head.lastSeq && found.length < PAGE.limit && bytes < PAGE.maxBytes; seq += 1) {
      const event = events.get(`${head.id}.${seq}`)
      if (!event) break
      bytes += event.data.length
      found.push(event)
    }
    return found.length > 0 || place.seq >= head.lastSeq ? { head, events: found } : undefined
  }
  const fromStore = async (state: State, place: EventPlace): Promise<StreamPage | undefined> => {
    const page = await readStreamPage(database, state.key, { ...PAGE, afterSeq: place.seq })
    const isDoubtful = state.isStale || (!page && state.head !== undefined)
    learn(state, page)
    if (isDoubtful) refresh(state)
    return page
  }
  /** Followers at one place share the read. */
  const shared = (state: State, place: EventPlace): Promise<StreamPage | undefined> => {
    const name = formatCursor(place)
    const reading = state.reads.get(name) ?? fromStore(state, place).finally(() => state.reads.delete(name))
    state.reads.set(name, reading)
    return reading
  }

  return {
    add(key, epoch, event, isEnded) {
      const state = states.get(nameOf(key))
      const head = state?.isLoaded ? state.head : undefined
      // Behind a gap there are events of other processes, which a read brings.
      if (!state || head?.epoch !== epoch || head.lastSeq + 1 !== event.seq) return
      events.set(`${head.id}.${event.seq}`, event)
      state.head = { ...head, lastSeq: event.seq, isEnded }
      wakeFollowers(state)
    },
    open(key) {
      const name = nameOf(key)
      let state = states.get(name)
      if (!state) {
        const opened: State = {
          key,
          followers: 0,
          head: undefined,
          isLoaded: false,
          refreshing: undefined,
          isStale: false,
          reads: new Map(),
          waiting: new Set(),
          watch: wakes.watch(key, (cursor) => onWake(opened)(cursor)),
        }
        states.set(name, opened)
        state = opened
      }
      const followed = state
      followed.followers += 1
      timer ??= setTimeout(tick, POLL_INTERVAL_MS).unref()
      let isOpen = true
      return {
        readAfter: async (place, { isFresh = false } = {}) =>
          isFresh ? fromStore(followed, place) : (fromMemory(followed, place) ?? shared(followed, place)),
        async untilAfter(place, signal) {
          if (signal?.aborted || isClosed || isAhead(followed.head, place)) return
          const woken = Promise.withResolvers<void>()
          const wake = () => woken.resolve()
          followed.waiting.add(wake)
          signal?.addEventListener('abort', wake, { once: true })
          await woken.promise
          followed.waiting.delete(wake)
          signal?.removeEventListener('abort', wake)
        },
        close() {
          if (!isOpen) return
          isOpen = false
          followed.followers -= 1
          if (followed.followers > 0) return
          followed.watch.stop()
          states.delete(name)
        },
      }
    },
    close() {
      isClosed = true
      clearTimeout(timer)
      for (const state of states.values()) wakeFollowers(state)
    },
  }
}

function nameOf({ orgId, stream }: StreamKey): string {
  return JSON.stringify([orgId, ...stream])
}

function isKnown(head: StreamHead, cursor: string): boolean {
  const [epoch, seq] = cursor.split('.')
  return epoch === head.epoch && Number(seq) <= head.lastSeq
}

function isNews(known: StreamHead | undefined, found: StreamHead | undefined): boolean {
  return known?.id !== found?.id || known?.lastSeq !== found?.lastSeq || known?.isEnded !== found?.isEnded
}

/** Whether somebody who is at a place can learn something from the stream. */
function isAhead(head: StreamHead | undefined, place: EventPlace): boolean {
  if (!head) return place.epoch !== BEGINNING.epoch
  return head.epoch !== place.epoch || head.lastSeq > place.seq || head.isEnded
}
