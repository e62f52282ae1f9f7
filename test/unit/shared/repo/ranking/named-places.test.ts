import { describe, expect, it } from 'vitest'
import type { Segment } from '../../../../../shared/repo/index-format/code-segment.ts'
import { askedPlace, chunksAt, sharedNames } from '../../../../../shared/repo/ranking/named-places.ts'

const FILES = [
  'src/cart.ts',
  'src/api/cart.ts',
  'Makefile',
  'app/[id]/page.tsx',
  'my docs/read me.txt',
  'lib/http-client.ts',
  'src/parse.ts',
  'README.md',
  'docs/shell-completion.md',
  'errors.go',
]

/** The files that a query names, and the line of them. */
function named(query: string): [string[], number | undefined] {
  const place = askedPlace(query)
  if (!place) return [[], undefined]
  const shared = FILES.map((path) => sharedNames(path, place))
  const most = Math.max(1, ...shared)
  return [FILES.filter((_, at) => shared[at] === most), place.line]
}

describe('a query that is a path', () => {
  it.each([
    ['src/cart.ts', ['src/cart.ts'], undefined],
    ['./src/cart.ts:12', ['src/cart.ts'], 12],
    [' src/cart.ts:12:3 ', ['src/cart.ts'], 12],
    ['src/cart.ts#L12-L20', ['src/cart.ts'], 12],
    ['src/cart.ts(12,3)', ['src/cart.ts'], 12],
    ['src\\api\\Cart.ts', ['src/api/cart.ts'], undefined],
    ['cart.ts', ['src/cart.ts', 'src/api/cart.ts'], undefined],
    ['@/api/cart', ['src/api/cart.ts'], undefined],
    ['/home/me/shop/src/api/cart.ts:7', ['src/api/cart.ts'], 7],
    ['https://github.com/acme/shop/blob/main/src/api/cart.ts#L7', ['src/api/cart.ts'], 7],
    ['makefile', ['Makefile'], undefined],
    ['app/[id]/page.tsx', ['app/[id]/page.tsx'], undefined],
    ['my docs/read me.txt', ['my docs/read me.txt'], undefined],
    ['README', ['README.md'], undefined],
    ['docs/shell-completion', ['docs/shell-completion.md'], undefined],
    ['shell-completion.md', ['docs/shell-completion.md'], undefined],
    ['gin/errors.go', ['errors.go'], undefined],
    ['http-client', ['lib/http-client.ts'], undefined],
  ])('%j', (query, files, line) => {
    expect(named(query)).toEqual([files, line])
  })

  it.each([
    ...[
      'parse',
      'cart',
      'readme',
      'cart parse',
      'and/or',
      'shell-completion',
      'auth/errors',
      'add/2',
      'src',
      'localhost:8080',
      '10:30',
      '3/4',
      '/',
      '...',
      '',
    ],
    ...[
      'where is src/cart.ts used',
      'the Makefile',
      'Wo liegt cart.ts?',
      '在 src/cart.ts 里',
      'see /srv/src/cart.ts or Makefile',
    ],
    ...['at load (src/cart.ts:3:4)\n    at src/cart.ts:9', `${'x/'.repeat(200)}src/cart.ts`],
  ])('is not %j', (query) => {
    expect(named(query)[0]).toEqual([])
  })
})

it('a line is in the last chunk that begins before it', () => {
  const segment = { chunks: [{ startLine: 3 }, { startLine: 10 }, { startLine: 20 }] } as unknown as Segment
  expect([undefined, 1, 3, 9, 10, 99].map((line) => chunksAt(segment, line))).toEqual([
    [0, 1, 2],
    [],
    [0],
    [0],
    [1],
    [2],
  ])
})
