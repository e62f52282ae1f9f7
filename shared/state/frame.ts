import { crc32 } from 'node:zlib'
import { AfterturnError } from '../errors.ts'
import { codecOf, STATE_CODECS, type StateCodec } from './codecs.ts'
import { applyDifference, findDifference, type Splice } from './splice.ts'

/**
 * One stored version: a header and either the whole state or its difference from the frame before. Header, little-endian: magic (2), format (1),
 * codec and kind (1), length of the state (4), CRC-32 of all other bytes (4).
 * Guarantees: foreign bytes are refused before anything is allocated for them. Checked in turn: size, CRC, length, what is unpacked.
 */

const MAGIC = 0x54_41
const FORMAT = 1
const HEADER_BYTES = 12
const CRC_AT = 8
const FULL = 0
const DIFFERENCE = 1
/** Bytes of the base that the new ones are compressed with: more cost time and gain little. */
const DICTIONARY_BYTES = 8 * 1_024
const MIN_COMPRESSED_BYTES = 48
/** Up to here Deflate packs smaller than Zstandard (206 of 641 bytes instead of 241), and unpacks in a third of the time. */
const SHORT_BYTES = 4 * 1_024
/** What is compressed to more than this share stays as it is. */
const WORTHWHILE_SHARE = 0.9
const MAX_SPLICES = 10_000
const NOTHING = Buffer.alloc(0)

/** A frame that holds all of a state. */
export function encodeFull(raw: Buffer, codec: StateCodec): Buffer {
  return seal(FULL, raw.length, NOTHING, compress(raw, NOTHING, codec))
}

/** A frame that holds how a state differs from another; undefined when the two have too little in common. */
export function encodeDifference(base: Buffer, raw: Buffer, codec: StateCodec): Buffer | undefined {
  const { splices, inserted } = findDifference(base, raw)
  if (splices.length > MAX_SPLICES) return undefined
  return seal(
    DIFFERENCE,
    raw.length,
    writeSplices(splices, inserted.length),
    compress(inserted, dictionaryOf(base, splices), codec),
  )
}

/** What a frame's header says, with the CRC checked. */
type FrameHeader = { readonly codec: StateCodec; readonly isFull: boolean; readonly rawBytes: number }

/**
 * Checks a frame as far as can be done without unpacking it.
 * @throws STATE_CORRUPT
 */
function readHeader(frame: Buffer, maxRawBytes: number): FrameHeader {
  if (frame.length < HEADER_BYTES || frame.readUInt16LE(0) !== MAGIC)
    throw corrupt(`expected a frame, got ${frame.length} bytes that are none`)
  if (frame.readUInt32LE(CRC_AT) !== checksum(frame)) throw corrupt('expected the CRC-32 of the frame, got another')
  if (frame[2] !== FORMAT) throw corrupt(`expected format ${FORMAT}, got ${frame[2]}`)
  const rawBytes = frame.readUInt32LE(4)
  if (rawBytes > maxRawBytes) throw corrupt(`expected at most ${maxRawBytes} bytes of state, got ${rawBytes}`)
  const kind = (frame[3] as number) >> 4
  const codec = STATE_CODECS[(frame[3] as number) & 15]
  if (codec === undefined || kind > DIFFERENCE) throw corrupt('expected a known codec and kind, got another')
  return { codec, isFull: kind === FULL, rawBytes }
}

/**
 * The state that a frame holds; `base` is the state of the frame before, which a full frame does not need. `room` gives the buffer for a difference's
 * outcome, of the length asked for and apart from the base's.
 * @throws STATE_CORRUPT; CONFIG_INVALID when the codec's package is not installed
 */
export function decodeFrame(
  frame: Buffer,
  base: Buffer | undefined,
  maxRawBytes: number,
  room: (bytes: number) => Buffer = Buffer.allocUnsafe,
): Buffer {
  const { codec, isFull, rawBytes } = readHeader(frame, maxRawBytes)
  const body = frame.subarray(HEADER_BYTES)
  if (isFull) return decompress(body, NOTHING, rawBytes, codec)
  if (!base) throw corrupt('expected a whole state at the start of a chain, got a difference')
  const { splices, insertedBytes, used } = readSplices(body)
  if (insertedBytes > rawBytes) throw corrupt('expected fewer new bytes than the state has, got more')
  const inserted = decompress(body.subarray(used), dictionaryOf(base, splices), insertedBytes, codec)
  const raw = room(rawBytes)
  if (!applyDifference(base, { splices, inserted }, raw))
    throw corrupt('expected a difference from the frame before, got one from something else')
  return raw
}

function seal(kind: number, rawBytes: number, head: Buffer, { bytes, codec }: Compressed): Buffer {
  const frame = Buffer.allocUnsafe(HEADER_BYTES + head.length + bytes.length)
  frame.writeUInt16LE(MAGIC, 0)
  frame[2] = FORMAT
  frame[3] = (kind << 4) | STATE_CODECS.indexOf(codec)
  frame.writeUInt32LE(rawBytes, 4)
  head.copy(frame, HEADER_BYTES)
  bytes.copy(frame, HEADER_BYTES + head.length)
  frame.writeUInt32LE(checksum(frame), CRC_AT)
  return frame
}

function checksum(frame: Buffer): number {
  return crc32(frame.subarray(HEADER_BYTES), crc32(frame.subarray(0, CRC_AT)))
}

type Compressed = { readonly bytes: Buffer; readonly codec: StateCodec }

function compress(bytes: Buffer, dictionary: Buffer, wanted: StateCodec): Compressed {
  if (bytes.length < MIN_COMPRESSED_BYTES) return { bytes, codec: 'none' }
  const codec = wanted === 'zstd' && bytes.length <= SHORT_BYTES ? 'zlib' : wanted
  const compressed = codecOf(codec).compress(bytes, dictionary)
  return compressed.length < bytes.length * WORTHWHILE_SHARE ? { bytes: compressed, codec } : { bytes, codec: 'none' }
}

function decompress(bytes: Buffer, dictionary: Buffer, length: number, codec: StateCodec): Buffer {
  let raw: Buffer
  try {
    raw = codecOf(codec).decompress(bytes, dictionary, length)
  } catch (error) {
    if (error instanceof AfterturnError) throw error
    throw corrupt(`expected bytes of ${codec}, got what it does not unpack`, error)
  }
  if (raw.length !== length) throw corrupt(`expected ${length} bytes, got ${raw.length}`)
  return raw
}

/** All of a small base; of a larger one the bytes before the first change, or its first ones. */
function dictionaryOf(base: Buffer, [first]: readonly Splice[]): Buffer {
  const prefix = first?.insertBytes === 0 && first.copyFrom === 0 ? first.copyBytes : 0
  const end = Math.max(prefix, Math.min(base.length, DICTIONARY_BYTES))
  return base.subarray(Math.max(0, end - DICTIONARY_BYTES), end)
}

/** Their number and the number of new bytes, then each: new bytes, where the copy begins after the end of the last one, bytes copied. */
function writeSplices(splices: readonly Splice[], insertedBytes: number): Buffer {
  const bytes: number[] = []
  const write = (value: number) => {
    let left = value
    for (; left > 127; left = Math.floor(left / 128)) bytes.push((left % 128) + 128)
    bytes.push(left)
  }
  write(splices.length)
  write(insertedBytes)
  let end = 0
  for (const { insertBytes, copyFrom, copyBytes } of splices) {
    const skipped = copyFrom - end
    write(insertBytes)
    write(skipped < 0 ? -2 * skipped - 1 : 2 * skipped)
    write(copyBytes)
    end = copyFrom + copyBytes
  }
  return Buffer.from(bytes)
}

function readSplices(body: Buffer) {
  let used = 0
  const read = () => {
    let value = 0
    for (let factor = 1; factor < 2 ** 42; factor *= 128) {
      const byte = body[used++]
      if (byte === undefined) break
      value += (byte & 127) * factor
      if (byte < 128) return value
    }
    throw corrupt('expected a list of splices, got none')
  }
  const count = read()
  const insertedBytes = read()
  if (count > MAX_SPLICES) throw corrupt(`expected at most ${MAX_SPLICES} splices, got ${count}`)
  const splices: Splice[] = []
  let end = 0
  while (splices.length < count) {
    const insertBytes = read()
    const skipped = read()
    const copyFrom = end + (skipped % 2 === 1 ? -(skipped + 1) / 2 : skipped / 2)
    const copyBytes = read()
    if (copyFrom < 0) throw corrupt('expected a copy from the base, got one from before it')
    splices.push({ insertBytes, copyFrom, copyBytes })
    end = copyFrom + copyBytes
  }
  return { splices, insertedBytes, used }
}

/** What is wrong with stored bytes. */
export function corrupt(fault: string, cause?: unknown): AfterturnError {
  return new AfterturnError('STATE_CORRUPT', `Stored bytes are damaged: ${fault}.`, { cause })
}
