import { globSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { constants, zstdCompressSync } from 'node:zlib'
import { PGlite } from '@electric-sql/pglite'
import { vector } from '@electric-sql/pglite-pgvector'
import { migrate } from '../shared/store/migrations.ts'
import { type ClusterHeader, LENGTH_BYTES } from '../shared/store/pglite/empty-cluster.ts'
import { servePglite } from '../shared/store/pglite/pglite-server.ts'

/**
 * A door: packs the cluster that PGlite's initdb and the migrations make, for `shared/store/pglite/empty-cluster.ts`. To be run when the
 * pinned PGlite changes, and before a release: a migration that is not packed costs each new store its time.
 */

const TARGET = new URL('../shared/store/pglite/empty-cluster.bin', import.meta.url)
const LEVEL = 19
/** This window sees the whole cluster at once. */
const WINDOW_LOG = 26

const directory = await mkdtemp(join(tmpdir(), 'afterturn-cluster-'))
try {
  const cluster = join(directory, 'pglite')
  const db = await PGlite.create({ dataDir: cluster, extensions: { vector }, relaxedDurability: false })
  const server = await servePglite(db)
  await migrate(`pglite://${encodeURI(server.socketDir)}`)
  await server.stop()
  // Half of the files are of databases that only `create database` reads; a store is one database.
  await db.exec('update pg_database set datistemplate = false')
  for (const name of ['template0', 'template1']) await db.exec(`drop database ${name}`)
  await db.exec('vacuum full')
  await db.exec('select pg_switch_wal(); checkpoint')
  const { rows } = await db.query<{ name: string }>('select pg_walfile_name(pg_current_wal_lsn()) as name')
  await db.close()
  // A cluster that was closed well starts from its last checkpoint: the log before it is in the tables.
  for (const name of globSync('0*', { cwd: join(cluster, 'pg_wal') }))
    if (name !== rows[0]?.name) rmSync(join(cluster, 'pg_wal', name))
  const { dependencies } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  const paths = globSync('**', { cwd: cluster }).sort()
  const isDirectory = (path: string) => statSync(join(cluster, path)).isDirectory()
  const contents = paths
    .filter((path) => !isDirectory(path))
    .map((path) => ({ path, bytes: readFileSync(join(cluster, path)) }))
  const header: ClusterHeader = {
    pglite: dependencies['@electric-sql/pglite'],
    directories: paths.filter(isDirectory),
    files: contents.map(({ path, bytes }) => [path, bytes.length]),
  }
  const head = Buffer.from(JSON.stringify(header))
  const length = Buffer.alloc(LENGTH_BYTES)
  length.writeUInt32LE(head.length)
  const packed = zstdCompressSync(Buffer.concat([length, head, ...contents.map(({ bytes }) => bytes)]), {
    params: { [constants.ZSTD_c_compressionLevel]: LEVEL, [constants.ZSTD_c_windowLog]: WINDOW_LOG },
  })
  writeFileSync(TARGET, packed)
  console.log(`${contents.length} files of PGlite ${header.pglite} in ${packed.length} bytes`)
} finally {
  await rm(directory, { recursive: true, force: true })
}
