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
  const view = new DataView(packed.buffer, packed.byteOffset, packed.length)
  const occurrences: Occurrence[] = []
  for (let at = 0; at + OCCURRENCE_BYTES <= packed.length; at += OCCURRENCE_BYTES)
    occurrences.push({
      item: view.getFloat64(at),
      sequence: view.getFloat64(at + 8),
      position: view.getUint32(at + 16),
      itemLength: view.getUint32(at + 20),
      frequency: view.getUint16(at + 24),
    })
  return occurrences
}
