import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { zstdDecompress } from '../../zstd.ts'

/**
 * Owns the cluster that a new directory starts from: what PGlite's own initdb makes, which costs 3 s of CPU, packed once by
 * `scripts/pack-empty-cluster.ts` into the file beside this one; to unpack it takes .2 s. Guarantees: a directory is whole, or is not there.
 */

/** In the file, in front of the contents of its files, one after the other. */
export type ClusterHeader = {
  /** The version of PGlite that made it, the only one that it is for. */
  readonly pglite: string
  readonly directories: readonly string[]
  readonly files: readonly (readonly [path: string, bytes: number])[]
}

const PACKED = new URL('./empty-cluster.bin', import.meta.url)
/** The length of the header, as a number of 32 bits, is in front of it. */
export const LENGTH_BYTES = 4
/** PostgreSQL refuses a directory that others may read. */
const [DIRECTORY_MODE, FILE_MODE] = [0o700, 0o600]

/** Reads the packed cluster. */
export async function readEmptyCluster(): Promise<{ readonly header: ClusterHeader; readonly contents: Buffer }> {
  const unpacked = await promisify(zstdDecompress)(await readFile(PACKED))
  const end = LENGTH_BYTES + unpacked.readUInt32LE()
  return { header: JSON.parse(unpacked.toString('utf8', LENGTH_BYTES, end)), contents: unpacked.subarray(end) }
}

/** Makes a directory that does not exist yet, of which the caller is the only owner. */
export async function unpackEmptyCluster(directory: string): Promise<void> {
  const { header, contents } = await readEmptyCluster()
  // A process may end in the middle: what is half is never what PGlite opens.
  const half = `${directory}.half`
  await rm(half, { recursive: true, force: true })
  await mkdir(half, { recursive: true, mode: DIRECTORY_MODE })
  for (const path of header.directories) await mkdir(join(half, path), { recursive: true, mode: DIRECTORY_MODE })
  let start = 0
  for (const [path, bytes] of header.files) {
    await writeFile(join(half, path), contents.subarray(start, start + bytes), { mode: FILE_MODE })
    start += bytes
  }
  await rename(half, directory)
}
