import { z } from 'zod'
import { describeScope, type KillSwitchScope } from '../../shared/store/control/kill-switches.ts'
import type { ConsoleServices } from '../console/console-services.ts'
import { defineAction, type Look } from '../console/define-action.ts'
import { name, optional } from '../console/fields.ts'
import { html } from '../html.ts'
import { capitalised } from '../view/texts.ts'

/** Halts everything, an org or a queue, and resumes it. */

const scope = { orgId: optional(name), queue: optional(name) }

export const halt = defineAction({
  name: 'kill-switch.on',
  label: 'Halt',
  permission: 'control',
  runtime: 'killSwitch.turnOn',
  fields: z.object({ ...scope, reason: z.string().trim().min(1, 'say why').max(500).optional() }),
  asks: [{ name: 'reason', label: 'Reason', hint: 'shown to everybody who asks why nothing happens' }],
  async look(services, { reason, ...where }) {
    const look = await lookAt(services, where)
    const isAll = where.orgId === undefined && where.queue === undefined
    return {
      ...look,
      ...(isAll && { typed: 'everything' }),
      shows: html`<p>Halt ${describeScope(where)}: no job starts, no model is called and nothing is committed, within a second. Turns are still recorded.</p>`,
    }
  },
  async run({ killSwitch }, { reason = '', ...where }, { name: by }) {
    await killSwitch.turnOn({ ...where, reason, by })
    return { message: `${capitalised(describeScope(where))} is halted.` }
  },
})

export const resume = defineAction({
  name: 'kill-switch.off',
  label: 'Resume',
  permission: 'control',
  runtime: 'killSwitch.turnOff',
  fields: z.object(scope),
  async look(services, where) {
    const look = await lookAt(services, where)
    return { ...look, shows: html`<p>Resume ${describeScope(where)}. Halts of other scopes stay.</p>` }
  },
  async run({ killSwitch }, where, { name: by }) {
    const { switches, redisValue } = await killSwitch.turnOff({ ...where, by })
    const left = [...switches.map(describeScope), ...(redisValue === undefined ? [] : ['everything, by its Redis key'])]
    const rest = left.length === 0 ? 'Nothing is halted any more.' : `Still halted: ${left.join(', ')}.`
    return { message: `${capitalised(describeScope(where))} is resumed. ${rest}` }
  },
})

async function lookAt({ killSwitch }: ConsoleServices, where: KillSwitchScope): Promise<Omit<Look, 'shows'>> {
  const { switches, redisValue } = await killSwitch.status()
  const same = switches.find((one) => one.orgId === where.orgId && one.queue === where.queue)
  return {
    subject: describeScope(where),
    orgId: where.orgId ?? null,
    state: [same === undefined ? null : [same.by, same.at], where.orgId ?? where.queue ?? redisValue ?? null],
  }
}
