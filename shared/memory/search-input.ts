import { z } from 'zod'
import { idSchema, parseInput } from '../parse-input.ts'
import type { Viewer } from '../store/scopes.ts'

/** Owns what may be asked of search: the border at which bad input is refused. */

/**
 * What a search is for. It sees what everybody of the org may see, and what belongs to the user, the agent and the workstream that are named here;
 * with none named, the org's only.
 */
export type SearchInput = Viewer & {
  readonly orgId: string
  readonly query: string
  /** The number of memories and of turns at most. @default 10 */
  readonly limit?: number | undefined
}

export type ParsedSearch = z.output<typeof searchSchema>

const DEFAULT_LIMIT = 10
const MAX_LIMIT = 200
/** In UTF-16 units: some pages of text, and within what an embedding model takes. */
const MAX_QUERY_LENGTH = 4_000

export const querySchema = z
  .string()
  .max(MAX_QUERY_LENGTH)
  .refine(
    (query) => query.trim() !== '' && query.isWellFormed() && !query.includes('\0'),
    'expected well-formed text without NUL, got none or broken text',
  )

const searchSchema = z.strictObject({
  orgId: idSchema,
  userId: idSchema.optional(),
  agentId: idSchema.optional(),
  workstreamId: idSchema.optional(),
  query: querySchema,
  limit: z.number().int().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT),
})

/**
 * Checks a search.
 * @throws INPUT_INVALID with every fault, each with its path.
 */
export function parseSearch(input: unknown): ParsedSearch {
  return parseInput(searchSchema, input, 'search')
}
