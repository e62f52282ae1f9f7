/** Cuts texts of ASCII into the pieces of cl100k, as its pattern does (`CL100K_TOKEN_SPLIT_REGEX` of gpt-tokenizer), in a tenth of its time. */

const SIGN = 0
const LETTER = 1
const DIGIT = 2
const SPACE = 3
const LINE_END = 4
/** Beyond the end of the text. */
const NOTHING = 5
const CLASSES = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code)
  return 1 + [/[A-Za-z]/, /\d/, /\s/, /[\r\n]/].findLastIndex((pattern) => pattern.test(character))
})
const BLANK = 0x20
const QUOTE = 0x27
const MAX_DIGITS = 3
/** Ends of words that may follow a quote; in small letters. */
const ENDINGS = ['s', 'd', 'm', 't', 'll', 've', 're'].map((ending) => Buffer.from(ending))
const SMALL = 0x20

/** Where the piece ends that begins at `start` in a text of `length` bytes, all of them ASCII. */
export function endOfPiece(bytes: Uint8Array, start: number, length: number): number {
  const classAt = (at: number) => (at < length ? (CLASSES[bytes[at] as number] as number) : NOTHING)
  const endOfRun = (from: number, wanted: number) => {
    let at = from
    while (classAt(at) === wanted) at++
    return at
  }
  const own = classAt(start)
  const next = classAt(start + 1)
  if (own === LETTER) return endOfRun(start + 1, LETTER)
  if (own === DIGIT) return Math.min(endOfRun(start + 1, DIGIT), start + MAX_DIGITS)
  if (next === LETTER && own !== LINE_END) {
    if (bytes[start] !== QUOTE) return endOfRun(start + 1, LETTER)
    const end = endOfRun(start + 1, LETTER)
    const isEnding = (letters: Buffer) =>
      start + 1 + letters.length <= end &&
      letters.every((letter, at) => ((bytes[start + 1 + at] as number) | SMALL) === letter)
    const ending = ENDINGS.find(isEnding)
    return ending === undefined ? end : start + 1 + ending.length
  }
  if (own === SIGN || (bytes[start] === BLANK && next === SIGN)) return endOfRun(endOfRun(start + 1, SIGN), LINE_END)
  let end = start
  let behindLineEnd = start
  for (let found = own; found === SPACE || found === LINE_END; found = classAt(end)) {
    end += 1
    if (found === LINE_END) behindLineEnd = end
  }
  if (end === length) return end
  // The last space goes with the word behind it.
  return behindLineEnd > start ? behindLineEnd : Math.max(start + 1, end - 1)
}
