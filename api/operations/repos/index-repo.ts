import { z } from 'zod'
import { defineOperation } from '../define-operation.ts'
import { ref, repoId } from '../wire/code.ts'
import { orgId } from '../wire/fields.ts'

const ACCEPTED = 202

export const indexRepoOperation = defineOperation({
  id: 'repos.index',
  summary: 'Requests that a ref of a repository be indexed, or its index brought up to date',
  method: 'PUT',
  path: '/v1/orgs/{orgId}/repos/{repoId}',
  scope: 'code:write',
  reach: 'org',
  input: z.strictObject({
    orgId,
    repoId,
    source: z
      .string()
      .min(1)
      .meta({ description: 'A path that the worker sees, or an https, ssh or file address without credentials' }),
    ref: ref.optional(),
  }),
  output: z.object({ jobId: z.string() }),
  errors: ['REPO_REFUSED', 'ENQUEUE_TIMEOUT', 'REDIS_UNSUITABLE'],
  runtime: 'repos.index',
  statuses: [ACCEPTED],
  run: ({ repos }, input) => repos.index(input),
})
