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
    queue: z.string().min(1).max(512).optional().meta({ description: 'This queue only' }),
    reason: z.string().max(500).optional().meta({ description: 'Shown to everybody who asks why nothing happens' }),
  }),
  output: switchState,
  errors: [],
  runtime: 'killSwitch.turnOn',
  run: async ({ killSwitch }, input, { keyId }) =>
    stateFor(input.orgId, await killSwitch.turnOn({ ...input, by: keyId })),
})
