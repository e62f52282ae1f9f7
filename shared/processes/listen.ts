import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { AfterturnError } from '../errors.ts'

/**
 * Makes a server listen, and answers its address as a browser takes it. `settings` is what its settings begin with.
 * @throws CONFIG_INVALID when nothing can listen there, as on a port that is taken.
 */
export async function listen(
  server: Server,
  { host, port }: { readonly host: string; readonly port: number },
  settings: 'dashboard' | 'metrics' | 'api',
): Promise<string> {
  server.listen({ host, port })
  try {
    await once(server, 'listening')
  } catch (cause) {
    const got = `${host}:${port} (${(cause as Error).message})`
    const variables = `${settings.toUpperCase()}_HOST or ${settings.toUpperCase()}_PORT`
    throw new AfterturnError(
      'CONFIG_INVALID',
      `${settings}Host, ${settings}Port: expected an address to listen on, got ${got}; set ${variables}`,
      { cause },
    )
  }
  const shown = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  return `http://${shown.includes(':') ? `[${shown}]` : shown}:${(server.address() as AddressInfo).port}`
}
