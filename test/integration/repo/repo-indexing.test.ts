import { renameSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { Runtime } from '../../../runtime.ts'
import { requestIndex } from '../../../shared/store/code/code-indexes.ts'
import { useGitRepos } from '../../helpers/repo/git-repo.ts'
import { startIndexing } from '../../helpers/repo/repo-indexing.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'
import { until } from '../../helpers/until.ts'

/** Repositories are indexed by the fleet and searched, incrementally: what a blob holds is found once, whatever happens around it. */

const repos = useGitRepos()
const runtimes = useRuntimes(useStore())

/** Asks for a ref and waits for the run; answers what the job reported, or throws its failure. */
async function index(runtime: Runtime, input: { orgId?: string; repoId?: string; source: string; ref?: string }) {
  const { jobId } = await runtime.repos.index({ orgId: 'org', repoId: 'repo', ...input })
  const queue = runtime.queues.queue('repo-indexing')
  await until(
    async () => (await queue.getJob(jobId))?.getState(),
    (state) => state === 'completed' || state === 'failed',
  )
  const job = await queue.getJob(jobId)
  if (job?.failedReason) throw new Error(job.failedReason)
  return job?.returnvalue
}

type Scope = { readonly orgId: string; readonly repoId: string }

const PRICING = `export function priceOf(cart: Cart): number {
  return cart.items.reduce((sum, item) => sum + item.price * item.count, 0)
}
`
const MAILER = `import smtplib

def send_welcome_mail(address):
    server = smtplib.SMTP('localhost')
    server.sendmail('shop@example.org', address, 'Welcome!')
`

it('runs once more for what is pushed while it runs, and again what Redis forgot', async () => {
  const repo = repos.create('pushed')
  const first = repo.commit({ 'a.ts': PRICING })
  const runtime = await startIndexing(runtimes, repos.dir)
  await runtime.killSwitch.turnOn({ queue: 'repo-indexing', by: 'a test' })
  await runtime.repos.index({ orgId: 'pusher', repoId: 'pushed', source: repo.path })
  expect(await runtime.repos.status({ orgId: 'pusher', repoId: 'pushed' })).toMatchObject([
    { isPending: true, commit: null },
  ])
  expect(
    (await runtime.repos.search({ orgId: 'pusher', repoIds: ['repo'], query: 'x' }).catch((error) => error)).code,
  ).toBe('REPO_UNKNOWN')
  await runtime.killSwitch.turnOff({ queue: 'repo-indexing', by: 'a test' })
  const indexed = (commit: string) =>
    until(
      () => runtime.repos.status({ orgId: 'pusher', repoId: 'pushed' }),
      ([status]) => status?.commit === commit && !status.isPending,
    )
  await indexed(first)
  // Two at once: whichever run sees which, the newest is served in the end.
  await runtime.repos.index({ orgId: 'pusher', repoId: 'pushed', source: repo.path })
  const pushed = repo.commit({ 'b.py': MAILER })
  await runtime.repos.index({ orgId: 'pusher', repoId: 'pushed', source: repo.path })
  await indexed(pushed)

  // A request whose job is lost is made again from its row.
  const newest = repo.commit({ 'c.ts': 'export const third = 3\n' })
  await requestIndex(
    runtime.database,
    { orgId: 'pusher', repoId: 'pushed', ref: 'HEAD' },
    repo.path,
    new Date(Date.now() - 120_000),
  )
  await indexed(newest)
})

it('finds code with its place, and embeds nothing that it has seen', async () => {
  const runtime = await startIndexing(runtimes, repos.dir)
  const repo = repos.create('shop')
  const first = repo.commit({ 'src/pricing.ts': PRICING, 'mail/welcome.py': MAILER })
  expect(await index(runtime, { source: repo.path })).toMatchObject({ commit: first, files: 2, skipped: 0 })

  const { hits } = await runtime.repos.search({ orgId: 'org', query: 'sum up the price of a cart', limit: 1 })
  expect(hits[0]).toMatchObject({
    repoId: 'repo',
    ref: 'HEAD',
    commit: first,
    path: 'src/pricing.ts',
    language: 'typescript',
    startLine: 1,
    blobId: repo.git('rev-parse', 'HEAD:src/pricing.ts'),
  })
  expect(hits[0]?.text).toContain('cart.items.reduce')
  const python = await runtime.repos.search({ orgId: 'org', query: 'price', language: 'python' })
  expect(python.hits.map(({ path }) => path)).toEqual(['mail/welcome.py'])
  expect((await runtime.repos.search({ orgId: 'org', query: 'price', pathGlob: 'mail/**' })).hits).toHaveLength(1)
  // Another org sees nothing of it.
  expect((await runtime.repos.search({ orgId: 'other', query: 'price' })).hits).toEqual([])
  expect(await runtime.repos.status({ orgId: 'other' })).toEqual([])

  // A rename and a new branch move rows.
  renameSync(join(repo.path, 'src/pricing.ts'), join(repo.path, 'src/cart.ts'))
  repo.commit({})
  expect(await index(runtime, { source: repo.path })).toMatchObject({ changed: 1, removed: 1, embedded: 0, chunks: 0 })
  const renamed = await runtime.repos.search({ orgId: 'org', query: 'price of a cart', limit: 1 })
  expect(renamed.hits[0]?.path).toBe('src/cart.ts')
  repo.git('branch', 'side')
  expect(await index(runtime, { source: repo.path, ref: 'side' })).toMatchObject({ files: 2, embedded: 0 })

  // A change, and its revert.
  const changed = repo.commit({ 'mail/welcome.py': MAILER.replace('Welcome!', 'Hello!') })
  expect(await index(runtime, { source: repo.path })).toMatchObject({ commit: changed, changed: 1, blobs: 1 })
  repo.commit({ 'mail/welcome.py': MAILER })
  expect(await index(runtime, { source: repo.path })).toMatchObject({ changed: 1, embedded: 0, blobs: 0 })

  // Another repository with the same file; a repository that shrinks to nothing.
  const twin = repos.create('twin')
  twin.commit({ 'other.ts': PRICING })
  expect(await index(runtime, { repoId: 'twin', source: twin.path })).toMatchObject({ embedded: 0, files: 1 })
  twin.commit({ 'other.ts': null })
  expect(await index(runtime, { repoId: 'twin', source: twin.path })).toMatchObject({ files: 0, removed: 1 })
  expect((await runtime.repos.search({ orgId: 'org', repoIds: ['twin'], query: 'price' })).hits).toEqual([])
})

it('looks again at a file that has its old content, but another mode or other neighbours', async () => {
  const runtime = await startIndexing(runtimes, repos.dir)
  const repo = repos.create('neighbours')
  const skipped = async () => {
    await index(runtime, { repoId: 'neighbours', source: repo.path })
    const [status] = await runtime.repos.status({ orgId: 'org', repoId: 'neighbours' })
    return status?.skippedFiles.map(({ path, reason }) => `${path} ${reason}`)
  }
  const [copied, built] = ['src/vendor/x/a.ts', 'web/dist/b.ts']
  repo.commit({ 'one.ts': 'two.ts', [copied]: PRICING, [built]: 'export const built = 1\n' })
  expect(await skipped()).toEqual([])
  rmSync(join(repo.path, 'one.ts'))
  symlinkSync('two.ts', join(repo.path, 'one.ts'))
  repo.commit({ 'src/vendor/x/LICENSE': 'MIT\n', 'web/package.json': '{}\n' })
  const left = ['one.ts symlink', 'src/vendor/x/LICENSE vendored', `${copied} vendored`, `${built} built`]
  expect(await skipped()).toEqual(left)
  expect(await index(runtime, { repoId: 'neighbours', source: repo.path })).toMatchObject({ changed: 0 })
  rmSync(join(repo.path, 'one.ts'))
  repo.commit({ 'one.ts': 'two.ts', 'src/vendor/x/LICENSE': null, 'web/package.json': null })
  expect(await skipped()).toEqual([])
})

it('keeps the source of each ref, and removes one ref or all', async () => {
  const { repos: asked } = await runtimes.start()
  const [scope, other] = ['lister', 'other lister'].map((orgId) => ({ orgId, repoId: 'shop' })) as [Scope, Scope]
  const index = (ref: string, of = scope) => asked.index({ ...of, ref, source: `/srv/${ref}` })
  await index('side')
  expect(await asked.list({ orgId: scope.orgId })).toEqual([{ repoId: 'shop', source: '/srv/side', refs: ['side'] }])
  for (const ref of ['HEAD', 'main']) await index(ref)
  await index('HEAD', other)
  expect(await asked.list({ orgId: scope.orgId })).toEqual([
    { repoId: 'shop', source: '/srv/HEAD', refs: ['HEAD', 'main', 'side'] },
  ])
  const statuses = await asked.status(scope)
  expect(statuses.map(({ ref, source }) => [ref, source])).toEqual(
    ['HEAD', 'main', 'side'].map((ref) => [ref, `/srv/${ref}`]),
  )
  expect(await asked.remove({ ...scope, ref: 'nowhere' })).toBe(0)
  expect(await asked.remove({ ...scope, ref: 'main' })).toBe(1)
  expect(await asked.remove(scope)).toBe(2)
  expect(await asked.remove(scope)).toBe(0)
  expect(await asked.list({ orgId: scope.orgId })).toEqual([])
  expect(await asked.list({ orgId: other.orgId })).toHaveLength(1)
})
