import { decodeLegacy } from './legacy-encodings.ts'
import { declaredEncoding, decodeAs } from './named-encodings.ts'

/**
 * Owns which characters the bytes of a file are. Guarantees: decoding is verified, so that a text is right or there is none, but for single bytes
 * of no encoding, which are shown as such; a NUL is never in it; line ends of old Macs become those that lines are counted by.
 */

/** A text, or why there is none. */
type Decoded = { readonly text: string } | { readonly reason: 'binary' | 'encoding' }

/** Longer marks first: that of UTF-32 begins with that of UTF-16. Pages of PDF are no text. */
const MARKS: readonly (readonly [mark: Buffer, decode: (content: Buffer) => string | undefined])[] = [
  [Buffer.from([0xff, 0xfe, 0, 0]), (content) => decodeUtf32(content, true)],
  [Buffer.from([0, 0, 0xfe, 0xff]), (content) => decodeUtf32(content, false)],
  [Buffer.from([0xef, 0xbb, 0xbf]), (content) => decodeAs('utf-8', content)],
  [Buffer.from([0xff, 0xfe]), (content) => decodeAs('utf-16le', content)],
  [Buffer.from([0xfe, 0xff]), (content) => decodeAs('utf-16be', content)],
  [Buffer.from('%PDF-'), () => undefined],
]
/** What a Japanese mail program writes: letters of ASCII, which stand for others between these. */
const ISO_2022_JP = ['\u001b$B', '\u001b$@']
/** Without a mark, so much of it must be what every text has: letters of ASCII, digits, spaces and line ends. */
const MIN_PLAIN_SHARE = 0.2
const MAX_SAMPLE = 20_000
const PLAIN = /[\t\n\r -~]/g
/** A text has fewer, and in strings: between records they are data. */
const MAX_NUL_SHARE = 0.02
const NUL_SIGN = '␀'
const QUOTE = /["'`/]/
/** With as many lines of UTF-8 for each that is none, a file is UTF-8; lines of ASCII could be anything's. */
const MIN_WIDE_LINES = 4
const MIN_PLAIN_LINES = 20
/** No text has these. */
const NEVER = /[[\p{Cc}\p{Co}\p{Cn}]--[\t\n\v\f\r]]/v

export function decodeText(content: Buffer): Decoded {
  for (const [mark, decode] of MARKS) {
    if (!content.subarray(0, mark.length).equals(mark)) continue
    const text = decode(content.subarray(mark.length))
    if (text !== undefined) return decoded(text)
    return { reason: mark[0] === 0xef ? 'encoding' : 'binary' }
  }
  if (content.includes(0)) {
    const text = decodeWide(content) ?? decodeWithNuls(content)
    return text === undefined ? { reason: 'binary' } : decoded(text)
  }
  const text = decodeAs('utf-8', content)
  if (text !== undefined && !(ISO_2022_JP.some((mark) => text.includes(mark)) && content.every((byte) => byte < 0x80)))
    return decoded(text)
  const old =
    text === undefined
      ? (decodeLines(content, (others, wide) => wide >= others * MIN_WIDE_LINES) ??
        decodeLegacy(content, declaredEncoding(content)) ??
        decodeLines(content, (others, _, all) => all >= others * MIN_PLAIN_LINES))
      : (decodeAs('iso-2022-jp', content) ?? text)
  return old === undefined ? { reason: 'encoding' } : decoded(old)
}

/** Half a surrogate pair and NUL cannot be embedded. */
function decoded(text: string): Decoded {
  if (text.includes('\0')) return { reason: 'binary' }
  const isOldMac = text.includes('\r') && !text.includes('\n')
  return { text: (isOldMac ? text.replaceAll('\r', '\n') : text).toWellFormed() }
}

/** A text with a few of what ends strings in C, between quotes. */
function decodeWithNuls(content: Buffer): string | undefined {
  const text = decodeAs('utf-8', content)
  const parts = text?.split('\0') ?? []
  const isQuoted = parts.every((part, at) => {
    const [before, after] = [parts[at - 1]?.split('\n').at(-1), part.split('\n', 1)[0] as string]
    return before === undefined || (QUOTE.test(before) && QUOTE.test(after))
  })
  const isText =
    parts.length - 1 <= content.length * MAX_NUL_SHARE && !parts.some((part) => NEVER.test(part)) && isQuoted
  return text !== undefined && isText ? parts.join(NUL_SIGN) : undefined
}

/** UTF-8 of many hands, some of which wrote lines in an older encoding. */
function decodeLines(
  content: Buffer,
  isLikely: (others: number, wide: number, all: number) => boolean,
): string | undefined {
  const lines = content.toString('latin1').split('\n')
  const isWide = (line: string) => line.search(/[\x80-\xff]/) >= 0
  const texts = lines.map((line) => (isWide(line) ? decodeAs('utf-8', Buffer.from(line, 'latin1')) : line))
  const others = lines.filter((_, at) => texts[at] === undefined)
  if (!isLikely(others.length, lines.filter(isWide).length - others.length, lines.length)) return undefined
  const bytes = Buffer.from(others.join('\n'), 'latin1')
  const decodedOthers = (decodeLegacy(bytes) ?? bytes.toString('utf8')).split('\n')
  return texts.map((text) => text ?? decodedOthers.shift()).join('\n')
}

/** A text of two or four bytes a character without a mark. */
function decodeWide(content: Buffer): string | undefined {
  const forms =
    content.length % 2 > 0
      ? []
      : [
          decodeUtf32(content, true),
          decodeUtf32(content, false),
          decodeAs('utf-16le', content),
          decodeAs('utf-16be', content),
        ]
  const texts = forms.flatMap((text) => {
    if (text === undefined || NEVER.test(text)) return []
    const sample = text.slice(0, MAX_SAMPLE)
    return [{ text, share: (sample.match(PLAIN)?.length ?? 0) / sample.length }]
  })
  const [best] = texts.sort((a, b) => b.share - a.share)
  return best !== undefined && best.share >= MIN_PLAIN_SHARE ? best.text : undefined
}

function decodeUtf32(content: Buffer, isLittle: boolean): string | undefined {
  if (content.length % 4 > 0) return undefined
  const parts: string[] = []
  for (let at = 0; at < content.length; at += 4) {
    const point = isLittle ? content.readUInt32LE(at) : content.readUInt32BE(at)
    if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) return undefined
    parts.push(String.fromCodePoint(point))
  }
  return parts.join('')
}
