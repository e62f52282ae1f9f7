import { z } from 'zod'
import { SKIP_REASONS, type SkipReason } from '../../../shared/repo/skip-reason.ts'
import { defineOperation } from '../define-operation.ts'
import { repoId } from '../wire/code.ts'
import { moment, orgId } from '../wire/fields.ts'

export const repoStatusOperation = defineOperation({
  id: 'repos.status',
  summary: 'Reports the state of each indexed ref, with the files that were skipped and why',
  method: 'GET',
  path: '/v1/orgs/{orgId}/repo-status',
  scope: 'code:read',
  reach: 'none',
  input: z.strictObject({ orgId, repoId: repoId.optional() }),
  output: z.object({
    refs: z.array(
      z.object({
        repoId: z.string(),
        ref: z.string(),
        source: z.string(),
        isPending: z.boolean(),
        requestedAt: moment,
        failure: z.object({ code: z.string(), message: z.string() }).nullable(),
        isGone: z.boolean().meta({ description: 'Whether the repository no longer has the ref: it is not searched' }),
        commit: z.string().nullable(),
        indexedAt: moment.nullable(),
        files: z.int(),
        bytes: z.int(),
        chunks: z.int(),
        redacted: z.int(),
        skipped: z.int(),
        skippedFiles: z.array(
          z.object({
            path: z.string(),
            reason: z.enum(Object.keys(SKIP_REASONS) as [SkipReason, ...SkipReason[]]),
            bytes: z.int(),
          }),
        ),
      }),
    ),
  }),
  errors: ['REPO_UNKNOWN'],
  runtime: 'repos.status',
  returns: 'refs',
  run: async ({ repos }, input) => ({ refs: await repos.status(input) }),
})
