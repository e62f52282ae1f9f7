import { z } from 'zod'
import { stateToJson } from '../../../shared/state/state-json.ts'
import { defineOperation } from '../define-operation.ts'
import { moment } from '../wire/fields.ts'
import { stateKey, stateValue, stateVersion, version } from '../wire/states.ts'

export const loadStateOperation = defineOperation({
  id: 'states.load',
  summary: 'Loads the newest version of a state, or a named one',
  method: 'GET',
  path: '/v1/orgs/{orgId}/states/{stateId}',
  scope: 'states:read',
  reach: 'user',
  input: z.strictObject({
    ...stateKey,
    version: version.optional(),
    label: z.string().optional().meta({ description: 'The version with this label' }),
  }),
  output: stateVersion.extend({ state: stateValue, expiresAt: moment.optional() }),
  errors: ['STATE_UNKNOWN', 'STATE_CORRUPT'],
  runtime: 'states.load',
  run: async ({ states }, input) => {
    const loaded = await states.load(input)
    return { ...loaded, state: stateToJson(loaded.state) }
  },
})
