/**
 * Owns the difference of two byte texts: which parts of the new one are copied from the base, and the bytes that are new. It copies only; what the bytes
 * mean is no matter. Guarantees: time linear in both lengths; copies that reach outside of the base are refused.
 */

/** New bytes, then a part of the base. */
export type Splice = { readonly insertBytes: number; readonly copyFrom: number; readonly copyBytes: number }
type Difference = { readonly splices: readonly Splice[]; readonly inserted: Buffer }

/** Matches are sought by blocks of the base of this length. */
const BLOCK_BYTES = 64
/** Larger bases get larger blocks, so that there are no more than this many. */
const MAX_BLOCKS = 65_536
const COMPARED_AT_ONCE = 65_536
const HASH_FACTOR = 0x01_00_01_93

/** How a text is made of a base. */
export function findDifference(base: Buffer, next: Buffer): Difference {
  const prefix = commonPrefix(base, next, 0, 0)
  const suffix = commonSuffix(base, next, prefix)
  const middle = {
    base: base.subarray(prefix, base.length - suffix),
    next: next.subarray(prefix, next.length - suffix),
  }
  const splices: Splice[] = prefix > 0 ? [{ insertBytes: 0, copyFrom: 0, copyBytes: prefix }] : []
  const inserted: Buffer[] = []
  let from = 0
  for (const { at, copyFrom, copyBytes } of findMatches(middle.base, middle.next)) {
    inserted.push(middle.next.subarray(from, at))
    splices.push({ insertBytes: at - from, copyFrom: prefix + copyFrom, copyBytes })
    from = at + copyBytes
  }
  inserted.push(middle.next.subarray(from))
  const insertBytes = middle.next.length - from
  if (insertBytes > 0 || suffix > 0) splices.push({ insertBytes, copyFrom: base.length - suffix, copyBytes: suffix })
  return { splices, inserted: Buffer.concat(inserted) }
}

/**
 * Writes the text that a difference makes of a base into a buffer of its length, which must not be the base's; false when the difference does not fit the
 * base, the inserted bytes or the length.
 */
export function applyDifference(base: Buffer, { splices, inserted }: Difference, next: Buffer): boolean {
  const { length } = next
  let to = 0
  let used = 0
  for (const { insertBytes, copyFrom, copyBytes } of splices) {
    if (to + insertBytes + copyBytes > length || used + insertBytes > inserted.length) return false
    if (copyFrom + copyBytes > base.length) return false
    inserted.copy(next, to, used, used + insertBytes)
    base.copy(next, to + insertBytes, copyFrom, copyFrom + copyBytes)
    used += insertBytes
    to += insertBytes + copyBytes
  }
  return to === length && used === inserted.length
}

type Match = { readonly at: number; readonly copyFrom: number; readonly copyBytes: number }

/** Parts of `next` that are in the base, in order, found by the hashes of the base's blocks. */
function findMatches(base: Buffer, next: Buffer): Match[] {
  const blockBytes = Math.max(BLOCK_BYTES, Math.ceil(base.length / MAX_BLOCKS))
  if (base.length < blockBytes || next.length < blockBytes) return []
  const blocks = new Map<number, number>()
  // The first of equal blocks is kept, since the text after it is the longest.
  for (let at = 0; at + blockBytes <= base.length; at += blockBytes) {
    const hash = hashOf(base, at, blockBytes)
    if (!blocks.has(hash)) blocks.set(hash, at)
  }
  let leaving = 1
  for (let count = 1; count < blockBytes; count++) leaving = Math.imul(leaving, HASH_FACTOR)
  const matches: Match[] = []
  let free = 0
  let at = 0
  let hash = hashOf(next, 0, blockBytes)
  for (;;) {
    const found = blocks.get(hash)
    if (found !== undefined && next.compare(base, found, found + blockBytes, at, at + blockBytes) === 0) {
      const bytes = commonPrefix(base, next, found, at)
      let back = 0
      while (at - back > free && found - back > 0 && next[at - back - 1] === base[found - back - 1]) back++
      matches.push({ at: at - back, copyFrom: found - back, copyBytes: bytes + back })
      at += bytes
      free = at
      if (at + blockBytes > next.length) break
      hash = hashOf(next, at, blockBytes)
      continue
    }
    if (at + blockBytes >= next.length) break
    hash = Math.imul(hash - Math.imul(next[at] as number, leaving), HASH_FACTOR) + (next[at + blockBytes] as number)
    at++
  }
  return matches
}

function hashOf(bytes: Buffer, from: number, length: number): number {
  let hash = 0
  for (let at = from; at < from + length; at++) hash = (Math.imul(hash, HASH_FACTOR) + (bytes[at] as number)) | 0
  return hash
}

function commonPrefix(base: Buffer, next: Buffer, baseFrom: number, nextFrom: number): number {
  const limit = Math.min(base.length - baseFrom, next.length - nextFrom)
  let length = 0
  for (let step = COMPARED_AT_ONCE; step > 0; ) {
    const end = Math.min(length + step, limit)
    const isEqual = next.compare(base, baseFrom + length, baseFrom + end, nextFrom + length, nextFrom + end) === 0
    if (isEqual) length = end
    if (length === limit) break
    if (!isEqual) step = step === 1 ? 0 : Math.ceil(step / 8)
  }
  return length
}

/** Of what is left after a common prefix. */
function commonSuffix(base: Buffer, next: Buffer, prefix: number): number {
  const limit = Math.min(base.length, next.length) - prefix
  let length = 0
  for (let step = COMPARED_AT_ONCE; step > 0; ) {
    const end = Math.min(length + step, limit)
    const isEqual =
      next.compare(base, base.length - end, base.length - length, next.length - end, next.length - length) === 0
    if (isEqual) length = end
    if (length === limit) break
    if (!isEqual) step = step === 1 ? 0 : Math.ceil(step / 8)
  }
  return length
}
