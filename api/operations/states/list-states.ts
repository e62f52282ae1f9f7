import { z } from 'zod'
import { defineOperation } from '../define-operation.ts'
import { readPageAfter } from '../page.ts'
import { moment, next, orgId, page, userId } from '../wire/fields.ts'
import { stateMetadata, tags, version } from '../wire/states.ts'

export const listStatesOperation = defineOperation({
  id: 'states.list',
  summary: 'Lists the states of an org or a user, by tags, metadata and time',
  method: 'POST',
  path: '/v1/orgs/{orgId}/states/search',
  scope: 'states:read',
  reach: 'user',
  input: z.strictObject({
    orgId,
    userId: userId.optional(),
    tags: tags.optional(),
    metadata: stateMetadata.optional(),
    savedAfter: moment.optional(),
    savedBefore: moment.optional(),
    ...page,
  }),
  output: z.object({
    states: z.array(
      z.object({
        stateId: z.string(),
        userId: z.string().optional(),
        version,
        savedAt: moment,
        expiresAt: moment.optional(),
        tags,
        metadata: stateMetadata,
      }),
    ),
    next,
  }),
  errors: [],
  runtime: 'states.list',
  returns: 'states',
  run: async ({ states }, { limit, cursor, ...filter }) => {
    const listed = (afterStateId: string | undefined) =>
      states.list({ ...filter, ...(afterStateId !== undefined && { afterStateId }) })
    const { items, next } = await readPageAfter({ limit, cursor }, listed, ({ stateId }) => stateId)
    return { states: items, next }
  },
})
