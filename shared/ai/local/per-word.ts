import { fnv1a } from '../../text/fnv1a.ts'

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

/** Its hash, folded. A map would have to be emptied now and then, and leaves its tables behind as it grows again. */
export function slotOf(word: string): number {
  const hash = fnv1a(word)
  return (hash ^ (hash >>> 15)) & (WORD_SLOTS - 1)
}

/** The same characters on their own: a part of a text keeps the whole text in memory, and words are kept far longer than texts. */
export function ownString(word: string): string {
  return ` ${word}`.slice(1)
}
