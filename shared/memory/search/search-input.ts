import { z } from 'zod'
import { type MetadataFilter, metadataFilterSchema } from '../../metadata.ts'
import { idSchema, parseInput } from '../../parse-input.ts'
import type { Viewer } from '../../store/scopes.ts'
import { cutMiddle } from '../../text/cut-middle.ts'
import { MEMORY_KINDS, type MemoryKind } from '../memory-kinds.ts'
import { timeSchema, timeZoneSchema } from '../recording/turn-input.ts'

/** Owns what may be asked of search: the border at which bad input is refused. */

/**
 * What a search is for. It sees what everybody of the org may see, and what belongs to the user, the agent and the workstream that are named;
 * with none named, the org's only.
 */
export type SearchInput = Viewer & {
  readonly orgId: string
  /** Of a long one the beginning and the end are read, 4,000 characters in all. */
  readonly query: string
  /** The most memories, and the most turns. @default 10 */
  readonly limit?: number | undefined
  /** Searches memories or turns alone, in half the time. @default both */
  readonly only?: 'memories' | 'turns' | undefined
  /** Memories of these kinds only; turns have none. @default all kinds */
  readonly kinds?: readonly MemoryKind[] | undefined
  /** Memories of at least this importance, 0 to 1. @default 0 */
  readonly minImportance?: number | undefined
  /** Only turns with this metadata, and memories that come from them. @default all */
  readonly metadata?: MetadataFilter | undefined
  /** Searches what was true at this time, and known by then. @default what is true now */
  readonly at?: Date | undefined
  /** Leaves out hits with a lower score, 0 to 1. @default 0 */
  readonly minScore?: number | undefined
  /** IANA name of the time zone in which the query's days are meant, for example `Europe/Berlin`. @default UTC */
  readonly timeZone?: string | undefined
  /** The most tokens of text in all hits together; hits are whole, and memories and turns alternate. @default no limit */
  readonly budgetTokens?: number | undefined
}

export type ParsedSearch = z.output<typeof searchSchema>

const DEFAULT_LIMIT = 10
const MAX_LIMIT = 200
/** In UTF-16 units: some pages of text, and within what an embedding model takes. */
const MAX_QUERY_LENGTH = 4_000
const MAX_TOKEN_BUDGET = 1_000_000

export const viewerShape = {
  orgId: idSchema,
  userId: idSchema.optional(),
  agentId: idSchema.optional(),
  workstreamId: idSchema.optional(),
}

const searchSchema = z.strictObject({
  ...viewerShape,
  query: z
    .string()
    .refine(
      (query) => query.trim() !== '' && query.isWellFormed() && !query.includes('\0'),
      'expected well-formed text without NUL, got none or broken text',
    )
    .transform((query) => cutMiddle(query, MAX_QUERY_LENGTH)),
  limit: z.number().int().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT),
  only: z.enum(['memories', 'turns']).optional(),
  kinds: z.array(z.enum(MEMORY_KINDS)).min(1).optional(),
  minImportance: z.number().min(0).max(1).optional(),
  metadata: metadataFilterSchema.optional(),
  at: timeSchema.optional(),
  minScore: z.number().min(0).max(1).default(0),
  timeZone: timeZoneSchema.default('UTC'),
  budgetTokens: z.number().int().min(1).max(MAX_TOKEN_BUDGET).optional(),
})

/**
 * Checks a search.
 * @throws INPUT_INVALID with every fault, each with its path.
 */
export function parseSearch(input: unknown): ParsedSearch {
  return parseInput(searchSchema, input, 'search')
}
