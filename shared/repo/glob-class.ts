/** Owns `[...]` of path patterns as git reads it: ranges, escapes, `[:alpha:]`, and `!` or `^` for what is not in it. In linear time. */

export type CharacterTest = (character: string) => boolean

const isUpper: CharacterTest = (one) => one >= 'A' && one <= 'Z'
const NAMED: ReadonlyMap<string, CharacterTest> = new Map<string, CharacterTest>([
  ['alnum', (one) => /[0-9A-Za-z]/.test(one)],
  ['alpha', (one) => /[A-Za-z]/.test(one)],
  ['blank', (one) => one === ' ' || one === '\t'],
  ['cntrl', (one) => one < ' ' || one === '\x7f'],
  ['digit', (one) => one >= '0' && one <= '9'],
  ['graph', (one) => one > ' ' && one < '\x7f'],
  ['lower', (one) => one >= 'a' && one <= 'z'],
  ['print', (one) => one >= ' ' && one < '\x7f'],
  ['punct', (one) => /[!-/:-@[-`{-~]/.test(one)],
  ['space', (one) => one === ' ' || (one >= '\t' && one <= '\r')],
  ['upper', isUpper],
  ['xdigit', (one) => /[0-9A-Fa-f]/.test(one)],
])

/**
 * The class that begins at a `[`, and where its `]` stands; undefined when it has no end or a name that nobody knows.
 * @param isCaseFolded whether it is for names in lower case; then a range and `[:upper:]` have both cases, and a single capital nothing, as in git
 */
export function readClass(
  pattern: string,
  from: number,
  isCaseFolded: boolean,
): { test: CharacterTest; end: number } | undefined {
  const isNegated = pattern[from + 1] === '!' || pattern[from + 1] === '^'
  const single = new Set<string>()
  const ranges: (readonly [string, string])[] = []
  const named: CharacterTest[] = []
  /** What a `-` would make the beginning of a range. */
  let before = ''
  let closing = -1
  const first = from + (isNegated ? 2 : 1)
  for (let at = first; at < pattern.length; at++) {
    const character = pattern[at] as string
    // As the first it is a member.
    if (character === ']' && at > first) {
      const isInRange: CharacterTest = (one) => ranges.some(([low, high]) => low <= one && one <= high)
      const isMember: CharacterTest = (one) =>
        single.has(one) ||
        isInRange(one) ||
        named.some((test) => test(one)) ||
        (isCaseFolded && one >= 'a' && one <= 'z' && (isInRange(one.toUpperCase()) || named.includes(isUpper)))
      return { test: (one) => isMember(one) !== isNegated, end: at }
    }
    if (character === '-' && before !== '' && at + 1 < pattern.length && pattern[at + 1] !== ']') {
      at += pattern[at + 1] === '\\' ? 2 : 1
      if (at >= pattern.length) return undefined
      ranges.push([before, pattern[at] as string])
      before = ''
    } else if (character === '[' && pattern[at + 1] === ':') {
      // Looked for once, however many of them come before it.
      if (closing < at + 2) closing = pattern.indexOf(']', at + 2)
      if (closing < 0) return undefined
      const end = closing
      if (end - 1 > at + 1 && pattern[end - 1] === ':') {
        const test = NAMED.get(pattern.slice(at + 2, end - 1))
        if (test === undefined) return undefined
        named.push(test)
        before = ''
        at = end
      } else {
        single.add('[')
        before = '['
      }
    } else {
      if (character === '\\') at += 1
      if (at >= pattern.length) return undefined
      before = pattern[at] as string
      single.add(before)
    }
  }
  return undefined
}
