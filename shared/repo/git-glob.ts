import { type CharacterTest, readClass } from './glob-class.ts'

/**
 * Owns what a path pattern means, as git's wildmatch reads it: `*` and `?` inside a name, `[...]`, `**` over directories.
 * Guarantees: a match takes at most the length of the pattern times that of the path, whoever wrote either; no part becomes a regular expression.
 */

/** Matches the names of a path, from the directory to which the pattern belongs. */
export type Glob = (names: readonly string[]) => boolean

export type GlobPart = string | readonly GlobToken[] | AnyDepth
type GlobToken = '*' | '?' | { readonly letter: string } | CharacterTest
/** `**`: directories, this many at least. */
type AnyDepth = { readonly atLeast: 0 | 1 }

const STAR = '*'

/**
 * The parts of a pattern between its slashes; undefined for one that matches nothing, as with `[` that is never closed.
 * A pattern of names without a slash is the caller's to put below any directory.
 * @param isCaseFolded whether it is for names in lower case
 */
export function globPartsOf(pattern: string, isCaseFolded = false): GlobPart[] | undefined {
  const tokens = tokensOf(pattern, isCaseFolded)
  if (tokens === undefined) return undefined
  const parts: GlobToken[][] = [[]]
  const escapedAfter = new Set<number>()
  for (const { token, isEscaped } of tokens) {
    if (!isLetter(token) || token.letter !== '/') parts.at(-1)?.push(token)
    else {
      if (isEscaped) escapedAfter.add(parts.length - 1)
      parts.push([])
    }
  }
  return parts.map((part, at) => {
    // `**\/` stands for one directory at least, and so does what ends the pattern.
    const isLast = at === parts.length - 1
    if (isAnyDepth(part)) return { atLeast: isLast || escapedAfter.has(at) ? 1 : 0 }
    return part.every(isLetter) ? part.map(({ letter }) => letter).join('') : part
  })
}

/** One name's pattern, in which a slash has no meaning; undefined where it matches nothing. */
export function globPartOf(name: string): string | readonly GlobToken[] | undefined {
  const tokens = tokensOf(name)?.map(({ token }) => token)
  return tokens?.every(isLetter) ? tokens.map(({ letter }) => letter).join('') : tokens
}

/** In lower case as git has it: of ASCII only. */
export function asciiLower(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

/** Any directories, none included. */
export const ANY_DIRECTORIES: GlobPart = { atLeast: 0 }
/** All that lies below, at any depth. */
export const ALL_BELOW: GlobPart = { atLeast: 1 }

/** @param fitsAlso what a part matches beside what it says */
export function createGlob(parts: readonly GlobPart[], fitsAlso?: (at: number, name: string) => boolean): Glob {
  const depths = parts.map((part) => (typeof part === 'object' && 'atLeast' in part ? part.atLeast : undefined))
  return (names) =>
    matchGreedy(parts.length, names.length, {
      isStar: (p) => depths[p] !== undefined,
      starTakes: (p) => depths[p] ?? 0,
      fits: (p, n) => {
        const name = names[n] as string
        return matchesName(parts[p] as string | readonly GlobToken[], name) || fitsAlso?.(p, name) === true
      },
    })
}

/** Whether a name is what one part of a pattern says. */
function matchesName(part: string | readonly GlobToken[], name: string): boolean {
  if (typeof part === 'string') return part === name
  return matchGreedy(part.length, name.length, {
    isStar: (p) => part[p] === STAR,
    starTakes: () => 0,
    fits: (p, n) => {
      const token = part[p] as Exclude<GlobToken, '*'>
      if (token === '?') return true
      return isLetter(token) ? token.letter === name[n] : token(name[n] as string)
    },
  })
}

type Greedy = {
  isStar(p: number): boolean
  /** The least that a star takes. */
  starTakes(p: number): number
  fits(p: number, n: number): boolean
}

/** On a mismatch only the last star can still take more, so that there is one way to go on. */
function matchGreedy(patternLength: number, length: number, { isStar, starTakes, fits }: Greedy): boolean {
  let p = 0
  let n = 0
  let starAt = -1
  let starEnd = 0
  while (n < length || (p < patternLength && isStar(p))) {
    if (p < patternLength && isStar(p)) {
      starAt = p
      starEnd = n + starTakes(p)
      if (starEnd > length) return false
      n = starEnd
      p += 1
    } else if (p < patternLength && fits(p, n)) {
      p += 1
      n += 1
    } else if (starAt >= 0 && starEnd < length) {
      starEnd += 1
      n = starEnd
      p = starAt + 1
    } else return false
  }
  return p === patternLength
}

type ReadToken = { readonly token: GlobToken; readonly isEscaped: boolean }

/** Undefined where a class or an escape has no end: git lets such a pattern match nothing. */
function tokensOf(pattern: string, isCaseFolded = false): ReadToken[] | undefined {
  const tokens: ReadToken[] = []
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at] as string
    if (character === '[') {
      const found = readClass(pattern, at, isCaseFolded)
      if (found === undefined) return undefined
      tokens.push({ token: found.test, isEscaped: false })
      at = found.end
    } else if (character === '\\') {
      at += 1
      if (at === pattern.length) return undefined
      tokens.push({ token: { letter: pattern[at] as string }, isEscaped: true })
    } else if (character === STAR || character === '?') tokens.push({ token: character, isEscaped: false })
    // Git folds a letter of the pattern unless it is escaped: `\A` then matches nothing.
    else tokens.push({ token: { letter: isCaseFolded ? asciiLower(character) : character }, isEscaped: false })
  }
  return tokens
}

function isLetter(token: GlobToken): token is { readonly letter: string } {
  return typeof token === 'object'
}

function isAnyDepth(part: readonly GlobToken[]): boolean {
  return part.length > 1 && part.every((token) => token === STAR)
}
