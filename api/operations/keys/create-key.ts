import { z } from 'zod'
import { SCOPES } from '../../../shared/access/scopes.ts'
import { AfterturnError } from '../../../shared/errors.ts'
import { defineOperation } from '../define-operation.ts'
import { moment, orgId, userId } from '../wire/fields.ts'

const CREATED = 201

export const createKeyOperation = defineOperation({
  id: 'keys.create',
  summary: 'Creates an API key, whose text is shown only once. No key can create one with more rights than its own',
  method: 'POST',
  path: '/v1/orgs/{orgId}/keys',
  scope: 'keys:manage',
  reach: 'user',
  input: z.strictObject({
    orgId,
    userId: userId.optional().meta({ description: 'The only user for whom it may act' }),
    name: z.string().max(200).optional().meta({ description: 'What it is called in lists' }),
    scopes: z.array(z.enum(SCOPES)).min(1).meta({ description: 'What it may do' }),
    expiresAt: moment
      .optional()
      .meta({ description: 'When the key expires; by default when the key that creates it does' }),
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
    // Else whoever borrows a key for a day makes one that stays.
    const { expiresAt = caller.expiresAt } = input
    if (caller.expiresAt && expiresAt && expiresAt > caller.expiresAt)
      throw new AfterturnError(
        'FORBIDDEN',
        `expiresAt: expected at most ${caller.expiresAt.toISOString()}, when the key that asks ends, got a later time.`,
        { recorded: 'no' },
      )
    return keys.create({ ...input, ...(expiresAt && { expiresAt }), by: caller.keyId })
  },
})
