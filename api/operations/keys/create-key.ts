import { z } from 'zod'
import { SCOPES } from '../../../shared/access/scopes.ts'
import { AfterturnError } from '../../../shared/errors.ts'
import { defineOperation } from '../define-operation.ts'
import { moment, orgId, userId } from '../wire/fields.ts'

const CREATED = 201

export const createKeyOperation = defineOperation({
  id: 'keys.create',
  summary: 'Makes an API key; its text is shown this once. No key has more rights than the one that makes it',
  method: 'POST',
  path: '/v1/orgs/{orgId}/keys',
  scope: 'keys:manage',
  reach: 'user',
  input: z.strictObject({
    orgId,
    userId: userId.optional().meta({ description: 'The only user for whom it may act' }),
    name: z.string().max(200).optional(),
    scopes: z.array(z.enum(SCOPES)).min(1),
    expiresAt: moment.optional(),
  }),
  output: z.object({ keyId: z.string(), key: z.string() }),
  errors: [],
  runtime: 'keys.create',
  statuses: [CREATED],
  async run({ keys }, input, caller) {
    const beyond = input.scopes.filter((scope) => !caller.scopes.includes(scope))
    if (beyond.length > 0)
      throw new AfterturnError('FORBIDDEN', `Expected scopes of the key that asks, got ${beyond.join(', ')}.`, {
        recorded: 'no',
      })
    return keys.create({ ...input, by: caller.keyId })
  },
})
