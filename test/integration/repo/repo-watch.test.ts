import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
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
