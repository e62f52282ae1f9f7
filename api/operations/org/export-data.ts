import { z } from 'zod'
import { defineOperation } from '../define-operation.ts'
import { lines, orgId, userId } from '../wire/fields.ts'

export const exportDataOperation = defineOperation({
  id: 'org.export',
  summary: 'Returns everything stored about an org, or one of its users, as JSON lines',
  method: 'GET',
  path: '/v1/orgs/{orgId}/export',
  scope: 'org:export',
  reach: 'user',
  input: z.strictObject({ orgId, userId: userId.optional() }),
  output: lines,
  errors: [],
  runtime: 'memory.export',
  run: ({ memory }, input) => memory.export(input),
})
