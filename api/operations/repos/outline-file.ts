import { z } from 'zod'
import { SKIP_REASONS, type SkipReason } from '../../../shared/repo/skip-reason.ts'
import { defineOperation } from '../define-operation.ts'
import { placeShape, ref, repoId, symbolShape } from '../wire/code.ts'
import { orgId } from '../wire/fields.ts'

export const outlineFileOperation = defineOperation({
  id: 'repos.outline',
  summary: 'Lists what a file defines, top to bottom',
  method: 'GET',
  path: '/v1/orgs/{orgId}/repos/{repoId}/outline',
  scope: 'code:read',
  reach: 'none',
  input: z.strictObject({
    orgId,
    repoId,
    path: z.string().min(1).meta({ description: 'The file, from the root of the repository' }),
    ref: ref.optional(),
  }),
  output: z.object({
    outline: z
      .object({
        ...placeShape,
        symbols: z.array(z.object({ ...symbolShape, startLine: z.int(), endLine: z.int() })),
        skipReason: z.enum(Object.keys(SKIP_REASONS) as [SkipReason, ...SkipReason[]]).nullable(),
      })
      .optional()
      .meta({ description: 'Absent when the index has no such file' }),
  }),
  errors: ['REPO_UNKNOWN'],
  runtime: 'repos.outline',
  returns: 'outline',
  run: async ({ repos }, input) => ({ outline: await repos.outline(input) }),
})
