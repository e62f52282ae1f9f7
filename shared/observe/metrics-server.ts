import type { ServerResponse } from 'node:http'
import { createHttpServer } from '../processes/create-http-server.ts'
import { listen } from '../processes/listen.ts'
import { LIVE_PATH, READY_PATH, type Readiness } from '../processes/readiness.ts'
import type { Metrics } from './metrics.ts'

/** Serves a runtime's metrics and probes if METRICS_PORT is set, and answers where. */
export async function serveMetrics(
  { metrics, config }: MeasuredRuntime,
  readiness: Pick<Readiness, 'read'>,
): Promise<{ readonly url?: string; stop(): Promise<void> }> {
  if (config.metricsPort === undefined) return { stop: async () => {} }
  return startMetricsServer(metrics, { host: config.metricsHost, port: config.metricsPort }, readiness)
}

type MeasuredRuntime = {
  readonly metrics: Metrics
  readonly config: { readonly metricsHost: string; readonly metricsPort?: number | undefined }
}

/**
 * Serves `/metrics`, `/livez` and `/readyz` of one process and nothing else. It has no login: bind it to loopback or to a network of one's own.
 * @throws CONFIG_INVALID
 */
export async function startMetricsServer(
  metrics: Pick<Metrics, 'text' | 'contentType'>,
  { host, port }: { readonly host: string; readonly port: number },
  readiness?: Pick<Readiness, 'read'>,
): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const server = createHttpServer({}, (request, response) => {
    const path = request.method === 'GET' || request.method === 'HEAD' ? request.url : undefined
    if (readiness && path === LIVE_PATH) return answerProbe(response, [])
    if (readiness && path === READY_PATH)
      return void readiness.read().then(({ missing }) => answerProbe(response, missing))
    if (path !== '/metrics') {
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

function answerProbe(response: ServerResponse, missing: readonly string[]): void {
  const status = missing.length === 0 ? 'ok' : 'unavailable'
  response
    .writeHead(missing.length === 0 ? 200 : 503, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    .end(JSON.stringify({ status, ...(missing.length > 0 && { missing }) }))
}
