import { z } from 'zod'
import { defineOperation } from '../define-operation.ts'
import { readPageByTime } from '../page.ts'
import { moment, next, orgId, page, userId } from '../wire/fields.ts'

export const listKeysOperation = defineOperation({
  id: 'keys.list',
  summary: 'Lists the API keys of an org, revoked ones included, newest first',
  method: 'GET',
  path: '/v1/orgs/{orgId}/keys',
  scope: 'keys:manage',
  reach: 'user',
  input: z.strictObject({ orgId, userId: userId.optional(), ...page }),
  output: z.object({
    keys: z.array(
      z.object({
        keyId: z.string(),
        orgId: z.string(),
        userId: z.string().nullable(),
        name: z.string(),
        scopes: z.array(z.string()),
        createdBy: z.string(),
        createdAt: moment,
        expiresAt: moment.nullable(),
        revokedAt: moment.nullable(),
      }),
    ),
    next,
  }),
  errors: [],
  runtime: 'keys.list',
  returns: 'keys',
  async run(services, { limit, cursor, ...selection }) {
    const { items, next } = await readPageByTime(
      { limit, cursor },
      (limit, after) =>
        services.keys.list({ ...selection, limit, ...(after && { after: { keyId: after.id, createdAt: after.at } }) }),
      ({ keyId, createdAt }) => ({ id: keyId, at: createdAt }),
    )
    return { keys: items, next }
  },
})
