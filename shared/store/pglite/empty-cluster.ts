import { mkdirSync, writeFileSync } from 'node:fs'
import { readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { zstdDecompress } from '../../zstd.ts'

/**
 * The cluster that a new directory starts from: PGlite's own initdb and the migrations cost 5 s of CPU, and are done once by
 * `scripts/pack-empty-cluster.ts`, into the file beside this one. A newer migration is applied when the store starts, as to any store.
 * Guarantees: a directory is whole, or is not there.
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
  mkdirSync(half, { recursive: true, mode: DIRECTORY_MODE })
  for (const path of header.directories) mkdirSync(join(half, path), { recursive: true, mode: DIRECTORY_MODE })
  let start = 0
  // A thousand small files one by one: to wait for each costs three times its writing.
  for (const [path, bytes] of header.files) {
    writeFileSync(join(half, path), contents.subarray(start, start + bytes), { mode: FILE_MODE })
    start += bytes
  }
  await rename(half, directory)
}
