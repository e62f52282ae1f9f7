import { FNV_BASIS, FNV_PRIME, fnv1a } from '../../text/fnv1a.ts'

/** Owns what is kept of words: they come again and again, in code above all. Guarantees fixed memory: each word has one slot, and whoever comes later has it. */

/** Slots for words, a power of two: a text has some 20,000 that are worth it. */
export const WORD_SLOTS = 2 ** 15

/** A function of one word that keeps what it answered. */
export function perWord<Answer extends object | string>(answerFor: (word: string) => Answer): (word: string) => Answer {
  // Half a megabyte, which a process that reads no such word is spared.
  let words: (string | undefined)[] | undefined
  let answers: (Answer | undefined)[] = []
  return (word) => {
    if (words === undefined) {
      words = new Array(WORD_SLOTS).fill(undefined)
      answers = new Array(WORD_SLOTS).fill(undefined)
    }
    const slot = slotOf(word)
    if (words[slot] === word) return answers[slot] as Answer
    const own = ownString(word)
    const answer = answerFor(own)
    words[slot] = own
    answers[slot] = answer
    return answer
  }
}

/**
 * A function that visits, in their order, what another answers for each token of an ASCII text, which it keeps. Texts are read as bytes: a string for
 * each token is garbage, and to reach the characters of a part of a file took three times as long.
 */
export function perToken<Answer>(
  isOfToken: (character: string) => boolean,
  answerFor: (token: string) => Answer,
): (text: string, visit: (answer: Answer) => void) => void {
  const isInside = Uint8Array.from({ length: 128 }, (_, code) => Number(isOfToken(String.fromCharCode(code))))
  let kept: { readonly tokens: (string | undefined)[]; readonly answers: (Answer | undefined)[] } | undefined
  let bytes = Buffer.alloc(0)
  return (text, visit) => {
    kept ??= { tokens: new Array(WORD_SLOTS).fill(undefined), answers: new Array(WORD_SLOTS).fill(undefined) }
    const { tokens, answers } = kept
    if (bytes.length < text.length) bytes = Buffer.alloc(2 * text.length)
    const read = bytes
    const length = read.write(text, 'latin1')
    for (let from = 0, to = 0; from < length; from = to + 1) {
      let hash = FNV_BASIS
      for (to = from; to < length; to++) {
        const code = read[to] as number
        if (isInside[code] !== 1) break
        hash = Math.imul(hash ^ code, FNV_PRIME)
      }
      if (to === from) continue
      const slot = slotOfHash(hash)
      if (!isAt(tokens[slot], read, from, to)) {
        const token = ownString(text.slice(from, to))
        answers[slot] = answerFor(token)
        tokens[slot] = token
      }
      visit(answers[slot] as Answer)
    }
  }
}

function isAt(token: string | undefined, bytes: Uint8Array, from: number, to: number): boolean {
  if (token === undefined || token.length !== to - from) return false
  for (let at = from; at < to; at++) if (token.charCodeAt(at - from) !== bytes[at]) return false
  return true
}

/** The slot of a word. */
export function slotOf(word: string): number {
  return slotOfHash(fnv1a(word))
}

/** Folded. A map would have to be emptied now and then, and leaves its tables behind as it grows again. */
function slotOfHash(hash: number): number {
  return (hash ^ (hash >>> 15)) & (WORD_SLOTS - 1)
}

/** The same characters on their own: a part of a text keeps the whole text in memory, and words are kept far longer than texts. */
export function ownString(word: string): string {
  return ` ${word}`.slice(1)
}
