import { z } from 'zod'
import { defineOperation } from '../define-operation.ts'
import { searchInput } from './search-input.ts'

export const promptBlockOperation = defineOperation({
  id: 'memory.block',
  summary: 'Returns the result of a search as one block of text for a prompt: data that cannot pass for instructions',
  method: 'POST',
  path: '/v1/orgs/{orgId}/memory/block',
  scope: 'memory:read',
  reach: 'user',
  input: searchInput,
  output: z.object({
    text: z.string(),
    tokens: z.int(),
    memoryIds: z.array(z.int()),
    turns: z.array(z.object({ workstreamId: z.string(), turnId: z.string() })),
    isWordsOnly: z.boolean(),
  }),
  errors: [],
  runtime: 'memory.promptBlock',
  run: ({ memory }, input) => memory.promptBlock(input),
})
