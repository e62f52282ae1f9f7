import { createHash } from 'node:crypto'

/** What makes two facts the same: their words, whatever the case, the spaces, the width and the final stop. */
export function hashFact(fact: string): Buffer {
  const normalised = fact
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[.!]+$/, '')
  return createHash('sha256').update(normalised).digest()
}
