import { z } from 'zod'
import { defineOperation } from '../define-operation.ts'
import { orgId } from '../wire/fields.ts'
import { stateFor, switchState } from './switch-state.ts'

export const haltOrgOperation = defineOperation({
  id: 'kill-switch.on',
  summary: 'Halts job starts, model calls and commits of an org; turns are still recorded',
  method: 'PUT',
  path: '/v1/orgs/{orgId}/kill-switch',
  scope: 'operate:write',
  reach: 'org',
  isForFleet: true,
  input: z.strictObject({
    orgId,
    queue: z.string().min(1).max(512).optional(),
    reason: z.string().max(500).optional(),
  }),
  output: switchState,
  errors: [],
  runtime: 'killSwitch.turnOn',
  run: async ({ killSwitch }, input, { keyId }) =>
    stateFor(input.orgId, await killSwitch.turnOn({ ...input, by: keyId })),
})
