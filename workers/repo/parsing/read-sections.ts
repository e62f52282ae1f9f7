import type { Definition, Heading } from './definition.ts'
import { readSql } from './read-sql.ts'

/**
 * Owns the outline of the formats that need no grammar: the headings of prose, the statements of SQL, the keys of JSON, YAML and TOML,
 * the parts of an HTML page. By lines and in linear time; what it misreads costs a worse cut, never a line.
 */

const MAX_NAME_CHARS = 120
const MAX_HEADING_CHARS = 300
const LATEX_LEVELS = ['part', 'chapter', 'section', 'subsection', 'subsubsection', 'paragraph']
const LATEX_HEADING =
  /^\s{0,40}\\(part|chapter|(?:sub){0,2}section|paragraph)\*?\s{0,4}(?:\[[^\]]{0,120}\])?\{([^{}]{1,120}(?:\{[^{}]{0,80}\}[^{}]{0,80}){0,3})/
const LATEX_COMMAND = /\\[A-Za-z]{1,30}\{([^{}]{0,80})\}/g
/** What shows code. */
const LATEX_BEGIN = /^\s{0,40}\\begin\{(?:[vV]erbatim|lstlisting|minted)\*?\}/
const LATEX_END = /^\s{0,40}\\end\{(?:[vV]erbatim|lstlisting|minted)\*?\}/
const ORG_BEGIN = /^\s{0,40}#\+begin_(?:src|example)\b/i
const ORG_END = /^\s{0,40}#\+end_(?:src|example)\b/i
/** Three signs of one kind and more. */
const RULER = /^([!-/:-@[-`{-~])\1{2,}$/

type ReadHeadings = (lines: readonly string[]) => Heading[]

const READERS: Readonly<Record<string, ReadHeadings>> = {
  markdown: readMarkdown,
  restructuredtext: readUnderlined,
  asciidoc: (lines) => readMarked(lines, /^(={1,6})[ \t]{1,9}(\S.*)/, /^(?:-{4,}|\.{4,}|\+{4,}|`{3,})\s*$/),
  org: (lines) => readMarked(lines, /^(\*{1,8})[ \t]{1,9}(\S.*)/, ORG_BEGIN, ORG_END),
  pod: (lines) => readMarked(lines, /^=head([1-6])[ \t]{1,9}(\S.*)/),
  latex: (lines) => readMarked(lines, LATEX_HEADING, LATEX_BEGIN, LATEX_END),
  sql: readSql,
  json: (lines) => readKeys(lines, /^(?: {1,8}|\t)"((?:[^"\\]|\\.){1,120})"\s*:/, true),
  yaml: (lines) => readKeys(lines, /^["']?([\w$@./-][^:#"']{0,119})["']?\s*:(?:\s|$)/, false),
  toml: (lines) => readKeys(lines, /^\[{1,2}([^\]]{1,160})\]/, false),
  ini: (lines) => readKeys(lines, /^\[([^\]]{1,160})\]/, false),
  html: readHtml,
}

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

/** Headings that a mark begins; none stands in code, which the same line begins and ends if no other does. */
function readMarked(lines: readonly string[], heading: RegExp, begin?: RegExp, end?: RegExp): Heading[] {
  let open: string | undefined
  return lines.flatMap((whole, line) => {
    const text = whole.slice(0, MAX_HEADING_CHARS).trimEnd()
    if (open === undefined) open = begin?.test(text) ? text : undefined
    else if (end?.test(text) ?? open === text) open = undefined
    const [, mark = '', title = ''] = (open === undefined && heading.exec(text)) || []
    const level = LATEX_LEVELS.indexOf(mark) + 1 || Number(mark) || mark.length
    return title === '' ? [] : [{ line, level, kind: 'section', name: plainTitle(title) }]
  })
}

/** Titles with a line of one sign below them, and the same above some; which sign is of which level, their order tells. */
function readUnderlined(lines: readonly string[]): Heading[] {
  const styles: string[] = []
  return lines.flatMap((text, line) => {
    const title = (lines[line - 1] ?? '').slice(0, MAX_HEADING_CHARS).trimEnd()
    const under = text.slice(0, MAX_HEADING_CHARS).trimEnd()
    if (!RULER.test(under) || title === '' || RULER.test(title) || title.trimStart().length > under.length + 1)
      return []
    const isOver = lines[line - 2]?.trimEnd() === under
    if (!isOver && (title.startsWith(' ') || (lines[line - 2]?.trim() ?? '') !== '')) return []
    const style = `${under[0]}${isOver}`
    if (!styles.includes(style)) styles.push(style)
    const level = styles.indexOf(style) + 1
    return [{ line: isOver ? line - 2 : line - 1, level, kind: 'section', name: plainTitle(title) }]
  })
}

/** A title without its marks; `#` at its end, behind a space, closes it. */
function plainTitle(title: string): string {
  const text = title.trimEnd()
  let end = text.length
  while (text[end - 1] === '#') end--
  const closed = end < text.length && (end === 0 || text[end - 1]?.trim() === '') ? text.slice(0, end) : text
  return closed.replace(LATEX_COMMAND, '$1').replace(/[*_`]/g, '').trim()
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
