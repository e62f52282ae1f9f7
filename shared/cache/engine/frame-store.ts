import type { Redis } from 'ioredis'
import { loadScript } from '../../redis/script.ts'
import type { CacheCounts } from './cache-counts.ts'
import { type CacheLog, createCacheHealth } from './cache-health.ts'

/**
 * Owns frames in Redis. Guarantees: no failure of Redis is thrown, each change of its state is logged once; a frame that cannot be
 * decoded is absent, counted and deleted; nothing is kept whose marks have changed since it was asked for.
 */
export type FrameStore = {
  /** Hands over the values that are there and whole, each with its key's place, in one request. Undefined when Redis could not be asked. */
  read<Value extends object>(
    keys: readonly string[],
    space: FrameSpace<Value>,
    onValue: (index: number, value: Value) => void,
  ): Promise<Marks | undefined>
  /** Keeps values, in one request. `refused` if a mark has changed: then nobody may keep them; `lost` if Redis was not asked or failed. */
  write<Value extends object>(
    values: ReadonlyMap<string, Value>,
    space: FrameSpace<Value>,
    marks: Marks | undefined,
  ): Promise<'kept' | 'refused' | 'lost'>
}

/** Whose values these are, and how they lie in Redis. */
export type FrameSpace<Value extends object> = {
  readonly codec: Codec<Value>
  /** The keys of the marks that end these values: the erasures of their org, the invalidations of their tags. */
  readonly markKeys: readonly string[]
  /** How long a value lives in Redis, in ms, for values that age; they are read with what is left of it. @default the cache's TTL, jittered */
  lifeMsOf?(value: Value): number
}

/** The newest erasure and invalidations when the values were asked for, in the order of `markKeys`; empty for none. */
export type Marks = readonly string[]

export type Codec<Value extends object> = {
  /** Undefined for a value that is not to be kept. */
  encode(value: Value, place: { readonly key: string; readonly marks: Marks }): Buffer | undefined
  /**
   * One per frame; undefined where there is none, and for bytes that are not such a value, whatever they are; null for one that an invalidation has
   * ended. Never throws.
   */
  decode(frames: readonly (Buffer | null)[], read: FramesRead): readonly (Value | undefined | null)[]
}

/** What was read with frames; `leftMs` is empty for values that do not age. */
export type FramesRead = {
  readonly keys: readonly string[]
  readonly marks: Marks
  readonly leftMs: readonly number[]
}

type FrameStoreOptions = {
  /** The cache role: its commands answer or reject quickly. Undefined: nothing is stored. */
  readonly redis: Redis | undefined
  readonly cache: string
  /** How long a frame lives at most; up to a tenth less, so that frames written together do not all expire together. */
  readonly ttlSeconds: number
  readonly log: CacheLog
  readonly counts: CacheCounts
}

const TTL_JITTER = 0.1

const writeFrames = loadScript(new URL('./write-frames.lua', import.meta.url))

export function createFrameStore({ redis, cache, ttlSeconds, log, counts }: FrameStoreOptions): FrameStore {
  // Apart, because a full or read-only Redis answers reads and refuses writes, and would otherwise change state twice a call.
  const reads = createCacheHealth(log, cache, 'read')
  const writes = createCacheHealth(log, cache, 'written')

  async function change(ask: () => Promise<unknown>): Promise<'kept' | 'refused' | 'lost'> {
    try {
      const isDone = (await ask()) !== 0
      writes.succeeded()
      return isDone ? 'kept' : 'refused'
    } catch (error) {
      writes.failed(error)
      return 'lost'
    }
  }

  return {
    async read(keys, space, onValue) {
      if (redis === undefined) return undefined
      let frames: (Buffer | null)[]
      let leftMs: number[] = []
      try {
        // Asked for first: if a frame is replaced between the two answers, it looks older than it is, and never younger.
        const lefts = space.lifeMsOf ? Promise.all(keys.map((key) => redis.pttl(key))) : []
        const answers = await Promise.all([redis.mgetBuffer([...keys, ...space.markKeys]), lefts])
        frames = answers[0]
        leftMs = answers[1]
        reads.succeeded()
      } catch (error) {
        reads.failed(error)
        return undefined
      }
      const marks = frames.splice(keys.length).map((mark) => mark?.toString() ?? '')
      const badKeys: string[] = []
      let bytes = 0
      space.codec.decode(frames, { keys, marks, leftMs }).forEach((value, index) => {
        const frame = frames[index] as Buffer | null
        if (frame === null || value === null) return
        bytes += frame.length
        if (value === undefined) badKeys.push(keys[index] as string)
        else onValue(index, value)
      })
      if (bytes > 0) counts.bytes('read', bytes)
      if (badKeys.length > 0) {
        counts.badFrames(badKeys.length)
        log.warn({ cache, badFrames: badKeys.length }, 'deleted damaged cache frames; their values are bought again')
        await change(() => redis.unlink(badKeys))
      }
      return marks
    },
    async write(values, { codec, markKeys, lifeMsOf }, marks) {
      if (redis === undefined) return 'lost'
      const seen = marks ?? markKeys.map(() => '')
      const frames = [...values].flatMap(([key, value]) => {
        const frame = codec.encode(value, { key, marks: seen })
        return frame === undefined ? [] : [{ key, frame, ttlMs: lifeMsOf?.(value) ?? jitteredTtlMs(ttlSeconds) }]
      })
      if (frames.length === 0) return 'lost'
      const outcome = await change(() =>
        writeFrames(
          redis,
          [...markKeys, ...frames.map(({ key }) => key)],
          [markKeys.length, ...seen, ...frames.flatMap(({ frame, ttlMs }) => [frame, Math.max(1, Math.round(ttlMs))])],
        ),
      )
      if (outcome === 'refused') counts.refusedWrites(frames.length)
      if (outcome === 'kept')
        counts.bytes(
          'written',
          frames.reduce((sum, { frame }) => sum + frame.length, 0),
        )
      return outcome
    },
  }
}

function jitteredTtlMs(ttlSeconds: number): number {
  return ttlSeconds * 1_000 * (1 - Math.random() * TTL_JITTER)
}
