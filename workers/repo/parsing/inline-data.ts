/**
 * Owns leaving inline data out of texts that people wrote: pictures in `data:` URLs and strings, and long base64 on one line or on many. Pure and
 * in linear time. Guarantees: no line is added or removed, so that every other line keeps its number.
 */

/** Shorter data is a key, a hash or a small icon. */
const MIN_DATA_CHARS = 200
const MIN_RUN_CHARS = 1_000
/** A certificate has fewer lines. */
const MIN_DATA_LINES = 40
const MIN_LINE_CHARS = 60
const SAMPLE_CHARS = 400
const LEFT_OUT = '…'
const DATA_LINE = /^["'\s]{0,40}[A-Za-z0-9+/]{60,1000}={0,2}(?:\\n)?["',;+\s\\]{0,10}$/

/** The text without its inline data. */
export function withoutInlineData(text: string): string {
  if (text.length < MIN_DATA_CHARS) return text
  const drawn = withoutDrawings(withoutRuns(text))
  return nextRun(drawn, 0) < 0 ? drawn : withoutDataLines(drawn)
}

/** Drawings in SVG that are strings of code, each on one line. */
function withoutDrawings(text: string): string {
  let kept = ''
  let from = 0
  for (const { index, 1: quote = '' } of text.matchAll(DRAWING)) {
    const start = index + quote.length
    if (start < from) continue
    const drawing = text.slice(start, endOfString(text, start, quote))
    const length = drawing.lastIndexOf('</svg>') + '</svg>'.length
    if (length < MIN_RUN_CHARS || drawing.includes('\n')) continue
    kept += text.slice(from, start) + LEFT_OUT
    from = start + length
  }
  return from === 0 ? text : kept + text.slice(from)
}

const DRAWING = /("""|'''|["'`])<svg/gi

/** Where the quote that begins a string is again, escaped if that one is, as in code that is a string itself. */
function endOfString(text: string, start: number, quote: string): number {
  const isEscapedToo = isEscaped(text, start - quote.length)
  let end = text.indexOf(quote, start)
  while (end >= 0 && isEscaped(text, end) !== isEscapedToo) end = text.indexOf(quote, end + 1)
  return end < 0 ? start : end
}

function isEscaped(text: string, at: number): boolean {
  let first = at
  while (text[first - 1] === '\\') first--
  return (at - first) % 2 === 1
}

function withoutRuns(text: string): string {
  let kept = ''
  let from = 0
  for (let at = nextRun(text, 0); at >= 0; ) {
    const end = endOfRun(text, at)
    const length = end - at
    const isOfUrl = length >= MIN_DATA_CHARS && text.slice(Math.max(0, at - 8), at).endsWith(';base64,')
    if (isOfUrl || (length >= MIN_RUN_CHARS && isBase64(text.slice(at, at + SAMPLE_CHARS)))) {
      kept += text.slice(from, at) + LEFT_OUT
      from = end
    }
    at = nextRun(text, end + 1)
  }
  return from === 0 ? text : kept + text.slice(from)
}

/** Where the next run begins that is as long as a line of data, which most texts have none of; looked for from its end, to skip words. */
function nextRun(text: string, from: number): number {
  for (let start = from; start + MIN_LINE_CHARS <= text.length; ) {
    let at = start + MIN_LINE_CHARS - 1
    while (at >= start && isDataCode(text.charCodeAt(at))) at--
    if (at < start) return start
    start = at + 1
  }
  return -1
}

function endOfRun(text: string, start: number): number {
  let at = start
  while (at < text.length && isDataCode(text.charCodeAt(at))) at++
  return at
}

/** Letters and digits of ASCII, `+`, `/`, `=`. */
function isDataCode(code: number): boolean {
  return (
    (code >= 47 && code <= 57) ||
    (code >= 65 && code <= 90) ||
    (code >= 97 && code <= 122) ||
    code === 43 ||
    code === 61
  )
}

/** Letters of both cases and digits: no long word, and no line of one sign. */
function isBase64(sample: string): boolean {
  return /[a-z]/.test(sample) && /[A-Z]/.test(sample) && /[0-9]/.test(sample)
}

function withoutDataLines(text: string): string {
  const lines = text.split('\n')
  let first = 0
  for (let at = 0; at <= lines.length; at++) {
    const line = lines[at]
    if (line !== undefined && line.length >= MIN_LINE_CHARS && DATA_LINE.test(line) && isBase64(line)) continue
    if (at - first >= MIN_DATA_LINES) lines.fill('', first, at).splice(first, 1, LEFT_OUT)
    first = at + 1
  }
  return lines.join('\n')
}
