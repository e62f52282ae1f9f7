import { z } from 'zod'
import type { KillSwitchStatus } from '../../../shared/control/kill-switch.ts'
import { moment } from '../wire/fields.ts'

/** What is halted for one org. */
export const switchState = z.object({
  isOn: z.boolean().meta({ description: 'Whether anything of the org is halted' }),
  switches: z.array(
    z.object({
      orgId: z.string().optional().meta({ description: 'Absent where every org is halted' }),
      queue: z.string().optional().meta({ description: 'Absent where every queue is halted' }),
      by: z.string().optional(),
      reason: z.string().optional(),
      at: moment,
    }),
  ),
  isStoreReadable: z.boolean().meta({ description: 'While this is false, everything is halted' }),
  isRedisReadable: z.boolean(),
})

/** A status as one org may see it: nothing of other orgs, and of a halt of all neither who nor why. Without an org, all of it. */
export function stateFor(orgId: string | undefined, status: KillSwitchStatus): z.output<typeof switchState> {
  if (orgId === undefined) return { ...status, switches: [...status.switches] }
  const own = status.switches.filter((one) => one.orgId === undefined || one.orgId === orgId)
  return {
    isOn: own.length > 0 || status.redisValue !== undefined || !status.isStoreReadable,
    switches: own.map(({ orgId: halted, queue, by, reason, at }) => ({
      ...(halted !== undefined && { orgId: halted, by, reason }),
      ...(queue !== undefined && { queue }),
      at,
    })),
    isStoreReadable: status.isStoreReadable,
    isRedisReadable: status.isRedisReadable,
  }
}
