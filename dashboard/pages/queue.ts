import { z } from 'zod'
import { CATALOG, isQueueName, QUEUE_NAMES } from '../../queues/catalog.ts'
import { readDueJobs } from '../../queues/state/due-jobs.ts'
import { sampleQueues } from '../../queues/state/fleet-sampler.ts'
import { readParked } from '../../queues/state/parked-jobs.ts'
import type { QueueState } from '../../queues/state/queue-states.ts'
import { AfterturnError } from '../../shared/errors.ts'
import { type QueueSpan, readProcesses, readQueueSpans } from '../../shared/store/console/fleet-rows.ts'
import { readInTime } from '../../shared/store/with-store-errors.ts'
import { halt, resume } from '../actions/turn-kill-switch.ts'
import { definePage } from '../console/define-page.ts'
import { name } from '../console/fields.ts'
import { latencyText } from '../console/latency.ts'
import { MODEL_OF_QUEUE, readModelPause } from '../console/model-pause.ts'
import { countRunnable } from '../console/runnable.ts'
import { SILENT_AFTER_MS, unserved } from '../console/why-late.ts'
import { type Html, html } from '../html.ts'
import { offer, offers } from '../view/act.ts'
import { type Bar, barChart } from '../view/chart.ts'
import { address, link, orgLink, queueAddress } from '../view/links.ts'
import { table, tile } from '../view/table.ts'
import { counted, formatAge } from '../view/texts.ts'
import { timeElement, timeWithAge } from '../view/times.ts'

/** Spans of the history: how far back, and how many minutes make a bar. */
const SPANS = { '1h': [60, 1], '24h': [1_440, 15], '7d': [10_080, 120] } as const
const SHOWN_PARKED = 20
const MAX_PROCESSES = 1_000
const MINUTE_MS = 60_000

export const queuesPage = definePage({
  path: '/work',
  title: 'Queues',
  permission: 'see',
  isInMenu: true,
  query: z.object({}),
  async show(services, { now }) {
    const { sampledAt, states } = await sampleQueues(services)
    const columns = [
      { title: 'Queue' },
      { title: 'Due', kind: 'count' },
      { title: 'Running', kind: 'count' },
      { title: 'Delayed', kind: 'count' },
      { title: 'Parked', kind: 'count' },
      { title: 'Failed', kind: 'count' },
      { title: 'Oldest due' },
    ] as const
    const rows = states.map((one) => [
      link(queueAddress(one.queue), one.queue),
      counted(one.due),
      counted(one.active),
      counted(one.delayed),
      counted(one.parked),
      counted(one.failed),
      one.oldestMs === 0 ? '–' : formatAge(one.oldestMs),
    ])
    return {
      body: html`${table(columns, rows, 'No queue.')}<p class="quiet">Sampled ${timeWithAge(sampledAt, now)}</p>`,
    }
  },
})

export const queuePage = definePage({
  path: '/queue',
  title: 'Queue',
  permission: 'see',
  query: z.object({ queue: name, span: z.enum(['1h', '24h', '7d']).default('1h') }),
  async show(services, { query: { queue, span }, viewer, now }) {
    if (!isQueueName(queue))
      throw new AfterturnError('QUEUE_UNKNOWN', `Expected one of ${QUEUE_NAMES.join(', ')}, got ${queue}.`)
    const [minutes, spanMinutes] = SPANS[span]
    const { database, queues, killSwitch, redis } = services
    const [{ sampledAt, states }, spans, processes, parked, due, killStatus, pausedUntil] = await Promise.all([
      sampleQueues(services),
      readInTime(
        readQueueSpans(database, queue, { since: new Date(now.getTime() - minutes * MINUTE_MS), spanMinutes }),
      ),
      readInTime(readProcesses(database, new Date(now.getTime() - SILENT_AFTER_MS), MAX_PROCESSES)),
      queues.ask(queue, readParked),
      queues.ask(queue, (opened) => readDueJobs(opened, redis.getConnection())),
      killSwitch.status(),
      readModelPause(services, MODEL_OF_QUEUE[queue]),
    ])
    const state = states.find((one) => one.queue === queue)
    const halted = killStatus.switches.find((one) => one.queue === queue && one.orgId === undefined)
    const slots = processes.flatMap((one) => one.queues.filter((served) => served.queue === queue))
    return {
      title: `Queue ${queue}`,
      body: html`<p>${CATALOG[queue].description}</p>
${halted === undefined ? html`` : html`<p class="notice bad"><a href="/control">Halted</a> by ${halted.by}: ${halted.reason}</p>`}
${pausedUntil === undefined ? html`` : html`<p class="notice warn"><a href="/limits">Its model is paused</a> for another ${formatAge(pausedUntil.getTime() - now.getTime())}: its provider asked for it.</p>`}
${unserved(processes, [queue]).length === 0 ? html`` : html`<p class="notice warn"><a href="/fleet">No worker serves it</a>: none has shown a sign of life within a minute.</p>`}
${
  state === undefined
    ? html``
    : tiles(
        state,
        countRunnable(queue, due, killStatus, pausedUntil !== undefined),
        slots.reduce((sum, one) => sum + one.concurrency, 0),
      )
}
<p class="quiet">Sampled ${timeWithAge(sampledAt, now)}</p>
${offers(
  halted === undefined
    ? offer(viewer, halt, { queue }, 'Halt this queue')
    : offer(viewer, resume, { queue }, 'Resume this queue'),
  html`<a class="button" href="/queues/queue/${encodeURIComponent(queue)}">Raw board</a>`,
  html`<a class="button" href="${address('/dead-letters', { queue })}">Its dead letters</a>`,
)}
<h2>History</h2>
<p>${Object.keys(SPANS).map((one) => html`${one === span ? html`<strong>${one}</strong>` : link(address('/queue', { queue, span: one }), one)} `)}</p>
${history(spans, now, SPANS[span])}
<h2>Orgs that stand in line</h2>
${table(
  [{ title: 'Org' }, { title: 'Parked', kind: 'count' }],
  [...parked].slice(0, SHOWN_PARKED).map(([orgId, count]) => [orgLink(orgId), counted(count)]),
  'None: every org has a free slot.',
)}`,
    }
  },
})

function tiles(state: QueueState, runnable: number, slots: number): Html {
  return html`<dl class="tiles">
${tile({ label: 'Due', value: counted(state.due), note: state.due === 0 ? 'nothing waits' : state.oldestMs === 0 ? 'their time has come' : `the oldest for ${formatAge(state.oldestMs)}` })}
${tile({ label: 'Runnable', value: counted(runnable), note: 'one more worker would start them' })}
${tile({ label: 'Running', value: counted(state.active), note: `of ${counted(slots)} at once` })}
${tile({ label: 'Parked', value: counted(state.parked), note: 'in line for a slot of their org' })}
${tile({ label: 'Delayed', value: counted(state.delayed), note: 'for later, and parked' })}
${tile({ label: 'Failed', value: counted(state.failed), note: 'kept on the board', tone: state.failed > 0 ? 'bad' : undefined })}
</dl>`
}

/** A bar for each span, also for those in which nothing was recorded. */
function barsOf(
  spans: readonly QueueSpan[],
  now: Date,
  [minutes, spanMinutes]: readonly [number, number],
  figureOf: (span: QueueSpan) => number,
): Bar[] {
  const spanMs = spanMinutes * MINUTE_MS
  const values = new Map(spans.map((span) => [span.at.getTime(), figureOf(span)]))
  const lastMs = Math.floor(now.getTime() / spanMs) * spanMs
  return Array.from({ length: minutes / spanMinutes }, (_, at) => {
    const ms = lastMs - (minutes / spanMinutes - 1 - at) * spanMs
    return { label: new Date(ms).toISOString().slice(5, 16).replace('T', ' '), value: values.get(ms) ?? 0 }
  })
}

function history(spans: readonly QueueSpan[], now: Date, shown: readonly [number, number]): Html {
  if (spans.length === 0) return html`<p class="card empty">No minute has been recorded yet.</p>`
  const columns = [
    { title: 'From' },
    { title: 'Started', kind: 'count' },
    { title: 'Completed', kind: 'count' },
    { title: 'Failed', kind: 'count' },
    { title: 'Tried again', kind: 'count' },
    { title: 'Start latency p50' },
    { title: 'p95' },
    { title: 'Most that waited', kind: 'count' },
  ] as const
  const rows = spans
    .toReversed()
    .map((one) => [
      timeElement(one.at),
      counted(one.started),
      counted(one.completed),
      counted(one.failed),
      counted(one.retried),
      latencyText(one.startLatency, 0.5),
      latencyText(one.startLatency, 0.95),
      one.waiting === null ? '–' : counted(one.waiting),
    ])
  const bars = (figureOf: (span: QueueSpan) => number) => barsOf(spans, now, shown, figureOf)
  return html`${barChart(
    'Completed',
    bars(({ completed }) => completed),
    'jobs',
  )}
${barChart(
  'Waiting',
  bars(({ waiting }) => waiting ?? 0),
  'jobs',
)}
<details><summary>The figures</summary>${table(columns, rows, '')}</details>`
}
