import { z } from 'zod'
import type { Clock } from '../clock.ts'
import { AfterturnError } from '../errors.ts'
import type { WithOrgMemoryLock } from '../lock/org-memory-lock.ts'
import { bySchema, idSchema, parseInput } from '../parse-input.ts'
import type { Database } from '../store/database.ts'
import {
  type HeldFact,
  type HeldMemory,
  readHeldFact,
  readHeldMemories,
  reviewMemory,
} from '../store/memories/held-memories.ts'
import type { MemoryPlace } from '../store/memories/memories.ts'
import { fencedTransaction } from '../store/memories/org-fences.ts'
import { asStoreError } from '../store/store-errors.ts'
import { memoryPageSchema } from './list-input.ts'

/**
 * Facts held for review, because they read like orders to a model or their turns do not prove them. No search finds them, and when the same fact comes
 * again, it stays held or rejected.
 */
export type Quarantine = {
  /** Lists the held memories of an org with their reasons, or the rejected ones, newest observation first. @default status 'quarantined', limit 100, from the beginning */
  list(input: {
    orgId: string
    status?: 'quarantined' | 'rejected'
    limit?: number
    after?: MemoryPlace | undefined
  }): Promise<HeldMemory[]>
  /**
   * Turns a held fact into an ordinary memory: it is compared with the known ones and may replace some. Who approved it, and when, is recorded.
   * @throws INPUT_INVALID; MEMORY_NOT_HELD; what the embedding model and the lock throw
   */
  approve(input: ReviewInput): Promise<void>
  /**
   * Rejects a held fact for good: its row stays, so that the fact does not come back as new.
   * @throws INPUT_INVALID; MEMORY_NOT_HELD; what the lock throws
   */
  reject(input: ReviewInput): Promise<void>
}

/** `by` is who decides, by the host's name for them. @default 'app' */
export type ReviewInput = { readonly orgId: string; readonly memoryId: number; readonly by?: string }

type QuarantineServices = {
  readonly database: Database
  readonly clock: Clock
  readonly withOrgMemoryLock: WithOrgMemoryLock
  readonly approveHeld: ApproveHeld
}

/** Makes a held fact a memory; false when it is not held any more. */
export type ApproveHeld = (orgId: string, held: HeldFact, by: string) => Promise<boolean>

const listSchema = memoryPageSchema.extend({
  status: z.enum(['quarantined', 'rejected']).default('quarantined'),
})
const reviewSchema = z.strictObject({
  orgId: idSchema,
  memoryId: z.number().int().positive().max(Number.MAX_SAFE_INTEGER),
  by: bySchema,
})

/** The error of a memory that is not held, or not any more. */
export function notHeld(memoryId: number): AfterturnError {
  return new AfterturnError(
    'MEMORY_NOT_HELD',
    `Expected a memory that is held for a review, got ${memoryId}, which is not.`,
  )
}

/** Binds the quarantine to a runtime's services. */
export function createQuarantine({ database, clock, withOrgMemoryLock, approveHeld }: QuarantineServices): Quarantine {
  const withStoreErrors = <T>(result: Promise<T>): Promise<T> =>
    result.catch((error) => {
      throw asStoreError(error)
    })

  const rejectHeld: ApproveHeld = (orgId, { row }, by) =>
    withOrgMemoryLock(orgId, ({ fence }) =>
      fencedTransaction(database, fence, (transaction) =>
        reviewMemory(transaction, row, { status: 'rejected', by, at: clock.now() }),
      ),
    )

  async function review({ orgId, memoryId, by }: Required<ReviewInput>, decide: ApproveHeld): Promise<void> {
    const held = await withStoreErrors(readHeldFact(database, orgId, memoryId))
    if (held && (await withStoreErrors(decide(orgId, held, by)))) return
    throw notHeld(memoryId)
  }

  return {
    async list(input) {
      const { orgId, ...page } = parseInput(listSchema, input, 'selection')
      return withStoreErrors(readHeldMemories(database, orgId, page))
    },
    approve: async (input) => review(parseInput(reviewSchema, input, 'review'), approveHeld),
    reject: async (input) => review(parseInput(reviewSchema, input, 'review'), rejectHeld),
  }
}
