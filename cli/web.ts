import type { RequestHandler } from 'express'
import { createApiApp } from '../api/http/api-app.ts'
import { apiOptionsOf, liveOptionsOf } from '../api/http/api-options.ts'
import { createLive } from '../api/live/live.ts'
import { runDashboard } from '../dashboard/main.ts'

/** A door: `web` serves the dashboard and the API on one port, as platforms want it that give a process one `PORT`. */

/** What the API answers there; everything else is the dashboard's. */
const API_PATH = /^\/(v1|live|mcp|openapi\.json|docs|livez|readyz|\.well-known)(\/|$)/

export function runWeb(): Promise<void> {
  return runDashboard(({ port }) => ({
    name: 'web',
    port,
    open(runtime, log, readiness) {
      const live = createLive(runtime, liveOptionsOf(runtime))
      const api = createApiApp({ ...apiOptionsOf(runtime, log), readiness, live: live.routes })
      const handler: RequestHandler = (request, response, next) =>
        API_PATH.test(request.path) ? api(request, response) : next()
      return { handler, handleUpgrade: live.handleUpgrade, stop: live.stop }
    },
  }))
}
