/**
 * Owns encodings that somebody names: an attribute of git, or a file in its own first or last lines. Guarantees: every byte of what is returned was
 * valid in the encoding, and an unknown name returns nothing.
 */

/** Names of other programs that the platform does not know. */
const ALIASES: Readonly<Record<string, string>> = {
  cp932: 'shift_jis',
  'japanese-shift-jis': 'shift_jis',
  cp936: 'gbk',
  cp949: 'euc-kr',
  ms949: 'euc-kr',
  uhc: 'euc-kr',
  euckr: 'euc-kr',
  cp950: 'big5',
  eucjp: 'euc-jp',
  'latin-1': 'iso-8859-1',
  'iso-latin-1': 'iso-8859-1',
  utf8: 'utf-8',
  'utf-8-sig': 'utf-8',
}
const MAX_HEAD_BYTES = 1_024
const MAX_TAIL_BYTES = 400
/** The name of an encoding, as an attribute of a tag, a comment for Python or Emacs in the first two lines, or one for Vim. */
const IN_HEAD: readonly RegExp[] = [
  /^(?:[^\n]{0,300}\n)?[^\n]{0,120}\bcoding[:=][ \t]{0,4}([\w.-]{2,30})/,
  /^\s{0,40}<\?xml[^>\n]{0,100}\bencoding=["']([\w.-]{2,30})["']/i,
  /<meta[^>]{0,200}\bcharset=["']?([\w.-]{2,30})/i,
  /^@charset ["']([\w.-]{2,30})["']/,
]
const FOR_VIM = /\bvim?:[^\n]{0,120}\b(?:fileencoding|fenc)=([\w.-]{2,30})/

/** As the platform calls it, or does not. */
function plainName(name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/-(?:unix|dos|mac|bom)$/, '')
    .replace(/^iso8859/, 'iso-8859')
  return ALIASES[plain] ?? plain
}

/** The text of bytes in a named encoding; undefined where the name or a byte is unknown. A mark at the beginning is no part of it. */
export function decodeNamed(content: Buffer, name: string): string | undefined {
  const plain = plainName(name)
  const isMarkedBigEndian = plain === 'utf-16' && content[0] === 0xfe && content[1] === 0xff
  return decodeAs(isMarkedBigEndian ? 'utf-16be' : plain, content)
}

/** The text of bytes in an encoding by the platform's name for it; undefined where the name or a byte is unknown. */
export function decodeAs(encoding: string, content: Buffer): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(content)
  } catch {
    return undefined
  }
}

/** The encoding that a file names itself, as the platform calls it; undefined where it names none, or one that says nothing. */
export function declaredEncoding(content: Buffer): string | undefined {
  try {
    const { encoding } = new TextDecoder(plainName(declaredName(content) ?? ''))
    // Editors write Latin 1 into headers unasked, and every byte is valid in it.
    return encoding === 'windows-1252' ? undefined : encoding === 'gbk' ? 'gb18030' : encoding
  } catch {
    return undefined
  }
}

function declaredName(content: Buffer): string | undefined {
  const head = content.toString('latin1', 0, MAX_HEAD_BYTES)
  const tail = content.toString('latin1', Math.max(0, content.length - MAX_TAIL_BYTES))
  for (const pattern of IN_HEAD) {
    const name = pattern.exec(head)?.[1]
    if (name !== undefined) return name
  }
  return FOR_VIM.exec(head)?.[1] ?? FOR_VIM.exec(tail)?.[1]
}
