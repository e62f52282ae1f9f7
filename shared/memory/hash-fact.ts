import { createHash } from 'node:crypto'

/** Forms of letters and signs that are the same letter: full and half width, and ligatures. Superscripts, fractions and units are others: m² is not m2. */
const SAME_LETTERS = /[\u{FF01}-\u{FFEF}\u{FB00}-\u{FB06}\u{3000}]+/gu
/** Nobody sees these. Joiners are none of them: they tell words apart. */
const INVISIBLE = /[\u{AD}\u{200B}\u{200E}\u{200F}\u{202A}-\u{202E}\u{2060}\u{2066}-\u{2069}\u{FEFF}]/gu
const FINAL_STOPS = '.!。！．｡।'
/** A unit follows its number: MW is not mW. */
const FOLDED = /(\p{N}\s?)?(\p{L}[\p{L}\p{M}]*)/gu

/** Subjects whose name is not in the words: "The user is vegan." of two users are two facts. */
const TOLD_BY_ID = /^(?:user|agent|role|thing):/

/** What makes two facts the same: their words, whatever the case, the spaces, the width and the final stop; and whom they are about. */
export function hashFact(fact: string, subjectKey: string | null = null): Buffer {
  const words = fact
    .normalize('NFC')
    .replace(SAME_LETTERS, (letters) => letters.normalize('NFKC'))
    .replace(INVISIBLE, '')
    .replaceAll('−', '-')
    .replace(/[‘’]/g, "'")
    .replace(/[“”]/g, '"')
    .replace(FOLDED, (word, number: string | undefined) => (number === undefined ? word.toLowerCase() : word))
    .split(/\s/)
    .filter(Boolean)
    .join(' ')
  let end = words.length
  while (end > 0 && (FINAL_STOPS.includes(words[end - 1] as string) || words[end - 1] === ' ')) end -= 1
  const text = words.slice(0, end)
  return createHash('sha256')
    .update(subjectKey !== null && TOLD_BY_ID.test(subjectKey) ? `${text}\n${subjectKey}` : text)
    .digest()
}
