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
    .meta({ description: 'The most memories, and the most turns; by default 10' }),
  only: z.enum(['memories', 'turns']).optional(),
  kinds: z.array(memoryKind).min(1).optional(),
  minImportance: z.number().min(0).max(1).optional(),
  metadata: metadataFilterSchema
    .optional()
    .meta({ description: 'Turns with such metadata, and memories that come from one' }),
  at: moment.optional().meta({ description: 'Asks for what held at that time' }),
  minScore: z.number().min(0).max(1).optional(),
  timeZone: z.string().optional(),
  budgetTokens: budgetTokens.optional(),
})
