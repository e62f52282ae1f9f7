import { AfterturnError } from '../../../shared/errors.ts'
import { type AttributeWord, attributeWordsOf, type Macros } from './attribute-marks.ts'
import { type GitPattern, parseGitPattern, splitQuoted, withoutTrailingSpaces } from './git-pattern.ts'

/**
 * Owns how the files that hold rules are read: their encodings, line ends and lines. Guarantees: linear in the size of the file; an ignore file
 * that cannot be followed is refused by name, since what it leaves out may be private.
 */

/** A file that holds rules, for the directory in which it lies; `text` is null when it is too large or cannot be read. */
export type RuleFile = {
  readonly path: string
  /** Where people find it, if it lies elsewhere than in the directory for which it is. @default path */
  readonly shownPath?: string
  /** Strong attributes decide over those of all directories. */
  readonly kind: 'attributes' | 'strong-attributes' | 'gitignore' | 'afterturnignore'
  readonly text: string | null
}

export type AttributeRule = { readonly pattern: GitPattern; readonly words: readonly AttributeWord[] }

/** The names of the files that hold rules, in the order in which they are read. */
export const RULE_FILES = {
  '.gitattributes': 'attributes',
  '.gitignore': 'gitignore',
  '.afterturnignore': 'afterturnignore',
} as const

/** A larger file is no list of rules that somebody wrote. */
export const MAX_RULE_FILE_BYTES = 256 * 1_024
const MAX_RULES_PER_FILE = 5_000
/** No path is longer. */
const MAX_RULE_CHARS = 4_096
const BYTE_ORDER_MARK = '\ufeff'
const UTF_16 = new TextDecoder('utf-16le')
const UTF_16_BE = new TextDecoder('utf-16be')
const MACRO = '[attr]'

/** The text of a file that holds rules; null for one that is neither UTF-8 nor UTF-16. */
export function decodeRules(content: Buffer): string | null {
  if (content[0] === 0xff && content[1] === 0xfe) return UTF_16.decode(content)
  if (content[0] === 0xfe && content[1] === 0xff) return UTF_16_BE.decode(content)
  if (!content.includes(0)) return content.toString('utf8')
  const zeros = [0, 0]
  for (const [at, byte] of content.entries()) if (byte === 0) zeros[at % 2] = (zeros[at % 2] as number) + 1
  if (content.length % 2 === 1 || zeros.every((count) => count > 0)) return null
  return (zeros[0] === 0 ? UTF_16 : UTF_16_BE).decode(content)
}

/**
 * The patterns of an ignore file, in their order.
 * @throws REPO_BROKEN
 */
export function ignorePatternsOf(file: RuleFile, isCaseFolded = false): GitPattern[] {
  const lines =
    file.text === null ? [] : linesOf(file.text).filter((line) => line.trim() !== '' && !line.startsWith('#'))
  if (file.text === null || lines.length > MAX_RULES_PER_FILE)
    throw unfollowed(file, `at most ${MAX_RULES_PER_FILE} rules in ${MAX_RULE_FILE_BYTES} bytes of UTF-8 or UTF-16`)
  return lines.flatMap((line) => {
    if (line.trimEnd().length > MAX_RULE_CHARS) throw unfollowed(file, `rules of at most ${MAX_RULE_CHARS} characters`)
    const pattern = parseGitPattern(withoutTrailingSpaces(line.endsWith('\r') ? line.slice(0, -1) : line), isCaseFolded)
    return pattern ? [pattern] : []
  })
}

/** The rules of an attributes file, in their order; macros that it defines are added, if it lies at the top. Lines that git would not read are left out. */
export function attributeRulesOf({ path, text }: RuleFile, macros: Macros, isCaseFolded = false): AttributeRule[] {
  if (text === null) return []
  const lines = linesOf(text).filter((line) => line.length <= MAX_RULE_CHARS)
  return lines.slice(0, MAX_RULES_PER_FILE).flatMap((given) => {
    const line = given.trim()
    if (line === '' || line.startsWith('#')) return []
    const [first, rest] = splitQuoted(line)
    const words = attributeWordsOf(rest)
    if (first.startsWith(MACRO) && first !== MACRO) {
      if (!path.includes('/')) macros.set(first.slice(MACRO.length), words)
      return []
    }
    const pattern = first.startsWith('!') ? undefined : parseGitPattern(first, isCaseFolded)
    // `dir/` matches no file there.
    return pattern && !pattern.isForDirectories ? [{ pattern, words }] : []
  })
}

/** Old Macs ended a line by CR alone. */
function linesOf(text: string): string[] {
  const marked = text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text
  return marked.split(marked.includes('\n') ? '\n' : '\r')
}

function unfollowed({ path, shownPath = path }: RuleFile, expected: string): AfterturnError {
  return new AfterturnError('REPO_BROKEN', `The ignore file ${JSON.stringify(shownPath)}: expected ${expected}.`)
}
