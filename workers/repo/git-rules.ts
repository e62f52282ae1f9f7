import { createHash } from 'node:crypto'
import { type GitPattern, parseGitPattern } from './git-pattern.ts'

/** Owns what a repository's own files say of others: `.gitattributes` of what is vendored, generated or binary, ignore files of what to leave out. */

export type GitRules = {
  /** Whether an ignore file leaves it, or a directory above it, out. */
  isIgnored(path: string): boolean
  /** The same of a directory, without looking above it. */
  isDirectoryIgnored(path: string): boolean
  /** What `.gitattributes` set: true, false for an unset one, undefined where nothing is said. */
  attributesOf(path: string): MarkedAs
  /** Changes when any of them does. */
  readonly fingerprint: Buffer
}

export type MarkedAs = { readonly vendored?: boolean; readonly generated?: boolean; readonly binary?: boolean }

/** A file that holds rules, for the directory in which it lies. */
export type RuleFile = { readonly path: string; readonly kind: 'attributes' | 'ignore'; readonly text: string }

/** Beyond these a file is no list of rules that somebody wrote. */
const MAX_RULES = 5_000
const MAX_LINE_LENGTH = 1_000

const MARKS = { 'linguist-vendored': 'vendored', 'linguist-generated': 'generated', binary: 'binary' } as const

type Rule = { readonly depth: number; readonly directory: readonly string[]; readonly pattern: GitPattern }
type AttributeRule = Rule & { readonly marks: MarkedAs }

/** Joins rule files; those of deeper directories decide over those above them. */
export function createGitRules(files: readonly RuleFile[]): GitRules {
  const sorted = files
    .map((file) => ({ ...file, directory: segmentsOf(file.path).slice(0, -1) }))
    .sort((a, b) => a.directory.length - b.directory.length || (a.path < b.path ? -1 : 1))
  const linesOf = (kind: RuleFile['kind']) =>
    sorted
      .filter((file) => file.kind === kind)
      .flatMap(({ text, directory }) =>
        text
          .split('\n')
          .filter((line) => line.length <= MAX_LINE_LENGTH)
          .map((line) => ({ line, directory })),
      )
      .slice(0, MAX_RULES)
  const ignores = linesOf('ignore').flatMap(({ line, directory }) => {
    const pattern = parseGitPattern(line)
    return pattern ? [{ pattern, directory, depth: directory.length }] : []
  })
  const attributes = linesOf('attributes').flatMap(({ line, directory }) => attributeRule(line, directory))
  const hash = createHash('sha256')
  for (const { path, kind, text } of sorted) hash.update(JSON.stringify([path, kind, text]))

  const decide = (segments: readonly string[], isDirectory: boolean): boolean => {
    let isIgnored = false
    for (const rule of ignores) {
      if (rule.pattern.isForDirectories && !isDirectory) continue
      if (rule.pattern.isNegated === isIgnored && applies(rule, segments)) isIgnored = !rule.pattern.isNegated
    }
    return isIgnored
  }
  const directories = new Map<string, boolean>()
  const isInIgnored = (segments: readonly string[]): boolean => {
    if (segments.length === 0) return false
    const key = segments.join('/')
    const known = directories.get(key)
    if (known !== undefined) return known
    const isIgnored = isInIgnored(segments.slice(0, -1)) || decide(segments, true)
    directories.set(key, isIgnored)
    return isIgnored
  }
  return {
    isIgnored(path) {
      if (ignores.length === 0) return false
      const segments = segmentsOf(path)
      return isInIgnored(segments.slice(0, -1)) || decide(segments, false)
    },
    isDirectoryIgnored: (path) => ignores.length > 0 && decide(segmentsOf(path), true),
    attributesOf(path) {
      if (attributes.length === 0) return {}
      const segments = segmentsOf(path)
      return Object.assign({}, ...attributes.filter((rule) => applies(rule, segments)).map(({ marks }) => marks))
    },
    fingerprint: hash.digest(),
  }
}

function applies({ directory, depth, pattern }: Rule, segments: readonly string[]): boolean {
  for (let at = 0; at < depth; at += 1) if (directory[at] !== segments[at]) return false
  return segments.length > depth && pattern.matches(depth === 0 ? segments : segments.slice(depth))
}

function attributeRule(line: string, directory: readonly string[]): AttributeRule[] {
  const [first = '', ...words] = line.trim().split(/\s+/)
  const pattern = first.startsWith('!') ? undefined : parseGitPattern(first)
  // `dir/` matches no file there.
  if (!pattern || pattern.isForDirectories) return []
  const marks: { -readonly [Mark in keyof MarkedAs]: boolean } = {}
  for (const word of words) {
    const [, sign, name = '', value] = /^([-!]?)([^=]+)(?:=(.*))?$/.exec(word) ?? []
    if (Object.hasOwn(MARKS, name)) marks[MARKS[name as keyof typeof MARKS]] = sign === '' && value !== 'false'
  }
  return Object.keys(marks).length > 0 ? [{ pattern, directory, depth: directory.length, marks }] : []
}

function segmentsOf(path: string): string[] {
  return path.split('/')
}
