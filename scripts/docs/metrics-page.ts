import { COUNTERS, GAUGES, HISTOGRAMS } from '../../shared/observe/metric-catalogue.ts'
import { code, markdownTable } from './markdown.ts'

/** `docs/metrics.md`: every metric, and how traces run. */

export function metricsPage(): string {
  const rows = (kind: string, metrics: Record<string, { labels: readonly string[]; help: string }>) =>
    Object.entries(metrics).map(([name, { labels, help }]) => [code(name), kind, labels.map(code).join(' '), help])
  return `# Metrics and traces

<!-- Written by \`npm run docs\` from shared/observe/metric-catalogue.ts. -->

With \`METRICS_PORT\` each process serves \`/metrics\` for Prometheus on \`METRICS_HOST\`, without a login: keep it on loopback or on a
private network. Counters and histograms are per process. Gauges describe the whole fleet: the dashboard process exports them and
reads them on each scrape. A host that embeds the runtime can add \`await runtime.metrics.text()\` to its own page. The default process
metrics of prom-client are exported as well.

${markdownTable(
  ['name', 'kind', 'labels', 'meaning'],
  [...rows('counter', COUNTERS), ...rows('histogram', HISTOGRAMS), ...rows('gauge', GAUGES)],
)}

With \`TRACING=true\` spans run from \`recordTurn\` through the job to the model calls and the commit. They go to the OpenTelemetry SDK
that the process has loaded, for example with \`NODE_OPTIONS="--import @opentelemetry/auto-instrumentations-node/register"\`. A digest
belongs to the trace of the turn that queued it.
`
}
