import { createRequire } from 'node:module'
import type * as PromClient from 'prom-client'

/**
 * Owns the loading of `prom-client`, part by part: as a whole it brings Node's HTTP client and OpenTelemetry's API along for a push gateway and the
 * metrics of the process, 14 MB in every process whose metrics nobody reads.
 */

const load = createRequire(import.meta.url)

export const Registry = load('prom-client/lib/registry') as typeof PromClient.Registry
export const Counter = load('prom-client/lib/counter') as typeof PromClient.Counter
export const Gauge = load('prom-client/lib/gauge') as typeof PromClient.Gauge
export const Histogram = load('prom-client/lib/histogram') as typeof PromClient.Histogram

/** Adds the metrics of the process itself, which are read once somebody asks. */
export function collectProcessMetrics(registry: PromClient.Registry): void {
  const collect = load('prom-client/lib/defaultMetrics') as typeof PromClient.collectDefaultMetrics
  collect({ register: registry })
}
