import { z } from 'zod'
import { defineOperation } from '../define-operation.ts'
import { orgId } from '../wire/fields.ts'

export const listReposOperation = defineOperation({
  id: 'repos.list',
  summary: "Lists an org's repositories with their refs",
  method: 'GET',
  path: '/v1/orgs/{orgId}/repos',
  scope: 'code:read',
  reach: 'none',
  input: z.strictObject({ orgId }),
  output: z.object({
    repos: z.array(z.object({ repoId: z.string(), source: z.string(), refs: z.array(z.string()) })),
  }),
  errors: [],
  runtime: 'repos.list',
  returns: 'repos',
  run: async ({ repos }, input) => ({ repos: await repos.list(input) }),
})
