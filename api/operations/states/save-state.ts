import { z } from 'zod'
import { stateFromJson } from '../../../shared/state/state-json.ts'
import type { SaveStateInput } from '../../../shared/state/states.ts'
import { defineOperation } from '../define-operation.ts'
import { savedState, stateKey, stateOptions, stateValue } from '../wire/states.ts'

const MAX_BODY_BYTES = 17 * 1_024 * 1_024

export const saveStateOperation = defineOperation({
  id: 'states.save',
  summary: 'Saves a state as its next version',
  method: 'PUT',
  path: '/v1/orgs/{orgId}/states/{stateId}',
  scope: 'states:write',
  reach: 'user',
  input: z.strictObject({
    ...stateKey,
    ...stateOptions,
    state: stateValue,
    expectedVersion: z.int().min(0).optional().meta({ description: 'The newest version; 0: there must be none' }),
    saveId: z.string().optional().meta({ description: 'Repeating a save with the same id returns its first result' }),
  }),
  output: savedState,
  errors: ['STATE_CONFLICT', 'STATE_TOO_LARGE'],
  runtime: 'states.save',
  maxBodyBytes: MAX_BODY_BYTES,
  run: async ({ states }, { state, ...options }) =>
    states.save({ ...options, state: stateFromJson(state) } as SaveStateInput),
})
