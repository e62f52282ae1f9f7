import type { Heading } from './definition.ts'

/**
 * Owns the statements of SQL, of whatever dialect: they end at `;`, at `GO`, at `/`, or at what `DELIMITER` names, and the body of a routine holds
 * statements of its own. By lines and in linear time; what it misreads costs a worse cut, never a line.
 */

const MAX_HEAD_CHARS = 400
const CREATED =
  /^\s{0,40}create\s+(?:[^\s(]{1,80}\s+){0,8}?(table|view|function|aggregate|macro|procedure|proc|package|trigger|event|index|type|domain|sequence|schema|policy|role)\s+(?:body\s+|if\s+not\s+exists\s+|concurrently\s+){0,3}(?!(?:on|concurrently)\s)((?:[\w$#@.]|"[^"]{1,120}"|`[^`]{1,120}`|\[[^\]]{1,120}\]){1,160})/i
const OTHER =
  /^\s{0,40}(?:(?:alter|drop)\s+(?:materialized\s+|foreign\s+)?\w+|insert\s+into)\s+(?:(?:if\s+exists|only|concurrently)\s+){0,3}([\w."`[\]]{1,160})/i
/** Spellings that differ from the names in other languages. */
const KINDS: Readonly<Record<string, string>> = {
  procedure: 'function',
  proc: 'function',
  aggregate: 'function',
  macro: 'function',
  domain: 'type',
  package: 'module',
}
/** A body that holds statements: its end is not the end of the first of them. */
const ROUTINES: ReadonlySet<string> = new Set(['function', 'module', 'trigger', 'event'])
/** Of a client, on a line of its own: what came before is one batch. */
const BATCH_END = /^\s{0,20}(?:go(?:\s+\d{1,6})?|\/)\s{0,20}$/i
const DELIMITER = /^\s{0,20}delimiter\s+(\S{1,20})/i
const BEGINS_BODY = /\bbegin\b/i
const ENDS_BODY = /^(\s{0,40})end\b[^;]{0,120};/i

const QUOTE = /'|\$\w{0,60}\$/
const BLOCK = '/*'
const BLOCK_END = '*/'

type Open = { readonly isRoutine: boolean; readonly indent: number; hasBody: boolean }

/** The statements of a file, those that create something under its name. */
export function readSql(lines: readonly string[]): Heading[] {
  const headings: Heading[] = []
  const hasBatches = lines.some((text) => BATCH_END.test(text))
  let delimiter = ';'
  let quote = ''
  let open: Open | undefined
  let comment: number | undefined
  for (const [line, whole] of lines.entries()) {
    let text = whole
    if (quote === BLOCK) {
      const end = whole.indexOf(BLOCK_END)
      if (!open) comment ??= line
      if (end >= 0) quote = ''
      text = end < 0 ? '' : whole.slice(end + BLOCK_END.length)
      if (open ? end < 0 : !/\w/.test(text)) continue
    }
    const named = quote === '' ? DELIMITER.exec(text)?.[1] : undefined
    if (named !== undefined || (quote === '' && BATCH_END.test(text))) {
      delimiter = named ?? delimiter
      open = undefined
      comment = undefined
      continue
    }
    // A body whose end was not recognised ends with the next routine at the latest.
    if (open?.isRoutine && quote === '' && /^\s{0,40}create\s/i.test(text) && text.search(/\S/) <= open.indent)
      open = undefined
    if (quote === '' && /^\s*(--|\/\*)/.test(text)) {
      if (!open) comment ??= line
      quote = quoteAfter(text, quote)
      continue
    }
    if (!open && text.trim() === '') comment = undefined
    if (!open && text.trim() !== '') {
      const { kind, name } = headOf(text.slice(0, MAX_HEAD_CHARS))
      headings.push({ line: comment ?? line, level: 1, kind, name })
      open = { isRoutine: ROUTINES.has(kind), indent: text.search(/\S/), hasBody: false }
      comment = undefined
    }
    quote = quoteAfter(text, quote)
    if (!open || quote !== '') continue
    // What a quote holds is another's.
    const [plain = ''] = text.slice(0, MAX_HEAD_CHARS).split(QUOTE, 1)
    open.hasBody ||= BEGINS_BODY.test(plain)
    if (!endsStatement(text, delimiter)) continue
    if (delimiter !== ';' || isWhole(open, text, hasBatches)) open = undefined
  }
  return headings
}

function headOf(text: string): { readonly kind: string; readonly name: string } {
  const [, created = '', name] = CREATED.exec(text) ?? []
  const kind = created.toLowerCase()
  if (name !== undefined) return { kind: KINDS[kind] ?? kind, name: unquoted(name) }
  return { kind: 'statement', name: unquoted(OTHER.exec(text)?.[1] ?? text.trim()) }
}

function unquoted(name: string): string {
  return name.replace(/["`[\]]/g, '')
}

/** True if the end of a statement ends the one that is open, and not one of its body. */
function isWhole({ isRoutine, hasBody, indent }: Open, text: string, hasOtherEnds: boolean): boolean {
  if (!isRoutine) return true
  if (hasOtherEnds || !hasBody) return !hasOtherEnds
  const end = ENDS_BODY.exec(text.slice(0, MAX_HEAD_CHARS))?.[1]
  return end !== undefined && end.length <= indent
}

/** True if a line of SQL ends in the end of a statement, with or without a comment behind it. */
function endsStatement(text: string, delimiter: string): boolean {
  if (text.trimEnd().endsWith(delimiter)) return true
  for (let at = text.indexOf('--'); at >= 0; at = text.indexOf('--', at + 2)) {
    let end = at
    while (text[end - 1] === ' ' || text[end - 1] === '\t') end--
    if (text[end - 1] === delimiter.at(-1)) return true
  }
  return false
}

/** Inside which of `'`, `$tag$` and a comment a line of SQL ends. */
function quoteAfter(text: string, before: string): string {
  let quote = before
  for (const [mark] of text.matchAll(/'|\$\w{0,60}\$|--|\/\*|\*\//g)) {
    if (quote === '' && mark === '--') break
    if (quote === '') quote = mark === BLOCK_END ? '' : mark
    else if (mark === quote || (quote === BLOCK && mark === BLOCK_END)) quote = ''
  }
  return quote
}
