import { execFileSync } from 'node:child_process'
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { deflateSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { WORKING_TREE } from '../../../shared/repo/repo-source.ts'
import { listFiles } from '../../../workers/repo/git/git-objects.ts'
import { findWorkingPlace } from '../../../workers/repo/git/working-place.ts'
import { listWorkingTree, workingTreeOf } from '../../../workers/repo/git/working-tree.ts'
import { cpuMsOf } from '../../helpers/cpu-time.ts'
import { type TestRepo, useGitRepos } from '../../helpers/repo/git-repo.ts'
import { foundPaths, indexRef, startIndexing } from '../../helpers/repo/repo-indexing.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'

/** Repositories that somebody made to be read: what is not theirs stays unread, and what has no end is ended. */

const repos = useGitRepos()
const runtimes = useRuntimes(useStore())
const signal = new AbortController().signal

const placeOf = (repo: TestRepo) => findWorkingPlace(repo.path, undefined, signal)

type TreeEntry = { readonly mode: string; readonly name: string; readonly oid: string }

/** Writes a tree that git itself would refuse to check in. */
function writeTree(repo: TestRepo, entries: readonly TreeEntry[]): string {
  const bytes = entries.map(({ mode, name, oid }) =>
    Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(oid, 'hex')]),
  )
  writeFileSync(join(repo.path, '.git/tree'), Buffer.concat(bytes))
  return repo.git('hash-object', '-t', 'tree', '-w', '--literally', '.git/tree')
}

function serveTree(repo: TestRepo, entries: readonly TreeEntry[]): void {
  repo.git('update-ref', 'refs/heads/main', repo.git('commit-tree', '-m', 'raw', writeTree(repo, entries)))
}

const oidsOf = (repo: string, ...files: string[]) =>
  execFileSync('git', ['-C', repo, 'hash-object', ...files], { encoding: 'utf8' })
    .trim()
    .split('\n')

it('opens no file through a directory that became a link after it was seen', async () => {
  const repo = repos.create('exchanged')
  const outside = join(repos.dir, 'outside')
  for (const dir of [join(repo.path, 'dir'), outside]) {
    mkdirSync(dir, { recursive: true })
    writeFileSync(join(dir, 'a.ts'), 'export const same = 1\n')
  }
  const tree = workingTreeOf(repo.path, listWorkingTree(await placeOf(repo)), signal)
  const [file] = tree.files
  expect(file?.path).toBe('dir/a.ts')
  const read = async () => (await tree.read([file as { oid: string; path: string }]).next()).value?.content
  expect((await read())?.toString()).toBe('export const same = 1\n')
  renameSync(join(repo.path, 'dir'), join(repo.path, 'moved'))
  symlinkSync(outside, join(repo.path, 'dir'))
  expect(await read()).toBeNull()
  // Rules are not read through links either: neither a file of them, nor those of `.git`.
  symlinkSync('/etc/hosts', join(repo.path, '.gitignore'))
  renameSync(join(repo.path, '.git'), join(repos.dir, 'elsewhere'))
  symlinkSync(join(repos.dir, 'elsewhere'), join(repo.path, '.git'))
  const again = listWorkingTree(await placeOf(repo))
  expect(again.files.map(({ path, mode }) => [path, mode])).toEqual([
    ['.gitignore', 'symlink'],
    ['dir', 'symlink'],
    ['moved/a.ts', 'file'],
  ])
})

it('says of directories too that they cannot be read', async () => {
  const repo = repos.create('deep')
  writeFileSync(join(repo.path, 'a.ts'), 'export const a = 1\n')
  const script = `cd "$1"; n=$(printf 'd%.0s' $(seq 250)); for i in $(seq 16); do mkdir $n; cd $n; done; mkdir $n
    cd "$1"; mkdir "$(printf 'caf\\351')"; echo > "$(printf 'caf\\351')/b.ts"`
  execFileSync('sh', ['-c', script, 'sh', repo.path])
  try {
    const { files } = listWorkingTree(await placeOf(repo))
    const report = files.map((file) => [file.shownPath.replace(/(d{250}\/)+/, 'd/'), file.skipReason])
    expect(report).toEqual([
      ['a.ts', null],
      ['"caf\\351"/', 'path_encoding'],
      ['d/', expect.stringMatching(/^(unreadable|path_too_long)$/)],
    ])
  } finally {
    execFileSync('rm', ['-rf', repo.path])
  }
})

it('reads a thousand directories inside each other in time', async () => {
  const repo = repos.create('deep')
  const deepest = 'd/'.repeat(1_000)
  mkdirSync(join(repo.path, deepest), { recursive: true })
  writeFileSync(join(repo.path, `${deepest}a.ts`), 'let a = 1\n')
  const place = await placeOf(repo)
  const list = () => expect(listWorkingTree(place).files.map(({ path }) => path)).toEqual([`${deepest}a.ts`])
  // Each was once looked up name by name: 15 s.
  expect(await cpuMsOf(list)).toBeLessThan(5_000)
})

it('has no working tree for a git directory, and says what is wrong with a repository that git does not read', async () => {
  const repo = repos.create('unread')
  repo.commit({ 'a.ts': 'let a = 1\n' })
  const inside = findWorkingPlace(join(repo.path, '.git'), undefined, signal)
  await expect(inside).rejects.toMatchObject({ code: 'REF_UNKNOWN' })
  const runtime = await startIndexing(runtimes, repos.dir)
  repo.git('config', 'core.repositoryFormatVersion', '99')
  for (const ref of ['HEAD', WORKING_TREE])
    expect((await indexRef(runtime, repo.path, { ref, repoId: 'unread' }))?.failure).toMatchObject({
      code: 'REPO_BROKEN',
      message: expect.stringContaining('found 99'),
    })
})

it('reads nothing outside while somebody exchanges a directory for a link, over and over', async () => {
  const repo = repos.create('raced')
  const outside = join(repos.dir, 'raced-outside')
  for (const [dir, text] of [
    [join(repo.path, 'dir'), 'export const inside = 1\n'],
    [outside, 'export const theirs = 1\n'],
  ] as const) {
    mkdirSync(dir, { recursive: true })
    for (let at = 0; at < 20; at++) writeFileSync(join(dir, `${at}.ts`), `${text}// ${at}\n`)
  }
  const theirs = new Set(oidsOf(outside, ...Array.from({ length: 20 }, (_, at) => `${at}.ts`)))
  symlinkSync(outside, join(repo.path, 'link'))
  const exchange = `
    const { renameSync } = require('node:fs')
    const { workerData: root, parentPort } = require('node:worker_threads')
    let isStopped = false
    parentPort.once('message', () => { isStopped = true })
    const turn = () => {
      for (let at = 0; at < 100; at++) {
        renameSync(root + '/dir', root + '/.git/dir'); renameSync(root + '/link', root + '/dir')
        renameSync(root + '/dir', root + '/link'); renameSync(root + '/.git/dir', root + '/dir')
      }
      if (isStopped) parentPort.close(); else setImmediate(turn)
    }
    turn()`
  const worker = new Worker(exchange, { eval: true, workerData: repo.path })
  const ended = new Promise((resolve) => worker.once('exit', resolve))
  const place = await placeOf(repo)
  let seen = 0
  try {
    // A hundred times, and until the directory was there once as it was listed.
    for (let round = 0; round < 100 || (seen === 0 && round < 10_000); round++) {
      const { files } = listWorkingTree(place)
      seen += files.filter(({ oid }) => oid !== '00').length
      expect(files.filter(({ oid }) => theirs.has(oid))).toEqual([])
    }
  } finally {
    worker.postMessage('stop')
    await ended
  }
  expect(seen).toBeGreaterThan(0)
})

it('ends at a tree of a few bytes that lists billions of files', async () => {
  const repo = repos.create('bomb')
  repo.commit({ 'a.ts': 'export const meaningOfLife = () => 42\n' })
  let entry: TreeEntry = { mode: '100644', name: '', oid: repo.git('rev-parse', 'HEAD:a.ts') }
  for (let level = 0; level < 10; level++) {
    const oid = writeTree(
      repo,
      Array.from('0123456789', (digit) => ({ ...entry, name: digit.repeat(100) })),
    )
    entry = { mode: '40000', name: '', oid }
  }
  serveTree(repo, [{ ...entry, name: 'deep' }])
  const store = { gitDir: join(repo.path, '.git'), options: { signal } }
  for (const [files, bytes] of [
    [1_000, 100_000_000],
    [1_000_000, 1_000_000],
  ] as const)
    await expect(listFiles(store, 'main', files, bytes)).rejects.toMatchObject({ code: 'REPO_TOO_LARGE' })
  serveTree(repo, [{ mode: '100644', name: 'x'.repeat(2_000_000), oid: repo.git('rev-parse', 'main~0^{tree}') }])
  await expect(listFiles(store, 'main', 10, 100_000_000)).rejects.toMatchObject({ code: 'REPO_TOO_LARGE' })
})

it('reads no blob that is not what its name and size say, and no path that is longer than paths are', async () => {
  const runtime = await startIndexing(runtimes, repos.dir)
  const repo = repos.create('liar')
  repo.commit({ 'a.ts': 'export const honestOne = 1\n', 'b.ts': 'export const alsoHonest = 1\n' })
  const [a, b] = ['a', 'b'].map((name) => repo.git('rev-parse', `HEAD:${name}.ts`)) as [string, string]
  const writeObject = (oid: string, content: Buffer) => {
    const object = join(repo.path, '.git/objects', oid.slice(0, 2), oid.slice(2))
    mkdirSync(dirname(object), { recursive: true })
    writeFileSync(object, deflateSync(content))
  }
  const [liar, forged] = ['01'.repeat(20), '02'.repeat(20)] as [string, string]
  writeObject(liar, Buffer.concat([Buffer.from('blob 10\0'), Buffer.alloc(50_000_000)]))
  writeObject(forged, Buffer.from('blob 27\0export const forgedOne = 1;\n'.slice(0, 8 + 27)))
  serveTree(repo, [
    { mode: '100644', name: 'a.ts', oid: a },
    { mode: '100644', name: 'forged.ts', oid: forged },
    { mode: '100644', name: 'liar.ts', oid: liar },
    { mode: '100644', name: `${'x'.repeat(5_000)}.ts`, oid: a },
    { mode: '100644', name: '\ufeffa.ts', oid: b },
  ])
  const status = await indexRef(runtime, repo.path, { repoId: 'liar' })
  expect(status).toMatchObject({ failure: null, files: 2 })
  expect(status?.skippedFiles).toEqual([
    { path: 'forged.ts', reason: 'unreadable', bytes: 27 },
    { path: 'liar.ts', reason: 'unreadable', bytes: 10 },
    { path: `${'x'.repeat(4_096)}…`, reason: 'path_too_long', bytes: expect.any(Number) },
  ])
  expect(await foundPaths(runtime, 'alsoHonest')).toContain('\ufeffa.ts')
})

it('indexes nothing rather than what an ignore file may leave out that cannot be read', async () => {
  const runtime = await startIndexing(runtimes, repos.dir)
  const repo = repos.create('private')
  const kept = repo.commit({
    'a.ts': 'export const publicOne = 1\n',
    'b.ts': 'export const privateOne = 1\n',
    '.afterturnignore': 'b.ts\n',
  })
  const index = (ref?: string) => indexRef(runtime, repo.path, { repoId: 'private', ...(ref && { ref }) })
  expect(await index()).toMatchObject({ commit: kept, files: 2, skippedFiles: [{ path: 'b.ts', reason: 'ignored' }] })
  repo.commit({ '.afterturnignore': `b.ts\n${'#'.repeat(300_000)}\n` })
  for (const ref of [undefined, WORKING_TREE])
    expect((await index(ref))?.failure, ref).toMatchObject({
      code: 'REPO_BROKEN',
      message: expect.stringContaining('".afterturnignore"'),
    })
  expect(await runtime.repos.symbols({ orgId: 'org', query: 'privateOne' })).toEqual([])
  // In a working tree it decides over any .gitignore.
  repo.commit({ '.afterturnignore': 'b.ts\n', '.gitignore': '!b.ts\n' })
  expect((await index(WORKING_TREE))?.skippedFiles).toEqual([
    expect.objectContaining({ path: 'b.ts', reason: 'ignored' }),
  ])
})
