import { expect, it } from 'vitest'
import { parseGitPattern } from '../../../../../workers/repo/git/git-pattern.ts'
import { createGitRules } from '../../../../../workers/repo/git/git-rules.ts'
import { cpuMsOf } from '../../../../helpers/cpu-time.ts'

/** Patterns mean what git says they mean, and no pattern stands still on a long path. */

const matches = (pattern: string, path: string) => parseGitPattern(pattern)?.matches(path.split('/'))

it.each([
  ['*.js', 'a/b/c.js', true],
  ['*.js', 'a/b.jsx', false],
  ['/a', 'a', true],
  ['/a', 'b/a', false],
  ['a/**', 'a/b/c', true],
  ['a/**', 'a', false],
  ['**/x/y.ts', 'x/y.ts', true],
  ['a/**/b', 'a/b', true],
  ['a/**/b', 'a/q/r/b', true],
  ['a/*/b', 'a/q/r/b', false],
  ['a**/b', 'ab', true],
  ['a**/b', 'ax/y/b', true],
  ['x/a**', 'x/ab/c', true],
  ['*a**/b', 'ab', false],
  ['a**/b', 'ba/b', false],
  ['foo[0-9]?.t*', 'foo1a.ts', true],
  ['foo[!0-9]', 'foo1', false],
  ['\\!x', '!x', true],
  ['a\\*', 'ab', false],
])('%s on %s: %s', (pattern, path, expected) => {
  expect(matches(pattern, path)).toBe(expected)
})

it.each([
  ['A.ts', 'a.ts', true],
  ['[A-C]x', 'bx', true],
  ['[[:upper:]]x', 'bx', true],
  ['[![:upper:]]x', 'bx', false],
  // Git folds no single letter of a class.
  ['[B]x', 'bx', false],
  ['[Bb]x', 'bx', true],
  ['\\A.ts', 'a.ts', false],
  ['A**/b', 'ax/y/b', true],
])('%s on %s where case is folded: %s', (pattern, path, expected) => {
  expect(parseGitPattern(pattern, true)?.matches(path.split('/'))).toBe(expected)
})

it('takes no time over what would keep a regular expression busy for hours', async () => {
  const matchBoth = () => {
    expect(matches(`${'*a'.repeat(30)}b`, 'a'.repeat(4_000))).toBe(false)
    expect(matches(`${'**/a/'.repeat(30)}b`, 'a/'.repeat(2_000))).toBe(false)
  }
  expect(await cpuMsOf(matchBoth)).toBeLessThan(2_000)
})

const own = (path: string, text: string) => ({
  path: `${path}.afterturnignore`,
  kind: 'afterturnignore' as const,
  text,
})
const git = (path: string, text: string) => ({ path: `${path}.gitignore`, kind: 'gitignore' as const, text })
const marks = (path: string, text: string) => ({ path: `${path}.gitattributes`, kind: 'attributes' as const, text })

it('lets deeper files decide, and nothing back in below what is left out', () => {
  const rules = createGitRules([
    own('src/', '!debug.log\n/local\n'),
    own('', '# words\nbuild/\n*.log\n!kept.log\n'),
    marks('lib/own/', '* -linguist-vendored\n'),
    marks('', '*.gen.ts linguist-generated=true\nlib/** linguist-vendored\n'),
  ])
  const ignored = (path: string) => rules.isIgnored(path)
  expect(['a.log', 'build/a.ts', 'x/build/kept.log', 'src/local'].map(ignored)).toEqual([true, true, true, true])
  expect(['kept.log', 'src/debug.log', 'build', 'local'].map(ignored)).toEqual([false, false, false, false])
  expect(rules.attributesOf('a/b.gen.ts')).toEqual({ generated: true })
  expect(rules.attributesOf('lib/theirs/a.ts')).toEqual({ vendored: true })
  expect(rules.attributesOf('lib/own/a.ts')).toEqual({ vendored: false })
})

it('never lets a .gitignore bring back what .afterturnignore leaves out', () => {
  const rules = createGitRules([
    { path: 'exclude', kind: 'gitignore', text: '*.tmp\n' },
    own('', 'secret.ts\nprivate/\n'),
    git('', '*.ts\n!secret.ts\n!open.ts\n!kept.tmp\n'),
    git('deep/', '!secret.ts\n!private/\n'),
  ])
  const ignored = ['secret.ts', 'deep/secret.ts', 'deep/private/a', 'a.ts', 'a.tmp'].map((path) =>
    rules.isIgnored(path),
  )
  expect(ignored).toEqual([true, true, true, true, true])
  expect(['open.ts', 'kept.tmp', 'deep/a.js'].map((path) => rules.isIgnored(path))).toEqual([false, false, false])
  expect(rules.isDirectoryIgnored('deep/private')).toBe(true)
})

it('reads quoted patterns, and takes back a mark with !', () => {
  const rules = createGitRules([
    marks('', '"with blank.ts" linguist-generated\n"caf\\303\\251.ts" binary\n* linguist-vendored\n'),
    marks('vendor/', '* -linguist-vendored\n/back.ts !linguist-vendored\n'),
  ])
  expect(rules.attributesOf('a/with blank.ts')).toEqual({ generated: true, vendored: true })
  expect(rules.attributesOf('caf\u00e9.ts')).toEqual({ binary: true, text: false, vendored: true })
  expect(rules.attributesOf('vendor/ours.ts').vendored).toBe(false)
  expect(rules.attributesOf('vendor/back.ts').vendored).toBeUndefined()
})

it('follows macros as git does: set ones only, wherever above they are defined, from the top only', () => {
  const rules = createGitRules([
    marks(
      '',
      'lib/** theirs\nmine.ts theirs\n/mine.ts -theirs\n[attr]theirs linguist-vendored\nlogo.txt binary text\n',
    ),
    marks('lib/', '[attr]theirs linguist-generated\n"a " linguist-generated\n'),
  ])
  expect(rules.attributesOf('lib/a')).toEqual({ vendored: true })
  expect(rules.attributesOf('lib/a ')).toEqual({ vendored: true, generated: true })
  expect(rules.attributesOf('mine.ts').vendored).toBeUndefined()
  expect(rules.attributesOf('logo.txt')).toEqual({ binary: true, text: true })
})

it('ends where what is left out cannot be known, or not in time', () => {
  for (const text of [null, 'a\n'.repeat(5_001)])
    expect(() => createGitRules([own('', text as string)]), String(text?.length)).toThrow(/^The ignore file/)
  expect(createGitRules([marks('', null as never)]).attributesOf('a')).toEqual({})
  const slow = () =>
    createGitRules([own('', `${'*a'.repeat(30)}b\n`.repeat(5_000))], { maxTimeMs: 20 }).isIgnored('a'.repeat(4_000))
  expect(slow).toThrow(/took more than 20 ms/)
})

it('knows of a path what it knew of the one before it', () => {
  const rules = createGitRules([own('', 'out/\n')])
  const paths = ['out/a', 'out', 'a/out/b', 'a/b', 'a/out/c/d', 'b/a', `${'a/'.repeat(2_000)}out/x`, 'out/b']
  const known = paths.map((path) => rules.isIgnored(path))
  expect(known).toEqual([true, false, true, false, true, false, true, true])
  rules.add(own('b/', 'a\n'))
  expect(rules.isIgnored('b/a')).toBe(true)
})
