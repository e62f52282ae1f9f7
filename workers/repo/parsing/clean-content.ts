import type { MarkedAs } from '../git/rule-files.ts'

/**
 * Owns what git makes of a working file before it becomes a blob: line ends, and encodings that its attributes name. Pure; it starts none of the
 * filters that a repository may configure.
 */

const CR = 0x0d
const LF = 0x0a

/** The forms that a file's blob may have, the likeliest first: what lies there, and what git makes of it. */
export function cleanForms(content: Buffer, marks: MarkedAs, autoCrlf: string | undefined): Buffer[] {
  const decoded = marks.encoding === undefined ? content : (recoded(content, marks.encoding) ?? content)
  const isText = marks.text ?? (marks.eol === undefined ? undefined : true)
  const isGuessed = isText === 'auto' || (isText === undefined && (autoCrlf === 'true' || autoCrlf === 'input'))
  const isConverted = isText === true || (isGuessed && !looksBinary(decoded))
  const converted = isConverted ? withoutCr(decoded) : decoded
  const forms = [converted, decoded, content, withoutCr(decoded)]
  return forms.filter((form, at) => forms.indexOf(form) === at)
}

function recoded(content: Buffer, encoding: string): Buffer | undefined {
  try {
    return Buffer.from(new TextDecoder(encoding, { fatal: true }).decode(content))
  } catch {
    return undefined
  }
}

/** As git guesses: a NUL, or a CR that ends no line by itself. */
function looksBinary(content: Buffer): boolean {
  if (content.includes(0)) return true
  for (let at = content.indexOf(CR); at >= 0; at = content.indexOf(CR, at + 1)) if (content[at + 1] !== LF) return true
  return false
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
