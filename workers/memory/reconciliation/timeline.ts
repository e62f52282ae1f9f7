import type { Saying } from '../../../shared/store/memories/memory-changes.ts'

/**
 * Owns the order in which facts were said, and how long each holds: from one saying of it until the next saying of a fact that replaces it.
 * Guarantees: a function of what was said and of nothing else, so the order in which extractions commit changes nothing.
 */

/** A stretch of time for which a fact holds, with every time that it was said meanwhile. */
type SayingSpan = {
  /** Never empty; in no order. */
  readonly sayings: readonly Saying[]
  /** What ended it: the first saying after its own that replaces it. */
  readonly end: Saying | undefined
}

/** Below 0: `a` was said before `b`; at the same moment what was recorded first. 0 in one turn, where nothing tells. */
export function compareSayings(a: Saying, b: Saying): number {
  return a.saidAt.getTime() - b.saidAt.getTime() || a.turn - b.turn
}

/** The first of some sayings that came after one. */
export function firstAfter(saying: Saying, others: readonly Saying[]): Saying | undefined {
  const later = others.filter((other) => compareSayings(other, saying) > 0)
  return later.reduce<Saying | undefined>(
    (first, one) => (first && compareSayings(first, one) <= 0 ? first : one),
    undefined,
  )
}

/** Whether a saying meets a span: it came before the span's end, so it may end the span, split it or be ended by it. */
export function isBeforeEnd(saying: Saying, { end }: SayingSpan): boolean {
  return end === undefined || compareSayings(saying, end) < 0
}

/** Whether one more saying of a span's own fact belongs to it: nothing that replaces the fact (`next`, the first of that kind) lies between. */
export function belongsTo(saying: Saying, span: SayingSpan, next: Saying | undefined): boolean {
  if (span.end === undefined) return next === undefined
  return compareSayings(saying, span.end) < 0 && (next === undefined || compareSayings(next, span.end) >= 0)
}

/** What a saying of a fact that replaces it leaves of a span: what was said before ends there, the rest is a span anew. */
export function splitSpan(
  span: SayingSpan,
  saying: Saying,
): { readonly before: readonly Saying[]; readonly rest: readonly Saying[] } {
  if (!isBeforeEnd(saying, span)) return { before: [], rest: span.sayings }
  const isBefore = (one: Saying) => compareSayings(one, saying) < 0
  return { before: span.sayings.filter(isBefore), rest: span.sayings.filter((one) => !isBefore(one)) }
}

/** Since when a fact holds that was said these times: the earliest day that one of them names. */
export function startOf(sayings: readonly Saying[]): Date {
  return new Date(Math.min(...sayings.map(({ validFrom }) => validFrom.getTime())))
}
