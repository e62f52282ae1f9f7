import { expect, it } from 'vitest'
import { isUnderRoots, parseSource, permalinkOf, sourceText } from '../../../../shared/repo/repo-source.ts'

const place = { repoId: 'shop', commit: 'c0ffee', path: 'src/a b.ts', startLine: 3, endLine: 9 }

it.each([
  ['https://github.com/acme/shop.git', 'https://github.com/acme/shop/blob/c0ffee/src/a%20b.ts#L3-L9'],
  ['ssh://git@github.com/acme/shop', 'https://github.com/acme/shop/blob/c0ffee/src/a%20b.ts#L3-L9'],
  ['https://gitlab.com/acme/shop', 'https://gitlab.com/acme/shop/-/blob/c0ffee/src/a%20b.ts#L3-9'],
  ['https://bitbucket.org/acme/shop', 'https://bitbucket.org/acme/shop/src/c0ffee/src/a%20b.ts#lines-3:9'],
  ['/home/me/shop', 'shop@c0ffee:src/a%20b.ts#L3-L9'],
])('%s leads to %s', (source, permalink) => {
  expect(permalinkOf(source, place)).toBe(permalink)
})

it('reads the short form of ssh, and takes other texts for paths', () => {
  expect(parseSource('git@github.com:acme/shop.git')).toEqual({
    kind: 'url',
    protocol: 'ssh',
    url: 'ssh://git@github.com/acme/shop.git',
  })
  // All spellings of an address are stored, and compared, as one.
  for (const spelled of [
    'git@github.com:acme/shop.git',
    'git@github.com:/acme/shop.git',
    'SSH://git@github.com/acme/shop.git',
  ])
    expect(sourceText(parseSource(spelled)), spelled).toBe('ssh://git@github.com/acme/shop.git')
  expect(sourceText(parseSource('https://GitHub.com:443/acme/./shop'))).toBe('https://github.com/acme/shop')
  expect(parseSource('./shop')).toEqual({ kind: 'path', path: './shop' })
  expect(parseSource('C:\\shop')).toEqual({ kind: 'path', path: 'C:\\shop' })
})

it('takes a root for its directories, not for names that begin alike', () => {
  expect(isUnderRoots('/srv/repos/a', ['/srv/repos'])).toBe(true)
  expect(isUnderRoots('/srv/repos/../secrets', ['/srv/repos'])).toBe(false)
  expect(isUnderRoots('/srv/repository', ['/srv/repo'])).toBe(false)
  expect(isUnderRoots('/anything', [])).toBe(false)
  expect(isUnderRoots('/anything', undefined)).toBe(true)
})
