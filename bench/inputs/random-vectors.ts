/** A random sequence from 0 to 1 that is the same in every run. Source: Mulberry32, Tommy Ettinger. */
export function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A vector of unit length near another, or anywhere. */
export function randomVector(random: () => number, dims: number, near?: Float32Array, distance = 1): Float32Array {
  const scale = distance / Math.sqrt(dims / 3)
  const vector = Float32Array.from({ length: dims }, (_, index) => (near?.[index] ?? 0) + (2 * random() - 1) * scale)
  const norm = Math.sqrt(dot(vector, vector))
  return vector.map((number) => number / norm)
}

export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let index = 0; index < a.length; index += 1) sum += (a[index] as number) * (b[index] as number)
  return sum
}
