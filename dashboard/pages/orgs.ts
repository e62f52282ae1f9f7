import { z } from 'zod'
import { readWaitingOrgs } from '../../shared/store/console/org-places.ts'
import { readInTime } from '../../shared/store/with-store-errors.ts'
import { definePage } from '../console/define-page.ts'
import { html } from '../html.ts'
import { link, orgAddress } from '../view/links.ts'
import { table } from '../view/table.ts'
import { timeWithAge } from '../view/times.ts'

const SHOWN = 50

/** The orgs that wait longest. Any other is found by its id. */
export const orgsPage = definePage({
  path: '/orgs',
  title: 'Orgs',
  permission: 'see',
  isInMenu: true,
  query: z.object({}),
  async show({ database }, { now }) {
    const waiting = await readInTime(readWaitingOrgs(database, SHOWN))
    const columns = [{ title: 'Org' }, { title: 'Its oldest pending turn', kind: 'wide' }] as const
    const rows = waiting.map(({ orgId, since }) => [link(orgAddress(orgId), orgId), timeWithAge(since, now)])
    return {
      body: html`<p>The orgs whose turns have waited longest for extraction; find any other by its id.</p>
${table(columns, rows, 'No org has a turn that waits.')}`,
    }
  },
})
