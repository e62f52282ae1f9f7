import type { RequestListener } from 'node:http'
import { closeServer, createBoundedServer } from '../../shared/processes/bounded-server.ts'
import { listen } from '../../shared/processes/listen.ts'

/** The API, listening. */
export type ServedApi = {
  readonly url: string
  /** Takes no new connection, lets requests in flight end for `drainMs`, then closes all. */
  stop(drainMs: number): Promise<void>
}

/** @throws CONFIG_INVALID if it cannot listen */
export async function serveApi(
  app: RequestListener,
  address: { readonly host: string; readonly port: number },
): Promise<ServedApi> {
  const server = createBoundedServer(app)
  return { url: await listen(server, address, 'api'), stop: (drainMs) => closeServer(server, drainMs) }
}
