/**
 * Owns the codes of vectors: the signs of a randomly rotated vector, whose Hamming distance to another's stands for their angle.
 * Guarantees: the same vector has the same code everywhere and for ever, for codes are stored. Must not be used for the final order.
 *
 * The signs of the numbers as they come say little where many are 0 or all lie to one side: of the 10 nearest of 10,000 turns in the offline
 * embedder's space, the 200 nearest codes held 41 %; rotated and padded to 1,024 numbers, 96 %, and the 400 nearest 99 %.
 * Source: Andoni, Indyk, Laarhoven, Razenshteyn, Schmidt, Practical and optimal LSH for angular distance, 2015: three rounds of random signs
 * and a Hadamard transform act as a random rotation.
 */

/** Shorter vectors are padded: more bits, less error. */
const MIN_BITS = 1_024
const ROUNDS = 3
/** Never changes: codes are stored. */
const SEED = 0x5eed

/** The code of a vector: 128 bytes, more for vectors of more than 1,024 numbers. */
export function codeOf(vector: Float32Array): Buffer {
  const bits = Math.max(MIN_BITS, 2 ** Math.ceil(Math.log2(vector.length)))
  const rotated = new Float64Array(bits)
  rotated.set(vector)
  const signs = signsOf(bits)
  for (let round = 0; round < ROUNDS; round++) {
    for (let at = 0; at < bits; at++) rotated[at] = (rotated[at] ?? 0) * (signs[round * bits + at] ?? 1)
    transform(rotated)
  }
  const code = Buffer.alloc(bits / 8)
  for (let at = 0; at < bits; at++)
    if ((rotated[at] ?? 0) > 0) code[at >> 3] = (code[at >> 3] ?? 0) | (0x80 >> (at & 7))
  return code
}

const signsByBits = new Map<number, Int8Array>()

function signsOf(bits: number): Int8Array {
  let signs = signsByBits.get(bits)
  if (!signs) {
    let state = SEED
    signs = Int8Array.from({ length: ROUNDS * bits }, () => {
      // xorshift32, Marsaglia 2003.
      state ^= state << 13
      state ^= state >>> 17
      state ^= state << 5
      return state < 0 ? -1 : 1
    })
    signsByBits.set(bits, signs)
  }
  return signs
}

/** Walsh-Hadamard, in place; the scale does not matter to signs. */
function transform(values: Float64Array): void {
  for (let half = 1; half < values.length; half *= 2)
    for (let start = 0; start < values.length; start += 2 * half)
      for (let at = start; at < start + half; at++) {
        const a = values[at] as number
        const b = values[at + half] as number
        values[at] = a + b
        values[at + half] = a - b
      }
}
