/** Reads a text as people see it: without invisible characters, full-width letters and digits as plain ones, each unit with its place in the original. */

type PlainText = {
  readonly text: string
  /** Where a unit of the plain text begins in the original; one more for the end. */
  offsetOf(index: number): number
}

/** Characters that are invisible or have a plainer form. */
const DISGUISED = /[\p{Cf}\u2000-\u200a\u202f\u205f\u3000\uff01-\uffe6]|[\u{1d400}-\u{1d7ff}]/u

/** Undefined where the text is plain already. */
export function plainTextOf(original: string): PlainText | undefined {
  if (!DISGUISED.test(original)) return undefined
  let text = ''
  const offsets: number[] = []
  let at = 0
  for (const character of original) {
    const plain = DISGUISED.test(character) ? character.normalize('NFKC').replace(/\p{Cf}/gu, '') : character
    for (let unit = 0; unit < plain.length; unit += 1) offsets.push(at)
    text += plain
    at += character.length
  }
  offsets.push(at)
  return { text, offsetOf: (index) => offsets[index] ?? original.length }
}
