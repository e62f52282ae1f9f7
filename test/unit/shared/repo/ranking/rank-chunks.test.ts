import { describe, expect, it } from 'vitest'
import { embedLocally } from '../../../../../shared/ai/local/embedder.ts'
import {
  decodeSegment,
  encodeSegment,
  encodeVectors,
  hashTerm,
} from '../../../../../shared/repo/index-format/code-segment.ts'
import { asksForAside } from '../../../../../shared/repo/ranking/aside-path.ts'
import { createCorpus, type RankedFile } from '../../../../../shared/repo/ranking/code-corpus.ts'
import { chunkTerms, codeQueryTerms, codeTerms } from '../../../../../shared/repo/ranking/code-terms.ts'
import { askedName } from '../../../../../shared/repo/ranking/named-definitions.ts'
import { askedPlace } from '../../../../../shared/repo/ranking/named-places.ts'
import { LOCAL_ARM_WEIGHTS, rankChunks } from '../../../../../shared/repo/ranking/rank-chunks.ts'

const DIMS = 384

/** A file of one-line functions, each a chunk; `joined` puts all into one. */
function fileOf(path: string, functions: Record<string, string>, joined = false): RankedFile {
  const names = Object.keys(functions)
  const texts = joined ? [Object.values(functions).join('\n')] : Object.values(functions)
  const symbols = names.map((name, at) => ({ name, kind: 'function', startLine: at + 1, endLine: at + 1, scope: '' }))
  const chunks = texts.map((text, at) => ({
    startLine: at + 1,
    endLine: joined ? names.length : at + 1,
    kind: 'function' as const,
    symbol: names[at] as string,
    scope: '',
    offset: 0,
    length: text.length,
    tokens: 10,
  }))
  const segment = encodeSegment(chunks, texts.map(chunkTerms), symbols)
  const vectors = encodeVectors(texts.map(embedLocally), DIMS)
  return {
    path,
    segment: decodeSegment(segment, vectors, DIMS),
    pathTerms: [...new Set(codeTerms(path).map(hashTerm))],
  }
}

function rank(files: readonly RankedFile[], query: string, hasVector = true) {
  const terms = codeQueryTerms(query)
  const ask = (isKept: boolean) =>
    rankChunks(
      createCorpus(files, isKept),
      {
        terms,
        vector: hasVector ? embedLocally(query) : undefined,
        asksForAside: asksForAside(query),
        name: askedName(query),
        place: askedPlace(query),
      },
      LOCAL_ARM_WEIGHTS,
    )
  const ranked = ask(true)
  expect(ask(false)).toEqual(ranked)
  return ranked
}

const USERS = fileOf('src/users.ts', {
  findUserByEmail: 'function findUserByEmail(email) { return rows.find((row) => row.email === email) }',
  renderUser: 'function renderUser(user) { return html(user.email, user.name) }',
})
const MAIL = fileOf('src/mail.ts', { sendMail: 'function sendMail(address, body) { smtp.deliver(address, body) }' })

describe('rankChunks', () => {
  it.each([
    ['find a user by email', 'symbol'],
    ['deliver a message to an address', 'keyword'],
    ['finding users with their electronic mail', 'meaning'],
  ] as const)('finds %j, and says that the %s did it', (query, arm) => {
    const [best] = rank([MAIL, USERS], query)
    expect(best?.file).toBe(query.startsWith('deliver') ? 0 : 1)
    expect(best?.chunk).toBe(0)
    expect(best?.why[arm]).toBeGreaterThan(0.4)
  })

  it('knows every name in a chunk that several definitions share', () => {
    const small = fileOf(
      'src/a.ts',
      { open: 'function open() {}', closeAllSockets: 'function closeAllSockets() {}' },
      true,
    )
    const other = fileOf('src/b.ts', { close: 'function close() { sockets.forEach((socket) => socket.end()) }' })
    expect(rank([other, small], 'close all sockets')[0]).toMatchObject({ file: 1, why: { symbol: 1 } })
  })

  it('puts the definition of a name before what mentions it, however often', () => {
    const mentions = fileOf('src/b.ts', {
      getAndSet: 'function getAndSet(set) { return set.get(set) }',
      setAll: 'function setAll(set) { set(set(set())) }',
    })
    const defined = fileOf('src/c.ts', {
      set: 'function set(key, value, options) { table[key] = wrap(value, options) }',
    })
    for (const query of ['set', 'set()', 'Set', 'c.set', 'c::set()'])
      expect(rank([mentions, defined], query)[0], query).toMatchObject({ file: 1, chunk: 0 })
    expect(rank([mentions, defined], 'b.set')[0]).toMatchObject({ file: 0 })
    expect(rank([mentions, defined], 'get and set')[0]).toMatchObject({ file: 0 })
  })

  it('puts tests behind the code that they test, unless they are asked for', () => {
    const code = 'function parseDate(text) { return new Date(text) }'
    const test = fileOf('test/parse-date.test.ts', { parseDate: `${code} // parse a date` })
    const source = fileOf('src/dates.ts', { parseDate: code })
    expect(rank([test, source], 'parse a date')[0]).toMatchObject({ file: 1, why: { priority: 1 } })
    expect(rank([test, source], 'the test that parses a date')[0]?.file).toBe(0)
    for (const query of ['parse a date of a document', 'tests if it can parse a date', 'parse, for example, a date'])
      expect(rank([test, source], query)[0]?.file, query).toBe(1)
    const example = fileOf('examples/dates.ts', { parseDate: `${code} // parse a date` })
    expect(rank([source, example], 'parse a date')[0]?.file).toBe(0)
    expect(rank([source, example], 'examples of parsing a date')[0]?.file).toBe(1)
  })

  it('puts documents and data behind code that answers as well, and before code that does not', () => {
    const code = 'function parseDate(text) { return new Date(text) }'
    const source = fileOf('src/dates.ts', { parseDate: code })
    const words = 'Parse a date: the text that you pass is parsed as a date.'
    for (const path of ['README.md', 'docs/dates.rst', 'dates.yaml']) {
      const other = fileOf(path, { Dates: words, Leap: 'The leap seconds of astronomers are not known.' })
      const ranked = rank([other, source], 'parse a date')
      expect(ranked[0]).toMatchObject({ file: 1, why: { priority: 1 } })
      expect(ranked[1]).toMatchObject({ file: 0, chunk: 0 })
      expect(ranked[1]?.why.priority).toBeLessThan(1)
      expect(rank([other, source], 'which leap seconds do astronomers know')[0], path).toMatchObject({
        file: 0,
        chunk: 1,
        why: { priority: 1 },
      })
      expect(rank([other], 'parse a date')[0]?.why.priority).toBe(1)
    }
  })

  it('answers by words alone without vectors, and nothing for nothing', () => {
    const found = rank([MAIL, USERS], 'render a user', false)
    expect(found[0]).toMatchObject({ file: 1, chunk: 1, why: { meaning: 0 } })
    expect(rank([], 'render a user')).toEqual([])
    expect(rank([MAIL], 'zebra', false)).toEqual([])
  })
})

it('a list of heads in a header stands behind the definitions, and a list of definitions does not', () => {
  const heads = {
    Bits: 'Bits();',
    clear: 'void clear(); // all bits',
    size: 'int size() const;',
    find: 'int find(int bit);',
  }
  const source = fileOf('src/bits.cc', {
    'Bits::clear': 'void Bits::clear() { words = {}; count = 0; bits = nullptr; }',
  })
  const first = (path: string) => rank([fileOf(path, heads, true), source], 'clears all of the bits')[0]?.file
  expect(first('src/bits.hpp')).toBe(1)
  expect(first('src/bits.kt')).toBe(0)
})

it('finds what code has other words for, and no other code of the same words', () => {
  const list = fileOf('src/list.rs', {
    drop_last: 'fn drop_last(items) { items.truncate(items.size() - 1); }',
    put_last: 'fn put_last(items, item) { items.extend([item]); }',
    debug_name: 'fn debug_name(items) { return "items"; }',
  })
  const firstOf = (query: string) => rank([list], query, false)[0]?.chunk
  expect(firstOf('removes the final element')).toBe(0)
  expect(firstOf('appends an element')).toBe(1)
})

it('weighs the words of source by the source, and not by a document that speaks of it', () => {
  const source = fileOf('src/state.ts', {
    createState: 'function createState(scope) { return reusable(scope) }',
    scopeOf: 'function scopeOf(state) { return state.scope ?? state.parent.scope }',
  })
  const page = fileOf('guide/state.md', {
    state:
      'Keep global state in a reusable scope: global state is reusable, and a reusable scope is global across instances.',
  })
  const query = 'keep global state reusable across instances'
  const keywordOf = (files: readonly RankedFile[]) =>
    rank(files, query).find(({ file, chunk }) => files[file] === source && chunk === 0)?.why.keyword ?? 0
  const [alone, beside] = [keywordOf([source]), keywordOf([source, page])]
  expect(alone).toBe(1)
  // By the document alone it were .13.
  expect(beside).toBeGreaterThan(0.3)
  expect(beside).toBeLessThan(1)
})

it('finds the file and the line that a path names, before what has its words', () => {
  const cart = fileOf('lib/cart.ts', {
    sum: 'function sum(items) { return items.reduce((sum, one) => sum + one.price, 0) }',
    take: 'function take(item) { return item.count }',
  })
  const other = fileOf('lib/lib-cart.ts', { libCart: 'function libCart(lib) { return cart.ts(lib, lib, cart) }' })
  const firstOf = (query: string) => {
    const [first] = rank([other, cart], query)
    return [first?.file, first?.chunk]
  }
  expect(firstOf('lib/cart.ts:2')).toEqual([1, 1])
  expect(firstOf('@/lib/cart')[0]).toBe(1)
  expect(firstOf('cart of a lib')[0]).toBe(0)
})

it('finds a name that nothing defines where it stands, before names that have its parts', () => {
  const calls = fileOf('src/boot.ts', { boot: 'function boot(app) { app.use(secureCompare) }' })
  const near = fileOf('src/compare.ts', {
    compareSecure: 'function compareSecure(a, b) { return secure(a) === secure(b) }',
  })
  for (const query of ['secureCompare', 'secure_compare', 'Crypto.secureCompare()'])
    expect(rank([near, calls], query)[0]?.file, query).toBe(1)
  expect(rank([near, calls], 'compareSecure')[0]?.file).toBe(0)
  expect(rank([near, calls], 'compare what is secure')[0]?.file).toBe(0)
  // A hyphen joins nothing: these are words, and not all that has the last of them is meant.
  const last = fileOf('src/boot.ts', { boot: 'function boot() { return files }' })
  const served = fileOf('src/serve.ts', { serveStatic: 'function serveStatic(path) { return static(path) }' })
  expect(rank([last, served], 'static-files')[0]?.file).toBe(1)
})
