import { globSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { constants, zstdCompressSync } from 'node:zlib'
import { PGlite } from '@electric-sql/pglite'
import { type ClusterHeader, LENGTH_BYTES } from '../shared/store/pglite/empty-cluster.ts'

/** A door: packs the cluster that PGlite's initdb makes, for `shared/store/pglite/empty-cluster.ts`. To be run when the pinned PGlite changes. */

const TARGET = new URL('../shared/store/pglite/empty-cluster.bin', import.meta.url)
const LEVEL = 19
/** The three databases of a cluster are nearly the same; this window sees all of them at once. */
const WINDOW_LOG = 26

const directory = await mkdtemp(join(tmpdir(), 'afterturn-cluster-'))
try {
  const cluster = join(directory, 'pglite')
  const db = await PGlite.create({ dataDir: cluster, relaxedDurability: false })
  await db.close()
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
