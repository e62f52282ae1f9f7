import type { Redis } from 'ioredis'
import { loadScript } from '../redis/script.ts'
import type { CacheCounts } from './cache-counts.ts'
import { type CacheLog, createCacheHealth } from './cache-health.ts'

/**
 * Owns frames in Redis. Guarantees: no failure of Redis is thrown, each change of its state is logged once; a frame that cannot be
 * decoded is absent, counted and deleted.
 */
export type FrameStore = {
  /** Hands over the values that are there and whole, each with its key's place, in one request. Undefined when Redis could not be asked. */
  read<Value extends object>(
    keys: readonly string[],
    space: FrameSpace<Value>,
    onValue: (index: number, value: Value) => void,
  ): Promise<ErasureMark | undefined>
  /** Keeps values, in one request, unless something was erased since the mark was read. */
  write<Value extends object>(
    values: ReadonlyMap<string, Value>,
    space: FrameSpace<Value>,
    mark: ErasureMark,
  ): Promise<void>
}

/** Whose values these are, and how they lie in Redis. */
export type FrameSpace<Value extends object> = { readonly codec: Codec<Value>; readonly markKey: string }

/** Which erasure was the newest when the values were asked for; empty for none. */
export type ErasureMark = string

export type Codec<Value extends object> = {
  /** Undefined for a value that is not to be kept. */
  encode(value: Value): Buffer | undefined
  /** One a frame; undefined where there is none, and for bytes that are not such a value, whatever they are. Never throws. */
  decode(frames: readonly (Buffer | null)[]): readonly (Value | undefined)[]
}

export type FrameStoreOptions = {
  /** The cache role: its commands answer or reject quickly. Undefined: nothing is stored. */
  readonly redis: Redis | undefined
  readonly cache: string
  /** How long a frame lives at most; up to a tenth less, so that frames written together do not all expire together. */
  readonly ttlSeconds: number
  readonly log: CacheLog
  readonly counts: CacheCounts
}

const TTL_JITTER = 0.1
/** No erasure, or none that is known: then nothing may be kept that one has come before. */
export const NO_MARK: ErasureMark = ''

const writeFrames = loadScript(new URL('./write-frames.lua', import.meta.url))

export function createFrameStore({ redis, cache, ttlSeconds, log, counts }: FrameStoreOptions): FrameStore {
  // Apart, because a full or read-only Redis answers reads and refuses writes, and would otherwise change state twice a call.
  const reads = createCacheHealth(log, cache, 'read')
  const writes = createCacheHealth(log, cache, 'written')

  async function change(ask: () => Promise<unknown>): Promise<boolean> {
    try {
      const isDone = (await ask()) !== 0
      writes.succeeded()
      return isDone
    } catch (error) {
      writes.failed(error)
      return false
    }
  }

  return {
    async read(keys, { codec, markKey }, onValue) {
      if (redis === undefined) return undefined
      let frames: (Buffer | null)[]
      try {
        frames = await redis.mgetBuffer([...keys, markKey])
        reads.succeeded()
      } catch (error) {
        reads.failed(error)
        return undefined
      }
      const mark = frames.pop()?.toString() ?? NO_MARK
      const badKeys: string[] = []
      let bytes = 0
      codec.decode(frames).forEach((value, index) => {
        const frame = frames[index] as Buffer | null
        if (frame === null) return
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
      return mark
    },
    async write(values, { codec, markKey }, mark) {
      if (redis === undefined) return
      const frames = [...values].flatMap(([key, value]) => {
        const frame = codec.encode(value)
        return frame === undefined ? [] : [{ key, frame }]
      })
      if (frames.length === 0) return
      const isWritten = await change(() =>
        writeFrames(
          redis,
          [markKey, ...frames.map(({ key }) => key)],
          [mark, ...frames.flatMap(({ frame }) => [frame, jitteredTtlMs(ttlSeconds)])],
        ),
      )
      if (isWritten)
        counts.bytes(
          'written',
          frames.reduce((sum, { frame }) => sum + frame.length, 0),
        )
    },
  }
}

function jitteredTtlMs(ttlSeconds: number): number {
  return Math.max(1, Math.round(ttlSeconds * 1_000 * (1 - Math.random() * TTL_JITTER)))
}
