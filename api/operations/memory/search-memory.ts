import { z } from 'zod'
import { defineOperation } from '../define-operation.ts'
import { moment } from '../wire/fields.ts'
import { memoryHit, memoryMetadata, scored } from '../wire/memories.ts'
import { searchInput } from './search-input.ts'

export const searchMemoryOperation = defineOperation({
  id: 'memory.search',
  summary: 'Finds memories and turns by meaning, words and time, including turns that are not extracted yet',
  method: 'POST',
  path: '/v1/orgs/{orgId}/memory/search',
  scope: 'memory:read',
  reach: 'user',
  input: searchInput,
  output: z.object({
    memories: z.array(memoryHit),
    turns: z.array(
      z.object({
        ...scored,
        workstreamId: z.string(),
        turnId: z.string(),
        at: moment,
        text: z.string(),
        isExtracted: z.boolean(),
        metadata: memoryMetadata,
        isOutdated: z.boolean(),
      }),
    ),
    isWordsOnly: z.boolean().meta({ description: 'Whether the embedding model was away or slow' }),
  }),
  errors: [],
  runtime: 'memory.search',
  run: ({ memory }, input) => memory.search(input),
})
