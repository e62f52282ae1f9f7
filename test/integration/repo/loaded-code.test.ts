import { expect, it } from 'vitest'
import { createLoadedCode } from '../../../shared/repo/index-format/loaded-code.ts'
import { type IndexRow, readCodeIndex, requestIndex, settleIndex } from '../../../shared/store/code/code-indexes.ts'
import { listRepos, removeIndexes } from '../../../shared/store/code/code-removal.ts'
import { readServedIndexes, type ServedIndex } from '../../../shared/store/code/code-served.ts'
import { useGitRepos } from '../../helpers/repo/git-repo.ts'
import { startIndexing } from '../../helpers/repo/repo-indexing.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'
import { until } from '../../helpers/until.ts'

/** What a process holds of the code that it searches: read from the store once, and no more of it than it may keep. */

const repos = useGitRepos()
const runtimes = useRuntimes(useStore())
const MEMORY_BYTES = 10_000_000

it('reads a blob once for all searches, refs and commits, and keeps within its memory', async () => {
  const runtime = await startIndexing(runtimes, repos.dir)
  const repo = repos.create('held')
  const index = async (commit: string, ref: string) => {
    await runtime.repos.index({ orgId: 'held', repoId: 'held', source: repo.path, ref })
    await until(
      () => runtime.repos.status({ orgId: 'held' }),
      (all) => all.some((status) => status.ref === ref && status.commit === commit && !status.isPending),
    )
  }
  const files = Object.fromEntries(
    Array.from({ length: 9 }, (_, at) => [`src/file-${at}.ts`, `export const number${at} = () => ${at}\n`]),
  )
  await index(repo.commit({ ...files, 'a.ts': files['src/file-1.ts'] as string }), 'HEAD')

  let readBlobs = 0
  const counted = runtime.database.withPlugin({
    transformQuery: ({ node }) => node,
    transformResult: async ({ result }) => {
      readBlobs += result.rows.filter((row) => 'vectors' in row).length
      return result
    },
  })
  const loaded = createLoadedCode(counted, MEMORY_BYTES)
  const corpusOf = async (code: typeof loaded, ref: string, language?: string) =>
    code.corpusOf('held', await readServedIndexes(counted, 'held', { ref }), {
      language: language ? [language] : undefined,
    })
  const [first, second] = await Promise.all([corpusOf(loaded, 'HEAD'), corpusOf(loaded, 'HEAD')])
  expect(first).toBe(second)
  expect(first?.files.map(({ path }) => path).sort()).toEqual(
    ['a.ts', ...Object.keys(files).filter((path) => !path.includes('1'))].sort(),
  )
  expect(await corpusOf(loaded, 'HEAD')).toBe(first)
  expect((await corpusOf(loaded, 'HEAD', 'python')).files).toEqual([])
  expect(readBlobs).toBe(9)

  const changed = repo.commit({ 'src/file-0.ts': 'export const changed = () => 0\n' })
  await index(changed, 'HEAD')
  await index(changed, 'main')
  readBlobs = 0
  const newer = await corpusOf(loaded, 'HEAD')
  expect(newer.files.map(({ index }) => index.commit)).toEqual(newer.files.map(() => changed))
  expect((await corpusOf(loaded, 'main')).files).toHaveLength(9)
  expect(readBlobs).toBe(1)

  // Many searches that come at once read it once.
  readBlobs = 0
  const cold = createLoadedCode(counted, MEMORY_BYTES)
  const [served] = await readServedIndexes(counted, 'held', { ref: 'HEAD' })
  await Promise.all(Array.from({ length: 50 }, () => cold.load('held', served as ServedIndex)))
  expect(readBlobs).toBe(9)

  // A ref that its repository no longer has is not served, and one that is removed is gone.
  const main = { orgId: 'held', repoId: 'held', ref: 'main' }
  const row = await readCodeIndex(counted, main)
  await settleIndex(counted, main, row as IndexRow, new Date(), { code: 'REF_UNKNOWN', message: 'gone' })
  expect(await readServedIndexes(counted, 'held', { ref: 'main' })).toEqual([])
  // Neither a later failure of another kind nor a new request brings it back; a run that finds it does.
  await settleIndex(counted, main, row as IndexRow, new Date(), { code: 'REPO_NOT_FOUND', message: 'away' })
  await requestIndex(counted, main, '/elsewhere', new Date())
  expect(await readServedIndexes(counted, 'held', { ref: 'main' })).toEqual([])
  await settleIndex(counted, main, row as IndexRow, new Date())
  // What is served links to where it was read, until a run has read the new source and found the same there.
  expect(await readServedIndexes(counted, 'held', { ref: 'main' })).toMatchObject([{ source: repo.path }])
  await settleIndex(counted, main, (await readCodeIndex(counted, main)) as IndexRow, new Date())
  // What one ref was asked of says nothing of the others.
  expect(await readServedIndexes(counted, 'held', { ref: 'main' })).toMatchObject([{ source: '/elsewhere' }])
  expect(await readServedIndexes(counted, 'held', { ref: 'HEAD' })).toMatchObject([{ source: repo.path }])
  expect(await removeIndexes(counted, { ...main, orgId: 'other' }, new Date())).toBe(0)
  expect(await removeIndexes(counted, main, new Date())).toBe(1)
  expect(await listRepos(counted, 'held')).toMatchObject([{ repoId: 'held', refs: ['HEAD'] }])

  // What it may not keep, it reads again.
  readBlobs = 1
  const small = createLoadedCode(counted, 1_000)
  for (const times of [1, 2]) {
    expect((await corpusOf(small, 'HEAD')).files).toHaveLength(9)
    expect(readBlobs).toBe(1 + 9 * times)
  }
})
