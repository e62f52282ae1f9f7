import { z } from 'zod'
import { defineOperation } from '../define-operation.ts'
import { nothing, orgId } from '../wire/fields.ts'

export const revokeKeyOperation = defineOperation({
  id: 'keys.revoke',
  summary: 'Revokes an API key; every process refuses it from then on',
  method: 'DELETE',
  path: '/v1/orgs/{orgId}/keys/{keyId}',
  scope: 'keys:manage',
  reach: 'org',
  input: z.strictObject({
    orgId,
    keyId: z.string().min(1).max(100).meta({ description: 'The id of the key, as `keys list` shows it' }),
  }),
  output: nothing,
  errors: ['KEY_UNKNOWN'],
  runtime: 'keys.revoke',
  async run({ keys }, input) {
    await keys.revoke(input)
    return undefined
  },
})
