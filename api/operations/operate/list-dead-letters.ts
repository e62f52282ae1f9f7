import { z } from 'zod'
import { defineOperation } from '../define-operation.ts'
import { orgId } from '../wire/fields.ts'
import { deadLetterFilter, deadLetterId, deadLetterShape } from './dead-letter.ts'

const DEFAULT_LIMIT = 100

export const listDeadLettersOperation = defineOperation({
  id: 'dead-letters.list',
  summary: 'Lists the newest dead letters of an org: what could not be done, and why',
  method: 'GET',
  path: '/v1/orgs/{orgId}/dead-letters',
  scope: 'operate:read',
  reach: 'org',
  isForFleet: true,
  input: z.strictObject({
    orgId,
    ...deadLetterFilter,
    isResolved: z
      .boolean()
      .optional()
      .meta({ description: 'Lists those that were replayed or dropped, instead of the open ones' }),
    limit: z.int().min(1).max(200).optional().meta({ description: 'At most 200' }),
    cursor: deadLetterId.optional().meta({ description: '`next` of the page before' }),
  }),
  output: z.object({
    deadLetters: z.array(z.object(deadLetterShape)),
    next: z.int().nullable().meta({ description: 'The `cursor` of the next page; null at the end' }),
  }),
  errors: [],
  runtime: 'deadLetters.list',
  returns: 'deadLetters',
  async run(services, { limit = DEFAULT_LIMIT, cursor, ...filter }) {
    const before = cursor === undefined ? {} : { beforeId: cursor }
    const found = await services.deadLetters.list({ ...filter, ...before, limit: limit + 1 })
    const shown = found.slice(0, limit)
    return { deadLetters: shown, next: found.length > limit ? (shown.at(-1)?.id ?? null) : null }
  },
})
