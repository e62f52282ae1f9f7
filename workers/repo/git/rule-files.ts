import { AfterturnError } from '../../../shared/errors.ts'
import { type GitPattern, parseGitPattern, splitQuoted } from './git-pattern.ts'

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
  text?: boolean | 'auto' | undefined
  eol?: string | undefined
  /** As git's name for it: what the file has in a working tree, while its blob is UTF-8. */
  encoding?: string | undefined
  /** `$Id$` is filled in when git checks it out. */
  ident?: boolean | undefined
  /** As Linguist calls it. */
  language?: string | undefined
}

export type AttributeRule = { readonly pattern: GitPattern; readonly marks: MarkedAs }

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
const MACRO = '[attr]'

const FLAGS = { 'linguist-vendored': 'vendored', 'linguist-generated': 'generated', binary: 'binary' } as const
const NO_FOLD = (text: string) => text

/** The text of a file that holds rules; null for one that is neither UTF-8 nor UTF-16. */
export function decodeRules(content: Buffer): string | null {
  if (content[0] === 0xff && content[1] === 0xfe) return content.toString('utf16le')
  if (content[0] === 0xfe && content[1] === 0xff) return bigEndian(content)
  if (!content.includes(0)) return content.toString('utf8')
  const zeros = [0, 0]
  for (const [at, byte] of content.entries()) if (byte === 0) zeros[at % 2] = (zeros[at % 2] as number) + 1
  if (content.length % 2 === 1 || zeros.every((count) => count > 0)) return null
  return zeros[0] === 0 ? content.toString('utf16le') : bigEndian(content)
}

function bigEndian(content: Buffer): string {
  return Buffer.from(content.subarray(0, content.length & ~1))
    .swap16()
    .toString('utf16le')
}

/**
 * The patterns of an ignore file, in their order.
 * @param fold what is done to a pattern before it is read, as lowering its case
 * @throws REPO_BROKEN
 */
export function ignorePatternsOf(file: RuleFile, fold = NO_FOLD): GitPattern[] {
  const lines =
    file.text === null ? [] : linesOf(file.text).filter((line) => line.trim() !== '' && !line.startsWith('#'))
  if (file.text === null || lines.length > MAX_RULES_PER_FILE)
    throw unfollowed(file, `at most ${MAX_RULES_PER_FILE} rules in ${MAX_RULE_FILE_BYTES} bytes of UTF-8 or UTF-16`)
  return lines.flatMap((line) => {
    if (line.trimEnd().length > MAX_RULE_CHARS) throw unfollowed(file, `rules of at most ${MAX_RULE_CHARS} characters`)
    const pattern = parseGitPattern(fold(line))
    return pattern ? [pattern] : []
  })
}

/** The rules of an attributes file, in their order; macros that it defines are added. Lines that git would not read are left out. */
export function attributeRulesOf({ text }: RuleFile, macros: Map<string, MarkedAs>, fold = NO_FOLD): AttributeRule[] {
  if (text === null) return []
  const lines = linesOf(text).filter((line) => line.length <= MAX_RULE_CHARS)
  return lines.slice(0, MAX_RULES_PER_FILE).flatMap((line) => attributeRuleOf(line.trim(), macros, fold))
}

function attributeRuleOf(line: string, macros: Map<string, MarkedAs>, fold: (text: string) => string): AttributeRule[] {
  if (line === '' || line.startsWith('#')) return []
  const [first, rest] = splitQuoted(line)
  const marks = marksOf(rest, macros)
  if (first.startsWith(MACRO)) {
    macros.set(first.slice(MACRO.length), marks)
    return []
  }
  const pattern = first.startsWith('!') ? undefined : parseGitPattern(fold(first))
  // `dir/` matches no file there.
  if (!pattern || pattern.isForDirectories || Object.keys(marks).length === 0) return []
  return [{ pattern, marks }]
}

function marksOf(words: string, macros: ReadonlyMap<string, MarkedAs>): MarkedAs {
  const marks: MarkedAs = {}
  for (const word of words.split(/\s+/)) {
    const sign = /^[-!]/.exec(word)?.[0] ?? ''
    const [name = '', value] = word.slice(sign.length).split('=', 2)
    // `!mark` takes back what was said.
    const isSet = sign === '!' ? undefined : sign === '' && value !== 'false'
    if (Object.hasOwn(FLAGS, name)) marks[FLAGS[name as keyof typeof FLAGS]] = isSet
    if (name === 'binary' && isSet) marks.text = false
    if (name === 'text') marks.text = isSet && value === 'auto' ? 'auto' : isSet
    if (name === 'eol') marks.eol = sign === '' ? value : undefined
    if (name === 'working-tree-encoding') marks.encoding = sign === '' ? value : undefined
    if (name === 'ident') marks.ident = isSet
    if (name === 'linguist-language') marks.language = sign === '' ? value : undefined
    if (isSet) Object.assign(marks, macros.get(name))
  }
  return marks
}

/** Old Macs ended a line by CR alone. */
function linesOf(text: string): string[] {
  const marked = text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text
  return marked.split(marked.includes('\n') ? '\n' : '\r')
}

function unfollowed({ path }: RuleFile, expected: string): AfterturnError {
  return new AfterturnError('REPO_BROKEN', `The ignore file ${JSON.stringify(path)}: expected ${expected}.`)
}
