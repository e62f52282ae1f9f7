import { afterEach } from 'vitest'
import { createApiApp } from '../../api/http/api-app.ts'
import { type ApiRuntime, apiOptionsOf, liveOptionsOf } from '../../api/http/api-options.ts'
import { serveApi } from '../../api/http/serve-api.ts'
import { createLive } from '../../api/live/live.ts'
import type { Runtime, RuntimeOptions } from '../../runtime.ts'
import { SCOPES, type Scope } from '../../shared/access/scopes.ts'
import type { ConfigInput } from '../../shared/config.ts'
import { silentLog } from '../../shared/observe/log.ts'
import type { TestRuntimes } from './runtime.ts'

/** The API of a runtime on a free port, with keys for it; all of it ends with the test. */
export type TestApi = {
  readonly runtime: Runtime
  readonly url: string
  /** A key of an org, with every scope unless some are named. */
  keyOf(orgId: string, scopes?: readonly Scope[], userId?: string): Promise<string>
  /** Cuts every connection. */
  cut(): void
  call(key: string, method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<ApiAnswer>
}
// biome-ignore lint/suspicious/noExplicitAny: tests read fields of any answer.
export type ApiAnswer = { readonly status: number; readonly headers: Headers; readonly body: any }

export function useApi(runtimes: TestRuntimes) {
  let stops: (() => Promise<void>)[] = []
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop()
    stops = []
  })
  return async (overrides: Partial<ConfigInput> = {}, options: RuntimeOptions = {}): Promise<TestApi> => {
    const runtime = await runtimes.start({ maxApiRequestsPerMinute: 1_000_000, ...overrides }, options)
    const live = createLive(runtime, { ...liveOptionsOf(runtime as ApiRuntime), spreadMs: 0 })
    const app = createApiApp({ ...apiOptionsOf(runtime as ApiRuntime, silentLog), live: live.routes })
    const served = await serveApi(app, { host: '127.0.0.1', port: 0 }, live)
    stops.push(() => served.stop(0))
    return {
      runtime,
      url: served.url,
      cut: served.cut,
      async keyOf(orgId, scopes = SCOPES, userId) {
        const { key } = await runtime.keys.create({ orgId, scopes, ...(userId !== undefined && { userId }) })
        return key
      },
      call: (key, method, path, body, headers = {}) => callApi(`${served.url}${path}`, { key, method, body, headers }),
    }
  }
}

type Call = { key: string; method: string; body: unknown; headers: Record<string, string> }

async function callApi(url: string, { key, method, body, headers }: Call): Promise<ApiAnswer> {
  const response = await fetch(url, {
    method,
    headers: {
      ...(key !== '' && { authorization: `Bearer ${key}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  const isJson = /[/+]json/.test(response.headers.get('content-type') ?? '')
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text }
}
