import { withoutUnevenBranches } from './uneven-branches.ts'

/**
 * Owns hiding macros that only the preprocessor of C and C++ knows, where their grammars take them for a type or a name: `class API Cache {` is a
 * function to them, and what the class holds is lost. Pure and in linear time. Guarantees: the text keeps its length, its lines and its offsets.
 */

const IN_HEAD =
  /\b(?:class|struct|union|enum)\s{1,20}([A-Z][A-Z0-9_]{2,80}(?:\([^()\n]{0,120}\))?)(?=\s{1,20}[A-Za-z_]\w{0,120}(?:(?:::|<)[\w:<>, ]{0,120})?(?:\s{1,20}final)?\s{0,20}(?:\{|:[^:;(){}]))/g
/** Two more words behind it: a type or a keyword, and a name. */
const BEFORE_TYPE = /^[ \t]{0,20}([A-Z][A-Z0-9_]{2,80})(?=\s{1,8}[A-Za-z_]\w{0,80}[ \t*&]{1,8}[A-Za-z_])/gm
/** On a line of its own: fields that it adds, or a namespace that it begins. */
const ALONE = /^[ \t]{0,40}([A-Z][A-Z0-9_]{2,80})(?=[ \t]{0,20}\r?$)/gm
/** `TEST(Suite, Name) {` begins a function, of which its arguments are the name. */
const HEAD = /^[A-Z][A-Z0-9_]{2,80}\([ \t]{0,4}(\w{1,80})(?:[ \t]{0,4},\s{0,8}(\w{1,80}))?[ \t]{0,4}\)(?=\s{0,20}\{)/gm

/** Modules are newer than the grammar. */
const EXPORT = /^[ \t]{0,20}(export)(?=[ \t]{1,8}\w)/gm
/** Its grammar is older than `fun interface`. */
const KOTLIN_FUN = /\b(fun)(?=[ \t]{1,8}interface\b)/g

const PREPROCESSED: ReadonlySet<string> = new Set(['c', 'cpp'])

/** The text as a grammar is to read it, without words that it does not know: macros before a type or a class's name are blank, and so are branches that leave braces open. Other languages stay as they are. */
export function withoutMacros(language: string, text: string): string {
  if (language === 'kotlin') return text.replace(KOTLIN_FUN, blankMacro)
  if (!PREPROCESSED.has(language)) return text
  const even = withoutUnevenBranches(text)
  return [EXPORT, IN_HEAD, BEFORE_TYPE, ALONE]
    .reduce((masked, macro) => masked.replace(macro, blankMacro), even)
    .replace(HEAD, asFunction)
}

function asFunction(found: string, first: string, second: string | undefined): string {
  const head = `void ${[first, second].filter((name) => name !== undefined).join('_')}()`
  // A head over two lines, or one that is too short for it, stays.
  return head.length > found.length || found.includes('\n') ? found : head.padEnd(found.length)
}

function blankMacro(found: string, macro: string): string {
  return found.slice(0, -macro.length) + ' '.repeat(macro.length)
}
