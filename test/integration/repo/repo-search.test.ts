import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { CodeHit } from '../../../shared/repo/code-search.ts'
import { WORKING_TREE } from '../../../shared/repo/repo-source.ts'
import { useGitRepos } from '../../helpers/repo/git-repo.ts'
import { indexRef, startIndexing } from '../../helpers/repo/repo-indexing.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'

/** What apps ask of indexed code: hits with their places, within a scope and a budget, names, and the outline of a file. */

const ORG = 'org'
const repos = useGitRepos()
const runtimes = useRuntimes(useStore())

const CART = `import type { Item } from './item.ts'

/** What somebody is about to buy. */
export class ShoppingCart {
  readonly items: Item[] = []

  addItemToCart(item: Item): void {
    if (item.count <= 0) throw new Error('an item of a cart is counted from one, and never from nothing or below')
    this.items.push({ ...item, addedAt: Date.now(), note: item.note ?? 'added to the cart without any note of its own' })
    this.items.sort((first, second) => first.price * first.count - second.price * second.count)
  }
  totalPriceOfCart(): number {
    const whole = this.items.reduce((sum, { price, count }) => sum + price * count, 0)
    const discount = whole > 1000 ? whole * 0.05 : whole > 500 ? whole * 0.03 : whole > 100 ? whole * 0.01 : 0
    return Math.round((whole - discount) * 100) / 100
  }
}
`
const MAIL = `import smtplib


def send_welcome(address, language='en'):
    """Greets a new customer."""
    server = smtplib.SMTP('localhost')
    server.sendmail('shop@example.org', address, f'Welcome! ({language})')


def greet(address):
    send_welcome(address)
`

it('answers within a scope and a budget, with places that hold what is shown', async () => {
  const runtime = await startIndexing(runtimes, repos.dir)
  const shop = repos.create('shop')
  const files = {
    'src/cart.ts': CART,
    'lib/mail/welcome.py': MAIL,
    'docs/guide.md': '# Guide\n\nHow to add an item to a cart.\n',
  }
  const commit = shop.commit({ ...files, 'yarn.lock': 'x\n' })
  shop.git('checkout', '--quiet', '-b', 'side')
  const sideCommit = shop.commit({
    'src/refund.ts': 'export function refundCart(cart: Cart): number {\n  return -cart.total\n}\n',
  })
  shop.git('checkout', '--quiet', 'main')
  const tools = repos.create('tools')
  tools.commit({ 'a.ts': 'export function emptyCart(cart: Cart): void {\n  cart.items.length = 0\n}\n' })
  await indexRef(runtime, shop.path, { repoId: 'shop' })
  await indexRef(runtime, shop.path, { repoId: 'shop', ref: 'side' })
  await indexRef(runtime, tools.path, { repoId: 'tools' })
  const search = async (input: object): Promise<readonly CodeHit[]> =>
    (await runtime.repos.search({ orgId: ORG, query: 'cart', ...input })).hits

  // Every place holds the text of its hit, says why, and stands where its score puts it.
  const { hits, repos: clusters } = await runtime.repos.search({
    orgId: ORG,
    query: 'add an item to a cart, total price',
  })
  for (const hit of hits) {
    const root = hit.repoId === 'shop' ? shop : tools
    const lines = readFileSync(join(root.path, hit.path), 'utf8').split('\n')
    expect(hit.text).toBe(lines.slice(hit.startLine - 1, hit.endLine).join('\n'))
    expect(hit.blobId).toBe(root.git('rev-parse', `HEAD:${hit.path}`))
    expect(hit.permalink).toContain(`${hit.repoId}@${hit.commit}:${hit.path}#L${hit.startLine}`)
    for (const part of Object.values(hit.why)) expect(part >= 0 && part <= 1).toBe(true)
  }
  const scores = hits.map(({ score }) => score)
  expect(scores).toEqual(scores.toSorted((a, b) => b - a))
  // Two methods without a line between them are one hit.
  expect(hits[0]).toMatchObject({ repoId: 'shop', path: 'src/cart.ts', commit, ref: 'HEAD', endLine: 17 })
  expect(hits[0]?.text).toMatch(/addItemToCart[\s\S]*totalPriceOfCart/)
  expect(clusters[0]).toMatchObject({
    repoId: 'shop',
    score: scores[0],
    files: [{ path: 'src/cart.ts', hits: hits.filter(({ path }) => path === 'src/cart.ts').length }, {}, {}],
  })

  // The path is an arm of its own.
  expect((await search({ query: 'lib mail' }))[0]).toMatchObject({ path: 'lib/mail/welcome.py', why: { path: 1 } })

  // Refs, repositories, languages and paths.
  const paths = async (input: object) => new Set((await search({ limit: 50, ...input })).map(({ path }) => path))
  expect(await paths({ repoIds: ['shop'] })).not.toContain('src/refund.ts')
  expect(await paths({ repoIds: ['shop'] })).not.toContain('a.ts')
  expect(await paths({ repoIds: ['shop', 'tools'] })).toContain('a.ts')
  const ofSide = await search({ ref: 'side', limit: 50 })
  expect(new Set(ofSide.map(({ ref, commit, repoId }) => `${repoId} ${ref} ${commit}`))).toEqual(
    new Set([`shop side ${sideCommit}`]),
  )
  expect(ofSide.map(({ path }) => path)).toContain('src/refund.ts')
  expect(await paths({ language: 'markdown' })).toEqual(new Set(['docs/guide.md']))
  expect(await paths({ pathGlob: '{lib,docs}/**' })).not.toContain('src/cart.ts')
  await expect(search({ repoIds: ['tools'], ref: 'side' })).rejects.toMatchObject({ code: 'REPO_UNKNOWN' })

  // As it is written: by a pattern, or by a phrase in quotes.
  expect((await search({ mode: 'regex', query: String.raw`\btotal\w+OfCart\(` })).map(({ path }) => path)).toEqual([
    'src/cart.ts',
  ])
  expect(await runtime.repos.search({ orgId: ORG, mode: 'regex', query: '^no such line$' })).toMatchObject({
    hits: [],
    notes: [expect.stringContaining('as written')],
  })
  await expect(search({ mode: 'regex', query: '(cart' })).rejects.toMatchObject({ code: 'INPUT_INVALID' })
  expect((await search({ query: 'cart "greets a new customer"' }))[0]?.path).toBe('lib/mail/welcome.py')
  const inFiles = (await search({ limit: 50, groupBy: 'file' })).map(({ repoId, path }) => `${repoId}/${path}`)
  expect(inFiles.filter((file, at) => file !== inFiles[at - 1])).toHaveLength(new Set(inFiles).size)

  // What is too long is left out, not cut; what is behind it may still fit.
  const all = await search({ limit: 50 })
  for (const budgetTokens of [1, 60, 150, 10_000]) {
    const { hits: fitting, notes } = await runtime.repos.search({ orgId: ORG, query: 'cart', limit: 50, budgetTokens })
    expect(notes.some((note) => note.includes('budget'))).toBe(budgetTokens < 10_000)
    expect(fitting.reduce((sum, { tokens }) => sum + tokens, 0)).toBeLessThanOrEqual(budgetTokens)
    expect(fitting.length > 0).toBe(all.some(({ tokens }) => tokens <= budgetTokens))
  }
  expect(await search({ limit: 1 })).toHaveLength(1)

  // Code has English words for questions in other languages.
  for (const query of ['购物车的总价是怎么计算的', 'Wie wird der Gesamtpreis des Warenkorbs berechnet?'])
    expect((await search({ query, repoIds: ['shop', 'tools'] }))[0], query).toMatchObject({
      symbol: 'totalPriceOfCart',
    })

  // Refs that were not searched.
  const notesOf = async (input: object) => (await runtime.repos.search({ orgId: ORG, query: 'cart', ...input })).notes
  expect(await notesOf({})).toEqual([])
  expect(await notesOf({ ref: 'nowhere' })).toEqual([expect.stringContaining('"nowhere"')])
  await indexRef(runtime, shop.path, { repoId: 'shop', ref: WORKING_TREE })
  expect(await notesOf({})).toEqual([expect.stringMatching(/working tree of "shop" .* ":worktree"/)])
  for (const input of [{ repoIds: ['tools'] }, { ref: WORKING_TREE }, { ref: 'HEAD' }])
    expect(await notesOf(input), JSON.stringify(input)).toEqual([])

  // A model that the vectors are not of: words and names still answer.
  const other = await runtimes.start({ openaiBaseUrl: 'http://127.0.0.1:9/v1', embeddingDims: 32 })
  const byWords = await other.repos.search({ orgId: ORG, query: 'total price of a cart' })
  expect(byWords.hits[0]).toMatchObject({ path: 'src/cart.ts', why: { meaning: 0 } })
})

it('finds what a pasted message comes from, before what has more of its words', async () => {
  const runtime = await startIndexing(runtimes, repos.dir)
  const guide = Array.from(
    { length: 6 },
    (_, nth) =>
      `## Step ${nth}\n\nA guard of the articles: give the permission, edit articles, name the permission of the web guard.\n`,
  )
  const repo = repos.create('permissions')
  repo.commit({
    'docs/guide.md': guide.join('\n'),
    'src/guards.ts':
      'export function permissionGuard(permission: string, guard: string) {\n  return named(permission, guard)\n}\n',
    'src/errors.ts':
      'export function create(one: string, other: string): Error {\n  return format("There is no permission named %s for guard %s.", one, other)\n}\n',
    'src/help.ts': 'export function help() {\n  return "Nothing that is guard-named; see x-guard."\n}\n',
  })
  await indexRef(runtime, repo.path, { repoId: 'permissions' })
  const firstFor = async (query: string) =>
    (await runtime.repos.search({ orgId: ORG, repoIds: ['permissions'], query })).hits[0]?.path
  expect(await firstFor('Error: There is no permission named `edit articles` for guard `web`.')).toBe('src/errors.ts')
  expect(await firstFor('permission guard')).toBe('src/guards.ts')
  // Among the frames of its stack.
  const frames = ['permissionGuard (src/guards.ts:2:10)', 'handle (web/router.js:101:7)', 'next (web/layer.js:44:3)']
  const trace = ['Error: There is no permission named edit for guard web.', ...frames.map((one) => `    at ${one}`)]
  expect(await firstFor(trace.join('\n'))).toBe('src/errors.ts')
  // A piece of code, by what stands as it does, and a question with the same words by what does it.
  expect(await firstFor('named(permission')).toBe('src/guards.ts')
  expect(await firstFor('format("there')).toBe('src/errors.ts')
  expect(await firstFor('create a guard of (some) permission')).not.toBe('docs/guide.md')
  // Words with a hyphen are no code, a header is.
  expect(await firstFor('guard-named')).toBe('src/guards.ts')
  expect(await firstFor('X-Guard')).toBe('src/help.ts')
  // By its place, and as it is written.
  expect(await firstFor('src/guards.ts:2')).toBe('src/guards.ts')
  expect(await firstFor('/srv/app/src/errors.ts')).toBe('src/errors.ts')
  expect(await firstFor('%')).toBe('src/errors.ts')
})

it('finds names, whole ones first, and lists what a file defines', async () => {
  const runtime = await startIndexing(runtimes, repos.dir)
  const symbols = (query: string, scope = {}) => runtime.repos.symbols({ orgId: ORG, query, ...scope })
  expect((await symbols('greet')).map(({ name, kind }) => [name, kind])).toEqual([['greet', 'function']])
  expect((await symbols('CART', { repoIds: ['shop', 'tools'] })).map(({ name }) => name)).toEqual([
    ...['emptyCart', 'ShoppingCart', 'addItemToCart', 'totalPriceOfCart'],
  ])
  expect(await symbols('cart', { language: 'python' })).toEqual([])
  expect(await symbols('ShoppingCart::addItemToCart')).toMatchObject([{ name: 'addItemToCart' }])
  expect(await symbols('add_item_to_cart')).toMatchObject([{ name: 'addItemToCart' }])
  expect(await symbols('addItemToCart()')).toMatchObject([{ name: 'addItemToCart' }])
  expect(await symbols('_')).toMatchObject([{ name: 'send_welcome' }])
  expect(await symbols('Basket.addItemToCart')).toEqual([])
  expect(await symbols('cart', { limit: 1, pathGlob: 'src/*' })).toMatchObject([
    { name: 'ShoppingCart', startLine: 4, endLine: 17 },
  ])

  const outline = (path: string, input = {}) => runtime.repos.outline({ orgId: ORG, repoId: 'shop', path, ...input })
  expect(await outline('src/cart.ts')).toMatchObject({
    ...{ path: 'src/cart.ts', language: 'typescript', startLine: 1, skipReason: null },
    symbols: [
      { name: 'ShoppingCart', kind: 'class', scope: '', startLine: 4 },
      { name: 'addItemToCart', kind: 'method', scope: 'class ShoppingCart', startLine: 7, endLine: 11 },
      { name: 'totalPriceOfCart', kind: 'method', scope: 'class ShoppingCart', startLine: 12, endLine: 16 },
    ],
  })
  expect(await outline('yarn.lock')).toMatchObject({ symbols: [], skipReason: 'lock_file' })
  expect(await outline('src/refund.ts')).toBeUndefined()
  expect(await outline('src/refund.ts', { ref: 'side' })).toMatchObject({
    ref: 'side',
    symbols: [{ name: 'refundCart' }],
  })
  await expect(outline('a.ts', { repoId: 'nope' })).rejects.toMatchObject({ code: 'REPO_UNKNOWN' })
  await expect(outline('a.ts', { orgId: 'other' })).rejects.toMatchObject({ code: 'REPO_UNKNOWN' })
  for (const path of ['', 'a\0.ts', 'x'.repeat(10_001)])
    await expect(outline(path)).rejects.toMatchObject({ code: 'INPUT_INVALID' })
})

it('runs the example of the guide on a first run', async () => {
  const runtime = await startIndexing(runtimes, repos.dir)
  const repo = repos.create('priced')
  repo.commit({ 'price.ts': 'export function roundPrice(price: number): number {\n  return Math.round(price)\n}\n' })
  const guide = readFileSync(new URL('../../../docs/guides/code-search.md', import.meta.url), 'utf8')
  const [, example = ''] = /^```ts\n([\s\S]*?)^```$/m.exec(guide) ?? []
  const body = example
    .replace(/^import .*$/gm, '')
    .replace(/^await runtime\.(dis)?connect\(\)$/gm, '')
    .replace(/https:[^']*/, repo.path)
  const lines: string[] = []
  const Async = Object.getPrototypeOf(async () => {}).constructor as new (
    ...parts: string[]
  ) => (...args: unknown[]) => Promise<void>
  await new Async('createRuntimeFromEnvironment', 'console', body)(() => runtime, {
    log: (line: string) => lines.push(line),
  })
  expect(lines).toEqual([expect.stringMatching(/^price\.ts:1\n[\s\S]*roundPrice/)])
})
