import { z } from 'zod'
import { defineOperation } from '../define-operation.ts'
import { WRITE_ERRORS } from '../memory/write-errors.ts'
import { memoryId, orgId, turnId, userId, workstreamId } from '../wire/fields.ts'

const TIMEOUT_MS = 25_000

export const eraseDataOperation = defineOperation({
  id: 'org.erase',
  summary: 'Erases an org, or one of its users, workstreams, turns or memories, with everything derived from it',
  method: 'POST',
  path: '/v1/orgs/{orgId}/erase',
  scope: 'org:erase',
  reach: 'user',
  isFinal: true,
  input: z.strictObject({
    orgId,
    userId: userId.optional(),
    workstreamId: workstreamId.optional(),
    turnId: turnId.optional(),
    memoryId: memoryId.optional(),
  }),
  output: z.object({ id: z.int(), turns: z.int(), memories: z.int() }),
  errors: ['ERASURE_UNFINISHED', ...WRITE_ERRORS],
  runtime: 'memory.erase',
  timeoutMs: TIMEOUT_MS,
  run: ({ memory }, input, { keyId }) => memory.erase({ ...input, by: keyId }),
})
