/** Owns how long some work may take in all, however many calls it is made of. Guarantees: what checks it inside a loop ends in time too. */
type TimeBudget = {
  /** Runs the work and counts its time. @throws what `onSpent` makes */
  within<T>(work: () => T): T
  /** Call it once for each small step of the work. @throws what `onSpent` makes */
  check(): void
}

/** The clock is asked once in this many steps. */
const STEPS_PER_LOOK = 16

export function createTimeBudget(maxMs: number, onSpent: () => Error): TimeBudget {
  let spentMs = 0
  let startedMs = 0
  let steps = 0
  const look = () => {
    if (spentMs + performance.now() - startedMs > maxMs) throw onSpent()
  }
  return {
    within(work) {
      startedMs = performance.now()
      try {
        const result = work()
        look()
        return result
      } finally {
        spentMs += performance.now() - startedMs
      }
    },
    check() {
      steps += 1
      if (steps % STEPS_PER_LOOK === 0) look()
    },
  }
}
