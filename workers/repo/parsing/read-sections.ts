import type { Definition } from './definition.ts'

/**
 * Owns the outline of the formats that need no grammar: the headings of Markdown, the statements of SQL, the keys of JSON, YAML and TOML,
 * the parts of an HTML page. By lines and in linear time; what it misreads costs a worse cut, never a line.
 */

const MAX_NAME_CHARS = 120

type Heading = { readonly line: number; readonly level: number; readonly kind: string; readonly name: string }
type ReadHeadings = (lines: readonly string[]) => Heading[]

const READERS: Readonly<Record<string, ReadHeadings>> = {
  markdown: readMarkdown,
  sql: readSql,
  json: (lines) => readKeys(lines, /^(?: {1,8}|\t)"((?:[^"\\]|\\.){1,120})"\s*:/, true),
  yaml: (lines) => readKeys(lines, /^["']?([\w$@./-][^:#"']{0,119})["']?\s*:(?:\s|$)/, false),
  toml: (lines) => readKeys(lines, /^\[{1,2}([^\]]{1,160})\]/, false),
  ini: (lines) => readKeys(lines, /^\[([^\]]{1,160})\]/, false),
  html: readHtml,
}

/** Formats whose outline is read without a grammar. */
export const TEXT_LANGUAGES: ReadonlySet<string> = new Set([...Object.keys(READERS), 'text'])

/** What a file of such a format consists of; empty for other languages. */
export function readSections(language: string, lines: readonly string[]): Definition[] {
  const headings = READERS[language]?.(lines) ?? []
  return nest(headings, 0, headings.length, lines.length - 1)
}

/** Each heading reaches to the next of its level or a higher one; deeper ones are its members. */
function nest(headings: readonly Heading[], from: number, to: number, lastLine: number): Definition[] {
  const definitions: Definition[] = []
  for (let index = from; index < to; ) {
    const heading = headings[index] as Heading
    let end = index + 1
    while (end < to && (headings[end] as Heading).level > heading.level) end++
    const last = end < to ? (headings[end] as Heading).line - 1 : lastLine
    const members = nest(headings, index + 1, end, last)
    const { kind, name, line } = heading
    definitions.push({
      kind,
      name: name.slice(0, MAX_NAME_CHARS).toWellFormed(),
      firstLine: line,
      line,
      lastLine: last,
      members,
    })
    index = end
  }
  return definitions
}

function readMarkdown(lines: readonly string[]): Heading[] {
  const headings: Heading[] = []
  let fence: string | undefined
  for (const [line, text] of lines.entries()) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(text)?.[1]
    if (mark !== undefined && (fence === undefined || mark.startsWith(fence)))
      fence = fence === undefined ? mark : undefined
    if (fence !== undefined || mark !== undefined) continue
    const atx = /^ {0,3}(#{1,6})\s+(.*)/.exec(text)
    const under = /^ {0,3}(=+|-+)\s*$/.exec(text)?.[1]
    const above = lines[line - 1]?.trim() ?? ''
    if (atx) headings.push({ line, level: atx[1]?.length ?? 1, kind: 'section', name: plainTitle(atx[2] ?? '') })
    else if (
      under !== undefined &&
      above !== '' &&
      !/^([-#>|]|```)/.test(above) &&
      (lines[line - 2]?.trim() ?? '') === ''
    )
      headings.push({ line: line - 1, level: under.startsWith('=') ? 1 : 2, kind: 'section', name: plainTitle(above) })
  }
  return headings.filter(({ name }) => name !== '')
}

/** A title without its marks; `#` at its end, behind a space, closes it. */
function plainTitle(title: string): string {
  const text = title.trimEnd()
  let end = text.length
  while (text[end - 1] === '#') end--
  const closed = end < text.length && (end === 0 || text[end - 1]?.trim() === '') ? text.slice(0, end) : text
  return closed.replace(/[*_`]/g, '').trim()
}

const SQL_NAME =
  /^\s*(?:create\s+(?:or\s+replace\s+)?(?:temp(?:orary)?\s+|unique\s+|materialized\s+)*(\w+)|alter\s+(\w+)|insert\s+(into)|drop\s+(\w+))\s+(?:if\s+(?:not\s+)?exists\s+|concurrently\s+)*([\w."`[\]]+)/i

function readSql(lines: readonly string[]): Heading[] {
  const headings: Heading[] = []
  let quote = ''
  let isStart = true
  let comment: number | undefined
  for (const [line, text] of lines.entries()) {
    const isBlank = text.trim() === ''
    const isComment = quote === '' && /^\s*(--|\/\*|\*)/.test(text)
    if (isStart && isComment) comment ??= line
    else if (isStart && isBlank) comment = undefined
    else if (isStart) {
      const match = SQL_NAME.exec(text.slice(0, 400))
      const name = match?.[5]?.replace(/["`[\]]/g, '') ?? text.trim()
      headings.push({ line: comment ?? line, level: 1, kind: sqlKind(match?.[1]), name })
      isStart = false
      comment = undefined
    }
    if (isComment) continue
    quote = quoteAfter(text, quote)
    if (quote === '' && endsStatement(text)) isStart = true
  }
  return headings
}

/** Whether a line of SQL ends in `;`, or in one with a comment behind it. */
function endsStatement(text: string): boolean {
  if (text.trimEnd().endsWith(';')) return true
  for (let at = text.indexOf('--'); at >= 0; at = text.indexOf('--', at + 2)) {
    let end = at
    while (text[end - 1] === ' ' || text[end - 1] === '\t') end--
    if (text[end - 1] === ';') return true
  }
  return false
}

/** What a statement creates, where that is something to look up by name. */
function sqlKind(created = ''): string {
  const kind = created.toLowerCase()
  if (kind === 'procedure') return 'function'
  return ['function', 'table', 'view', 'type', 'trigger', 'index'].includes(kind) ? kind : 'statement'
}

/** Inside which of `'` and `$tag$` a line of SQL ends. */
function quoteAfter(text: string, before: string): string {
  let quote = before
  for (const [mark] of text.matchAll(/'|\$\w{0,60}\$|--/g)) {
    if (quote === '' && mark === '--') break
    if (quote === '') quote = mark
    else if (quote === mark) quote = ''
  }
  return quote
}

/** Keys that stand at the least depth at which there are any. */
function readKeys(lines: readonly string[], pattern: RegExp, isIndented: boolean): Heading[] {
  const found = lines.flatMap((text, line) => {
    const name = pattern.exec(text.slice(0, 400))?.[1]
    return name === undefined ? [] : [{ line, level: 1, kind: 'key', name: name.trim(), indent: text.search(/\S/) }]
  })
  const least = found.reduce((indent, key) => Math.min(indent, key.indent), Number.POSITIVE_INFINITY)
  return isIndented ? found.filter(({ indent }) => indent === least) : found
}

function readHtml(lines: readonly string[]): Heading[] {
  return lines.flatMap((text, line) => {
    const short = text.slice(0, 400)
    const part = /^\s{0,2}<(script|style|template|head|body|main|section|article|header|footer|nav|form|table)\b/i.exec(
      short,
    )?.[1]
    const title = /<h[1-6]\b[^>]{0,200}>([^<]{1,120})/i.exec(short)?.[1]
    const name = title?.trim() ?? part?.toLowerCase()
    return name === undefined || name === ''
      ? []
      : [{ line, level: 1, kind: title === undefined ? 'element' : 'section', name }]
  })
}
