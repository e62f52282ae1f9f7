import { endianness } from 'node:os'
import { crc32 } from 'node:zlib'

/**
 * Owns the bytes of a cached vector: magic (4), version (1), format (1), tokens (2), dims (4), CRC-32 of all else (4), then the numbers; all little-endian.
 * Guarantees: what decodes is what was encoded, rounded where the format is float16. Anything else, of whatever origin, decodes to undefined and never throws.
 */

/** How the numbers lie in the cache: `float16` takes half the bytes and rounds to three digits. A reader takes both. */
export type FrameFormat = 'float32' | 'float16'

/** A vector, and the tokens that were paid for it. */
export type Embedding = { readonly vector: Float32Array; readonly tokens: number }

const MAGIC = 0x45_54_46_41 // "AFTE" in little-endian order
const VERSION = 1
const FORMATS = { float32: { code: 0, bytes: 4 }, float16: { code: 1, bytes: 2 } } as const
const FORMAT_OFFSET = 5
/** Earlier writers set this where all numbers are finite. It is a claim, so each reader looks for itself. */
const CLAIMED_FINITE = 0x80
const TOKENS_OFFSET = 6
const MAX_TOKENS = 0xff_ff
const DIMS_OFFSET = 8
const CRC_OFFSET = 12
const HEADER_BYTES = 16
const isBigEndianHost = endianness() === 'BE'

/** The frame of a vector: 16 bytes, and 4 or 2 for each number. Measured against JSON: a fifth of the bytes, a tenth of the time. */
export function encodeEmbedding({ vector, tokens }: Embedding, format: FrameFormat): Buffer {
  const { code, bytes } = FORMATS[format]
  const frame = Buffer.alloc(HEADER_BYTES + vector.length * bytes)
  frame.writeUInt32LE(MAGIC, 0)
  frame.writeUInt8(VERSION, 4)
  frame.writeUInt16LE(Math.max(0, Math.min(tokens, MAX_TOKENS)), TOKENS_OFFSET)
  frame.writeUInt32LE(vector.length, DIMS_OFFSET)
  frame.writeUInt8(code, FORMAT_OFFSET)
  const numbers = format === 'float32' ? vector : new Float16Array(vector)
  Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength).copy(frame, HEADER_BYTES)
  if (isBigEndianHost) swapNumbers(frame.subarray(HEADER_BYTES), bytes)
  frame.writeUInt32LE(checksum(frame), CRC_OFFSET)
  return frame
}

/**
 * What is in frames, one a frame; undefined for one that is cut off, foreign, damaged, of another length than `dims`, or holds a number that is not
 * finite. The vectors lie side by side in one buffer: a hundred buffers of their own take a tenth of the time of a read, most of it to collect them.
 */
export function decodeEmbeddings(frames: readonly (Buffer | null)[], dims: number): (Embedding | undefined)[] {
  let count = 0
  for (const frame of frames) if (frame !== null) count += 1
  const room = Buffer.allocUnsafeSlow(count * dims * Float32Array.BYTES_PER_ELEMENT)
  let offset = 0
  return frames.map((frame) => {
    const format = frame === null ? undefined : formatOf(frame, dims)
    if (frame === null || format === undefined) return undefined
    const vector = new Float32Array(room.buffer, offset, dims)
    // Copied first, because a reply of Redis begins anywhere in its pool and an array of numbers only at a multiple of their size.
    if (format === 'float32') {
      frame.copy(room, offset, HEADER_BYTES)
      if (isBigEndianHost) room.subarray(offset, offset + vector.byteLength).swap32()
    } else {
      const halves = Buffer.copyBytesFrom(frame, HEADER_BYTES)
      if (isBigEndianHost) halves.swap16()
      vector.set(new Float16Array(halves.buffer, halves.byteOffset, dims))
    }
    if (!isAllFinite(vector)) return undefined
    offset += vector.byteLength
    return { vector, tokens: frame.readUInt16LE(TOKENS_OFFSET) }
  })
}

/** How the numbers of a frame lie; undefined if it is not what was written, or has not `dims` of them. */
function formatOf(frame: Buffer, dims: number): FrameFormat | undefined {
  if (frame.length < HEADER_BYTES || frame.readUInt32LE(0) !== MAGIC || frame.readUInt8(4) !== VERSION) return undefined
  const code = frame.readUInt8(FORMAT_OFFSET) & ~CLAIMED_FINITE
  const format = code === FORMATS.float32.code ? 'float32' : 'float16'
  if (code !== FORMATS[format].code || frame.readUInt32LE(DIMS_OFFSET) !== dims) return undefined
  if (frame.length !== HEADER_BYTES + dims * FORMATS[format].bytes) return undefined
  return frame.readUInt32LE(CRC_OFFSET) === checksum(frame) ? format : undefined
}

/**
 * The sum of finite float32 cannot overflow a double, so it is finite only if all are. Four sums wait less for each other than one: 0.4 us for 1,536
 * numbers, against 1.4; an OR over the exponents takes 0.6.
 */
function isAllFinite(numbers: Float32Array): boolean {
  let [a, b, c, d] = [0, 0, 0, 0]
  const inFours = numbers.length - (numbers.length % 4)
  for (let index = 0; index < inFours; index += 4) {
    a += numbers[index] as number
    b += numbers[index + 1] as number
    c += numbers[index + 2] as number
    d += numbers[index + 3] as number
  }
  for (let index = inFours; index < numbers.length; index += 1) a += numbers[index] as number
  return Number.isFinite(a + b + c + d)
}

function checksum(frame: Buffer): number {
  return crc32(frame.subarray(HEADER_BYTES), crc32(frame.subarray(0, CRC_OFFSET)))
}

function swapNumbers(numbers: Buffer, bytes: 2 | 4): void {
  if (bytes === 2) numbers.swap16()
  else numbers.swap32()
}
