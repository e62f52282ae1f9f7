import { z } from 'zod'
import { type MetadataFilter, metadataFilterSchema } from '../metadata.ts'
import { idSchema } from '../parse-input.ts'
import type { MemoryPlace } from '../store/memories/memories.ts'
import type { Viewer } from '../store/scopes.ts'

/** Owns what lists of memories take. */

export type ListMemoriesInput = Viewer & {
  readonly orgId: string
  /** 1 to 10,000. @default 100 */
  readonly limit?: number
  /** The last memory of the page before. @default the beginning */
  readonly after?: MemoryPlace | undefined
  readonly metadata?: MetadataFilter
}

const MAX_LISTED = 10_000

/** The fields that every list of memories takes. */
export const memoryPageSchema = z.strictObject({
  orgId: idSchema,
  limit: z.number().int().min(1).max(MAX_LISTED).default(100),
  after: z.object({ id: z.number().int().min(1), observedAt: z.date() }).optional(),
})

export const listMemoriesSchema = memoryPageSchema.extend({
  userId: idSchema.optional(),
  agentId: idSchema.optional(),
  workstreamId: idSchema.optional(),
  metadata: metadataFilterSchema.optional(),
})
