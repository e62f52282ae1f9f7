import type { MarkedAs } from '../git/attribute-marks.ts'
import { decodeNamed } from './named-encodings.ts'

/**
 * Owns what git makes of a working file before it becomes a blob: line ends, and encodings that its attributes name. Pure; it starts none of the
 * filters that a repository may configure.
 */

const CR = 0x0d
const LF = 0x0a
const SUBSTITUTE = 0x1a
const SPACE = 0x20
const DELETE = 0x7f
/** Backspace, tabulator, form feed and escape. */
const TEXT_CONTROLS = [0x08, 0x09, 0x0c, 0x1b]
const PRINTABLE_PER_CONTROL = 128

/** The forms that a file's blob may have, the likeliest first: what lies there, and what git makes of it. */
export function cleanForms(content: Buffer, marks: MarkedAs, autoCrlf: string | undefined): Buffer[] {
  const decoded = marks.encoding === undefined ? content : (recoded(content, marks.encoding) ?? content)
  const collapsed = marks.ident ? withoutIdents(decoded) : decoded
  const isText = marks.text ?? marks.crlf ?? (marks.eol === undefined ? undefined : true)
  const isGuessed = isText === 'auto' || (isText === undefined && (autoCrlf === 'true' || autoCrlf === 'input'))
  const unix = withoutCr(collapsed)
  const isConverted = unix !== collapsed && (isText === true || (isGuessed && !looksBinary(collapsed)))
  const forms = [isConverted ? unix : collapsed, collapsed, decoded, content, unix]
  return forms.filter((form, at) => forms.indexOf(form) === at)
}

/** UTF-8 stays as it is, its mark too. */
function recoded(content: Buffer, encoding: string): Buffer | undefined {
  const text = /^utf-?8$/i.test(encoding) ? undefined : decodeNamed(content, encoding)
  return text === undefined ? undefined : Buffer.from(text)
}

/** As git guesses: a NUL, a CR that ends no line, or more than one control character for 128 others. */
function looksBinary(content: Buffer): boolean {
  let [printable, controls] = [0, 0]
  for (let at = 0; at < content.length; at++) {
    const byte = content[at] as number
    if (byte === 0 || (byte === CR && content[at + 1] !== LF)) return true
    if (byte === CR || byte === LF) continue
    if (byte === DELETE || (byte < SPACE && !TEXT_CONTROLS.includes(byte))) controls += 1
    else printable += 1
  }
  // DOS ended texts by it.
  if (content.at(-1) === SUBSTITUTE) controls -= 1
  return Math.floor(printable / PRINTABLE_PER_CONTROL) < controls
}

/** The id that git wrote into `$Id$` when it checked the file out. */
function withoutIdents(content: Buffer): Buffer {
  if (!content.includes('$Id:')) return content
  return Buffer.from(content.toString('latin1').replace(/\$Id:[^$\n]{0,2000}\$/g, '$$Id$$'), 'latin1')
}

function withoutCr(content: Buffer): Buffer {
  if (!content.includes('\r\n')) return content
  const kept = Buffer.alloc(content.length)
  let length = 0
  for (let at = 0; at < content.length; at++) {
    if (content[at] === CR && content[at + 1] === LF) continue
    kept[length] = content[at] as number
    length += 1
  }
  return kept.subarray(0, length)
}
