import { z } from 'zod'
import { QUEUE_NAMES } from '../../queues/catalog.ts'
import { type FleetProcess, readProcesses } from '../../shared/store/console/fleet-rows.ts'
import { readInTime } from '../../shared/store/with-store-errors.ts'
import { definePage } from '../console/define-page.ts'
import { SILENT_AFTER_MS, unserved } from '../console/why-late.ts'
import { type Html, html } from '../html.ts'
import { link, queueAddress } from '../view/links.ts'
import { table } from '../view/table.ts'
import { counted, formatAge, formatBytes } from '../view/texts.ts'
import { timeWithAge } from '../view/times.ts'

const MAX_PROCESSES = 500
/** A process that was lost is shown this long. */
const LOST_SHOWN_MS = 3_600_000
/** A run that lasts longer is worth a look. */
const LONG_RUN_MS = 10 * 60_000

/** The processes of workers: which live, what each runs, and what is odd about them. */
export const fleetPage = definePage({
  path: '/fleet',
  title: 'Fleet',
  permission: 'see',
  isInMenu: true,
  query: z.object({}),
  async show({ database }, { now }) {
    const known = await readInTime(readProcesses(database, new Date(now.getTime() - LOST_SHOWN_MS), MAX_PROCESSES))
    const isAlive = ({ seenAt }: FleetProcess) => now.getTime() - seenAt.getTime() <= SILENT_AFTER_MS
    const alive = known.filter(isAlive)
    const columns = [
      { title: 'Process' },
      { title: 'Sign of life', kind: 'wide' },
      { title: 'Version' },
      { title: 'Up' },
      { title: 'Memory' },
      { title: 'Loop lag' },
      { title: 'Runs', kind: 'wide' },
    ] as const
    const rows = known.map((process) => [
      `${process.name} on ${process.host}, pid ${process.pid}`,
      isAlive(process)
        ? timeWithAge(process.seenAt, now)
        : html`<strong>lost</strong> ${timeWithAge(process.seenAt, now)}`,
      process.version,
      formatAge(now.getTime() - process.startedAt.getTime()),
      formatBytes(process.rssBytes),
      `${process.loopLagMs}\u00a0ms`,
      runsOf(process),
    ])
    return {
      body: html`${oddities(known, alive)}${table(columns, rows, 'No worker process has shown a sign of life within an hour.')}`,
    }
  },
})

function runsOf({ queues }: FleetProcess): Html {
  return html`<ul class="plain">${queues.map(
    ({ queue, running, concurrency, started, oldestRunMs }) =>
      html`<li>${link(queueAddress(queue), queue)}: ${running} of ${concurrency} running, ${counted(started)} started${oldestRunMs > LONG_RUN_MS ? html`, <strong>the longest for ${formatAge(oldestRunMs)}</strong>` : html``}</li>`,
  )}</ul>`
}

function oddities(known: readonly FleetProcess[], alive: readonly FleetProcess[]): Html {
  const items = [
    ...unserved(alive, QUEUE_NAMES).map((queue) => html`<li>No worker serves ${link(queueAddress(queue), queue)}</li>`),
    ...several(
      'versions',
      alive.map(({ version }) => version),
    ),
    ...several(
      'configurations',
      alive.map(({ configDigest }) => configDigest),
    ),
    ...known
      .filter((process) => !alive.includes(process))
      .map(
        ({ name, host, pid }) =>
          html`<li>${name} on ${host}, pid ${pid} was lost: it shows no sign of life and was not stopped</li>`,
      ),
    ...alive
      .filter(({ queues }) => queues.some(({ oldestRunMs }) => oldestRunMs > LONG_RUN_MS))
      .map(
        ({ name, host, pid }) =>
          html`<li>${name} on ${host}, pid ${pid} has run a job for more than ${formatAge(LONG_RUN_MS)}</li>`,
      ),
  ]
  if (items.length === 0) return html``
  return html`<div class="notice warn" role="status"><strong>Needs a look</strong><ul>${items}</ul></div>`
}

function several(what: string, values: readonly string[]): Html[] {
  const distinct = new Set(values)
  return distinct.size > 1 ? [html`<li>Two or more ${what} run at once: ${[...distinct].join(', ')}</li>`] : []
}
