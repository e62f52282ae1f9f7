import { existsSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
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

const name = fc.constantFrom(
  ...[
    'a',
    'b',
    'A',
    'a.ts',
    'b.log',
    'é',
    'É',
    'x y',
    '[a]',
    '#a',
    '!b',
    'a-b',
    'c\\d',
    'a.',
    'ab',
    'a ',
    ' a',
    '*',
    '?',
    'a]',
  ],
)
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'))
const piece = fc.constantFrom(
  ...['a', 'b', 'A', 'a.ts', '.log', 'é', 'x y', '*', '**', '?', '/', '/**', '**/', '/**/', '***', '//'],
  ...['[ab]', '[!a]', '[[:alpha:]]', '[a-', '[a-c]', '[!]a]', '[\\a]', '[[:upper:]]', '[a-]', '[-a]', '[[:a]', '[b-a]'],
  ...['\\', '\\*', '\\ ', ' ', '#', '!', '.', '[]a]', '[^b]', '-', 'ab', '\t', '[]', ']', '\\a', 'a/b', './', '../'],
)
const line = fc
  .tuple(
    fc.constantFrom('', '', '', '!'),
    fc.array(piece, { minLength: 1, maxLength: 5 }),
    fc.constantFrom('', '', '/', ' ', '  ', '\\'),
  )
  .map(([sign, pieces, end]) => `${sign}${pieces.join('')}${end}`)
/** A rule by which people let in again a part of what they leave out. */
const lines = fc.constantFrom(
  ['a/', '!a/b'],
  ['a/*', '!a/b', '!a/a.ts'],
  ['/*', '!/a', '/a/*', '!/a/b'],
  ['*', '!*/', '!*.ts'],
  ['a/**', '!a/**/', '!a/**/b.log'],
  ['**/a/', '!b/a/'],
  ['*.*', '!a.*', ''],
)
const rule = line.map((one) => [one])
const rules = fc
  .tuple(
    fc.constantFrom('', '', '\ufeff'),
    fc.array(fc.oneof({ arbitrary: rule, weight: 4 }, lines), { maxLength: 4 }),
    fc.constantFrom('\n', '\n', '\r\n'),
    fc.boolean(),
  )
  .map(([mark, some, end, isEnded]) => mark + some.flat().join(end) + (isEnded ? end : ''))
const directory = fc.constantFrom('', '', 'a/', 'b/', 'a/b/', 'A/', 'é/', 'b/a/b/')
const nestedKind = fc.constantFrom(
  ...['repository', 'HEAD', 'file', 'broken file', 'empty', 'bare', 'dead file', 'other tree', 'link', 'link of file'],
  ...['shared', 'unborn'],
)
const tree = fc.record({
  files: fc.uniqueArray(path, { minLength: 3, maxLength: 14 }),
  tracked: fc.array(fc.nat(13), { maxLength: 4 }),
  isDeleted: fc.boolean(),
  ignores: fc.array(fc.tuple(directory, rules), { minLength: 1, maxLength: 3 }),
  owns: fc.array(fc.tuple(directory, rules), { maxLength: 1 }),
  exclude: rules,
  excludesFile: rules,
  isCaseFolded: fc.boolean(),
  nested: fc.option(fc.tuple(path, nestedKind)),
  place: fc.constantFrom('top', 'top', 'worktree', 'submodule', 'inner'),
  isBelow: fc.boolean(),
  encoding: fc.constantFrom('utf8', 'utf8', 'utf16le', 'utf16be', 'cr'),
})

type Tree = typeof tree extends fc.Arbitrary<infer One> ? One : never

/** Where case is folded, no two names differ by it. */
function nameIn({ isCaseFolded }: Pick<Tree, 'isCaseFolded'>, name: string): string {
  return isCaseFolded ? name.replaceAll('A', 'C') : name
}

function write(file: string, text: string | Buffer): boolean {
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
    return true
  } catch {
    // Another file is where it wants a directory.
    return false
  }
}

type LaidOut = { readonly root: string; readonly top: string; readonly ruleFiles: readonly string[] }

/** Lays a tree out; returns the directory that is to be listed. */
function layOut(repo: TestRepo, given: Tree): LaidOut {
  const ruleFiles: string[] = []
  const writeRules = (file: string, text: string) => write(file, text) && ruleFiles.push(file)
  let top = repo.path
  let gitDir = join(top, '.git')
  if (given.place === 'worktree') {
    repo.git('commit', '--quiet', '--allow-empty', '--message=first')
    top = join(repo.path, '../worktree')
    repo.git('worktree', 'add', '--quiet', '--detach', top)
  }
  if (given.place === 'submodule' || given.place === 'inner') {
    // What the repository around it says is not for it.
    write(join(repo.path, '.gitignore'), '*\n')
    top = join(repo.path, 'a/inner')
    gitDir = given.place === 'inner' ? join(top, '.git') : join(repo.path, '.git/modules/inner')
    mkdirSync(top, { recursive: true })
    mkdirSync(dirname(gitDir), { recursive: true })
    repo.git('init', '--quiet', ...(given.place === 'inner' ? [] : ['--separate-git-dir', gitDir]), top)
  }
  const git = (...args: string[]) => repo.git('-C', top, ...args)
  git('config', 'core.excludesFile', join(repo.path, '../excludes'))
  writeRules(join(repo.path, '../excludes'), given.excludesFile)
  git('config', 'core.ignoreCase', String(given.isCaseFolded))
  writeRules(join(gitDir, 'info/exclude'), given.exclude)
  const files = given.files.map((file) => nameIn(given, file))
  const written = files.filter((file) => write(join(top, file), `${file}\n`))
  const kept = given.tracked.flatMap((at) => written[at] ?? [])
  if (kept.length > 0) git('--literal-pathspecs', 'add', '--force', '--', ...kept)
  if (given.isDeleted && kept[0] !== undefined) rmSync(join(top, kept[0]))
  for (const [below, text] of given.ignores) writeRules(join(top, nameIn(given, below), '.gitignore'), text)
  for (const [below, text] of given.owns) writeRules(join(top, nameIn(given, below), '.afterturnignore'), text)
  if (given.nested !== null) layNested(repo, join(top, nameIn(given, given.nested[0]), 'nested'), given.nested[1])
  symlinkSync('/etc/hosts', join(top, 'link'))
  const root = given.isBelow && write(join(top, 'a/kept'), '') ? join(top, 'a') : top
  return { root, top, ruleFiles }
}

function layNested(repo: TestRepo, nested: string, kind: string): void {
  if (!write(join(nested, 'inside'), '')) return
  if (kind === 'repository') repo.git('init', '--quiet', nested)
  if (kind === 'bare') repo.git('init', '--quiet', '--bare', nested)
  if (kind === 'HEAD') write(join(nested, '.git/HEAD'), 'ref: refs/heads/main\n')
  if (kind === 'file') write(join(nested, '.git'), `gitdir: ${repo.path}/.git\n`)
  if (kind === 'dead file') write(join(nested, '.git'), `gitdir: ${repo.path}/nowhere/.git\n`)
  if (kind === 'other tree') {
    const tree = join(repo.path, '.git/worktrees/nested')
    write(join(tree, 'HEAD'), 'ref: refs/heads/nested\n')
    write(join(tree, 'commondir'), '../..\n')
    write(join(nested, '.git'), `gitdir: ${tree}\r\n`)
  }
  if (kind === 'link') {
    repo.git('init', '--quiet', join(repo.path, '../linked'))
    symlinkSync(join(repo.path, '../linked/.git'), join(nested, '.git'))
  }
  if (kind === 'link of file') {
    write(join(repo.path, '../pointer'), `gitdir: ${repo.path}/.git`)
    symlinkSync(join(repo.path, '../pointer'), join(nested, '.git'))
  }
  if (kind === 'shared') {
    write(join(nested, '.git/HEAD'), 'ref: refs/heads/main\n')
    write(join(nested, '.git/commondir'), `${repo.path}/.git\n`)
  }
  if (kind === 'unborn') {
    for (const name of ['objects', 'refs']) mkdirSync(join(nested, '.git', name), { recursive: true })
    symlinkSync('refs/heads/main', join(nested, '.git/HEAD'))
  }
  if (kind === 'broken file') write(join(nested, '.git'), 'gitdir\n')
  if (kind === 'empty') mkdirSync(join(nested, '.git'))
}

/** The files of a directory that git keeps; `.afterturnignore` is read as if no file were tracked. */
function keptBy(repo: TestRepo, { root }: LaidOut): string[] {
  const list = (...args: string[]) =>
    repo
      .git('-C', root, ...args, '-z')
      .split('\0')
      .filter((one) => one !== '' && !one.endsWith('/'))
  const kept = list('ls-files', '--cached', '--others', '--exclude-standard')
  const index = repo.git('-C', root, 'rev-parse', '--path-format=absolute', '--git-path', 'index')
  const aside = `${index}.aside`
  if (existsSync(index)) renameSync(index, aside)
  const owned = new Set(list('ls-files', '--others', '--exclude-per-directory=.afterturnignore'))
  if (existsSync(aside)) renameSync(aside, index)
  return [...new Set(kept)]
    .filter((one) => owned.has(one) && lstatSync(join(root, one), { throwIfNoEntry: false }))
    .sort()
}

/** The same rules in other bytes, which git itself cannot read. */
function encode(file: string, encoding: Tree['encoding']): void {
  const text = readFileSync(file, 'utf8').replace(/^\ufeff/, '')
  if (encoding === 'cr') write(file, text.replaceAll(/\r?\n/g, '\r'))
  if (encoding === 'utf16le') write(file, Buffer.from(`\ufeff${text}`, 'utf16le'))
  if (encoding === 'utf16be') write(file, Buffer.from(`\ufeff${text}`, 'utf16le').swap16())
}

it(`keeps what git keeps, in ${TREES} generated trees`, async () => {
  await fc.assert(
    fc.asyncProperty(tree, async (given) => {
      const repo = repos.create(`tree-${crypto.randomUUID()}/outer`)
      try {
        const laidOut = layOut(repo, given)
        const kept = keptBy(repo, laidOut)
        for (const file of new Set(laidOut.ruleFiles)) encode(file, given.encoding)
        const { files } = listWorkingTree(await findWorkingPlace(laidOut.root, undefined, signal))
        const listed = files.filter(({ mode, skipReason }) => mode !== 'submodule' && skipReason !== 'ignored')
        expect(listed.map((file) => file.path).sort()).toEqual(kept)
      } finally {
        rmSync(dirname(repo.path), { recursive: true, force: true })
      }
    }),
    { numRuns: TREES, endOnFailure: false },
  )
}, 3_600_000)

const word = fc
  .tuple(
    fc.constantFrom('', '', '', '-', '!'),
    fc.constantFrom(
      ...['linguist-generated', 'linguist-vendored', 'linguist-language=Ruby', 'linguist-generated=true'],
      ...['linguist-vendored=false', 'theirs', 'ours', 'binary', 'text', 'text=auto', 'eol=crlf', 'ident', 'diff=ruby'],
      ...['working-tree-encoding=UTF-16LE', 'export-ignore', 'merge=ours'],
    ),
  )
  .map(([sign, name]) => (sign === '' ? name : sign + name.replace(/=.*/, '')))
const words = fc.array(word, { minLength: 1, maxLength: 3 }).map((some) => some.join(' '))
const marked = fc.tuple(line, words).map(([pattern, said]) => {
  // A pattern with blanks is written in quotes.
  const quoted = pattern.replaceAll(/["\\]/g, '\\$&').replaceAll('\t', '\\t')
  return `${/[ \t"]/.test(pattern) ? `"${quoted}"` : pattern} ${said}`
})
const macro = fc
  .tuple(fc.constantFrom('theirs', 'ours', 'binary'), words)
  .map(([name, said]) => `[attr]${name} ${said}`)
const attributes = fc
  .tuple(
    fc.constantFrom('', '\ufeff'),
    fc.array(fc.oneof({ arbitrary: marked, weight: 4 }, macro), { maxLength: 6 }),
    fc.constantFrom('\n', '\r\n'),
  )
  .map(([mark, some, end]) => mark + some.map((one) => one + end).join(''))
const marks = fc.record({
  files: fc.uniqueArray(path, { minLength: 1, maxLength: 20 }),
  top: attributes,
  below: attributes,
  deep: attributes,
  user: attributes,
  info: attributes,
  isCaseFolded: fc.boolean(),
})
const NAMES = {
  vendored: 'linguist-vendored',
  generated: 'linguist-generated',
  binary: 'binary',
  text: 'text',
  eol: 'eol',
  encoding: 'working-tree-encoding',
  ident: 'ident',
  language: 'linguist-language',
} as const

it('says of files what git check-attr says', async () => {
  const repo = repos.create('attributes')
  const user = join(repos.dir, 'user-attributes')
  repo.git('config', 'core.attributesFile', user)
  await fc.assert(
    fc.property(marks, (given) => {
      repo.git('config', 'core.ignoreCase', String(given.isCaseFolded))
      write(user, given.user)
      write(join(repo.path, '.git/info/attributes'), given.info)
      const files = { '': given.top, 'a/': given.below, 'a/b/': given.deep }
      for (const [below, text] of Object.entries(files)) write(join(repo.path, below, '.gitattributes'), text)
      const { attributesOf } = createGitRules(
        [
          { path: 'attributes', kind: 'attributes', text: given.user },
          { path: 'attributes', kind: 'strong-attributes', text: given.info },
          ...Object.entries(files).map(([below, text]) => ({
            path: `${below}.gitattributes`,
            kind: 'attributes' as const,
            text,
          })),
        ],
        { isCaseFolded: given.isCaseFolded },
      )
      const said = repo
        .git('check-attr', '-z', ...Object.values(NAMES), '--', ...given.files.map((file) => nameIn(given, file)))
        .split('\0')
      for (let at = 0; at + 2 < said.length; at += 3) {
        const [file = '', attribute = '', value = ''] = said.slice(at, at + 3)
        const key = Object.entries(NAMES).find(([, name]) => name === attribute)?.[0] as keyof typeof NAMES
        const theirs: Record<string, unknown> = {
          unspecified: undefined,
          set: true,
          true: true,
          unset: false,
          false: false,
        }
        const isWord = ['eol', 'encoding', 'language'].includes(key)
        const expected = value in theirs ? theirs[value] : value
        expect(attributesOf(file)[key], `${attribute} of ${file}`).toBe(
          isWord && typeof expected === 'boolean' ? undefined : expected,
        )
      }
    }),
    { numRuns: TREES },
  )
}, 3_600_000)

it('follows the files of the user and those beside the objects, and says which of them it cannot follow', async () => {
  const repo = repos.create('places')
  const home = join(repos.dir, 'home')
  const { HOME } = process.env
  for (const file of ['a.ts', 'b.ts', 'c.ts', 'd.ts', 'e.ts']) write(join(repo.path, file), `${file}\n`)
  write(join(repo.path, '.gitattributes'), 'd.ts -linguist-vendored\n')
  write(join(repo.path, '.git/info/exclude'), 'a.ts\n')
  write(join(repo.path, '.git/info/attributes'), 'd.ts linguist-vendored\n')
  write(join(home, '.config/git/ignore'), 'b.ts\n')
  write(join(home, '.config/git/attributes'), 'd.ts linguist-generated\ne.ts linguist-generated\n')
  const list = async () => {
    const { files } = listWorkingTree(await findWorkingPlace(repo.path, undefined, signal))
    return files.map(({ path, skipReason }) => `${path} ${skipReason}`).filter((file) => /^[a-e]\.ts/.test(file))
  }
  try {
    process.env.HOME = home
    const byDefault = ['a.ts ignored', 'b.ts ignored', 'c.ts null', 'd.ts vendored', 'e.ts generated']
    expect(await list()).toEqual(byDefault)
    write(join(home, 'mine'), 'c.ts\n')
    write(join(home, 'marks'), 'b.ts linguist-vendored\n')
    write(join(home, '.gitconfig'), '[core]\n\texcludesFile = ~/mine\n\tattributesFile = ~/marks\n')
    const byConfig = ['a.ts ignored', 'b.ts vendored', 'c.ts ignored', 'd.ts vendored', 'e.ts null']
    expect(await list()).toEqual(byConfig)
    write(join(home, '.gitconfig'), '[core]\n\texcludesFile =\n\tattributesFile =\n')
    expect(await list()).toEqual(['a.ts ignored', 'b.ts null', 'c.ts null', 'd.ts vendored', 'e.ts null'])
    write(join(home, '.gitconfig'), '')
    for (const file of [join(home, '.config/git/ignore'), join(repo.path, '.git/info/exclude')]) {
      const text = readFileSync(file)
      write(file, 'x'.repeat(5_000))
      await expect(list()).rejects.toThrow(JSON.stringify(file))
      write(file, text)
    }
  } finally {
    process.env.HOME = HOME
  }
})
