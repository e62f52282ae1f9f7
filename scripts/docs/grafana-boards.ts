/**
 * Owns the three boards of Grafana, which `npm run docs` writes to deploy/grafana. Guarantees: gauges of the fleet, which every replica of the dashboard
 * exports, are read by `max`; counters and histograms, which are per process, by `sum`.
 */

type Panel = {
  readonly title: string
  readonly unit: 'short' | 's' | 'bytes' | 'percentunit' | 'ops' | 'currencyUSD' | 'dtdurations'
  /** Expressions in PromQL by their legend. */
  readonly series: Readonly<Record<string, string>>
  readonly kind?: 'timeseries' | 'stat'
}
type Board = { readonly uid: string; readonly title: string; readonly panels: readonly Panel[] }

const COLUMNS = 3
const PANEL = { w: 8, h: 8 }

const p95 = (histogram: string, by: string, where = '') =>
  `histogram_quantile(0.95, sum by (${[by, 'le'].filter(Boolean).join(', ')}) (rate(${histogram}_bucket${where}[$__rate_interval])))`
const rateOf = (counter: string, by: string, where = '') =>
  `sum by (${by}) (rate(${counter}${where}[$__rate_interval]))`
const QUEUE = '{queue=~"$queue"}'

const fleet: Board = {
  uid: 'afterturn-fleet',
  title: 'Afterturn: fleet',
  panels: [
    {
      title: 'Turns by state',
      unit: 'short',
      kind: 'stat',
      series: { '{{state}}': 'max by (state) (afterturn_turns)' },
    },
    {
      title: 'Open dead letters',
      unit: 'short',
      kind: 'stat',
      series: { '{{code}}': 'sum by (code) (max by (queue, code) (afterturn_dead_letters))' },
    },
    {
      title: 'Kill switches',
      unit: 'short',
      kind: 'stat',
      series: { '{{scope}}': 'max by (scope) (afterturn_kill_switches)' },
    },
    {
      title: 'Oldest pending turn, by org',
      unit: 'dtdurations',
      series: { '{{org}}': 'topk(5, max by (org) (afterturn_oldest_pending_seconds))' },
    },
    {
      title: 'Turns recorded a second',
      unit: 'ops',
      series: { '{{result}}': rateOf('afterturn_turns_recorded_total', 'result') },
    },
    {
      title: 'recordTurn, 95 %',
      unit: 's',
      series: { p95: p95('afterturn_record_turn_seconds', '') },
    },
    {
      title: 'Memory of Redis',
      unit: 'bytes',
      series: {
        'used {{role}}': 'max by (role) (afterturn_redis_used_memory_bytes)',
        'limit {{role}}': 'max by (role) (afterturn_redis_max_memory_bytes)',
      },
    },
    {
      title: 'Connections to the durable Redis',
      unit: 'short',
      series: { '{{process}}': 'max by (process) (afterturn_redis_clients{role="durable"})' },
    },
    {
      title: 'Memories held for review',
      unit: 'short',
      series: { held: 'max(afterturn_memories_held)' },
    },
    {
      title: 'Memory of processes',
      unit: 'bytes',
      series: { '{{instance}}': 'process_resident_memory_bytes{job=~".*afterturn.*"}' },
    },
    {
      title: 'Event loop lag, 99 %',
      unit: 's',
      series: { '{{instance}}': 'nodejs_eventloop_lag_p99_seconds{job=~".*afterturn.*"}' },
    },
    {
      title: 'Requests of the API that end in 5xx',
      unit: 'ops',
      series: { '{{operation}}': rateOf('afterturn_api_requests_total', 'operation', '{status=~"5.."}') },
    },
  ],
}

const queues: Board = {
  uid: 'afterturn-queues',
  title: 'Afterturn: queues',
  panels: [
    {
      title: 'Runnable now, against slots',
      unit: 'short',
      series: {
        'runnable {{queue}}': `max by (queue) (afterturn_queue_runnable_jobs${QUEUE})`,
        'slots {{queue}}': `max by (queue) (afterturn_queue_slots${QUEUE})`,
      },
    },
    { title: 'Due', unit: 'short', series: { '{{queue}}': `max by (queue) (afterturn_queue_due_jobs${QUEUE})` } },
    {
      title: 'Parked: their org has no free slot',
      unit: 'short',
      series: { '{{queue}}': `max by (queue) (afterturn_jobs_parked${QUEUE})` },
    },
    {
      title: 'Workers',
      unit: 'short',
      series: { '{{queue}}': `max by (queue) (afterturn_queue_workers${QUEUE})` },
    },
    {
      title: 'Jobs by state',
      unit: 'short',
      series: { '{{queue}} {{state}}': `max by (queue, state) (afterturn_queue_jobs${QUEUE})` },
    },
    {
      title: 'Age of the oldest waiting job',
      unit: 'dtdurations',
      series: { '{{queue}}': `max by (queue) (afterturn_queue_age_seconds${QUEUE})` },
    },
    {
      title: 'Jobs ended a second',
      unit: 'ops',
      series: { '{{queue}} {{outcome}}': rateOf('afterturn_jobs_ended_total', 'queue, outcome', QUEUE) },
    },
    {
      title: 'Start latency, 95 %',
      unit: 's',
      series: { '{{queue}}': p95('afterturn_job_start_latency_seconds', 'queue', QUEUE) },
    },
    {
      title: 'One run, 95 %',
      unit: 's',
      series: { '{{queue}}': p95('afterturn_job_run_seconds', 'queue', QUEUE) },
    },
    {
      title: 'Jobs that lost their worker, an hour',
      unit: 'short',
      series: { '{{queue}}': `sum by (queue) (increase(afterturn_jobs_stalled_total${QUEUE}[1h]))` },
    },
    {
      title: 'Waiting for the memory of an org, 95 %',
      unit: 's',
      series: { wait: p95('afterturn_lock_wait_seconds', ''), hold: p95('afterturn_lock_hold_seconds', '') },
    },
    {
      title: 'Open dead letters',
      unit: 'short',
      series: { '{{queue}} {{code}}': `max by (queue, code) (afterturn_dead_letters${QUEUE})` },
    },
  ],
}

const models: Board = {
  uid: 'afterturn-models',
  title: 'Afterturn: models and cost',
  panels: [
    {
      title: 'Calls a second',
      unit: 'ops',
      series: { '{{task}} {{outcome}}': rateOf('afterturn_model_calls_total', 'task, outcome') },
    },
    {
      title: 'Share of calls that fail',
      unit: 'percentunit',
      series: {
        '{{task}}': `${rateOf('afterturn_model_calls_total', 'task', '{outcome!="ok"}')} / ${rateOf('afterturn_model_calls_total', 'task')}`,
      },
    },
    { title: 'One call, 95 %', unit: 's', series: { '{{task}}': p95('afterturn_model_call_seconds', 'task') } },
    {
      title: 'Tokens a second',
      unit: 'ops',
      series: { '{{task}} {{direction}}': rateOf('afterturn_model_tokens_total', 'task, direction') },
    },
    {
      title: 'Tokens of the last day',
      unit: 'short',
      kind: 'stat',
      series: { '{{direction}}': 'sum by (direction) (increase(afterturn_model_tokens_total[1d]))' },
    },
    {
      title: 'Saved by the caches in the last day',
      unit: 'currencyUSD',
      kind: 'stat',
      series: { '{{cache}}': 'sum by (cache) (increase(afterturn_cache_saved_usd_total[1d]))' },
    },
    {
      title: 'Pauses asked for by providers: seconds left',
      unit: 's',
      series: { '{{model}}': 'clamp_min(max by (model) (afterturn_model_paused_until_seconds) - time(), 0)' },
    },
    {
      title: 'Calls held back by the budget',
      unit: 'ops',
      series: { '{{model}} {{outcome}}': rateOf('afterturn_model_waits_total', 'model, outcome') },
    },
    {
      title: 'Wait for the budget, 95 %',
      unit: 's',
      series: { '{{model}}': p95('afterturn_model_wait_seconds', 'model') },
    },
    {
      title: 'Lookups in caches',
      unit: 'ops',
      series: { '{{cache}} {{source}}': rateOf('afterturn_cache_lookups_total', 'cache, source') },
    },
    {
      title: 'Share of lookups that were bought',
      unit: 'percentunit',
      series: {
        '{{cache}}': `${rateOf('afterturn_cache_lookups_total', 'cache', '{source="bought"}')} / ${rateOf('afterturn_cache_lookups_total', 'cache')}`,
      },
    },
    {
      title: 'Bytes to and from the cache Redis',
      unit: 'bytes',
      series: { '{{direction}}': rateOf('afterturn_cache_bytes_total', 'direction') },
    },
  ],
}

/** The boards as Grafana imports them, by the name of their file. */
export function grafanaBoards(): Record<string, string> {
  return Object.fromEntries(
    Object.entries({ fleet, queues, models }).map(([name, board]) => [
      name,
      `${JSON.stringify(boardOf(board), null, 2)}\n`,
    ]),
  )
}

function boardOf({ uid, title, panels }: Board): object {
  const datasource = { type: 'prometheus', uid: '$datasource' }
  const asksQueue = panels.some(({ series }) => Object.values(series).some((expr) => expr.includes('$queue')))
  return {
    uid,
    title,
    tags: ['afterturn'],
    schemaVersion: 39,
    editable: true,
    refresh: '30s',
    time: { from: 'now-6h', to: 'now' },
    templating: {
      list: [
        { name: 'datasource', type: 'datasource', query: 'prometheus' },
        ...(asksQueue
          ? [
              {
                name: 'queue',
                type: 'query',
                datasource,
                query: 'label_values(afterturn_queue_jobs, queue)',
                includeAll: true,
                multi: true,
                refresh: 2,
                current: { text: 'All', value: '$__all' },
              },
            ]
          : []),
      ],
    },
    panels: panels.map(({ title, unit, series, kind = 'timeseries' }, index) => ({
      id: index + 1,
      title,
      type: kind,
      datasource,
      gridPos: { ...PANEL, x: PANEL.w * (index % COLUMNS), y: PANEL.h * Math.floor(index / COLUMNS) },
      fieldConfig: { defaults: { unit, min: 0 }, overrides: [] },
      targets: Object.entries(series).map(([legendFormat, expr], at) => ({
        refId: String.fromCharCode('A'.charCodeAt(0) + at),
        datasource,
        expr,
        legendFormat,
      })),
    })),
  }
}
