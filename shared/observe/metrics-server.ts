import { createServer } from 'node:http'
import { listen } from '../processes/listen.ts'
import type { Metrics } from './metrics.ts'

/** Serves a runtime's metrics if METRICS_PORT is set, and answers where. */
export async function serveMetrics({
  metrics,
  config,
}: MeasuredRuntime): Promise<{ readonly url?: string; stop(): Promise<void> }> {
  if (config.metricsPort === undefined) return { stop: async () => {} }
  return startMetricsServer(metrics, { host: config.metricsHost, port: config.metricsPort })
}

type MeasuredRuntime = {
  readonly metrics: Metrics
  readonly config: { readonly metricsHost: string; readonly metricsPort?: number | undefined }
}

/**
 * Serves `/metrics` of one process and nothing else. It has no login: bind it to loopback or to a network of one's own.
 * @throws CONFIG_INVALID
 */
export async function startMetricsServer(
  metrics: Pick<Metrics, 'text' | 'contentType'>,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const server = createServer((request, response) => {
    if (request.url !== '/metrics' || (request.method !== 'GET' && request.method !== 'HEAD')) {
      response.writeHead(404).end()
      return
    }
    metrics.text().then(
      (text) => response.writeHead(200, { 'content-type': metrics.contentType }).end(text),
      () => response.writeHead(500).end(),
    )
  })
  const address = await listen(server, { host, port }, 'metrics')
  return {
    url: `${address}/metrics`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
