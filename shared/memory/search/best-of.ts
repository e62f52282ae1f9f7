/** The first of many in the order of `compare`, which must be total: as sorting all and cutting, without sorting all. */
export function bestOf<T>(all: readonly T[], limit: number, compare: (a: T, b: T) => number): T[] {
  if (all.length <= limit) return [...all].sort(compare)
  const best: T[] = []
  for (const one of all) {
    if (best.length === limit && compare(one, best[limit - 1] as T) >= 0) continue
    let low = 0
    for (let high = best.length; low < high; ) {
      const middle = (low + high) >> 1
      if (compare(best[middle] as T, one) <= 0) low = middle + 1
      else high = middle
    }
    best.splice(low, 0, one)
    if (best.length > limit) best.pop()
  }
  return best
}
