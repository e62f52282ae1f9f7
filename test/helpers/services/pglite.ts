import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { unpackEmptyCluster } from '../../../shared/store/pglite/empty-cluster.ts'

/** A PGlite of a test's own without a schema, from the packed cluster: its own initdb takes 3 s of CPU. Its directory goes when it is closed. */
export async function openPglite(): Promise<PGlite> {
  const directory = await mkdtemp(join(tmpdir(), 'afterturn-test-pglite-'))
  const dataDir = join(directory, 'pglite')
  await unpackEmptyCluster(dataDir)
  const db = await PGlite.create({ dataDir })
  const close = db.close.bind(db)
  return Object.assign(db, {
    async close() {
      await close()
      await rm(directory, { recursive: true, force: true })
    },
  })
}
