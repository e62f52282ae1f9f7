import type { AddressInfo } from 'node:net'
import { connect, createServer, type Socket } from 'node:net'

/** A TCP proxy between a test and a server: it can cut the line, and freeze it as a network that drops every packet does. */
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
  stop(): Promise<void>
}

/** Starts a proxy in front of the server of a URL. */
export async function startTcpProxy(targetUrl: string): Promise<TcpProxy> {
  const target = new URL(targetUrl)
  const sockets = new Set<Socket>()
  let isCut = false
  let isFrozen = false
  let isLosingReplies = false
  const server = createServer((inner) => {
    if (isCut) return void inner.destroy()
    const outer = connect(Number(target.port), target.hostname)
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
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = new URL(targetUrl)
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: url.href,
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
    async stop() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
