import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { environmentOf } from '../../../cli/services/services.ts'
import { listVisible } from '../../../workers/repo/visible-paths.ts'
import { BARE_ENVIRONMENT } from '../../helpers/bare-environment.ts'
import { useCommands } from '../../helpers/processes/commands.ts'
import { useGitRepos } from '../../helpers/repo/git-repo.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'
import { until } from '../../helpers/until.ts'

/** `npm run index` and `npm run search-code` as they are called: what they print, how wide, and how they end. */

const repos = useGitRepos()
const runtimes = useRuntimes(useStore())
const COLUMNS = 80
const DOOR = fileURLToPath(new URL('../../../cli/afterturn.ts', import.meta.url))

const run = useCommands()
function call(tool: 'index' | 'search-code', args: readonly string[], variables = {}) {
  const settings = runtimes.config({ repoMirrorDir: join(repos.dir, 'mirrors') })
  const environment = { ...BARE_ENVIRONMENT, ...environmentOf(settings), COLUMNS: String(COLUMNS), NO_COLOR: '1' }
  return run([tool, ...args], { ...environment, ...variables }, repos.dir)
}

const widest = (text: string) => Math.max(...text.split('\n').map((line) => line.length))

it('index a repository, find its code, and say what was left out', { timeout: 120_000 }, async () => {
  const repo = repos.create('shop')
  const long = `some/${'very-long-directory/'.repeat(8)}cart.ts`
  const commit = repo.commit({
    [long]: `/** Prices a cart. */\nexport function priceOfCart(): number {\n  return ${'1 + '.repeat(40)}1 // \u001b[2J\n}\n`,
    'yarn.lock': 'x\n',
  })
  const nothing = await call('search-code', ['price of a cart'])
  expect(nothing).toMatchObject({ code: 1, stdout: expect.stringContaining('Nothing was found.') })

  const indexed = await call('index', [repo.path])
  expect(indexed).toMatchObject({ code: 0, stderr: '' })
  expect(indexed.stdout).toContain(`Serves    commit ${commit.slice(0, 12)}: 1 file in 1 chunk`)
  expect(indexed.stdout).toMatch(/Did +1 chunk embedded, 0 reused from the same text, in [\d.]+ s/)
  expect(indexed.stdout).toMatch(/Skipped +1 file\n +1 lock_file: /)

  const found = await call('search-code', ['price of a cart', '--language', 'typescript', '--limit', '1'])
  expect(found).toMatchObject({ code: 0, stderr: '' })
  expect(found.stdout.replace(/\n +/g, '')).toContain('cart.ts:1-4')
  expect(found.stdout).toContain('export function priceOfCart(): number {')
  for (const { stdout } of [nothing, indexed, found]) {
    expect(stdout).not.toContain('\u001b')
    expect(widest(stdout)).toBeLessThanOrEqual(COLUMNS)
  }
  const [asJson, again] = await Promise.all([
    call('search-code', ['price of a cart', '--language', 'typescript', '--limit', '1', '--json']),
    call('index', [repo.path, '--json']),
  ])
  const search = { orgId: 'local', query: 'price of a cart', language: 'typescript', limit: 1 }
  const { repos: api } = await runtimes.start()
  expect(asJson.stdout).toBe(`${JSON.stringify(await api.search(search))}\n`)
  expect(JSON.parse(again.stdout)).toMatchObject({
    report: { embedded: 0 },
    status: { commit, files: 1, skippedFiles: [{ path: 'yarn.lock', reason: 'lock_file' }] },
  })
  // Of several repositories each hit says its own.
  const other = repos.create('other')
  other.commit({ 'b.ts': 'export function priceOfCartToo(): number {\n  return 2\n}\n' })
  expect(await call('index', [other.path])).toMatchObject({ code: 0 })
  const both = (await call('search-code', ['price of a cart'])).stdout
  expect(both).toMatch(/^ {2}other: b\.ts:1-3/m)
  expect(both).toMatch(/^ {2}shop:/m)
  const only = ['price of a cart', '--limit', '1']
  expect((await call('search-code', only)).stdout).toMatch(/^ {2}(?:shop|other): /)
  expect((await call('search-code', [...only, '--repo', 'other'])).stdout).toMatch(/^ {2}b\.ts:1-3/)

  // npm runs a package's own script in the package; that of an app is where it says.
  const manifest = join(repos.dir, 'package.json')
  const npm = { npm_package_json: manifest, INIT_CWD: other.path }
  const own = await call('index', ['.'], { ...npm, npm_package_name: 'afterturn' })
  expect(own).toMatchObject({ code: 0, stdout: expect.stringMatching(/ 0 chunks embedded/) })
  const ofApp = await call('index', ['other'], { ...npm, npm_package_name: 'app' })
  expect(ofApp).toMatchObject({ code: 0, stdout: expect.stringMatching(/ 0 chunks embedded/) })
  expect((await call('search-code', ['cart', '--glob', '*.md'])).stdout).toMatch(/matches none of the 2 indexed paths/)

  // A directory of the same name elsewhere is another repository.
  const namesake = repos.create('elsewhere/shop')
  namesake.commit({ 'c.ts': 'export const third = 3\n' })
  const clash = await call('index', [namesake.path])
  expect(clash).toMatchObject({ code: 1, stderr: expect.stringContaining('--repo') })
  // The same one by another path, or by its address as somebody writes it, is not.
  mkdirSync(join(repos.dir, 'linked'))
  symlinkSync(repo.path, join(repos.dir, 'linked/shop'))
  const spelled = `file://${repos.dir}/./other`
  for (const args of [[join(repos.dir, 'linked/shop')], [spelled, '--repo', 'other'], [spelled]])
    expect(await call('index', args)).toMatchObject({ code: 0, stdout: expect.stringMatching(/ 0 chunks embedded/) })

  // A host that is away is tried again, and is said to be what is away.
  const away = await call('index', ['https://nonexistent.invalid/x'], { RETRY_BACKOFF_MS: '100' })
  expect(away).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/^Attempt [1-3] failed and will be retried/),
  })
  expect(away.stderr).toMatch(/^REPO_UNREACHABLE: The host nonexistent\.invalid has no address/m)

  // The name of what never was indexed is free.
  const named = repos.create('x')
  named.commit({ 'd.ts': 'export const fourth = 4\n' })
  expect(await call('index', [named.path])).toMatchObject({ code: 0 })

  const failed = await call('index', [repo.path, '--ref', 'nowhere'])
  expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining('REF_UNKNOWN') })
  const ofRef = await call('search-code', ['cart', '--ref', 'nowhere'])
  expect(ofRef).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('No repository has the ref "nowhere" indexed'),
  })
  expect(await call('index', [named.path, '--working-tree'])).toMatchObject({ code: 0 })
  const beside = await call('search-code', ['fourth', '--repo', 'x'])
  expect(beside).toMatchObject({ code: 0, stderr: expect.stringMatching(/working tree of "x" .*":worktree"/) })
  const mistyped = await call('index', [`${repo.path}-nope`], { REDIS_URL: 'redis://127.0.0.1:1' })
  expect(mistyped).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/^REPO_NOT_FOUND: .*shop-nope/) })
  // Whoever typed them saw them fail: no operator is told again.
  expect(await (await runtimes.start()).deadLetters.list()).toEqual([])
  expect(await call('index', ['https://user:secret@example.org/x'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('REPO_REFUSED'),
  })
})

it('indexes a repository from inside it, and a plain directory, without the data that this makes there', {
  timeout: 120_000,
}, async () => {
  const repo = repos.create('inside')
  repo.commit({ 'a.ts': 'export const firstOne = 1\n' })
  const files = async () => {
    const { stdout, stderr } = await run(['index', '.', '--working-tree', '--json'], { ...BARE_ENVIRONMENT }, repo.path)
    expect(stderr).not.toMatch(/[A-Z]_[A-Z]+:/)
    return JSON.parse(stdout).status.files
  }
  expect(await files()).toBe(1)
  expect(execFileSync('git', ['status', '--porcelain', '--untracked-files=all'], { cwd: repo.path }).toString()).toBe(
    '',
  )
  rmSync(join(repo.path, '.git'), { recursive: true })
  expect(await files()).toBe(1)
  writeFileSync(join(repo.path, '.data/dev/a.log'), 'a\n')
  expect([...(await listVisible(repo.path, new AbortController().signal))].sort()).toEqual(['.data/', 'a.ts'])
  // A directory of services without its rule, as it was made before there was one.
  rmSync(join(repo.path, '.data/.gitignore'))
  rmSync(join(repo.path, '.data/dev/a.log'))
  expect(await files()).toBe(1)
})

it('watches a working tree, says what each save became, and ends well at Ctrl-C', { timeout: 120_000 }, async () => {
  const repo = repos.create('watched')
  repo.commit({ 'a.ts': 'export const firstOne = 1\n' })
  const child = spawn(process.execPath, [DOOR, 'index', repo.path, '--watch'], {
    env: { ...BARE_ENVIRONMENT, ...environmentOf(runtimes.config()) },
    cwd: repos.dir,
  })
  const exited = once(child, 'exit')
  let said = ''
  const says = (pattern: RegExp) =>
    until(
      async () => said,
      (text) => pattern.test(text),
    )
  child.stderr.on('data', (text) => {
    said += text
  })
  await says(/Watching .*watched; Ctrl-C ends it/)
  writeFileSync(join(repo.path, 'a.ts'), 'export const secondOne = 2\n')
  await says(/^Indexed 1 changed file in 1 chunk, \d+ ms\.$/m)
  child.kill('SIGINT')
  expect(await exited).toEqual([0, null])
  expect(said).not.toContain('SHUTTING_DOWN')
})

it.each([
  ['index', [], /missing required argument[\s\S]*see --help/],
  ['index', [''], /Expected a text/],
  ['index', ['--upload-pack=touch'], /unknown option/],
  ['index', ['.', '--org', ''], /Expected a text/],
  ['index', ['.', '--ref', 'main', '--watch'], /'--ref <name>' cannot be used with option '--watch'/],
  ['search-code', ['x', '--limit', '0'], /Expected a whole number from 1/],
  ['search-code', ['x', 'y'], /too many arguments/],
] as const)('%s called with %j ends with 2', async (tool, args, message) => {
  expect(await call(tool, args)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(message) })
})
