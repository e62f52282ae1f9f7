import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { vector } from '@electric-sql/pglite-pgvector'
import { AfterturnError } from '../errors.ts'
import { takeOwnership } from '../ownership.mjs'
import { openDatabase } from './database.ts'
import { migrate } from './migrations.ts'
import { servePglite } from './pglite-server.ts'

/** The embedded store: one process owns a PGlite directory, migrates it, and serves it to all others. */
export type PgliteStore = { readonly url: string; stop(): Promise<void> }

/**
 * Opens, migrates and serves a PGlite directory.
 * @throws STORE_OWNED when another process has it: two owners would silently lose commits.
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
  const opened = [ownership.release]
  const stop = async () => {
    for (const close of opened.splice(0).reverse()) await close()
  }
  try {
    // A crash of the process loses nothing that the operating system took; without fsync, a power cut may.
    const db = await PGlite.create({
      dataDir: join(dataDir, 'pglite'),
      extensions: { vector },
      relaxedDurability: false,
    })
    opened.push(() => db.close())
    const server = await servePglite(db)
    opened.push(server.stop)
    const url = `pglite://${encodeURI(server.socketDir)}`
    const database = openDatabase({ url, poolSize: 1 })
    await migrate(database, { hasAdvisoryLocks: false }).finally(() => database.destroy())
    return { url, stop }
  } catch (error) {
    // The directory stays ours until PGlite has let go of it.
    await stop()
    throw error
  }
}
