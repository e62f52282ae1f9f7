import { expect, it } from 'vitest'
import type { RepoFile } from '../../../../../workers/repo/git/git-objects.ts'
import type { RuleFile } from '../../../../../workers/repo/git/rule-files.ts'
import { listAtOnce, listCommit } from '../../../../../workers/repo/git/source-tree.ts'

const filesOf = (paths: readonly string[]): RepoFile[] =>
  paths.map((path) => ({ path, shownPath: path, mode: 'file', oid: '00', bytes: 1 }))
const rulesOf = (text: string): RuleFile[] => [{ path: '.afterturnignore', kind: 'afterturnignore', text }]

it('lists at once what takes next to no time, as the thread would', () => {
  const commit = { files: filesOf(['src/a.ts', 'logs/b.ts', 'dist/c.js']), ruleFiles: rulesOf('logs/\n') }
  const listed = listAtOnce(commit)
  expect(listed).toEqual(listCommit(commit, () => {}))
  expect(listed?.selected.map(({ skipReason }) => skipReason)).toEqual([null, 'ignored', 'built'])
})

it('leaves to the thread what takes longer, whoever wrote it, and what fails', () => {
  const deep = filesOf(Array.from({ length: 60 }, (_, at) => `${'a/'.repeat(2_000)}${at}`))
  const startedMs = process.cpuUsage().user / 1_000
  expect(listAtOnce({ files: deep, ruleFiles: rulesOf('?b\n'.repeat(600)) })).toBeUndefined()
  expect(listAtOnce({ files: deep, ruleFiles: rulesOf(`${'*a'.repeat(900)}b\n`) })).toBeUndefined()
  expect(process.cpuUsage().user / 1_000 - startedMs).toBeLessThan(1_000)
  expect(listAtOnce({ files: filesOf(Array(200).fill('a/'.repeat(2_000))), ruleFiles: [] })).toBeUndefined()
  expect(listAtOnce({ files: filesOf(Array(30_000).fill('a')), ruleFiles: [] })).toBeUndefined()
  expect(listAtOnce({ files: [], ruleFiles: rulesOf('a\n'.repeat(5_000)) })).toBeUndefined()
  expect(listAtOnce({ files: [], ruleFiles: [{ path: '.gitignore', kind: 'gitignore', text: null }] })).toBeUndefined()
})
