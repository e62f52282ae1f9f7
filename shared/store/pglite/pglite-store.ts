import { createHash } from 'node:crypto'
import { access, lstat, mkdir, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { vector } from '@electric-sql/pglite-pgvector'
import { AfterturnError } from '../../errors.ts'
import { takeOwnership } from '../../processes/ownership.mjs'
import { migrate } from '../migrations.ts'
import { unpackEmptyCluster } from './empty-cluster.ts'
import { throwWhatEndsIt } from './pglite-end.ts'
import { servePglite } from './pglite-server.ts'

/** The embedded store: one process owns a PGlite directory, migrates it, and serves it to all others. */
export type PgliteStore = {
  /** The same at each start of the directory, so that the others find a store that was started anew. */
  readonly url: string
  /** Rejects with STORE_BROKEN when PGlite has ended; only a new process serves the directory again. */
  readonly failed: Promise<never>
  stop(): Promise<void>
}

/**
 * Opens, migrates and serves a PGlite directory.
 * @throws STORE_OWNED when another process has it: two owners would silently lose commits.
 * @throws SETUP_FAILED when the directory for its socket is another user's.
 */
export async function startPgliteStore(dataDir: string): Promise<PgliteStore> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const lockFile = join(dataDir, 'owner.lock')
  const ownership = await takeOwnership(lockFile)
  if (ownership.heldBy !== undefined)
    throw new AfterturnError(
      'STORE_OWNED',
      `The store is owned by process ${ownership.heldBy} (lock file ${lockFile}).`,
    )
  const opened: (() => Promise<unknown>)[] = [ownership.release]
  const stop = async () => {
    for (const close of opened.splice(0).reverse()) await close()
  }
  try {
    const clusterDir = join(dataDir, 'pglite')
    if (!(await exists(clusterDir))) await unpackEmptyCluster(clusterDir)
    // A crash of the process loses nothing that the operating system took; without fsync, a power cut may.
    const db = await PGlite.create({
      dataDir: clusterDir,
      extensions: { vector },
      relaxedDurability: false,
    })
    throwWhatEndsIt(db)
    let isBroken = false
    opened.push(async () => isBroken || (await db.close()))
    const server = await servePglite(db, { socketDir: await makeSocketDir(dataDir) })
    opened.push(server.stop)
    server.failed.catch(() => {
      isBroken = true
    })
    const url = `pglite://${encodeURI(server.socketDir)}`
    await migrate(url)
    return { url, failed: server.failed, stop }
  } catch (error) {
    // The directory stays ours until PGlite has let go of it.
    await stop()
    throw error
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

/** A short path, for a socket's has 108 bytes at most, and the data directory's own: what a killed owner left there is used again. */
async function makeSocketDir(dataDir: string): Promise<string> {
  const name = createHash('sha256')
    .update(await realpath(dataDir))
    .digest('hex')
    .slice(0, 12)
  const socketDir = join(tmpdir(), `afterturn-${name}`)
  // Another user may have made it first, to be spoken to in our place.
  await mkdir(socketDir, { mode: 0o700 }).catch(async () => {
    const found = await lstat(socketDir)
    if (!found.isDirectory() || found.uid !== process.getuid?.() || (found.mode & 0o077) !== 0)
      throw new AfterturnError('SETUP_FAILED', `Expected ${socketDir} to be a directory of this user alone.`, {
        remedy: 'Remove it, or set TMPDIR to another directory.',
      })
    await rm(socketDir, { recursive: true })
    await mkdir(socketDir, { mode: 0o700 })
  })
  return socketDir
}
