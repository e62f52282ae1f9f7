import { z } from 'zod'
import { metadataFilterSchema } from '../../../shared/metadata.ts'
import { budgetTokens, moment, orgId, viewer } from '../wire/fields.ts'
import { memoryKind } from '../wire/memories.ts'

/** What search and the prompt block are asked. */
export const searchInput = z.strictObject({
  orgId,
  ...viewer,
  query: z.string().meta({ description: 'A question, in words' }),
  limit: z
    .int()
    .min(1)
    .max(200)
    .optional()
    .meta({ description: 'Most memories, and most turns, to return; by default 10' }),
  only: z.enum(['memories', 'turns']).optional().meta({ description: 'Searches only memories or only turns' }),
  kinds: z
    .array(memoryKind)
    .min(1)
    .optional()
    .meta({ description: 'Only memories of these kinds; turns have no kind' }),
  minImportance: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .meta({ description: 'Leaves out less important memories: from 0 to 1' }),
  metadata: metadataFilterSchema
    .optional()
    .meta({ description: 'Only turns with this metadata, and memories that come from them' }),
  at: moment.optional().meta({ description: 'Searches what was true at this time' }),
  minScore: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .meta({ description: 'Leaves out hits with a lower score: from 0 to 1' }),
  timeZone: z
    .string()
    .optional()
    .meta({ description: 'IANA time zone in which the days of the question are meant; by default UTC' }),
  budgetTokens: budgetTokens.optional(),
})
