import { z } from 'zod'
import { defineOperation } from '../define-operation.ts'
import { codeScope, placeShape } from '../wire/code.ts'
import { budgetTokens, orgId } from '../wire/fields.ts'

export const searchCodeOperation = defineOperation({
  id: 'repos.search',
  summary: 'Finds code by meaning, words, symbols and paths',
  method: 'POST',
  path: '/v1/orgs/{orgId}/repos/search',
  scope: 'code:read',
  reach: 'none',
  input: z.strictObject({
    orgId,
    ...codeScope,
    query: z
      .string()
      .min(1)
      .meta({ description: 'A question in words, the name of a symbol, or a regular expression in the syntax of RE2' }),
    mode: z.enum(['words', 'regex']).optional().meta({ description: 'How the query is read; by default as words' }),
    groupBy: z.enum(['repository', 'file']).optional().meta({ description: 'Whose hits stand together' }),
    limit: z.int().min(1).max(100).optional().meta({ description: 'Most hits to return, up to 100' }),
    budgetTokens: budgetTokens.optional(),
  }),
  output: z.object({
    hits: z.array(
      z.object({
        ...placeShape,
        kind: z.string(),
        symbol: z.string().nullable(),
        scope: z.string(),
        text: z.string(),
        tokens: z.int(),
        score: z.number(),
        why: z.record(z.string(), z.number()),
      }),
    ),
    repos: z.array(
      z.object({
        repoId: z.string(),
        score: z.number(),
        files: z.array(z.object({ path: z.string(), score: z.number(), hits: z.int() })),
      }),
    ),
    notes: z
      .array(z.string())
      .meta({ description: 'Hints about the scope, the filters and the budget of this search' }),
    isWordsOnly: z.boolean(),
  }),
  errors: ['REPO_UNKNOWN'],
  runtime: 'repos.search',
  run: ({ repos }, input) => repos.search(input),
})
