import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, connect, createServer, type NetConnectOpts, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A proxy between a test and a server, TCP or the Unix socket of a `pglite://DIRECTORY`: it can cut the line, and freeze it as a network that drops every packet does. */
export type TcpProxy = {
  /** The server's address by way of the proxy. */
  readonly url: string
  /** Ends all connections and refuses new ones. */
  cut(): void
  /** Keeps connections open and passes nothing on, in either direction. */
  freeze(): void
  /** Passes requests on, and swallows the answers. */
  loseReplies(): void
  /** Passes everything on again. */
  restore(): void
  /** New connections pass; those that are open stay silent for ever, as after a router forgot them. */
  restoreForNew(): void
  /** New connections go to another address, where a restarted server is. */
  retarget(targetUrl: string): void
  stop(): Promise<void>
}

/** Starts a proxy in front of the server of a URL; a Unix socket of its own lies in a new directory under `parentDir`. */
export async function startTcpProxy(targetUrl: string, parentDir = tmpdir()): Promise<TcpProxy> {
  let target = addressOf(targetUrl)
  const sockets = new Set<Socket>()
  let isCut = false
  let isFrozen = false
  let isLosingReplies = false
  const server = createServer((inner) => {
    if (isCut) return void inner.destroy()
    const outer = connect(target)
    for (const [socket, other] of [
      [inner, outer],
      [outer, inner],
    ] as const) {
      sockets.add(socket)
      if (isFrozen) socket.pause()
      socket.on('data', (data) => {
        if (socket === inner || !isLosingReplies) other.write(data)
      })
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        other.destroy()
      })
    }
  })
  const ownDir = 'path' in target ? await mkdtemp(join(parentDir, 'proxy-')) : undefined
  await new Promise<void>((resolve) => {
    if (ownDir) server.listen(join(ownDir, SOCKET_NAME), resolve)
    else server.listen(0, '127.0.0.1', resolve)
  })
  const urlOf = () => {
    if (ownDir) return `pglite://${ownDir}`
    const url = new URL(targetUrl)
    url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`
    return url.href
  }
  return {
    url: urlOf(),
    cut() {
      isCut = true
      for (const socket of sockets) socket.destroy()
    },
    freeze() {
      isFrozen = true
      for (const socket of sockets) socket.pause()
    },
    loseReplies() {
      isLosingReplies = true
    },
    restore() {
      isCut = false
      isLosingReplies = false
      isFrozen = false
      for (const socket of sockets) socket.resume()
    },
    restoreForNew() {
      isCut = false
      isFrozen = false
    },
    retarget(nextUrl) {
      target = addressOf(nextUrl)
    },
    async stop() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
      if (ownDir) await rm(ownDir, { recursive: true, force: true })
    },
  }
}

const SOCKET_NAME = '.s.PGSQL.5432'
const POSTGRES_PORT = 5_432

function addressOf(url: string): NetConnectOpts {
  if (url.startsWith('pglite://')) return { path: join(decodeURIComponent(url.slice('pglite://'.length)), SOCKET_NAME) }
  const { hostname, port } = new URL(url)
  return { port: Number(port || POSTGRES_PORT), host: hostname }
}
