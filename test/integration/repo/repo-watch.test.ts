import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { watchTree } from '../../../workers/repo/watch-tree.ts'
import { useGitRepos } from '../../helpers/repo/git-repo.ts'
import { foundPaths, startIndexing } from '../../helpers/repo/repo-indexing.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'
import { until } from '../../helpers/until.ts'

const repos = useGitRepos()
const runtimes = useRuntimes(useStore())

it('keeps the index of a working tree up to date, and leaves alone what git ignores', async () => {
  const runtime = await startIndexing(runtimes, repos.dir)
  const repo = repos.create('edited')
  repo.commit({ 'src/a.ts': 'export const firstOne = 1\n', '.gitignore': 'out/\n' })
  const watched = await runtime.repos.watch({ orgId: 'org', repoId: 'edited', source: repo.path })
  const requests = async () => (await runtime.repos.status({ orgId: 'org', repoId: 'edited' }))[0]?.requestedAt
  const save = (path: string, text: string) => {
    mkdirSync(join(repo.path, path, '..'), { recursive: true })
    writeFileSync(join(repo.path, path), text)
  }
  const finds = (query: string, path: string) =>
    until(
      () => foundPaths(runtime, query).catch(() => []),
      (paths) => paths[0] === path,
    )
  await finds('firstOne', 'src/a.ts')
  save('src/a.ts', 'export const secondOne = 2\n')
  await finds('secondOne', 'src/a.ts')
  save('lib/deep/b.ts', 'export const thirdOne = 3\n')
  await finds('thirdOne', 'lib/deep/b.ts')
  const before = await requests()
  save('out/built.ts', 'export const builtOne = 4\n')
  save('lib/deep/c.ts', 'export const fourthOne = 5\n')
  await finds('fourthOne', 'lib/deep/c.ts')
  expect(await requests()).not.toEqual(before)
  expect(await foundPaths(runtime, 'builtOne')).not.toContain('out/built.ts')
  watched.close()
  await expect(
    runtime.repos.watch({ orgId: 'org', repoId: 'edited', source: 'https://git.example/a.git' }),
  ).rejects.toMatchObject({ code: 'INPUT_INVALID' })
})

it('sees saves in directories that were empty, that replaced others, and in a tree that was gone', async () => {
  const repo = repos.create('replaced')
  repo.commit({ 'src/a.ts': 'a\n', 'src/deep/b.ts': 'b\n', '.gitignore': 'out/\n' })
  mkdirSync(join(repo.path, 'hollow/below'), { recursive: true })
  const errors: string[] = []
  let changes = 0
  const watched = await watchTree(repo.path, {
    roots: undefined,
    async onChange() {
      changes += 1
    },
    onError: (error) => errors.push(String(error)),
  })
  const seen = (act: () => void) => {
    const before = changes
    act()
    return until(
      async () => changes,
      (now) => now > before,
    )
  }
  const inTree = (path: string) => join(repo.path, path)
  await seen(() => writeFileSync(inTree('hollow/below/first.ts'), 'first\n'))
  await seen(() => mkdirSync(inTree('fresh/x/y'), { recursive: true }))
  await seen(() => writeFileSync(inTree('fresh/x/y/file.ts'), 'file\n'))
  await seen(() => {
    renameSync(inTree('src'), inTree('was'))
    mkdirSync(inTree('src/deep'), { recursive: true })
    writeFileSync(inTree('src/deep/b.ts'), 'another\n')
  })
  await seen(() => writeFileSync(inTree('src/deep/b.ts'), 'changed\n'))

  renameSync(repo.path, `${repo.path}-gone`)
  await until(
    async () => errors.length,
    (count) => count > 0,
  )
  expect(errors).toEqual([expect.stringContaining('found nothing at')])
  await seen(() => renameSync(`${repo.path}-gone`, repo.path))
  await seen(() => writeFileSync(inTree('src/a.ts'), 'changed\n'))
  await seen(() => rmSync(inTree('src'), { recursive: true }))
  watched.close()
})
