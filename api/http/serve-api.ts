import type { RequestListener } from 'node:http'
import { closeServer, createBoundedServer } from '../../shared/processes/bounded-server.ts'
import { listen } from '../../shared/processes/listen.ts'
import type { Live } from '../live/live.ts'

/** The API, listening. */
type ServedApi = {
  readonly url: string
  /** Cuts every connection at once; clients connect again. */
  cut(): void
  /** Takes no new connection, lets requests in flight end for `drainMs`, then closes all. */
  stop(drainMs: number): Promise<void>
}

/** @throws CONFIG_INVALID if it cannot listen */
export async function serveApi(
  app: RequestListener,
  address: { readonly host: string; readonly port: number },
  live?: Pick<Live, 'handleUpgrade' | 'stop'>,
): Promise<ServedApi> {
  const server = createBoundedServer(app)
  if (live) server.on('upgrade', live.handleUpgrade)
  return {
    url: await listen(server, address, 'api'),
    cut: () => server.closeAllConnections(),
    async stop(drainMs) {
      await Promise.all([live?.stop(), closeServer(server, drainMs)])
    },
  }
}
