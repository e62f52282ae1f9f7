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
  const pattern = (isAnchored ? parts : [ANY_DEPTH, ...parts]).map((part) =>
    part !== ANY_DEPTH && /[*?[\\]/.test(part) ? tokensOf(part) : part,
  )
  return { isNegated, isForDirectories, matches: (segments) => matchesAll(pattern, segments) }
}

const ESCAPES: Readonly<Record<string, string>> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' }

/** The first word of a line and the rest; one in quotes is written as in C. */
export function splitQuoted(line: string): [first: string, rest: string] {
  const [, quoted, rest = ''] = /^"((?:[^"\\]|\\.)*)"(.*)$/.exec(line) ?? []
  if (quoted === undefined) return [/^\S*/.exec(line)?.[0] ?? '', line.replace(/^\S*\s*/, '')]
  // Octal escapes are bytes of UTF-8.
  const bytes = Buffer.from(quoted)
    .toString('latin1')
    .replace(/\\([0-7]{3}|.)/g, (_, escaped: string) =>
      escaped.length === 3 ? String.fromCharCode(Number.parseInt(escaped, 8) & 0xff) : (ESCAPES[escaped] ?? escaped),
    )
  return [Buffer.from(bytes, 'latin1').toString('utf8'), rest.trim()]
}

/** On a mismatch only the last `**` can still take more, so that there is one way to go on. */
function matchesAll(pattern: readonly (string | readonly Token[])[], segments: readonly string[]): boolean {
  return matchGreedy(pattern.length, segments.length, {
    isStar: (p) => pattern[p] === ANY_DEPTH,
    // At the end `dir/**` stands for what is in it, not for the directory.
    starTakes: (p) => (p === pattern.length - 1 ? 1 : 0),
    fits: (p, s) => matchesSegment(pattern[p] as string | readonly Token[], segments[s] as string),
  })
}

function matchesSegment(tokens: string | readonly Token[], text: string): boolean {
  if (typeof tokens === 'string') return tokens === text
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
