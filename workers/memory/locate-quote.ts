/** Owns the proof that a quote stands in its message. What it answers is always a piece of the message, letter by letter. */

/** Shorter quotes prove nothing, unless they are all that was said; a letter of a script without spaces says more. */
const MIN_LETTERS = 8
const DENSE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/gu

/** Where models stray while they copy: spaces, and the shape of quotation marks and dashes. */
const LOOSE: Readonly<Record<string, string>> = { '’': "'", '‘': "'", '“': '"', '”': '"', '–': '-', '—': '-' }

/** The piece of the message that the quote copies; undefined when it is none, or too short to prove anything. */
export function locateQuote(message: string, quote: string): string | undefined {
  const wanted = quote.trim()
  const found = message.includes(wanted) ? wanted : locateLoosely(message, wanted)
  return found !== undefined && (weightOf(found) >= MIN_LETTERS || found === message.trim()) ? found : undefined
}

function locateLoosely(message: string, wanted: string): string | undefined {
  const loose = loosened(message)
  const needle = loosened(wanted).text
  const at = needle === '' ? -1 : loose.text.indexOf(needle)
  if (at < 0) return undefined
  return message.slice(loose.offsets[at], (loose.offsets[at + needle.length - 1] as number) + 1)
}

/** With one space for many; `offsets[i]` is where the i-th unit of the text stands in the original. */
function loosened(text: string): { text: string; offsets: number[] } {
  let result = ''
  const offsets: number[] = []
  for (let index = 0; index < text.length; index += 1) {
    const unit = text[index] as string
    const isSpace = /\s/.test(unit)
    if (isSpace && result.endsWith(' ')) continue
    result += isSpace ? ' ' : (LOOSE[unit] ?? unit)
    offsets.push(index)
  }
  return { text: result, offsets }
}

function weightOf(text: string): number {
  const letters = text.match(/[\p{L}\p{N}]/gu)?.length ?? 0
  return letters + 2 * (text.match(DENSE)?.length ?? 0)
}
