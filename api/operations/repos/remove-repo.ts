import { z } from 'zod'
import { defineOperation } from '../define-operation.ts'
import { ref, repoId } from '../wire/code.ts'
import { orgId } from '../wire/fields.ts'

export const removeRepoOperation = defineOperation({
  id: 'repos.remove',
  summary: 'Removes a repository, or one of its refs, from the index',
  method: 'DELETE',
  path: '/v1/orgs/{orgId}/repos/{repoId}',
  scope: 'code:write',
  reach: 'org',
  input: z.strictObject({
    orgId,
    repoId,
    ref: ref.optional().meta({ description: 'The one to remove; without it, all refs of the repository are removed' }),
  }),
  output: z.object({ removed: z.int().meta({ description: 'How many refs there were' }) }),
  errors: [],
  runtime: 'repos.remove',
  returns: 'removed',
  run: async ({ repos }, input) => ({ removed: await repos.remove(input) }),
})
