import { z } from 'zod'
import { defineOperation } from '../define-operation.ts'
import { orgId } from '../wire/fields.ts'
import { stateFor, switchState } from './switch-state.ts'

export const resumeOrgOperation = defineOperation({
  id: 'kill-switch.off',
  summary: 'Lets the work of an org resume',
  method: 'DELETE',
  path: '/v1/orgs/{orgId}/kill-switch',
  scope: 'operate:write',
  reach: 'org',
  isForFleet: true,
  input: z.strictObject({
    orgId,
    queue: z.string().min(1).max(512).optional().meta({ description: 'Ends the halt of this queue only' }),
  }),
  output: switchState,
  errors: [],
  runtime: 'killSwitch.turnOff',
  run: async ({ killSwitch }, input, { keyId }) =>
    stateFor(input.orgId, await killSwitch.turnOff({ ...input, by: keyId })),
})
