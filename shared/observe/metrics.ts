import { COUNTERS, GAUGES, HISTOGRAMS } from './metric-catalogue.ts'
import { Counter, collectProcessMetrics, Gauge, Histogram, Registry } from './prom-client.ts'

/** Owns what a runtime measures, in Prometheus' form. Guarantees: two runtimes of a process do not meet; measuring never throws. */
export type Metrics = {
  count<Name extends keyof typeof COUNTERS>(name: Name, labels: LabelsOf<(typeof COUNTERS)[Name]>, by?: number): void
  observe<Name extends keyof typeof HISTOGRAMS>(
    name: Name,
    labels: LabelsOf<(typeof HISTOGRAMS)[Name]>,
    seconds: number,
  ): void
  /** Tells how a gauge is read; all its values are read anew each time that somebody asks. */
  readGauge<Name extends keyof typeof GAUGES>(name: Name, read: () => Promise<readonly GaugeValue<Name>[]>): void
  /** Everything, as `/metrics` answers it. What cannot be read is left out. */
  text(): Promise<string>
  readonly contentType: string
}

type LabelsOf<Metric extends { readonly labels: readonly string[] }> = {
  readonly [Label in Metric['labels'][number]]: string
}
type GaugeValue<Name extends keyof typeof GAUGES> = {
  readonly labels: LabelsOf<(typeof GAUGES)[Name]>
  readonly value: number
}

/** From a fast hit of the cache to the longest call of a model. */
const BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900]

export function createMetrics(): Metrics {
  const registry = new Registry()
  let hasProcessMetrics = false
  const registers = [registry]
  const counters = mapEntries(
    COUNTERS,
    (name, { help, labels }) => new Counter({ name, help, labelNames: labels, registers }),
  )
  const histograms = mapEntries(
    HISTOGRAMS,
    (name, { help, labels }) => new Histogram({ name, help, labelNames: labels, buckets: BUCKETS_SECONDS, registers }),
  )
  return {
    count: (name, labels, by = 1) => counters.get(name)?.inc(labels, by),
    observe: (name, labels, seconds) => histograms.get(name)?.observe(labels, Math.max(0, seconds)),
    readGauge(name, read) {
      const { help, labels } = GAUGES[name]
      new Gauge({
        name,
        help,
        labelNames: labels,
        registers,
        async collect() {
          this.reset()
          // One service that is away must not hide what the others say.
          for (const { labels: of, value } of await read().catch(() => [])) this.set(of, value)
        },
      })
    },
    text() {
      // They hold observers of the process: not for a runtime whose metrics nobody reads.
      if (!hasProcessMetrics) collectProcessMetrics(registry)
      hasProcessMetrics = true
      return registry.metrics()
    },
    contentType: registry.contentType,
  }
}

function mapEntries<Entry, Result>(
  entries: Record<string, Entry>,
  make: (name: string, entry: Entry) => Result,
): Map<string, Result> {
  return new Map(Object.entries(entries).map(([name, entry]) => [name, make(name, entry)]))
}
