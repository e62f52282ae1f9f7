import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import { WORKING_TREE } from '../../../shared/repo/repo-source.ts'
import { openRepo } from '../../../workers/repo/git/open-repo.ts'
import type { SourceTree } from '../../../workers/repo/git/source-tree.ts'
import { type TestRepo, useGitRepos } from '../../helpers/repo/git-repo.ts'

/** What is committed and unchanged is the same blob in a working tree, whatever its line ends, its encoding or the hash of its repository. */

const repos = useGitRepos()
const signal = new AbortController().signal

const open = (source: string, ref: string) => {
  const config = { repoRoots: undefined, environment: 'test', repoMirrorDir: join(repos.dir, 'mirrors') }
  const services = { config: { ...config, repoHosts: undefined, repoMaxBytes: 10_000_000, repoFetchTimeoutMs: 60_000 } }
  return openRepo(services as never, { orgId: 'org', repoId: 'repo', ref, source }, signal)
}

const textsOf = async ({ files, read }: SourceTree) => {
  const kept = files.filter(({ skipReason }) => skipReason === null).map(({ oid, path }) => ({ oid, path: path ?? '' }))
  const texts: Record<string, string> = {}
  let at = 0
  for await (const { content } of read(kept)) texts[`${kept[at]?.path} ${kept[at++]?.oid}`] = `${content}`
  return texts
}

const FILES = {
  '.gitattributes':
    '*.ts text eol=crlf\n*.txt working-tree-encoding=UTF-16LE eol=lf\n*.dat -text\n*.ko working-tree-encoding=CP949\n*.be working-tree-encoding=UTF-16\n*.py ident\n*.old crlf\n*.raw -crlf\n*.auto text=auto\n',
  'a.ts': 'export const a = 1\r\nexport const b = 2\r\n',
  'b.go': 'package b\r\n',
  'c.txt': Buffer.from('ein Gruß\n', 'utf16le'),
  'c.ko': Buffer.from('c1d6b9ae0a', 'hex'),
  'c.be': Buffer.from('feff4e8b000a', 'hex'),
  'e.py': '# $Id: 77d0c5 $\ntotal = 1 # $Id: $5\n',
  'd.dat.md': 'one\r\ntwo\n',
}

const isSame = async (repo: TestRepo) => {
  const [head, tree] = await Promise.all([open(repo.path, 'HEAD'), open(repo.path, WORKING_TREE)])
  const texts = await textsOf(tree)
  expect(texts).toEqual(await textsOf(head))
  expect(Object.values(texts)).toEqual(expect.arrayContaining(['ein Gruß\n', '주문\n', '事\n']))
  expect(Object.values(texts)).toContain('# $Id$\ntotal = 1 # $Id$5\n')
  expect(Object.values(texts)).toContain('export const a = 1\nexport const b = 2\n')
}

it.each(['false', 'input', 'true'])('is the same with core.autocrlf %s', async (autoCrlf) => {
  const repo = repos.create(`crlf-${autoCrlf}`)
  repo.git('config', 'core.autocrlf', autoCrlf)
  repo.commit(FILES)
  await isSame(repo)
  // What was changed has the id that a commit would give it.
  const changed = {
    'a.ts': 'export const changed = 1\r\n',
    // Older attributes; and what git takes for no text, by its control characters.
    'f.old': 'changed\r\n',
    'g.raw': 'changed\r\n',
    'h.auto': `${'changed '.repeat(20)}\u0001\u001b[0m\r\n\u001a`,
    'i.auto': 'changed \u0001\r\n',
    'j.rs': 'changed \u007f\r\n',
  }
  for (const [name, text] of Object.entries(changed)) writeFileSync(join(repo.path, name), text)
  const { files } = await open(repo.path, WORKING_TREE)
  for (const name of Object.keys(changed))
    expect(files.find(({ path }) => path === name)?.oid, name).toBe(repo.git('hash-object', join(repo.path, name)))
})

it('has the language that its attributes name', async () => {
  const repo = repos.create('languages')
  repo.commit({
    '.gitattributes':
      '*.inc linguist-language=PHP\n*.h linguist-language=C++\n*.odd linguist-language=Nobody\n*.ipynb linguist-language=Python\n',
    'a.inc': '<?php\n',
    'b.h': 'int b;\n',
    'c.odd': 'c\n',
    'd.ipynb': '{}\n',
  })
  const { files } = await open(repo.path, 'HEAD')
  expect(files.map(({ path, language }) => [path, language])).toEqual([
    ['.gitattributes', undefined],
    ['a.inc', 'php'],
    ['b.h', 'cpp'],
    ['c.odd', undefined],
    ['d.ipynb', undefined],
  ])
})

it('is the same in a repository of SHA-256, which is fetched like any other', async () => {
  const repo = repos.create('sha256')
  rmSync(join(repo.path, '.git'), { recursive: true })
  repo.git('init', '--quiet', '--initial-branch=main', '--object-format=sha256')
  repo.commit(FILES)
  await isSame(repo)
  const fetched = await open(pathToFileURL(repo.path).href, 'main')
  expect(await textsOf(fetched)).toEqual(await textsOf(await open(repo.path, 'HEAD')))
})

it('reads nothing in place of what was saved after it was listed, and finds that the next time', async () => {
  const repo = repos.create('saved')
  const file = join(repo.path, 'a.ts')
  writeFileSync(file, 'export const first = 1\n')
  const listed = await open(repo.path, WORKING_TREE)
  writeFileSync(file, 'export const second = 2\n')
  expect(Object.values(await textsOf(listed))).toEqual(['null'])
  expect(Object.values(await textsOf(await open(repo.path, WORKING_TREE)))).toEqual(['export const second = 2\n'])
})
