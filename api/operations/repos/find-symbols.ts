import { z } from 'zod'
import { defineOperation } from '../define-operation.ts'
import { codeScope, placeShape, symbolShape } from '../wire/code.ts'
import { orgId } from '../wire/fields.ts'

export const findSymbolsOperation = defineOperation({
  id: 'repos.symbols',
  summary: 'Finds symbols by name or part of a name',
  method: 'GET',
  path: '/v1/orgs/{orgId}/symbols',
  scope: 'code:read',
  reach: 'none',
  input: z.strictObject({
    orgId,
    ...codeScope,
    query: z.string().min(1).optional().meta({ description: 'A name or a part of one' }),
    limit: z.int().min(1).max(1_000).optional().meta({ description: 'Most symbols to return, up to 1,000' }),
  }),
  output: z.object({ symbols: z.array(z.object({ ...placeShape, ...symbolShape })) }),
  errors: ['REPO_UNKNOWN'],
  runtime: 'repos.symbols',
  returns: 'symbols',
  run: async ({ repos }, input) => ({ symbols: await repos.symbols(input) }),
})
