import { z } from 'zod'
import { defineOperation } from '../define-operation.ts'
import { orgId } from '../wire/fields.ts'
import { stateFor, switchState } from './switch-state.ts'

/** Of the whole fleet an operator sees who changed it last, too. */
const SHOWN_CHANGES = 5

export const killSwitchStatusOperation = defineOperation({
  id: 'kill-switch.status',
  summary: 'Reports what the kill switch halts for an org',
  method: 'GET',
  path: '/v1/orgs/{orgId}/kill-switch',
  scope: 'operate:read',
  reach: 'org',
  isForFleet: true,
  input: z.strictObject({ orgId }),
  output: switchState,
  errors: [],
  runtime: 'killSwitch.status',
  async run({ killSwitch }, { orgId }) {
    const state = stateFor(orgId, await killSwitch.status())
    if (orgId !== undefined || !state.isStoreReadable) return state
    return Object.assign(state, { changes: await killSwitch.changes({ limit: SHOWN_CHANGES }) })
  },
})
