import { once } from 'node:events'
import { createServer } from 'node:net'

const TRIED_PORTS = 50

/** Finds the first port from `from` on which a server can listen on `host`, other than those in `except`; `from` itself if there is none near. */
export async function findFreePort(host: string, from: number, except: readonly number[] = []): Promise<number> {
  for (let port = from; port < from + TRIED_PORTS && port <= 65_535; port += 1)
    if (!except.includes(port) && (await isFree(host, port))) return port
  return from
}

async function isFree(host: string, port: number): Promise<boolean> {
  const server = createServer().listen({ host, port })
  try {
    await once(server, 'listening')
    return true
  } catch {
    return false
  } finally {
    server.close()
  }
}
