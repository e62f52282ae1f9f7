import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { vector } from '@electric-sql/pglite-pgvector'
import { openDatabase } from './database.ts'
import { migrate } from './migrations.ts'
import { takeOwnership } from './ownership.ts'
import { servePglite } from './pglite-server.ts'

/** The embedded store: one process owns a PGlite directory, migrates it, and serves it to all others. */
export type PgliteStore = { readonly url: string; stop(): Promise<void> }

/**
 * Opens, migrates and serves a PGlite directory.
 * @throws STORE_OWNED when another process has it: two owners would silently lose commits.
 */
export async function startPgliteStore(dataDir: string): Promise<PgliteStore> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const ownership = await takeOwnership(join(dataDir, 'owner.lock'))
  try {
    // A crash of the process loses nothing that the operating system took; without fsync, a power cut may.
    const db = await PGlite.create({
      dataDir: join(dataDir, 'pglite'),
      extensions: { vector },
      relaxedDurability: false,
    })
    const server = await servePglite(db)
    const url = `pglite://${encodeURI(server.socketDir)}`
    const database = openDatabase({ url, poolSize: 1 })
    await migrate(database, { hasAdvisoryLocks: false })
    await database.destroy()
    return {
      url,
      async stop() {
        await server.stop()
        await db.close()
        await ownership.release()
      },
    }
  } catch (error) {
    await ownership.release()
    throw error
  }
}
