import { promisify } from 'node:util'
import { zstdDecompress } from '../zstd.ts'

/** With 16 kB at a time, as is usual, the largest source takes twice as long. */
const PIECE_BYTES = 256 * 1_024

/** The texts of stored sources, by blob; other threads unpack them, so that other searches need not wait for large ones. */
export async function unpackTexts(sources: ReadonlyMap<number, Buffer>): Promise<Map<number, string>> {
  // An older Node has none, and is to reach the message that says so.
  const unpack = promisify(zstdDecompress)
  const texts = [...sources].map(async ([blob, source]) => {
    return [blob, (await unpack(source, { chunkSize: PIECE_BYTES })).toString('utf8')] as const
  })
  return new Map(await Promise.all(texts))
}
