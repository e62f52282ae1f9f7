import { z } from 'zod'
import { defineOperation } from '../define-operation.ts'
import { orgId } from '../wire/fields.ts'
import { stateFor, switchState } from './switch-state.ts'

export const killSwitchStatusOperation = defineOperation({
  id: 'kill-switch.status',
  summary: 'Reports what the kill switch halts of an org',
  method: 'GET',
  path: '/v1/orgs/{orgId}/kill-switch',
  scope: 'operate:read',
  reach: 'org',
  input: z.strictObject({ orgId }),
  output: switchState,
  errors: [],
  runtime: 'killSwitch.status',
  run: async ({ killSwitch }, { orgId }) => stateFor(orgId, await killSwitch.status()),
})
