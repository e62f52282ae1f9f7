import type { MemoryApi } from '../../shared/memory/memory.ts'

/** Options of the memory middleware. */
export type MemoryMiddlewareOptions = {
  readonly orgId: string
  /** The conversation. */
  readonly workstreamId: string
  readonly userId?: string
  readonly agentId?: string
  /** The most tokens of a prompt that memories take. @default 600 */
  readonly tokenBudget?: number
  /** The model is called without memory when a search takes longer. @default 800 ms */
  readonly searchTimeoutMs?: number
  /**
   * `kept` puts the blocks of earlier turns back where they were, so that a provider's prompt cache holds up to the newest message; `newest` leaves them
   * out, which takes fewer tokens. @default 'kept'
   */
  readonly blocks?: 'kept' | 'newest'
  /** Keeps a serverless function alive until the turn is recorded. */
  waitUntil?(recording: Promise<unknown>): void
  /** Hears what went wrong; the answer is not touched. */
  onError?(error: unknown): void
}

/** The runtime, or a client of the API. */
export type MemoryOf = { readonly memory: Pick<MemoryApi, 'promptBlock' | 'recordTurn'> }
