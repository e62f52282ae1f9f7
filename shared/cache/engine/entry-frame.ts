import { hash } from 'node:crypto'
import { constants, crc32 } from 'node:zlib'
import { zstdCompressSync, zstdDecompressSync } from '../../zstd.ts'
import type { Codec, FramesRead, Marks } from './frame-store.ts'

/**
 * Owns the bytes of a loaded entry: magic (4), version (1), form (1), two zeros, its times (4 doubles), a random id (8), raw length (4), a digest of the marks it was loaded under (16), CRC-32 of all else (4),
 * then JSON: plain, compressed, or sealed under its Redis key. Little-endian.
 * Guarantees: what decodes is what was encoded, under the same key and marks; a foreign frame allocates at most `maxBytes`. Never throws.
 */

/** How long an entry serves, in ms. */
export type Life = {
  /** Served without a question. */
  readonly freshMs: number
  /** After that: served while one process loads a newer one. */
  readonly revalidateMs: number
  /** After that: served only if loading a newer one fails. */
  readonly staleIfErrorMs: number
}

/** A loaded value, or that there is none, with its times on this process's monotonic clock. */
export type CachedEntry = {
  readonly value: unknown
  readonly life: Life
  readonly loadedAtMs: number
  /** Tells it from what another load made under the same key. */
  readonly id: number
  /** What the load took. */
  readonly costMs: number
  /** The length of its JSON. */
  readonly bytes: number
}

/** What can seal and open; see `shared/access/secret-ring.ts`. */
export type Sealing = {
  seal(label: string, plain: Uint8Array, associatedData: string): Buffer
  open(label: string, sealed: Uint8Array, associatedData: string): Buffer
}

type EntryCodecOptions = {
  /** A larger value is not kept. */
  readonly maxBytes: number
  /** Seals each value under its key. @default undefined: values are not secret */
  readonly sealing?: { readonly ring: Sealing; readonly label: string } | undefined
  monotonicMs(): number
}

const MAGIC = 0x4c_46_54_41 // "AFTL" in little-endian order
const VERSION = 1
const FORM = { plain: 0, zstd: 1 } as const
const TIMES_OFFSET = 8
const ID_OFFSET = 40
const LENGTH_OFFSET = 48
const MARKS_OFFSET = 52
const MARKS_BYTES = 16
const CRC_OFFSET = 68
const HEADER_BYTES = 72
/** Smaller values gain little. */
const COMPRESS_FROM_BYTES = 4_096

/** Everything an entry may be served for. */
export function lifeMsOf({ life }: CachedEntry): number {
  return life.freshMs + life.revalidateMs + life.staleIfErrorMs
}

export function createEntryCodec({ maxBytes, sealing, monotonicMs }: EntryCodecOptions): Codec<CachedEntry> {
  function decodeOne(frame: Buffer, key: string, marks: Buffer, leftMs: number): CachedEntry | undefined | null {
    if (frame.length < HEADER_BYTES || frame.readUInt32LE(0) !== MAGIC || frame[4] !== VERSION) return undefined
    if (frame.readUInt32LE(CRC_OFFSET) !== checksum(frame)) return undefined
    if (!frame.subarray(MARKS_OFFSET, CRC_OFFSET).equals(marks)) return null
    const bytes = frame.readUInt32LE(LENGTH_OFFSET)
    if (bytes > maxBytes) return undefined
    const [freshMs, revalidateMs, staleIfErrorMs, costMs] = [0, 8, 16, 24].map((offset) =>
      frame.readDoubleLE(TIMES_OFFSET + offset),
    ) as [number, number, number, number]
    try {
      const body = frame.subarray(HEADER_BYTES)
      const opened = sealing ? sealing.ring.open(sealing.label, body, key) : body
      const json = frame[5] === FORM.zstd ? zstdDecompressSync(opened, { maxOutputLength: Math.max(1, bytes) }) : opened
      if (json.length !== bytes) return undefined
      const life = { freshMs, revalidateMs, staleIfErrorMs }
      const ageMs = freshMs + revalidateMs + staleIfErrorMs - leftMs
      const value = bytes === 0 ? undefined : freeze(JSON.parse(json.toString()))
      const id = frame.readDoubleLE(ID_OFFSET)
      return { value, life, costMs, bytes, id, loadedAtMs: monotonicMs() - Math.max(0, ageMs) }
    } catch {
      // Sealed by a key that is gone, under another key of Redis, or no JSON: made again.
      return undefined
    }
  }

  return {
    encode(entry, { key, marks }) {
      const { value, life, costMs, id } = entry
      if (lifeMsOf(entry) <= 0) return undefined
      const json = value === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(value))
      if (json.length > maxBytes) return undefined
      const isCompressed = json.length >= COMPRESS_FROM_BYTES
      const packed = isCompressed
        ? zstdCompressSync(json, { params: { [constants.ZSTD_c_compressionLevel]: 3 } })
        : json
      const body = sealing ? sealing.ring.seal(sealing.label, packed, key) : packed
      const frame = Buffer.alloc(HEADER_BYTES + body.length)
      frame.writeUInt32LE(MAGIC, 0)
      frame[4] = VERSION
      frame[5] = isCompressed ? FORM.zstd : FORM.plain
      for (const [place, ms] of [life.freshMs, life.revalidateMs, life.staleIfErrorMs, costMs].entries())
        frame.writeDoubleLE(ms, TIMES_OFFSET + 8 * place)
      frame.writeDoubleLE(id, ID_OFFSET)
      frame.writeUInt32LE(json.length, LENGTH_OFFSET)
      digestOf(marks).copy(frame, MARKS_OFFSET)
      body.copy(frame, HEADER_BYTES)
      frame.writeUInt32LE(checksum(frame), CRC_OFFSET)
      return frame
    },
    decode(frames, { keys, marks, leftMs }: FramesRead) {
      const digest = digestOf(marks)
      return frames.map((frame, index) =>
        frame ? decodeOne(frame, keys[index] as string, digest, leftMs[index] as number) : undefined,
      )
    },
  }
}

/** Values are shared by all who ask in this process, so nobody may change one. */
export function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const held of Object.values(value)) freeze(held)
  }
  return value
}

function digestOf(marks: Marks): Buffer {
  return hash('sha256', marks.join(), 'buffer').subarray(0, MARKS_BYTES)
}

function checksum(frame: Buffer): number {
  return crc32(frame.subarray(HEADER_BYTES), crc32(frame.subarray(0, CRC_OFFSET)))
}
