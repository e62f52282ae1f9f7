import { z } from 'zod'
import { QUEUE_NAMES } from '../../queues/catalog.ts'
import { describeScope } from '../../shared/store/control/kill-switches.ts'
import { halt, resume } from '../actions/turn-kill-switch.ts'
import { definePage } from '../console/define-page.ts'
import { html } from '../html.ts'
import { offer, offers } from '../view/act.ts'
import { orgAddress } from '../view/links.ts'
import { table } from '../view/table.ts'
import { capitalised, masked } from '../view/texts.ts'
import { timeWithAge } from '../view/times.ts'

/** The active kill switches, with who turned them on and why. */

const SHOWN_CHANGES = 50

export const controlPage = definePage({
  path: '/control',
  title: 'Kill switch',
  permission: 'see',
  isInMenu: true,
  query: z.object({}),
  async show({ killSwitch }, { viewer, now }) {
    const [{ switches, redisValue, isStoreReadable, isRedisReadable }, changes] = await Promise.all([
      killSwitch.status(),
      killSwitch.changes({ limit: SHOWN_CHANGES }),
    ])
    const halted = switches.map((one) => [
      one.orgId === undefined
        ? capitalised(describeScope(one))
        : html`<a href="${orgAddress(one.orgId)}">${capitalised(describeScope(one))}</a>`,
      one.by,
      masked(one.reason) || '–',
      timeWithAge(one.at, now),
      offer(viewer, resume, { orgId: one.orgId, queue: one.queue }),
    ])
    if (redisValue !== undefined)
      halted.push(['Everything', 'its Redis key', masked(redisValue), html`–`, offer(viewer, resume, {})])
    const columns = [
      { title: 'Halted', kind: 'wide' },
      { title: 'By', kind: 'wide' },
      { title: 'Why', kind: 'wide' },
      { title: 'Since', kind: 'wide' },
      { title: 'Action' },
    ] as const
    const changed = changes.map((one) => [
      timeWithAge(one.at, now),
      `${one.isOn ? 'Halted' : 'Resumed'}: ${describeScope(one)}`,
      one.by,
      masked(one.reason) || '–',
    ])
    const changeColumns = [
      { title: 'When' },
      { title: 'What', kind: 'wide' },
      { title: 'By', kind: 'wide' },
      { title: 'Why', kind: 'wide' },
    ] as const
    return {
      body: html`${isStoreReadable ? html`` : html`<p class="notice bad">The store cannot be read: everything is halted until it can.</p>`}
${isRedisReadable ? html`` : html`<p class="notice warn">Redis cannot be read: the rows alone decide.</p>`}
${table(columns, halted, 'Nothing is halted.')}
${offers(offer(viewer, halt, {}, 'Halt everything'), ...QUEUE_NAMES.map((queue) => offer(viewer, halt, { queue }, `Halt ${queue}`)))}
<p class="quiet">To halt one org, use its page.</p>
<h2>The newest changes</h2>
${table(changeColumns, changed, 'Nobody has turned it on yet.')}`,
    }
  },
})
