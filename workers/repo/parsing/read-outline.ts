import type { Definition } from './definition.ts'
import { OUTLINES, type OutlineRule } from './outlines.ts'

/**
 * Owns the outline of languages without a grammar, by the lines on which their definitions begin and by indentation: a definition reaches to the
 * line that closes it, or to the last one that is indented deeper. Pure and in linear time; what it misreads costs a worse cut, never a line.
 */

const MAX_NAME_CHARS = 120
/** Longer lines begin no definition. */
const MAX_LINE_CHARS = 400
const MAX_DEPTH = 20
const COMMENT = /^\s*(?:\/\/|\/\*|\*|#|--|;|%|"""|\(\*|\{-|!)/
const ANNOTATION = /^\s*@[\w.]{1,80}(?:\([^()]{0,200}\))?\s*$/
/** What stands before a definition as comments do. */
const LEADS: Readonly<Record<string, RegExp>> = {
  elixir: /^\s*@(?:(?:module|type|short)?doc|spec|impl|deprecated|since)\b/,
  erlang: /^-(?:spec|doc)\b/,
  'f-sharp': /^\s*\[</,
  scala: ANNOTATION,
  groovy: ANNOTATION,
  apex: ANNOTATION,
  gleam: ANNOTATION,
}
/** Documents of several lines, which may show code. */
const TEXT_BOUND = '"""'
const LINE_COMMENT = /^\s*[#%]/
const HAS_TEXTS = new Set(['elixir', 'julia', 'graphql', 'erlang'])
/** A line of its own that opens the body of what stands before it. */
const OPENS = /^\s*(?:\{|\(|begin\b)/i
const CLOSES = /^\s*(?:[}\])]|end|\.\.\.)/i
/** The end of a list of parameters, where the body opens. */
const REOPENS = /(?:[{(=]|\bdo|\bthen|->|=>)\s*$/

type Open = Omit<Definition, 'lastLine' | 'members'> & {
  readonly indent: number
  readonly end: RegExp | undefined
  readonly members: Definition[]
}

/** The definitions of a file; empty for a language that has neither a grammar nor rules. */
export function readOutline(language: string, lines: readonly string[]): Definition[] {
  const rules = OUTLINES.get(language) ?? []
  const found: Definition[] = []
  const open: Open[] = []
  let comment: number | undefined
  let leadIndent = Number.POSITIVE_INFINITY
  let isInText = false
  let lastCodeLine = 0
  const close = (lastLine: number) => {
    const { indent, end, ...definition } = open.pop() as Open
    const siblings = open.at(-1)?.members ?? found
    siblings.push({ ...definition, lastLine: Math.max(lastLine, definition.line) })
  }

  for (const [line, whole] of lines.entries()) {
    const text = whole.slice(0, MAX_LINE_CHARS)
    const isBound = HAS_TEXTS.has(language) && !LINE_COMMENT.test(text) && text.split(TEXT_BOUND).length % 2 === 0
    if (isInText) {
      isInText = !isBound
      if (comment === undefined) lastCodeLine = line
      continue
    }
    if (text.trim() === '') {
      comment = undefined
      continue
    }
    const indent = indentOf(text)
    // What a specification needs more lines for is indented.
    if (comment !== undefined && indent > leadIndent) continue
    const rule = rules.find(({ pattern }) => pattern.test(text))
    const isLead = LEADS[language]?.test(text) === true
    leadIndent = isLead ? indent : Number.POSITIVE_INFINITY
    isInText = isBound
    if (rule === undefined && (isLead || COMMENT.test(text))) {
      comment ??= line
      continue
    }
    let isClause = false
    for (let top = open.at(-1); top && (top.end !== undefined || top.indent >= indent); top = open.at(-1)) {
      if (top.end !== undefined) {
        if (top.end.test(text)) close(line)
        break
      }
      // Each clause of a function begins with its name.
      isClause = language === 'erlang' && rule?.pattern.exec(text)?.[1] === top.name
      if (isClause) break
      const isOwn = top.indent === indent && rule === undefined
      // Haskell writes the equations of a function below its type, each begun by its name.
      if (isOwn && (OPENS.test(text) || text.startsWith(`${top.name} `, indent))) break
      if (isOwn && CLOSES.test(text)) {
        if (!REOPENS.test(text)) close(line)
        break
      }
      close(lastCodeLine)
    }
    if (rule !== undefined && !isClause && open.length < MAX_DEPTH)
      open.push(beginningOf(rule, text, { line, comment, indent }))
    lastCodeLine = line
    comment = undefined
  }
  while (open.length > 0) close(lastCodeLine)
  return found
}

function beginningOf(
  { kind, pattern, end }: OutlineRule,
  text: string,
  { line, comment, indent }: { line: number; comment: number | undefined; indent: number },
): Open {
  const named = (pattern.exec(text) ?? []).slice(1).filter((part) => part !== undefined)
  const name = named.join('.').trim().slice(0, MAX_NAME_CHARS).toWellFormed()
  return { kind, name: name === '' ? kind : name, firstLine: comment ?? line, line, indent, end, members: [] }
}

function indentOf(text: string): number {
  return text.length - text.trimStart().length
}
