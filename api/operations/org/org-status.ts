import { z } from 'zod'
import { defineOperation } from '../define-operation.ts'
import { deadLetterShape } from '../operate/dead-letter.ts'
import { moment, orgId } from '../wire/fields.ts'

export const orgStatusOperation = defineOperation({
  id: 'org.status',
  summary: 'Reports the state of an org: its turns by state, its memories, dead letters and costs',
  method: 'GET',
  path: '/v1/orgs/{orgId}/status',
  scope: 'operate:read',
  reach: 'org',
  input: z.strictObject({ orgId }),
  output: z.object({
    turns: z.object({ pending: z.int(), extracted: z.int(), deadLettered: z.int() }),
    oldestPendingAt: moment.nullable(),
    oldestFailure: z.object({ at: z.string(), code: z.string(), reason: z.string() }).nullable(),
    reembeddingWait: z.object({ since: moment, until: moment, code: z.string(), reason: z.string() }).nullable(),
    reextraction: z
      .object({
        id: z.int(),
        workstreamId: z.string().nullable(),
        since: moment.nullable(),
        requestedAt: moment,
        turns: z.int(),
        added: z.int(),
        removed: z.int(),
        skipped: z.int(),
        afterTurn: z.int(),
        uptoTurn: z.int(),
      })
      .nullable(),
    memories: z.int(),
    held: z.int(),
    deadLetters: z.array(z.object(deadLetterShape)),
    usage: z.array(
      z.object({
        task: z.string(),
        calls: z.int(),
        inputTokens: z.int(),
        outputTokens: z.int(),
        cacheHits: z.int(),
        duplicates: z.int(),
      }),
    ),
  }),
  errors: [],
  runtime: 'memory.status',
  run: ({ memory }, input) => memory.status(input),
})
