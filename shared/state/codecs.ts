import { createRequire } from 'node:module'
import { constants, deflateRawSync, inflateRawSync } from 'node:zlib'
import { AfterturnError } from '../errors.ts'
import { zstdCompressSync, zstdDecompressSync } from '../zstd.ts'

/**
 * Owns how frames are compressed. Guarantees: nothing larger than what is expected is ever unpacked.
 * Zstandard and zlib take a dictionary, the bytes that come before; LZ4 takes none, and its frames are larger.
 */

export const STATE_CODECS = ['none', 'zstd', 'zlib', 'lz4'] as const
/** How a frame is compressed. A frame says it itself by its place in the list. */
export type StateCodec = (typeof STATE_CODECS)[number]

type Codec = {
  compress(bytes: Buffer, dictionary: Buffer): Buffer
  /** Throws, or returns what may have another length, when the bytes are none of the codec's. */
  decompress(bytes: Buffer, dictionary: Buffer, length: number): Buffer
}
type Lz4 = { compressSync(bytes: Buffer): Buffer; uncompressSync(bytes: Buffer): Buffer }

const ZSTD_LEVEL = 3
/** What Zstandard takes for a dictionary that it has made itself. */
const DICTIONARY_MAGIC = 0xec_30_a4_37
const LENGTH_BYTES = 4

const plain = (dictionary: Buffer): { dictionary?: Buffer } => {
  if (dictionary.length === 0) return {}
  const isTrained = dictionary.length >= LENGTH_BYTES && dictionary.readUInt32LE(0) === DICTIONARY_MAGIC
  return { dictionary: isTrained ? dictionary.subarray(1) : dictionary }
}

const [MIN_CHUNK_BYTES, MAX_CHUNK_BYTES] = [64, 16 * 1_024]

/** Node takes the largest chunk unless told otherwise, which costs more than unpacking a few hundred bytes. */
const roomFor = (length: number): { chunkSize: number } => ({
  chunkSize: Math.min(Math.max(length, MIN_CHUNK_BYTES), MAX_CHUNK_BYTES),
})

const CODECS: Readonly<Record<StateCodec, Codec>> = {
  none: { compress: (bytes) => bytes, decompress: (bytes) => bytes },
  zstd: {
    compress: (bytes, dictionary) =>
      zstdCompressSync(bytes, { ...plain(dictionary), params: { [constants.ZSTD_c_compressionLevel]: ZSTD_LEVEL } }),
    decompress: (bytes, dictionary, length) =>
      zstdDecompressSync(bytes, { ...plain(dictionary), maxOutputLength: Math.max(1, length) }),
  },
  zlib: {
    compress: (bytes, dictionary) => deflateRawSync(bytes, plain(dictionary)),
    decompress: (bytes, dictionary, length) =>
      inflateRawSync(bytes, { ...plain(dictionary), ...roomFor(length), maxOutputLength: Math.max(1, length) }),
  },
  lz4: {
    compress: (bytes) => loadLz4().compressSync(bytes),
    decompress(bytes, _, length) {
      // It would allocate whatever its own length says.
      if (bytes.length < LENGTH_BYTES || bytes.readUInt32LE(0) !== length) return Buffer.alloc(0)
      return loadLz4().uncompressSync(bytes)
    },
  },
}

export function codecOf(name: StateCodec): Codec {
  return CODECS[name]
}

let lz4: Lz4 | undefined

/**
 * Loads the optional package `lz4-napi`.
 * @throws CONFIG_INVALID when it is not installed
 */
export function loadLz4(): Lz4 {
  try {
    lz4 ??= createRequire(import.meta.url)('lz4-napi') as Lz4
    return lz4
  } catch (cause) {
    throw new AfterturnError(
      'CONFIG_INVALID',
      'Expected the package lz4-napi beside states that are compressed with LZ4, got none; `npm install lz4-napi`, or set STATE_CODEC to zstd.',
      { cause },
    )
  }
}
