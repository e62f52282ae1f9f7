import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createGitRules } from '../../../workers/repo/git/git-rules.ts'
import { findWorkingPlace } from '../../../workers/repo/git/working-place.ts'
import { listWorkingTree } from '../../../workers/repo/git/working-tree.ts'
import { type TestRepo, useGitRepos } from '../../helpers/repo/git-repo.ts'

/**
 * What a listing keeps of a working tree is what git keeps, file by file, over generated trees: `git ls-files` and `git check-attr` decide. As many
 * trees as GENERATED_TREES says, 30 by default.
 */

const TREES = Number(process.env.GENERATED_TREES ?? 30)
const repos = useGitRepos()
const signal = new AbortController().signal

const name = fc.constantFrom('a', 'b', 'A', 'a.ts', 'b.log', 'é', 'x y', '[a]', '#a', '!b', 'a-b', 'c\\d', 'a.', 'ab')
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'))
const piece = fc.constantFrom(
  ...[
    'a',
    'b',
    'A',
    'a.ts',
    '.log',
    'é',
    'x y',
    '*',
    '**',
    '?',
    '/',
    '/**',
    '**/',
    '[ab]',
    '[!a]',
    '[[:alpha:]]',
    '[a-',
  ],
  ...['\\', '\\*', '\\ ', ' ', '#', '!', '.', '[]a]', '[^b]', '-', 'ab', '\t'],
)
const rule = fc
  .tuple(
    fc.constantFrom('', '', '', '!'),
    fc.array(piece, { minLength: 1, maxLength: 5 }),
    fc.constantFrom('', '', '/', ' '),
  )
  .map(([sign, pieces, end]) => `${sign}${pieces.join('')}${end}`)
const rules = fc
  .tuple(fc.constantFrom('', '\ufeff'), fc.array(rule, { maxLength: 5 }), fc.constantFrom('\n', '\r\n'))
  .map(([mark, lines, end]) => mark + lines.map((line) => line + end).join(''))
const tree = fc.record({
  files: fc.uniqueArray(path, { minLength: 3, maxLength: 14 }),
  tracked: fc.array(fc.nat(13), { maxLength: 4 }),
  ignores: fc.array(fc.tuple(fc.constantFrom('', '', 'a/', 'b/', 'a/b/'), rules), { minLength: 1, maxLength: 3 }),
  exclude: rules,
  excludesFile: rules,
  isCaseFolded: fc.boolean(),
  nested: fc.option(path),
  place: fc.constantFrom('top', 'top', 'worktree', 'below'),
})

type Tree = typeof tree extends fc.Arbitrary<infer One> ? One : never

function write(file: string, text: string): boolean {
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
    return true
  } catch {
    // Another file is where it wants a directory.
    return false
  }
}

/** Lays a tree out; answers the directory that is to be listed. */
function layOut(repo: TestRepo, given: Tree): string {
  repo.git('config', 'core.excludesFile', join(repos.dir, 'excludes'))
  write(join(repos.dir, 'excludes'), given.excludesFile)
  repo.git('config', 'core.ignoreCase', String(given.isCaseFolded))
  write(join(repo.path, '.git/info/exclude'), given.exclude)
  let top = repo.path
  if (given.place === 'worktree') {
    repo.git('commit', '--quiet', '--allow-empty', '--message=first')
    top = join(repos.dir, `worktree-${crypto.randomUUID()}`)
    repo.git('worktree', 'add', '--quiet', '--detach', top)
  }
  // Where case is folded, no two names differ by it.
  const files = given.isCaseFolded ? given.files.map((file) => file.replaceAll('A', 'C')) : given.files
  const written = files.filter((file) => write(join(top, file), `${file}\n`))
  const kept = given.tracked.flatMap((at) => written[at] ?? [])
  if (kept.length > 0) repo.git('-C', top, '--literal-pathspecs', 'add', '--force', '--', ...kept)
  for (const [directory, text] of given.ignores) write(join(top, directory, '.gitignore'), text)
  if (given.nested !== null) {
    const nested = join(top, given.nested, 'nested')
    if (write(join(nested, 'inside'), '')) repo.git('init', '--quiet', nested)
  }
  symlinkSync('/etc/hosts', join(top, 'link'))
  return given.place === 'below' && write(join(top, 'a/kept'), '') ? join(top, 'a') : top
}

it(`keeps what git keeps, in ${TREES} generated trees`, async () => {
  await fc.assert(
    fc.asyncProperty(tree, async (given) => {
      const repo = repos.create(`tree-${crypto.randomUUID()}`)
      try {
        const root = layOut(repo, given)
        const args = ['ls-files', '--cached', '--others', '--exclude-standard', '-z']
        const kept = repo
          .git('-C', root, ...args)
          .split('\0')
          .filter((one) => one !== '' && !one.endsWith('/'))
        const { files } = listWorkingTree(await findWorkingPlace(root, undefined, signal))
        const listed = files.filter(({ mode, skipReason }) => mode !== 'submodule' && skipReason !== 'ignored')
        expect(listed.map((file) => file.path).sort()).toEqual([...new Set(kept)].sort())
      } finally {
        rmSync(repo.path, { recursive: true, force: true })
      }
    }),
    { numRuns: TREES, endOnFailure: TREES > 100 },
  )
}, 3_600_000)

const attributes = fc
  .array(
    fc.tuple(
      rule,
      fc.constantFrom(
        'linguist-generated',
        '-linguist-generated',
        '!linguist-generated',
        'linguist-generated=true',
        'linguist-generated=false',
        'theirs',
        'binary',
        '-text',
        'text=auto',
        'eol=crlf',
      ),
    ),
    { maxLength: 6 },
  )
  .map((lines) => lines.map(([pattern, words]) => `${pattern.replaceAll(/[ \t\r\n]/g, '')} ${words}\n`).join(''))

it('says of files what git check-attr says', async () => {
  const repo = repos.create('attributes')
  await fc.assert(
    fc.property(fc.array(path, { minLength: 1, maxLength: 20 }), attributes, attributes, (paths, top, below) => {
      const macro = '[attr]theirs linguist-generated -text\n'
      write(join(repo.path, '.gitattributes'), macro + top)
      write(join(repo.path, 'a/.gitattributes'), below)
      const { attributesOf } = createGitRules([
        { path: '.gitattributes', kind: 'attributes', text: macro + top },
        { path: 'a/.gitattributes', kind: 'attributes', text: below },
      ])
      const words = repo.git('check-attr', '-z', 'linguist-generated', 'text', 'eol', '--', ...paths).split('\0')
      for (let at = 0; at + 2 < words.length; at += 3) {
        const [file = '', attribute, value = ''] = words.slice(at, at + 3)
        const marks = attributesOf(file)
        const ours = attribute === 'eol' ? marks.eol : attribute === 'text' ? marks.text : marks.generated
        const theirs = { unspecified: undefined, set: true, true: true, unset: false, false: false }
        expect(ours, `${attribute} of ${file}`).toBe(value in theirs ? theirs[value as keyof typeof theirs] : value)
      }
    }),
    { numRuns: TREES },
  )
}, 3_600_000)
