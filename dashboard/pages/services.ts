import { z } from 'zod'
import { FULL_WARNING_RATIO, memoryRatioOf, type RoleStats } from '../../shared/redis/redis-stats.ts'
import { readStoreFacts, type StoreFacts } from '../../shared/store/console/store-facts.ts'
import { readInTime } from '../../shared/store/with-store-errors.ts'
import { definePage } from '../console/define-page.ts'
import { type Html, html } from '../html.ts'
import { facts, table } from '../view/table.ts'
import { counted, formatAge, formatBytes, masked } from '../view/texts.ts'

/** Redis and the store: how full, how busy, and who is connected. One of them may be away. */
export const servicesPage = definePage({
  path: '/services',
  title: 'Redis and store',
  permission: 'see',
  isInMenu: true,
  query: z.object({}),
  async show({ redis, database }) {
    const [stats, store] = await Promise.all([
      redis.stats(),
      readInTime(readStoreFacts(database)).catch((error: Error) => error.message),
    ])
    return {
      body: html`<h2>Durable Redis</h2>${roleFacts(stats.durable)}
<h2>Cache Redis</h2>${stats.cache === undefined ? html`<p class="card empty">None is configured: nothing is cached.</p>` : roleFacts(stats.cache)}
<h2>Store</h2>${typeof store === 'string' ? html`<p class="notice bad">It does not answer: ${masked(store)}</p>` : storeFacts(store)}`,
    }
  },
})

function roleFacts(stats: RoleStats): Html {
  if (!stats.isAnswering) return html`<p class="notice bad">It does not answer: ${masked(stats.reason)}</p>`
  const ratio = memoryRatioOf(stats)
  const isFull = ratio !== undefined && ratio >= FULL_WARNING_RATIO
  const clients = Object.entries(stats.clientsByProcess ?? {}).map(([process, count]) => `${process} ${count}`)
  return html`${isFull ? html`<p class="notice warn">It is ${Math.round(100 * ratio)} % full.</p>` : html``}${facts([
    ['Version', stats.version],
    [
      'Memory',
      `${formatBytes(stats.usedMemoryBytes)} of ${stats.maxMemoryBytes === undefined ? 'no limit' : formatBytes(stats.maxMemoryBytes)}`,
    ],
    ['When full', stats.evictionPolicy],
    ['Evicted keys', counted(stats.evictedKeys)],
    ['Hit rate', stats.hitRate === undefined ? undefined : `${(100 * stats.hitRate).toFixed(1)} %`],
    ['Clients', `${counted(stats.clients)}${clients.length === 0 ? '' : `: ${clients.join(', ')}`}`],
  ])}`
}

function storeFacts({ version, bytes, migration, oldestTransactionMs, tables }: StoreFacts): Html {
  const columns = [
    { title: 'Table' },
    { title: 'Size', kind: 'count' },
    { title: 'Rows, estimated', kind: 'count' },
  ] as const
  const rows = tables.map((one) => [one.name, formatBytes(one.bytes), counted(one.rows)])
  return html`${facts([
    ['Version', `PostgreSQL ${version}`],
    ['Size', formatBytes(bytes)],
    ['Newest migration', migration],
    ['Oldest open transaction', oldestTransactionMs === 0 ? 'none' : formatAge(oldestTransactionMs)],
  ])}<details><summary>The largest tables</summary>${table(columns, rows, '')}</details>`
}
