/** Owns the bytes of the index of words: what is kept of one term in one item, 26 bytes, and how many make a page. */

/** What the index holds of one term in one item. A turn's sequence is its workstream's number and its position its order there; other items stand alone. */
export type Occurrence = {
  readonly item: number
  readonly sequence: number
  readonly position: number
  readonly itemLength: number
  readonly frequency: number
}

/** Fewer than PostgreSQL would move out of the row, also when a page is nearly full. */
export const PAGE_OCCURRENCES = 64
export const OCCURRENCE_BYTES = 26
const MAX_FREQUENCY = 0xffff

/** Big-endian, as PostgreSQL's send functions write. */
export function packOccurrences(occurrences: readonly Occurrence[]): Buffer {
  const packed = Buffer.alloc(occurrences.length * OCCURRENCE_BYTES)
  occurrences.forEach(({ item, sequence, position, itemLength, frequency }, index) => {
    const at = index * OCCURRENCE_BYTES
    packed.writeDoubleBE(item, at)
    packed.writeDoubleBE(sequence, at + 8)
    packed.writeUInt32BE(position, at + 16)
    packed.writeUInt32BE(itemLength, at + 20)
    packed.writeUInt16BE(Math.min(frequency, MAX_FREQUENCY), at + 24)
  })
  return packed
}

export function unpackOccurrences(packed: Buffer): Occurrence[] {
  return Array.from({ length: Math.floor(packed.length / OCCURRENCE_BYTES) }, (_, index) => {
    const at = index * OCCURRENCE_BYTES
    return {
      item: packed.readDoubleBE(at),
      sequence: packed.readDoubleBE(at + 8),
      position: packed.readUInt32BE(at + 16),
      itemLength: packed.readUInt32BE(at + 20),
      frequency: packed.readUInt16BE(at + 24),
    }
  })
}
