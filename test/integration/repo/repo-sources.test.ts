import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import { requestIndex } from '../../../shared/store/code/code-indexes.ts'
import { openRepo } from '../../../workers/repo/git/open-repo.ts'
import type { SourceTree } from '../../../workers/repo/git/source-tree.ts'
import { useGitRepos } from '../../helpers/repo/git-repo.ts'
import { foundPaths, indexRef, startIndexing } from '../../helpers/repo/repo-indexing.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'
import { until } from '../../helpers/until.ts'

/** Where repositories come from: clones that lack something, and sources that lead elsewhere, at the worker itself too. */

const ORG = 'org'
const repos = useGitRepos()
const runtimes = useRuntimes(useStore())

const clone = (...args: string[]) => execFileSync('git', ['clone', '--quiet', ...args], { stdio: 'pipe' })

it('indexes a shallow clone like any other, and says what a partial one lacks', async () => {
  const runtime = await startIndexing(runtimes, repos.dir)
  const repo = repos.create('whole')
  repo.git('config', 'uploadpack.allowFilter', 'true')
  repo.commit({ 'a.ts': 'export const meaningOfLife = () => 42\n' })
  const commit = repo.commit({ 'b.ts': 'export const secondOne = 2\n' })
  const shallow = join(repos.dir, 'a shallow one')
  clone('--depth=1', `file://${repo.path}`, shallow)
  for (const source of [shallow, `file://${encodeURI(shallow)}`])
    expect(await indexRef(runtime, source, { repoId: source }), source).toMatchObject({
      commit,
      files: 2,
      failure: null,
    })
  // Deepened by what is new, it is indexed further.
  const newest = repo.commit({ 'c.ts': 'export const thirdOne = 3\n' })
  execFileSync('git', ['-C', shallow, 'fetch', '--quiet', '--depth=1'], { stdio: 'pipe' })
  execFileSync('git', ['-C', shallow, 'reset', '--quiet', '--hard', 'origin/main'], { stdio: 'pipe' })
  for (const source of [shallow, `file://${encodeURI(shallow)}`])
    expect(await indexRef(runtime, source, { repoId: source })).toMatchObject({
      commit: newest,
      files: 3,
      failure: null,
    })
  const gone = await indexRef(runtime, shallow, { repoId: shallow, ref: commit.replace(/./g, '0') })
  expect(gone?.failure?.code).toBe('REF_UNKNOWN')

  // What it lacks is not fetched: its configuration could name any command for that.
  const partial = join(repos.dir, 'partial')
  clone('--filter=blob:none', '--no-checkout', `file://${repo.path}`, partial)
  const trace = join(repos.dir, 'fetched')
  execFileSync('git', ['-C', partial, 'config', 'remote.origin.uploadpack', `touch ${trace};`])
  for (const source of [partial, `file://${partial}`])
    expect((await indexRef(runtime, source, { repoId: source }))?.failure, source).toMatchObject({
      code: 'REPO_BROKEN',
      message: expect.stringContaining('a partial clone'),
    })
  expect(existsSync(trace)).toBe(false)
})

it('reads nothing outside the roots by a link, a pointer or borrowed objects', async () => {
  const allowed = join(repos.dir, 'allowed')
  const runtime = await startIndexing(runtimes, repos.dir, { repoRoots: [allowed] })
  const outside = repos.create('outside')
  const commit = outside.commit({ 'a.ts': 'export const outsideOfAll = 1\n' })
  const objects = join(outside.path, '.git/objects')
  const inside = (name: string, file: string, content: string) => {
    const repo = repos.create(`allowed/${name}`)
    writeFileSync(join(repo.path, '.git', file), content)
    writeFileSync(join(repo.path, '.git/refs/heads/main'), commit)
    return repo
  }
  const link = (repo: { path: string }, name: string, target: string) => {
    rmSync(join(repo.path, '.git', name), { recursive: true, force: true })
    symlinkSync(target, join(repo.path, '.git', name))
  }
  mkdirSync(join(allowed, 'pointer'), { recursive: true })
  writeFileSync(join(allowed, 'pointer/.git'), `gitdir: ${outside.path}/.git\n`)
  inside('borrower', 'objects/info/alternates', `${objects}\n`)
  inside('second-hand', 'objects/info/alternates', `${allowed}/borrower/.git/objects\n`)
  inside('quoted', 'objects/info/alternates', `"${objects}"\n`)
  inside('common', 'commondir', `${outside.path}/.git\n`)
  link(inside('objects', 'description', ''), 'objects', objects)
  link(inside('one-object', 'description', ''), `objects/${commit.slice(0, 2)}`, join(objects, commit.slice(0, 2)))
  link(inside('refs', 'description', ''), 'refs', join(outside.path, '.git/refs'))
  symlinkSync(outside.path, join(allowed, 'link'))
  for (const name of 'pointer borrower second-hand quoted common objects one-object refs link'.split(' '))
    for (const source of [join(allowed, name), `file://${allowed}/${name}`])
      expect((await indexRef(runtime, source, { repoId: source }))?.failure?.code, source).toBe('REPO_REFUSED')

  // Links within the roots are the host's own.
  const fine = repos.create('allowed/fine')
  fine.commit({ 'b.ts': 'export const fineInside = 1\n' })
  renameSync(join(fine.path, '.git/objects'), join(allowed, 'elsewhere'))
  symlinkSync(join(allowed, 'elsewhere'), join(fine.path, '.git/objects'))
  symlinkSync(fine.path, join(allowed, 'fine-link'))
  for (const source of [join(allowed, 'fine-link'), `file://${allowed}/fine-link`])
    expect((await indexRef(runtime, source, { repoId: source }))?.failure, source).toBeNull()
  expect(await runtime.repos.symbols({ orgId: ORG, query: 'outsideOfAll' })).toEqual([])
})

it('trusts neither a row nor a job that somebody forged', async () => {
  const runtime = await startIndexing(runtimes, repos.dir)
  const repo = repos.create('forged')
  repo.commit({ 'a.ts': 'export const meaningOfLife = () => 42\n' })
  expect((await indexRef(runtime, repo.path, { repoId: 'forged' }))?.failure).toBeNull()
  const trace = join(repos.dir, 'ran')
  const key = { orgId: ORG, repoId: 'forged', ref: 'HEAD' }
  for (const source of [
    `--upload-pack=touch ${trace}`,
    `ext::sh -c touch% ${trace}`,
    `ssh://-oProxyCommand=touch ${trace}/x`,
  ]) {
    await requestIndex(runtime.database, key, source, new Date())
    await runtime.queues.queue('repo-indexing').add('forged', { v: 1, ...key } as never)
    const [status] = await until(
      () => runtime.repos.status({ orgId: ORG, repoId: 'forged' }),
      ([now]) => now?.isPending === false,
    )
    expect(status?.failure?.code, source).toBe('REPO_REFUSED')
  }
  await requestIndex(runtime.database, key, repo.path, new Date())
  const queue = runtime.queues.queue('repo-indexing')
  for (const ref of [`--upload-pack=touch ${trace}`, '-x', 'a:b', 'never-asked-for']) {
    const job = await queue.add('forged', { v: 1, ...key, ref } as never)
    await until(
      () => job.getState(),
      (state) => state === 'failed',
    )
    const { failedReason } = (await queue.getJob(job.id as string)) ?? {}
    expect(failedReason, ref).toMatch(ref === 'never-asked-for' ? /^JOB_CANCELLED/ : /^PAYLOAD_INVALID/)
  }
  expect(existsSync(trace)).toBe(false)
  expect(await foundPaths(runtime, 'meaning of life')).toContain('a.ts')
})

it('fetches a mirror anew that was removed or damaged, also while it is read', async () => {
  const repo = repos.create('mirrored')
  repo.commit({ 'a.ts': 'export const firstOne = 1\n', 'b.ts': 'export const secondOne = 2\n' })
  const mirrors = join(repos.dir, 'lost-mirrors')
  const config = runtimes.config({ repoMirrorDir: mirrors })
  const signal = new AbortController().signal
  const open = (ref = 'main') => {
    const wanted = { orgId: ORG, repoId: 'mirrored', ref, source: pathToFileURL(repo.path).href }
    return openRepo({ config } as never, wanted, signal)
  }
  const read = async ({ files, read }: SourceTree) => {
    const contents: (Buffer | null)[] = []
    for await (const { content } of read(files.map(({ oid, shownPath }) => ({ oid, path: shownPath }))))
      contents.push(content)
    return contents.map(String)
  }
  // Of a fetch that failed nothing stays that would fill the disk.
  await expect(open('nowhere')).rejects.toMatchObject({ code: 'REF_UNKNOWN' })
  const kept = () => readdirSync(mirrors).filter((name) => name.endsWith('.git'))
  expect(kept()).toEqual([])
  const whole = await read(await open())
  const [mirror = ''] = kept()
  const loose = (name: string) => {
    const oid = repo.git('rev-parse', name)
    return join(mirrors, mirror, 'objects', oid.slice(0, 2), oid.slice(2))
  }
  const damage = (name: string) => {
    chmodSync(loose(name), 0o600)
    writeFileSync(loose(name), 'damaged')
  }
  for (const harm of [
    () => rmSync(mirrors, { recursive: true }),
    () => damage('HEAD:b.ts'),
    () => rmSync(loose('HEAD:a.ts')),
  ]) {
    const tree = await open()
    harm()
    await expect(read(tree)).rejects.toMatchObject({ code: 'REPO_UNREACHABLE', retryable: true })
    expect(await read(await open())).toEqual(whole)
  }
  damage('HEAD^{tree}')
  expect(await read(await open())).toEqual(whole)
})
