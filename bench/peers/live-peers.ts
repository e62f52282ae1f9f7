import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { Redis } from 'ioredis'
import { WebSocketServer } from 'ws'
import { createLive } from '../../api/live/live.ts'
import type { Runtime } from '../../runtime.ts'
import type { Principal } from '../../shared/access/caller.ts'
import { parseConfig } from '../../shared/config.ts'

/** Live delivery as it is here, and as one would build it without storing anything: a channel of Redis for each stream, sent on to whoever is connected. */

export type LivePeer = {
  /** Where a client connects to follow a stream, after a cursor. */
  connect(stream: string, after: string | undefined): WebSocket
  publish(stream: string, n: number): Promise<unknown>
  /** The number and cursor of a message; undefined for one that is no event. */
  read(message: string): { readonly n: number; readonly cursor: string | undefined } | undefined
  stop(): Promise<void>
}

const ORG = 'bench'

export async function afterturnLive(runtime: Runtime): Promise<LivePeer> {
  const caller: Principal = { orgId: ORG, scopes: ['events:read'], keyId: 'bench' }
  let callers = 0
  const live = createLive(runtime, {
    // A key has 200 connections at most.
    authenticate: async () => ({ ...caller, keyId: `bench-${callers++ % 10}` }),
    allowedOrigins: [],
    spreadMs: 0,
  })
  const server = createServer(express().use(live.routes))
  server.on('upgrade', live.handleUpgrade)
  const port = await listenOn(server)
  return {
    connect(stream, after) {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/v1/orgs/${ORG}/live`, 'afterturn.v1')
      socket.addEventListener('open', () =>
        socket.send(JSON.stringify({ op: 'follow', id: 's', stream: [stream], ...(after !== undefined && { after }) })),
      )
      return socket
    },
    publish: (stream, n) =>
      runtime.events.publish({ orgId: ORG, stream: [stream], eventId: String(n), type: 'step', data: { n } }),
    read(message) {
      const { op, data, cursor } = JSON.parse(message)
      return op === 'event' ? { n: data.n, cursor } : undefined
    },
    async stop() {
      await live.stop()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export async function barePubSub(redisUrl: string): Promise<LivePeer> {
  const { redisKeyPrefix } = parseConfig({ redisUrl, databaseUrl: 'postgresql://127.0.0.1/none' })
  const [publisher, subscriber] = [new Redis(redisUrl), new Redis(redisUrl)]
  const server = createServer()
  const sockets = new WebSocketServer({ server, perMessageDeflate: false })
  const followers = new Map<string, Set<{ send(text: string): void }>>()
  const channelOf = (stream: string) => `${redisKeyPrefix}:bare:${stream}`
  subscriber.on('message', (channel, text) => {
    for (const socket of followers.get(channel) ?? []) socket.send(text)
  })
  sockets.on('connection', (socket, request) => {
    const channel = channelOf(decodeURIComponent((request.url ?? '/').slice(1)))
    const others = followers.get(channel) ?? new Set()
    if (others.size === 0) void subscriber.subscribe(channel)
    followers.set(channel, others.add(socket))
    socket.on('close', () => others.delete(socket))
  })
  const port = await listenOn(server)
  return {
    connect: (stream) => new WebSocket(`ws://127.0.0.1:${port}/${encodeURIComponent(stream)}`),
    publish: (stream, n) => publisher.publish(channelOf(stream), JSON.stringify({ type: 'step', data: { n } })),
    read: (message) => ({ n: JSON.parse(message).data.n, cursor: undefined }),
    async stop() {
      for (const socket of sockets.clients) socket.terminate()
      await new Promise((resolve) => server.close(resolve))
      await Promise.all([publisher.quit(), subscriber.quit()])
    },
  }
}

async function listenOn(server: ReturnType<typeof createServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}
