/** The figures of the overview page, as plain data; the dashboard's starter reads them from PostgreSQL and Redis. */

/** The jobs of one queue by state; `name` is the queue's name in the catalogue. */
export type QueueCounts = {
  readonly name: string
  readonly waiting: number
  readonly active: number
  readonly delayed: number
  readonly completed: number
  readonly failed: number
}

/** Work that the kill switch halts. */
export type Halt = {
  readonly what: string
  /** The org that is halted; undefined for a halt of all. */
  readonly orgId?: string | undefined
  readonly by: string
  /** Null if it was not recorded. */
  readonly since: Date | null
  readonly reason: string
}

/** A dead letter as the page shows it. */
export type ShownDeadLetter = {
  readonly id: number
  /** The turn or the job. */
  readonly subject: string
  readonly orgId?: string | null
  readonly queue: string
  readonly code: string
  readonly reason: string
  readonly diedAt: Date
}

/** A compaction as the page shows it. */
export type ShownContext = {
  /** The workstream and its org. */
  readonly subject: string
  readonly tokensBefore: number
  readonly tokensAfter: number
  readonly coveredMessages: number
  /** The id of the first message that it does not cover. */
  readonly upTo: string
  /** The model, or `local rules`. */
  readonly by: string
  readonly at: Date
}

/** The state of the whole fleet at one moment. */
export type Overview = {
  readonly turns: { readonly pending: number; readonly extracted: number; readonly deadLettered: number }
  readonly memories: number
  /** Memories that wait for review. */
  readonly heldMemories: number
  /** The age of the longest waiting turn; null if none waits. */
  readonly oldestPendingMs: number | null
  /** Whose turn that is. */
  readonly oldestPendingOrgId?: string | undefined
  /** The failure of the oldest turn that waits for a retry; null if there is none. */
  readonly oldestFailure: { readonly code: string; readonly reason: string } | null
  /** A pending turn older than this is shown as late: the longest wait for a digest plus some slack. */
  readonly lateAfterMs: number
  /** Open dead letters of every kind. */
  readonly deadLetters: number
  readonly newestDeadLetters: readonly ShownDeadLetter[]
  /** Halted work; empty if the kill switch is off. */
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
  /** The share of its memory limit that the durable Redis uses; null if it has no limit. */
  readonly durableMemoryRatio: number | null
}
