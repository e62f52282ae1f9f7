/** Owns the figures that the first page shows. They are plain data: whoever starts the dashboard reads them from PostgreSQL and Redis. */

/** The jobs of one queue, by state; `name` is the queue's own, as in the catalogue. */
export type QueueCounts = {
  readonly name: string
  readonly waiting: number
  readonly active: number
  readonly delayed: number
  readonly completed: number
  readonly failed: number
}

/** Something that the kill switch halts. */
export type Halt = {
  readonly what: string
  readonly by: string
  /** Null when nobody kept it. */
  readonly since: Date | null
  readonly reason: string
}

/** What could not be done, as the page tells it. */
export type ShownDeadLetter = {
  readonly id: number
  /** The turn or the job. */
  readonly subject: string
  readonly queue: string
  readonly code: string
  readonly reason: string
  readonly diedAt: Date
}

/** A compaction, as the page tells it. */
export type ShownContext = {
  /** The workstream and its org. */
  readonly subject: string
  readonly tokensBefore: number
  readonly tokensAfter: number
  readonly coveredMessages: number
  /** The id of the first message that it does not cover. */
  readonly upTo: string
  /** The model, or what did without one. */
  readonly by: string
  readonly at: Date
}

/** The state of the whole fleet at one moment. */
export type Overview = {
  readonly turns: { readonly pending: number; readonly extracted: number; readonly deadLettered: number }
  readonly memories: number
  /** Memories that wait for a review. */
  readonly heldMemories: number
  /** The age of the turn that has waited longest; null when none waits. */
  readonly oldestPendingMs: number | null
  /** Why the oldest of those that were tried waits still; null when none has failed. */
  readonly oldestFailure: { readonly code: string; readonly reason: string } | null
  /** From this age on a pending turn is shown as late; the longest wait for a digest and some slack. */
  readonly lateAfterMs: number
  /** Dead letters of every kind that are open. */
  readonly deadLetters: number
  readonly newestDeadLetters: readonly ShownDeadLetter[]
  /** What the kill switch halts; empty when it is off. */
  readonly halts: readonly Halt[]
  readonly queues: readonly QueueCounts[]
  readonly newestContexts: readonly ShownContext[]
  readonly model: {
    readonly provider: string
    readonly isLocal: boolean
    readonly calls: number
    readonly tokens: number
  }
  readonly hasCache: boolean
  /** The part of its memory limit that the durable Redis uses; null where it has none. */
  readonly durableMemoryRatio: number | null
}
