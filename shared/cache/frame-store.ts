import type { ChainableCommander, Redis } from 'ioredis'
import type { CacheCounts } from './cache-counts.ts'
import { type CacheLog, createCacheHealth } from './cache-health.ts'

/**
 * Owns frames in Redis. Guarantees: no failure of Redis is thrown, each change of its state is logged once; a frame that cannot be
 * decoded is absent, counted and deleted.
 */
export type FrameStore = {
  /** Hands over the values that are there and whole, each with its key's place, in one request. False when Redis could not be asked. */
  read<Value extends object>(
    keys: readonly string[],
    codec: Codec<Value>,
    onValue: (index: number, value: Value) => void,
  ): Promise<boolean>
  /** Keeps values, in one pipeline. */
  write<Value extends object>(values: ReadonlyMap<string, Value>, codec: Codec<Value>): Promise<void>
}

export type Codec<Value extends object> = {
  /** Undefined for a value that is not to be kept. */
  encode(value: Value): Buffer | undefined
  /** Undefined for bytes that are not such a value, whatever they are. Never throws. */
  decode(frame: Buffer): Value | undefined
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

export function createFrameStore({ redis, cache, ttlSeconds, log, counts }: FrameStoreOptions): FrameStore {
  // Apart, because a full or read-only Redis answers reads and refuses writes, and would otherwise change state twice a call.
  const reads = createCacheHealth(log, cache, 'read')
  const writes = createCacheHealth(log, cache, 'written')

  async function change(to: Redis, fill: (pipeline: ChainableCommander) => void): Promise<boolean> {
    try {
      const pipeline = to.pipeline()
      fill(pipeline)
      const replies = await pipeline.exec()
      const failure = replies?.find(([error]) => error !== null)?.[0]
      if (failure) throw failure
      writes.succeeded()
      return true
    } catch (error) {
      writes.failed(error)
      return false
    }
  }

  return {
    async read(keys, codec, onValue) {
      if (redis === undefined) return false
      let frames: (Buffer | null)[]
      try {
        frames = await redis.mgetBuffer(keys as string[])
        reads.succeeded()
      } catch (error) {
        reads.failed(error)
        return false
      }
      const badKeys: string[] = []
      let bytes = 0
      frames.forEach((frame, index) => {
        if (frame === null) return
        bytes += frame.length
        const value = codec.decode(frame)
        if (value === undefined) badKeys.push(keys[index] as string)
        else onValue(index, value)
      })
      if (bytes > 0) counts.bytes('read', bytes)
      if (badKeys.length > 0) {
        counts.badFrames(badKeys.length)
        log.warn({ cache, badFrames: badKeys.length }, 'Cached frames were damaged; they are deleted and bought again')
        await change(redis, (pipeline) => pipeline.del(badKeys))
      }
      return true
    },
    async write(values, codec) {
      if (redis === undefined) return
      const frames = [...values].flatMap(([key, value]) => {
        const frame = codec.encode(value)
        return frame === undefined ? [] : [{ key, frame }]
      })
      if (frames.length === 0) return
      const isWritten = await change(redis, (pipeline) => {
        for (const { key, frame } of frames) pipeline.set(key, frame, 'PX', jitteredTtlMs(ttlSeconds))
      })
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
