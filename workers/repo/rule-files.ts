import { AfterturnError } from '../../shared/errors.ts'
import { type GitPattern, parseGitPattern, splitQuoted } from './git/git-pattern.ts'

/**
 * Owns how the files that hold rules are read: their encodings, line ends and lines. Guarantees: linear in the size of the file; an ignore file
 * that cannot be followed is refused by name, since what it leaves out may be private.
 */

/** A file that holds rules, for the directory in which it lies; `text` is null when it is too large or cannot be read. */
export type RuleFile = {
  readonly path: string
  readonly kind: 'attributes' | 'gitignore' | 'afterturnignore'
  readonly text: string | null
}

/** What is said of a file: true, false for an unset attribute, undefined where nothing is said. */
export type MarkedAs = {
  vendored?: boolean | undefined
  generated?: boolean | undefined
  binary?: boolean | undefined
}

export type AttributeRule = { readonly pattern: GitPattern; readonly marks: MarkedAs }

/** A larger file is no list of rules that somebody wrote. */
export const MAX_RULE_FILE_BYTES = 256 * 1_024
const MAX_RULES_PER_FILE = 5_000
/** No path is longer. */
const MAX_RULE_CHARS = 4_096
const BYTE_ORDER_MARK = /^\ufeff/

const MARKS = { 'linguist-vendored': 'vendored', 'linguist-generated': 'generated', binary: 'binary' } as const

/**
 * The patterns of an ignore file, in their order.
 * @throws REPO_BROKEN
 */
export function ignorePatternsOf(file: RuleFile): GitPattern[] {
  const lines =
    file.text === null ? [] : linesOf(file.text).filter((line) => line.trim() !== '' && !line.startsWith('#'))
  if (file.text === null || lines.length > MAX_RULES_PER_FILE)
    throw unfollowed(file, `at most ${MAX_RULES_PER_FILE} rules in ${MAX_RULE_FILE_BYTES} bytes that can be read`)
  return lines.flatMap((line) => {
    const pattern = parseGitPattern(line)
    if (line.trimEnd().length > MAX_RULE_CHARS) throw unfollowed(file, `rules of at most ${MAX_RULE_CHARS} characters`)
    return pattern ? [pattern] : []
  })
}

/** The rules of an attributes file, in their order. Lines that git would not read are left out. */
export function attributeRulesOf({ text }: RuleFile): AttributeRule[] {
  if (text === null) return []
  const lines = linesOf(text).filter((line) => line.length <= MAX_RULE_CHARS)
  return lines.slice(0, MAX_RULES_PER_FILE).flatMap((line) => attributeRuleOf(line.trim()))
}

function attributeRuleOf(line: string): AttributeRule[] {
  if (line === '' || line.startsWith('#')) return []
  const [first, rest] = splitQuoted(line)
  const pattern = first.startsWith('!') ? undefined : parseGitPattern(first)
  // `dir/` matches no file there.
  if (!pattern || pattern.isForDirectories) return []
  const marks: MarkedAs = {}
  for (const word of rest.split(/\s+/)) {
    const sign = /^[-!]/.exec(word)?.[0] ?? ''
    const [name = '', value] = word.slice(sign.length).split('=', 2)
    if (!Object.hasOwn(MARKS, name)) continue
    // `!mark` takes back what was said.
    marks[MARKS[name as keyof typeof MARKS]] = sign === '!' ? undefined : sign === '' && value !== 'false'
  }
  return Object.keys(marks).length > 0 ? [{ pattern, marks }] : []
}

function linesOf(text: string): string[] {
  return text.replace(BYTE_ORDER_MARK, '').split('\n')
}

function unfollowed({ path }: RuleFile, expected: string): AfterturnError {
  return new AfterturnError('REPO_BROKEN', `The ignore file ${JSON.stringify(path)}: expected ${expected}.`)
}
