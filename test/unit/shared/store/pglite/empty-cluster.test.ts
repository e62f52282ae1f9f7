import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { readEmptyCluster, unpackEmptyCluster } from '../../../../../shared/store/pglite/empty-cluster.ts'

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
