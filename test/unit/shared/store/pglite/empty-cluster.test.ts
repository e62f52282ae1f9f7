import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { vector } from '@electric-sql/pglite-pgvector'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { migrate } from '../../../../../shared/store/migrations.ts'
import { readEmptyCluster, unpackEmptyCluster } from '../../../../../shared/store/pglite/empty-cluster.ts'
import { servePglite } from '../../../../../shared/store/pglite/pglite-server.ts'
import { SCHEMA } from '../../../../helpers/services/schema.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'afterturn-cluster-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

it('the packed cluster is of the PGlite that is pinned', async () => {
  const { dependencies } = JSON.parse(await readFile('package.json', 'utf8'))
  expect((await readEmptyCluster()).header.pglite).toBe(dependencies['@electric-sql/pglite'])
})

it('a cluster is unpacked whole, for its owner alone, whatever an earlier try has left', async () => {
  const cluster = join(directory, 'pglite')
  await mkdir(`${cluster}.half`)
  await writeFile(join(`${cluster}.half`, 'PG_VERSION'), 'half')
  await unpackEmptyCluster(cluster)
  expect(await readdir(directory)).toEqual(['pglite'])
  expect((await stat(cluster)).mode & 0o777).toBe(0o700)
  const { header, contents } = await readEmptyCluster()
  const sizes = await Promise.all(header.files.map(async ([path]) => (await stat(join(cluster, path))).size))
  expect(sizes).toEqual(header.files.map(([, bytes]) => bytes))
  expect(sizes.reduce((sum, size) => sum + size)).toBe(contents.length)
  expect(await readFile(join(cluster, 'PG_VERSION'), 'utf8')).toBe('18\n')
})

it('the packed cluster has the schema that the migrations make from the first one on', async () => {
  await unpackEmptyCluster(join(directory, 'pglite'))
  const db = await PGlite.create({ dataDir: join(directory, 'pglite'), extensions: { vector } })
  const server = await servePglite(db)
  const migrated = async () => {
    await migrate(`pglite://${encodeURI(server.socketDir)}`)
    return (await db.query(SCHEMA)).rows
  }
  // One that is not packed yet is applied here.
  const packed = await migrated()
  await db.exec('drop schema public cascade; create schema public')
  expect(packed).toEqual(await migrated())
  await server.stop()
  await db.close()
})
