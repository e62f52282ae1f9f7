import {
  ANY_DIRECTORIES,
  asciiLower,
  createGlob,
  type Glob,
  type GlobPart,
  globPartsOf,
} from '../../../shared/repo/git-glob.ts'

/**
 * Owns the patterns of .gitignore and .gitattributes files: what of a line is one, and which paths that stands for. Guarantees: read and
 * matched in linear time, whoever wrote it.
 */

export type GitPattern = {
  /** Begins with `!`: what it matches is let in again. */
  readonly isNegated: boolean
  readonly isForDirectories: boolean
  /** Takes the names of a path, relative to the directory of the pattern's file. */
  readonly matches: Glob
}

/**
 * Reads one pattern; undefined for what matches nothing.
 * @param isCaseFolded whether it is for names in lower case
 */
export function parseGitPattern(pattern: string, isCaseFolded = false): GitPattern | undefined {
  let text = asBytes(pattern)
  const isNegated = text.startsWith('!')
  if (isNegated) text = text.slice(1)
  const isForDirectories = text.endsWith('/')
  if (isForDirectories) text = text.slice(0, -1)
  if (text === '') return undefined
  // Without a slash it stands for a name at any depth.
  const isAnchored = text.includes('/')
  if (text.startsWith('/')) text = text.slice(1)
  const parts = globPartsOf(text, isCaseFolded)
  if (parts === undefined) return undefined
  return { isNegated, isForDirectories, matches: isAnchored ? pathGlob(text, parts, isCaseFolded) : nameGlob(parts) }
}

/** Git compares what stands before the first wildcard by itself, so that `**` right behind it means what it means at the beginning: `a**\/b` is `ab` too. */
function pathGlob(pattern: string, parts: readonly GlobPart[], isCaseFolded: boolean): Glob {
  const prefix = /^[^*?[\\]*/.exec(pattern)?.[0] ?? ''
  const rest = pattern.slice(prefix.length)
  const isApart = prefix !== '' && !prefix.endsWith('/') && rest.startsWith('**')
  const restParts = isApart ? globPartsOf(rest, isCaseFolded) : undefined
  if (restParts === undefined) return createGlob(parts)
  const matchesRest = createGlob(restParts)
  const beginning = isCaseFolded ? asciiLower(prefix) : prefix
  return (names) => {
    const path = names.join('/')
    return path.startsWith(beginning) && matchesRest(path.slice(prefix.length).split('/'))
  }
}

/** A pattern of one name. `**` says no more there than `*` does. */
function nameGlob(parts: readonly GlobPart[]): Glob {
  const [part] = parts
  if (typeof part === 'object' && 'atLeast' in part) return (names) => names.length > 0
  return createGlob([ANY_DIRECTORIES, ...parts])
}

const NOT_ASCII = /[^ -~]/

/** Git compares bytes: a `?` is one of them. */
export function asBytes(text: string): string {
  return NOT_ASCII.test(text) ? Buffer.from(text).toString('latin1') : text
}

/** Ignore files: spaces at the end of a line count only behind a backslash. */
export function withoutTrailingSpaces(line: string): string {
  let end = 0
  for (let at = 0; at < line.length; at++) {
    if (line[at] === '\\') at += 1
    else if (line[at] === ' ') continue
    end = at + 1
  }
  return line.slice(0, end)
}

const ESCAPES: Readonly<Record<string, string>> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' }

/** The first word of a line and the rest; one in quotes is written as in C. */
export function splitQuoted(line: string): [first: string, rest: string] {
  const [, quoted, rest = ''] = /^"((?:[^"\\]|\\.)*)"(.*)$/.exec(line) ?? []
  if (quoted === undefined) {
    const first = /^\S*/.exec(line)?.[0] ?? ''
    return [first, line.slice(first.length).trimStart()]
  }
  // Octal escapes are bytes of UTF-8.
  const bytes = Buffer.from(quoted)
    .toString('latin1')
    .replace(/\\([0-7]{3}|.)/g, (_, escaped: string) =>
      escaped.length === 3 ? String.fromCharCode(Number.parseInt(escaped, 8) & 0xff) : (ESCAPES[escaped] ?? escaped),
    )
  return [Buffer.from(bytes, 'latin1').toString('utf8'), rest.trim()]
}
