/** Reads a text as people see it: without invisible characters, full-width and escaped letters as plain ones, each unit with its place in the original. */

type PlainText = {
  readonly text: string
  /** Where a unit of the plain text begins in the original; one more for the end. */
  offsetOf(index: number): number
}

/** Characters that are invisible or have a plainer form, and letters of other scripts as files of ASCII escape them: `\u00fc`. */
const DISGUISED =
  /[\p{Cf}\p{Default_Ignorable_Code_Point}\u2000-\u200a\u202f\u205f\u3000\uff01-\uffe6]|[\u{1d400}-\u{1d7ff}]|\\u(?:00[c-f][\da-f]|0[1-9a-f][\da-f]{2}|[1-9a-f][\da-f]{3})/giu

/** Undefined where the text is plain already. */
export function plainTextOf(original: string): PlainText | undefined {
  // From these places on, units of the plain text and of the original stand side by side.
  const plainStarts = [0]
  const originalStarts = [0]
  let text = ''
  let from = 0
  for (const { 0: found, index } of original.matchAll(DISGUISED)) {
    text += original.slice(from, index)
    const plain = found.startsWith('\\u')
      ? String.fromCharCode(Number.parseInt(found.slice(2), 16))
      : found.normalize('NFKC').replace(/[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '')
    // Each unit of what it becomes begins where the character does.
    for (let unit = 0; unit < plain.length; unit += 1) {
      plainStarts.push(text.length + unit)
      originalStarts.push(index)
    }
    text += plain
    from = index + found.length
    plainStarts.push(text.length)
    originalStarts.push(from)
  }
  if (from === 0) return undefined
  text += original.slice(from)
  return {
    text,
    offsetOf(index) {
      const at = lastAtMost(plainStarts, index)
      return Math.min((originalStarts[at] ?? 0) + index - (plainStarts[at] ?? 0), original.length)
    },
  }
}

/** The last of the rising numbers that is not above a value. */
function lastAtMost(numbers: readonly number[], value: number): number {
  let [low, high] = [0, numbers.length]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if ((numbers[middle] ?? 0) <= value) low = middle
    else high = middle
  }
  return low
}
