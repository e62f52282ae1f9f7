/** The first of many in the order of `compare`, which must be total: as sorting all and cutting, without sorting all. */
export function topK<T>(all: readonly T[], count: number, compare: (a: T, b: T) => number): T[] {
  if (all.length <= count) return [...all].sort(compare)
  if (count <= 0) return []
  const best: T[] = []
  for (const one of all) {
    if (best.length === count && compare(one, best[count - 1] as T) >= 0) continue
    let low = 0
    for (let high = best.length; low < high; ) {
      const middle = (low + high) >> 1
      if (compare(best[middle] as T, one) <= 0) low = middle + 1
      else high = middle
    }
    best.splice(low, 0, one)
    if (best.length > count) best.pop()
  }
  return best
}
