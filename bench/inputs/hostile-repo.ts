import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { SkipReason } from '../../shared/repo/skip-reason.ts'

/** Generated repositories that somebody made to do harm, each with what a true report says of it; the same seed makes the same one. */

/** The fate of a file: it is read, or left out for one of these reasons. */
type Verdict = 'read' | SkipReason
type HostileRepo = {
  readonly path: string
  /** The names of what was done to it. */
  readonly hazards: readonly string[]
  /** By path; files that are not here may be read or not. */
  readonly verdicts: ReadonlyMap<string, readonly Verdict[]>
  /** The code with which the run of a working tree and that of a commit fail; undefined where they succeed. */
  readonly failure: string | undefined
}
type Random = (below: number) => number
type Hazard = {
  readonly files?: Readonly<Record<string, string | Buffer>>
  readonly links?: Readonly<Record<string, string>>
  readonly verdicts?: Readonly<Record<string, Verdict | readonly Verdict[]>>
  readonly failure?: string
}

const HONEST = { path: 'honest/kept.ts', text: 'export const keptWhateverIsBeside = 1\n' }
const ATTRIBUTES = '.gitattributes'
const MAX_HAZARDS = 4
const repeat = (piece: string, times: number) => piece.repeat(times)
const BROKEN = { failure: 'REPO_BROKEN' }

const HAZARDS: Readonly<Record<string, (random: Random) => Hazard>> = {
  'open classes in rules': (random) => {
    const rule = `[${repeat(random(2) ? '\\a' : '!!', 30 + random(40))}\n`
    return { files: { '.gitattributes': rule, '.afterturnignore': rule, '.gitignore': rule } }
  },
  'stars in rules': (random) => ({
    files: {
      '.afterturnignore': `${repeat('*a', 10 + random(20))}b\n${repeat('**/', 5 + random(60))}x\n`,
      [`${repeat('a', 200)}.ts`]: 'export const longName = 1\n',
    },
    verdicts: { [`${repeat('a', 200)}.ts`]: 'read' },
  }),
  'spaces in a rule': (random) => ({
    files: { '.afterturnignore': `a${repeat(' ', 50_000 + random(150_000))}\nspaced.ts\n`, 'spaced.ts': 'let a = 1\n' },
    verdicts: { 'spaced.ts': 'ignored' },
  }),
  'a rule of 64 KB': () => ({ files: { '.afterturnignore': `${repeat('ab', 32_768)}\n` }, ...BROKEN }),
  'a rule file of 10 MB': () => ({ files: { '.afterturnignore': repeat('x\n', 5_000_000) }, ...BROKEN }),
  'too many rules': (random) => ({ files: { '.afterturnignore': repeat('x*y\n', 5_001 + random(40_000)) }, ...BROKEN }),
  'rules in UTF-16': () => ({
    files: { '.afterturnignore': Buffer.from('\ufeffsecret.ts\r\n', 'utf16le'), 'secret.ts': 'let secret = 1\n' },
    verdicts: { 'secret.ts': 'ignored' },
  }),
  'an unknown encoding': () => ({
    files: { '.gitattributes': '*.odd working-tree-encoding=KLINGON-8\n', 'a.odd': 'words of an odd file\n' },
  }),
  'names that are patterns': () => {
    const names = ['[a', '*', '?', '!b', '#c', '(shop)/[...slug]/page', '{x,y}', '+(a)', '-rf', '--help', ':(glob)a']
    const files = Object.fromEntries(names.map((name) => [`${name}.ts`, `export const named = ${name.length}\n`]))
    return { files, verdicts: Object.fromEntries(Object.keys(files).map((name) => [name, 'read'])) }
  },
  'names with line ends': () => ({
    files: { 'a\nb.ts': 'export const a = 1\n', 'c\td\u0007.ts': 'export const c = 1\n' },
    verdicts: { 'a\nb.ts': 'read' },
  }),
  'deep directories': (random) => {
    const deep = `${repeat('d/', 100 + random(900))}deep.ts`
    return { files: { [deep]: 'export const deep = 1\n' }, verdicts: { [deep]: 'read' } }
  },
  'links in a circle': () => ({
    links: { 'loop/self': '../loop', passwd: '/etc/passwd', zero: '/dev/zero', up: '../../..' },
    verdicts: { 'loop/self': 'symlink', passwd: 'symlink', zero: 'symlink', up: 'symlink' },
  }),
  'spaces in headings': (random) => ({
    files: { 'guide.md': `# Guide${repeat(' ', 2_000 + random(20_000))}x\n${repeat('# ', 5_000)}\n` },
    verdicts: { 'guide.md': 'read' },
  }),
  'nested brackets': (random) => ({
    files: { 'nested.ts': `const x = ${repeat('[', 1_000 + random(100_000))}\n`.replace(/\[{200}/g, '$&\n') },
    verdicts: { 'nested.ts': ['read', 'unparsable'] },
  }),
  'a tower of calls': (random) => {
    const depth = 500 + random(4_000)
    return {
      files: { 'tower.js': `${repeat('f(\n', depth)}1${repeat(')\n', depth)}` },
      verdicts: { 'tower.js': ['read', 'unparsable'] },
    }
  },
  'deep JSON': (random) => ({
    files: { 'deep.json': repeat('{"a":', 10_000 + random(100_000)) },
    verdicts: { 'deep.json': ['read', 'unparsable'] },
  }),
  'a notebook that is none': (random) => ({
    files: { 'a.ipynb': random(2) ? '{"cells": [' : `{"cells":[{"source":${repeat('[', 20_000)}`, 'b.ipynb': '[]' },
  }),
  'one line': (random) => ({
    files: { 'line.js': `var x="${repeat('y', 6_000 + random(1_000_000))}"` },
    verdicts: { 'line.js': ['minified', 'read'] },
  }),
  'a large file': () => ({
    files: { 'large.ts': repeat('let a = 1\n', 200_000) },
    verdicts: { 'large.ts': 'too_large' },
  }),
  'bytes at random': (random) => ({
    files: { 'noise.ts': Buffer.from(Array.from({ length: 5_000 }, () => random(256))) },
    verdicts: { 'noise.ts': ['binary', 'encoding', 'minified'] },
  }),
  'half characters': () => ({
    files: { 'half.py': Buffer.from('# caf\u00e9 \u{1f600}\n'.repeat(50)).subarray(0, -3) },
  }),
  'a long name of a symbol': (random) => ({
    files: { 'symbol.ts': `export function ${repeat('a', 1_000 + random(3_500))}() {\n  return 1\n}\n` },
  }),
  'many symbols': (random) => ({
    files: {
      'many.ts': Array.from({ length: 1_000 + random(4_000) }, (_, at) => `export const a${at} = ${at}\n`).join(''),
    },
    verdicts: { 'many.ts': 'read' },
  }),
  'a pointer of LFS': () => ({
    files: { 'p.ts': 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n' },
    verdicts: { 'p.ts': 'lfs_pointer' },
  }),
  'a chain of macros': (random) => {
    const length = 100 + random(4_000)
    const chain = Array.from({ length }, (_, at) => `[attr]m${at} m${at + 1}\n`).join('')
    return {
      files: { '.gitattributes': `*.lie m0\n${chain}[attr]m${length} linguist-generated\n`, 'a.lie': 'words\n' },
      verdicts: { 'a.lie': 'generated' },
    }
  },
  'a hundred thousand marks': () => ({
    files: { '.gitattributes': '*.ts linguist-generated\n'.repeat(100_000), 'marked.ts': 'let marked = 1\n' },
    verdicts: { 'marked.ts': 'read' },
  }),
  'marks that lie': () => ({
    files: {
      '.gitattributes': '*.ts linguist-generated=false\n*.lie linguist-generated\n[attr]x x x\n* x\n',
      'a.lie': 'words that a mark leaves out\n',
    },
    verdicts: { 'a.lie': 'generated' },
  }),
}

/** Lays one out, with its honest file, as a commit that its working tree equals. */
export function createHostileRepo(path: string, random: Random): HostileRepo {
  rmSync(path, { recursive: true, force: true })
  mkdirSync(path, { recursive: true })
  const names = Object.keys(HAZARDS)
  const hazards = [
    ...new Set(Array.from({ length: 1 + random(MAX_HAZARDS) }, () => names[random(names.length)] as string)),
  ]
  const files = new Map<string, string | Buffer>([[HONEST.path, HONEST.text]])
  const verdicts = new Map<string, readonly Verdict[]>([[HONEST.path, ['read']]])
  const used: string[] = []
  let failure: string | undefined
  for (const name of hazards) {
    const hazard = HAZARDS[name]?.(random) ?? {}
    // Two that want one file would make each other harmless.
    if (Object.keys(hazard.files ?? {}).some((file) => files.has(file))) continue
    used.push(name)
    for (const [file, text] of Object.entries(hazard.files ?? {})) files.set(file, text)
    for (const [file, verdict] of Object.entries(hazard.verdicts ?? {}))
      verdicts.set(file, [verdict].flat() as Verdict[])
    for (const [link, target] of Object.entries(hazard.links ?? {})) {
      mkdirSync(dirname(join(path, link)), { recursive: true })
      symlinkSync(target, join(path, link))
    }
    failure ??= hazard.failure
  }
  const write = (file: string, text: string | Buffer) => {
    mkdirSync(dirname(join(path, file)), { recursive: true })
    writeFileSync(join(path, file), text)
  }
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', path, '-c', 'user.name=A', '-c', 'user.email=a@example.org', ...args], {
      env: { PATH: process.env.PATH, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' },
      stdio: ['ignore', 'ignore', 'ignore'],
    })
  git('init', '--quiet', '--initial-branch=main')
  // Git would follow the attributes, and refuse what it cannot.
  for (const [file, text] of files) if (file !== ATTRIBUTES) write(file, text)
  git('add', '--all', '--force')
  const attributes = files.get(ATTRIBUTES)
  if (attributes !== undefined) {
    write(ATTRIBUTES, attributes)
    git('add', '--force', ATTRIBUTES)
  }
  git('commit', '--quiet', '--message=hostile')
  return { path, hazards: used, verdicts, failure }
}
