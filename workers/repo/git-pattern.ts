/**
 * Owns the patterns of .gitignore and .gitattributes files. Guarantees: linear in the length of the path for each star of the pattern, whoever
 * wrote it: a regular expression with a dozen stars would stand still on a long path.
 */

export type GitPattern = {
  /** Begins with `!`: what it matches is let in again. */
  readonly isNegated: boolean
  readonly isForDirectories: boolean
  /** `segments` are those of a path, relative to the directory of the pattern's file. */
  matches(segments: readonly string[]): boolean
}

const ANY_DEPTH = '**'

/** Reads one pattern; undefined for an empty line or a comment. */
export function parseGitPattern(line: string): GitPattern | undefined {
  let text = line.replace(/\r$/, '').replace(/(?<!\\)\s+$/, '')
  if (text === '' || text.startsWith('#')) return undefined
  const isNegated = text.startsWith('!')
  if (isNegated) text = text.slice(1)
  const isForDirectories = text.endsWith('/')
  if (isForDirectories) text = text.slice(0, -1)
  if (text === '') return undefined
  // Without a slash it stands for a name at any depth.
  const isAnchored = text.includes('/')
  const parts = text.replace(/^\//, '').split('/')
  const pattern = isAnchored ? parts : [ANY_DEPTH, ...parts]
  return { isNegated, isForDirectories, matches: (segments) => matchesAll(pattern, segments) }
}

/** On a mismatch only the last `**` can still take more, so that there is one way to go on. */
function matchesAll(pattern: readonly string[], segments: readonly string[]): boolean {
  return matchGreedy(pattern.length, segments.length, {
    isStar: (p) => pattern[p] === ANY_DEPTH,
    // At the end `dir/**` stands for what is in it, not for the directory.
    starTakes: (p) => (p === pattern.length - 1 ? 1 : 0),
    fits: (p, s) => matchesSegment(pattern[p] as string, segments[s] as string),
  })
}

function matchesSegment(pattern: string, text: string): boolean {
  if (!/[*?[\\]/.test(pattern)) return pattern === text
  const tokens = tokensOf(pattern)
  return matchGreedy(tokens.length, text.length, {
    isStar: (p) => tokens[p] === '*',
    starTakes: () => 0,
    fits: (p, s) => {
      const token = tokens[p]
      return typeof token === 'function' ? token(text[s] as string) : false
    },
  })
}

type Greedy = {
  isStar(p: number): boolean
  /** The least that a star takes. */
  starTakes(p: number): number
  fits(p: number, s: number): boolean
}

function matchGreedy(patternLength: number, length: number, { isStar, starTakes, fits }: Greedy): boolean {
  let p = 0
  let s = 0
  let starAt = -1
  let starEnd = 0
  while (s < length || (p < patternLength && isStar(p))) {
    if (p < patternLength && isStar(p)) {
      starAt = p
      starEnd = s + starTakes(p)
      if (starEnd > length) return false
      s = starEnd
      p += 1
    } else if (p < patternLength && fits(p, s)) {
      p += 1
      s += 1
    } else if (starAt >= 0 && starEnd < length) {
      starEnd += 1
      s = starEnd
      p = starAt + 1
    } else return false
  }
  return p === patternLength
}

type Token = '*' | ((character: string) => boolean)

function tokensOf(pattern: string): Token[] {
  const tokens: Token[] = []
  for (const [token] of pattern.matchAll(/\\.|\[(?:\\.|[!^]?\]?[^\]])*\]|[\s\S]/g)) {
    if (token === '*') {
      if (tokens.at(-1) !== '*') tokens.push('*')
    } else if (token === '?') tokens.push(() => true)
    else if (token.length > 2 && token.startsWith('[')) tokens.push(characterClass(token))
    else {
      const literal = token.length === 2 && token.startsWith('\\') ? token.slice(1) : token
      tokens.push((character) => character === literal)
    }
  }
  return tokens
}

function characterClass(token: string): (character: string) => boolean {
  const isNegated = /^\[[!^]/.test(token)
  const members = token.slice(isNegated ? 2 : 1, -1)
  const ranges: (readonly [string, string])[] = []
  for (const [, from = '', to] of members.matchAll(/\\?([\s\S])(?:-([^\]]))?/g)) ranges.push([from, to ?? from])
  return (character) => ranges.some(([from, to]) => from <= character && character <= to) !== isNegated
}
