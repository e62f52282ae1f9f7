import type { CodeSymbol } from '../../shared/repo/index-format/code-chunk.ts'
import { codeTerms } from '../../shared/repo/ranking/code-terms.ts'

/**
 * Questions about code that nobody had to write: the first sentences of a function's doc comment ask for the function. The comments of all
 * functions are taken out of the source that is searched.
 */

export type DocumentedFile = {
  readonly path: string
  /** Without the doc comments. */
  readonly text: string
  readonly questions: readonly CommentQuestion[]
}

/** `line` is where the body of the function begins in the text without comments, 1-based. */
type CommentQuestion = DocumentedPlace & { readonly text: string }
type DocumentedPlace = { readonly path: string; readonly line: number }

/** One question for all functions whose comments say the same, any of which answers it. */
export type AskedQuestion = CommentQuestion & { readonly answers: readonly DocumentedPlace[] }

type Comment = { readonly first: number; readonly last: number; readonly text: string }

const FUNCTION_KINDS = new Set(['function', 'method', 'constructor'])
const MIN_WORDS = 4
const MAX_CHARS = 300
const MAX_SENTENCES = 2
const MIN_LINES = 2
/** Languages whose comments may begin with `#`; in others that is a directive, as `#if`. */
const HASH_COMMENTS = new Set(['python', 'ruby', 'bash', 'php', 'perl', 'elixir', 'r', 'julia', 'powershell'])
/** Languages whose functions end without a brace. */
const ENDS_BY_INDENT = new Set(['python', 'ruby', 'bash'])
/** People ask about the code, not about its tests; the tests are searched all the same. */
const IS_TEST = /(^|[/_.-])(tests?|specs?|e2e|__tests__|fixtures?|mocks?)([/_.-]|$)/i
/** `jvmTest/`, `DateTests.swift`. */
const IS_TEST_BY_CAPITAL = /[a-z0-9](Tests?|Specs?)[/.]/

/** Takes a file's doc comments out and makes questions of them. `symbols` are those of the whole text. */
export function takeDocComments(
  path: string,
  language: string,
  text: string,
  symbols: readonly CodeSymbol[],
): DocumentedFile {
  const lines = text.split('\n')
  const functions = symbols.filter(({ kind }) => FUNCTION_KINDS.has(kind))
  const found = functions.flatMap((symbol) => {
    const comment =
      language === 'python' ? docstringOf(lines, symbol) : commentAbove(lines, symbol.startLine - 1, language)
    return comment ? [{ symbol, comment }] : []
  })
  const removed = new Set(found.flatMap(({ comment }) => range(comment.first, comment.last)))
  /** 1-based line of the text without comments. */
  const newLine: number[] = []
  let kept = 0
  for (let line = 0; line < lines.length; line++) {
    if (!removed.has(line)) kept++
    newLine.push(kept)
  }
  const questions = (IS_TEST.test(path) || IS_TEST_BY_CAPITAL.test(path) ? [] : found).flatMap(
    ({ symbol, comment }): CommentQuestion[] => {
      const question = firstSentences(comment.text)
      if (question.split(/\s+/).length < MIN_WORDS || !hasBody(lines, symbol, language)) return []
      return [{ text: question, path, line: newLine[bodyLine(lines, symbol)] as number }]
    },
  )
  return { path, text: lines.filter((_, line) => !removed.has(line)).join('\n'), questions }
}

/**
 * Asks what several comments of one language say in the same words only once: overloads, a trait and what implements it, a wrapper and what it wraps
 * are all right. Words are the same if their stems are, whatever their order; a question of one function has one answer.
 */
export function joinSame(questions: readonly (CommentQuestion & { readonly language: string })[]): AskedQuestion[] {
  const groups = Map.groupBy(questions, ({ text, language }) =>
    [language, ...new Set(codeTerms(text))].toSorted().join(' '),
  )
  return [...groups.values()].map((same) => ({ ...(same[0] as CommentQuestion), answers: same }))
}

/** The block that ends, or the run of comment lines that stands, right above a line; attributes may stand between. */
function commentAbove(lines: readonly string[], line: number, language: string): Comment | undefined {
  const isComment = HASH_COMMENTS.has(language) ? /^\s*(\/\/|#(?![![]))/ : /^\s*\/\//
  let last = line - 1
  while (last >= 0 && /^\s*(@\w|#\[|\[\w+.*\]\s*$)/.test(lines[last] as string)) last--
  let first = last
  if (/\*\/\s*$/.test(lines[last] ?? '')) {
    while (first >= 0 && !/\/\*/.test(lines[first] as string)) first--
    if (first < 0 || !/^\s*\/\*\*/.test(lines[first] as string)) return undefined
  } else {
    while (first >= 0 && isComment.test(lines[first] as string)) first--
    first++
    if (first > last) return undefined
  }
  return {
    first,
    last,
    text: lines
      .slice(first, last + 1)
      .map(withoutMarks)
      .join('\n'),
  }
}

function docstringOf(lines: readonly string[], { startLine, endLine }: CodeSymbol): Comment | undefined {
  const first = range(startLine, endLine - 1).find((line) => /^\s*[rRuU]?("""|''')/.test(lines[line] as string))
  if (first === undefined || !/:\s*(#.*)?$/.test(lines[first - 1] as string)) return undefined
  const mark = /"""|'''/.exec(lines[first] as string)?.[0] as string
  const isOneLine = (lines[first] as string).split(mark).length > 2
  const last = isOneLine ? first : range(first + 1, endLine - 1).find((line) => (lines[line] as string).includes(mark))
  // A function that is nothing but its docstring cannot lose it.
  if (last === undefined || last >= endLine - 1) return undefined
  const text = lines
    .slice(first, last + 1)
    .join('\n')
    .replace(/[rRuU]?("""|''')/g, '')
  return { first, last, text }
}

function withoutMarks(line: string): string {
  return line
    .trim()
    .replace(/^(\/\*\*?|\*\/|\*(?!\/)|\/{2,3}!?|#+)\s?/, '')
    .replace(/\s*\*\/$/, '')
}

function firstSentences(comment: string): string {
  const summary = /<summary>(.*?)<\/summary>/s.exec(comment)?.[1] ?? comment
  const [description = ''] = summary.split(/^\s*(?:@\w+|:param|:return|Args:|Returns:|Parameters|```|---)/m)
  const [paragraph = ''] = description.trim().split(/\n\s*\n/)
  const plain = paragraph
    // What a tag of C# names stands in the sentence: `<see cref="Encoding.GetBytes(string)"/>`.
    .replace(/<\w+ (?:cref|name|langword)="(?:\w:)?([^"({]*)[^"]*"\s*\/?>/g, '$1')
    .replace(/\{@\w+\s+([^}|]+)[^}]*\}/g, '$1')
    .replace(/<\/?\w+[^>]*>/g, ' ')
    .replace(/:\w+:`~?\.?([^`]+)`/g, '$1')
    .replace(/[`*]/g, '')
    .replace(/\s+/g, ' ')
    .trim()
  return plain
    .split(/(?<=[.!?])\s+(?=[A-Z])/)
    .slice(0, MAX_SENTENCES)
    .join(' ')
    .slice(0, MAX_CHARS)
}

/** A prototype or an overload says nothing of how; what it announces stands elsewhere. */
function hasBody(lines: readonly string[], { startLine, endLine }: CodeSymbol, language: string): boolean {
  if (endLine - startLine + 1 < MIN_LINES) return false
  return ENDS_BY_INDENT.has(language) || /\}\)?[;,]?\s*$/.test(lines[endLine - 1] as string)
}

/** The last line of the signature, 0-based. */
function bodyLine(lines: readonly string[], { startLine, endLine }: CodeSymbol): number {
  const found = range(startLine - 1, endLine - 1).find((line) => /([{:]|=>|\bdo)\s*$/.test(lines[line] as string))
  return found ?? startLine - 1
}

function range(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index)
}
