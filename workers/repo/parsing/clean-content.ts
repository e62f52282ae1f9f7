import type { MarkedAs } from '../git/attribute-marks.ts'
import { decodeNamed } from './named-encodings.ts'

/**
 * Owns what git makes of a working file before it becomes a blob: line ends, and encodings that its attributes name. Pure; it starts none of the
 * filters that a repository may configure.
 */

const CR = 0x0d
const LF = 0x0a

/** The forms that a file's blob may have, the likeliest first: what lies there, and what git makes of it. */
export function cleanForms(content: Buffer, marks: MarkedAs, autoCrlf: string | undefined): Buffer[] {
  const decoded = marks.encoding === undefined ? content : (recoded(content, marks.encoding) ?? content)
  const collapsed = marks.ident ? withoutIdents(decoded) : decoded
  const isText = marks.text ?? (marks.eol === undefined ? undefined : true)
  const isGuessed = isText === 'auto' || (isText === undefined && (autoCrlf === 'true' || autoCrlf === 'input'))
  const isConverted = isText === true || (isGuessed && !looksBinary(collapsed))
  const converted = isConverted ? withoutCr(collapsed) : collapsed
  const forms = [converted, collapsed, decoded, content, withoutCr(collapsed)]
  return forms.filter((form, at) => forms.indexOf(form) === at)
}

/** UTF-8 stays as it is, its mark too. */
function recoded(content: Buffer, encoding: string): Buffer | undefined {
  const text = /^utf-?8$/i.test(encoding) ? undefined : decodeNamed(content, encoding)
  return text === undefined ? undefined : Buffer.from(text)
}

/** As git guesses: a NUL, or a CR that ends no line by itself. */
function looksBinary(content: Buffer): boolean {
  if (content.includes(0)) return true
  for (let at = content.indexOf(CR); at >= 0; at = content.indexOf(CR, at + 1)) if (content[at + 1] !== LF) return true
  return false
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
