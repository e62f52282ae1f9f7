import type { Definition, Heading } from './definition.ts'
import { readSql } from './read-sql.ts'

/**
 * Owns the outline of the formats that need no grammar: the headings of Markdown, the statements of SQL, the keys of JSON, YAML and TOML,
 * the parts of an HTML page. By lines and in linear time; what it misreads costs a worse cut, never a line.
 */

const MAX_NAME_CHARS = 120

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
