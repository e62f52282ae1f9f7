import { z } from 'zod'
import { AfterturnError } from '../../shared/errors.ts'
import {
  type BulkOperation,
  findBulkOperation,
  readBulkOperations,
} from '../../shared/store/console/bulk-operations.ts'
import { readInTime } from '../../shared/store/with-store-errors.ts'
import { abortBulk, resumeBulk } from '../actions/switch-bulk.ts'
import { definePage } from '../console/define-page.ts'
import { id } from '../console/fields.ts'
import { type Html, html } from '../html.ts'
import { offer, offers } from '../view/act.ts'
import { address, link } from '../view/links.ts'
import { facts, table } from '../view/table.ts'
import { counted, masked } from '../view/texts.ts'
import { timeWithAge } from '../view/times.ts'

/** Operations on many dead letters: what was confirmed, by whom, and how far it is. */

const SHOWN = 50

const COLUMNS = [
  { title: 'Operation', kind: 'wide' },
  { title: 'State' },
  { title: 'Confirmed', kind: 'count' },
  { title: 'Done', kind: 'count' },
  { title: 'Refused', kind: 'count' },
  { title: 'Asked', kind: 'wide' },
] as const

export const operationsPage = definePage({
  path: '/operations',
  title: 'Operations on dead letters',
  permission: 'see',
  query: z.object({}),
  async show({ database }, { now }) {
    const operations = await readInTime(readBulkOperations(database, { limit: SHOWN }))
    const rows = operations.map((operation) => [
      link(address('/operation', { id: operation.id }), `${operation.id}: ${operation.action} ${filterOf(operation)}`),
      operation.state,
      counted(operation.confirmed),
      counted(operation.done),
      counted(operation.refused),
      html`by ${operation.requestedBy}, ${timeWithAge(operation.requestedAt, now)}`,
    ])
    return { body: table(COLUMNS, rows, 'None was asked for.') }
  },
})

export const operationPage = definePage({
  path: '/operation',
  title: 'Operation',
  permission: 'see',
  query: z.object({ id }),
  async show({ database }, { query, viewer, now }) {
    const operation = await readInTime(findBulkOperation(database, query.id))
    if (!operation) throw new AfterturnError('INPUT_INVALID', `Expected an operation, got ${query.id}.`)
    const { action, state, confirmed, done, refused, failure } = operation
    return {
      title: `Operation ${operation.id}`,
      body: html`${facts([
        ['What', `${action} ${filterOf(operation)}`],
        ['State', state],
        ['Confirmed', counted(confirmed)],
        ['Done', html`${progressBar(done + refused, confirmed)} ${counted(done)}`],
        ['Refused', counted(refused)],
        ['Others were first, or left', counted(Math.max(0, confirmed - done - refused))],
        ['Asked', html`by ${operation.requestedBy}, ${timeWithAge(operation.requestedAt, now)}`],
        ['Ended', operation.endedAt === null ? undefined : timeWithAge(operation.endedAt, now)],
        ['Stopped by', failure === null ? undefined : masked(failure)],
      ])}
${offers(
  state === 'running' ? offer(viewer, abortBulk, { id: operation.id }) : html``,
  state === 'aborted' ? offer(viewer, resumeBulk, { id: operation.id }) : html``,
)}
<p>${link(address('/operation', { id: operation.id }), 'Refresh')} · ${link('/operations', 'All operations')}</p>`,
    }
  },
})

function progressBar(value: number, max: number): Html {
  return html`<progress value="${value}" max="${Math.max(1, max)}" aria-label="Progress"></progress>`
}

function filterOf({ orgId, queue, code, cause }: BulkOperation): string {
  const set = { org: orgId, queue, code, cause: cause === undefined ? undefined : masked(cause) }
  const texts = Object.entries(set).flatMap(([name, value]) => (value === undefined ? [] : [`${name} ${value}`]))
  return texts.length === 0 ? 'every dead letter' : texts.join(', ')
}
