/**
 * Owns how many tokens a piece of a text has: byte pair encoding over the ranks of an encoding. Its tables are flat and 3 MB; with a map of strings
 * a piece took ten times as long, and most of it waited for memory. Linear in the number of pieces, quadratic in the length of one.
 */

/** By rank, what a token decodes to: a text, or bytes that are none. */
export type Ranks = readonly (string | readonly number[] | undefined)[]
/** Counts the tokens of `bytes` between two places, which are one piece of the encoding. */
type CountPiece = (bytes: Uint8Array, from: number, to: number) => number

/** Twice the tokens at least, so that most are found where they are looked for. */
const TABLE_SHARE = 2
const NONE = 0x7fffffff

/** A counter of pieces of at most `maxBytes`. */
export function createPieceCounter(ranks: Ranks, maxBytes: number): CountPiece {
  const { pool, offsets } = poolOf(ranks)
  const bits = Math.ceil(Math.log2(ranks.length * TABLE_SHARE))
  const shift = 32 - bits
  const mask = (1 << bits) - 1
  /** A rank and one, or nothing. */
  const table = new Int32Array(1 << bits)
  const slotOf = (bytes: Uint8Array, from: number, to: number) => {
    let hash = 0
    for (let at = from; at < to; at++) hash = Math.imul(hash, 31) + (bytes[at] as number)
    return Math.imul(hash, 0x9e3779b1) >>> shift
  }
  const rankOf = (bytes: Uint8Array, from: number, to: number) => {
    for (let slot = slotOf(bytes, from, to); table[slot] !== 0; slot = (slot + 1) & mask) {
      const rank = (table[slot] as number) - 1
      const first = offsets[rank] as number
      if ((offsets[rank + 1] as number) - first !== to - from) continue
      let at = from
      while (at < to && bytes[at] === pool[first + at - from]) at++
      if (at === to) return rank
    }
    return NONE
  }
  for (const rank of ranks.keys()) {
    const [from, to] = [offsets[rank] as number, offsets[rank + 1] as number]
    if (from === to) continue
    let slot = slotOf(pool, from, to)
    while (table[slot] !== 0) slot = (slot + 1) & mask
    table[slot] = rank + 1
  }

  const starts = new Int32Array(maxBytes + 1)
  /** By part, the rank of it with the next. */
  const pairs = new Int32Array(maxBytes + 1)
  return (bytes, from, to) => {
    if (to - from === 1 || rankOf(bytes, from, to) !== NONE) return 1
    let parts = to - from
    for (let part = 0; part < parts; part++) {
      starts[part] = from + part
      pairs[part] = part + 1 < parts ? rankOf(bytes, from + part, from + part + 2) : NONE
    }
    starts[parts] = to
    while (parts > 1) {
      let best = 0
      for (let part = 1; part < parts - 1; part++) if ((pairs[part] as number) < (pairs[best] as number)) best = part
      if (pairs[best] === NONE) break
      for (let part = best + 1; part < parts; part++) {
        starts[part] = starts[part + 1] as number
        pairs[part] = pairs[part + 1] as number
      }
      parts -= 1
      for (let part = Math.max(0, best - 1); part <= best; part++)
        pairs[part] = part + 1 < parts ? rankOf(bytes, starts[part] as number, starts[part + 2] as number) : NONE
    }
    return parts
  }
}

/** All tokens one after the other, and where each begins. */
function poolOf(ranks: Ranks): { readonly pool: Uint8Array; readonly offsets: Int32Array } {
  const encoder = new TextEncoder()
  const bytes = ranks.reduce((sum, token) => sum + (typeof token === 'string' ? 3 : 1) * (token?.length ?? 0), 0)
  const pool = new Uint8Array(bytes)
  const offsets = new Int32Array(ranks.length + 1)
  let end = 0
  for (const [rank, token = ''] of ranks.entries()) {
    offsets[rank] = end
    if (typeof token === 'string') end += encoder.encodeInto(token, pool.subarray(end)).written
    else {
      pool.set(token, end)
      end += token.length
    }
  }
  offsets[ranks.length] = end
  return { pool: pool.slice(0, end), offsets }
}
