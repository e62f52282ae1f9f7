import { z } from 'zod'
import { pricesOf } from '../../shared/memory/org-budget.ts'
import { type Cost, readCostsOf, readDailyCosts } from '../../shared/store/console/costs.ts'
import { readInTime } from '../../shared/store/with-store-errors.ts'
import { definePage } from '../console/define-page.ts'
import { optional } from '../console/fields.ts'
import { type Html, html } from '../html.ts'
import { barChart } from '../view/chart.ts'
import { address, link, orgLink } from '../view/links.ts'
import { table } from '../view/table.ts'
import { counted, usdText } from '../view/texts.ts'

const SHOWN_ORGS = 50
const SHOWN_TASKS = 50
const SHOWN_DAYS = 14
const DAY_MS = 86_400_000

/** The costs of model calls by day, and of one day by org and by task. */
export const costsPage = definePage({
  path: '/costs',
  title: 'Costs',
  permission: 'see',
  isInMenu: true,
  query: z.object({ day: optional(z.iso.date()) }),
  async show({ database, config }, { query, now }) {
    const prices = pricesOf(config)
    const day = query.day ?? dayOf(now)
    const since = dayOf(new Date(now.getTime() - (SHOWN_DAYS - 1) * DAY_MS))
    const [days, orgs, tasks] = await Promise.all([
      readInTime(readDailyCosts(database, since, prices)),
      readInTime(readCostsOf(database, 'org_id', day, prices, SHOWN_ORGS)),
      readInTime(readCostsOf(database, 'task', day, prices, SHOWN_TASKS)),
    ])
    const tokens = new Map(days.map((one) => [one.of, Number(one.inputTokens) + Number(one.outputTokens)]))
    const bars = Array.from({ length: SHOWN_DAYS }, (_, at) => {
      const label = dayOf(new Date(now.getTime() - (SHOWN_DAYS - 1 - at) * DAY_MS))
      return { label, value: tokens.get(label) ?? 0 }
    })
    return {
      body: html`${prices.input + prices.output + prices.embedding === 0 ? html`<p class="quiet">No prices are set (COMPLETION_INPUT_USD_PER_MILLION_TOKENS and others), so all costs are 0.</p>` : html``}
${days.length === 0 ? html`` : barChart('Tokens by day', bars, 'tokens')}
<h2>By day</h2>${costTable('Day', days, ({ of }) => link(address('/costs', { day: of }), of))}
<h2>By org on ${day}</h2>${costTable('Org', orgs, ({ of }) => orgLink(of))}
<h2>By task on ${day}</h2>${costTable('Task', tasks, ({ of }) => html`${of}`)}`,
    }
  },
})

function costTable(title: string, costs: readonly Cost[], nameOf: (cost: Cost) => Html): Html {
  const columns = [
    { title },
    { title: 'USD', kind: 'count' },
    { title: 'Calls', kind: 'count' },
    { title: 'Input tokens', kind: 'count' },
    { title: 'Output tokens', kind: 'count' },
    { title: 'Saved by caches', kind: 'count' },
  ] as const
  const rows = costs.map((cost) => [
    nameOf(cost),
    usdText(cost.usd),
    counted(cost.calls),
    counted(cost.inputTokens),
    counted(cost.outputTokens),
    counted(cost.cacheHits),
  ])
  return table(columns, rows, 'No model was called.')
}

function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10)
}
