import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import pg from 'pg'
import { createRuntime } from '../runtime.ts'
import { silentLog } from '../shared/observe/log.ts'
import { type Benchmark, round } from './benchmark.ts'
import { withServicesOn } from './measures/bench-postgres.ts'
import { afterturnLive, barePubSub, type LivePeer } from './peers/live-peers.ts'

/**
 * How soon an event reaches who follows its stream over WebSocket, and what reconnects cost: beside bare pub/sub over ws in the same run, which stores
 * nothing. Publisher, server and clients share one process, in both. The argument `postgres` makes PostgreSQL 17 the store.
 */

const STREAMS = 50
const CLIENTS_OF_STREAM = 10
const EVENTS_PER_SECOND = 200
const SECONDS = 5
const RECONNECTING_CLIENTS = 20
const RECONNECTS = 1_000
const PUBLISHES = 300
const SETTLE_MS = 1_500
/** Ten keys stand for 500 clients that come at once. */
const REQUESTS_PER_MINUTE = 1_000_000

const benchmark: Benchmark = {
  usage: [],
  run: (args) =>
    withServicesOn(args, async ({ redisUrl, databaseUrl }, stack) => {
      // Before the first connection, which keeps the function that it finds.
      let reads = 0
      const query = pg.Client.prototype.query as (...args: unknown[]) => unknown
      pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
        const [asked] = args
        const text = typeof asked === 'string' ? asked : String((asked as { text?: string })?.text)
        if (text.includes('from event_streams s left join lateral')) reads += 1
        return query.apply(this, args)
      } as typeof pg.Client.prototype.query
      const runtime = createRuntime(
        { redisUrl, databaseUrl, maxApiRequestsPerMinute: REQUESTS_PER_MINUTE },
        { log: silentLog },
      )
      stack.defer(() => runtime.disconnect())
      await runtime.connect()
      const peers = { bare: await barePubSub(redisUrl), afterturn: await afterturnLive(runtime) }
      const figures: Record<string, Awaited<ReturnType<typeof measure>>> = {}
      let readsPerEvent = 0
      for (const [name, peer] of Object.entries(peers)) {
        let before = 0
        figures[name] = await measure(peer, () => {
          before = reads
        })
        if (name === 'afterturn') readsPerEvent = (reads - before) / (EVENTS_PER_SECOND * SECONDS)
        Object.assign(figures[name], await reconnect(peer))
        console.log(name.padEnd(12), JSON.stringify(figures[name]))
        await peer.stop()
      }
      const { bare, afterturn } = figures as Record<'bare' | 'afterturn', { p50Ms: number; p99Ms: number }>
      return {
        ...afterturn,
        p50Ratio: round(afterturn.p50Ms / bare.p50Ms),
        p99Ratio: round(afterturn.p99Ms / bare.p99Ms),
        readsPerEvent: round(readsPerEvent),
        publishRatio: await publishRatio(runtime),
        peers: { bare },
      }
    }),
}
export default benchmark

/** From the call that publishes to the client, at a steady rate. */
async function measure(peer: LivePeer, onBegin: () => void) {
  const sentAt = new Map<number, number>()
  const latencies: number[] = []
  const sockets = await Promise.all(
    Array.from({ length: STREAMS * CLIENTS_OF_STREAM }, (_, client) => {
      const socket = peer.connect(`s${client % STREAMS}`, undefined)
      socket.addEventListener('message', ({ data }) => {
        const event = peer.read(String(data))
        if (event) latencies.push(performance.now() - (sentAt.get(event.n) as number))
      })
      return opened(socket)
    }),
  )
  await sleep(SETTLE_MS)
  // Streams that have begun: the first event of each makes its row.
  for (let stream = 0; stream < STREAMS; stream += 1) {
    sentAt.set(-1 - stream, performance.now())
    await peer.publish(`s${stream}`, -1 - stream)
  }
  await sleep(SETTLE_MS)
  latencies.length = 0
  onBegin()
  const total = EVENTS_PER_SECOND * SECONDS
  const began = performance.now()
  const publishing: Promise<unknown>[] = []
  for (let n = 0; n < total; n += 1) {
    const dueInMs = began + (n * 1_000) / EVENTS_PER_SECOND - performance.now()
    if (dueInMs > 1) await sleep(dueInMs)
    sentAt.set(n, performance.now())
    publishing.push(peer.publish(`s${n % STREAMS}`, n))
  }
  await Promise.all(publishing)
  await sleep(SETTLE_MS)
  for (const socket of sockets) socket.close()
  latencies.sort((a, b) => a - b)
  const at = (share: number) => round(latencies[Math.floor(latencies.length * share)] ?? Number.NaN)
  return { p50Ms: at(0.5), p99Ms: at(0.99), deliveries: latencies.length, expected: total * CLIENTS_OF_STREAM }
}

/** Clients that come and go while a stream is published, each continuing where it was. */
async function reconnect(peer: LivePeer) {
  const seen = Array.from({ length: RECONNECTING_CLIENTS }, () => [] as number[])
  const stop = new AbortController()
  let published = 0
  const publisher = (async () => {
    while (!stop.signal.aborted) {
      await peer.publish('reconnects', 1_000_000 + published++)
      await sleep(5)
    }
  })()
  const cursors: (string | undefined)[] = seen.map(() => undefined)
  const connect = async (client: number) => {
    const socket = peer.connect('reconnects', cursors[client])
    socket.addEventListener('message', ({ data }) => {
      const event = peer.read(String(data))
      if (!event) return
      seen[client]?.push(event.n - 1_000_000)
      cursors[client] = event.cursor
    })
    return opened(socket)
  }
  await Promise.all(
    seen.map(async (_, client) => {
      for (let round = 0; round < RECONNECTS / RECONNECTING_CLIENTS; round += 1) {
        const socket = await connect(client)
        await sleep(20 + Math.random() * 40)
        await closed(socket)
      }
    }),
  )
  stop.abort()
  await publisher
  const last = await Promise.all(seen.map((_, client) => connect(client)))
  await sleep(SETTLE_MS)
  for (const socket of last) socket.close()
  let [lost, doubled] = [0, 0]
  for (const numbers of seen) {
    const different = new Set(numbers)
    doubled += numbers.length - different.size
    const first = Math.min(...different)
    lost += published - first - different.size
  }
  const due = published * RECONNECTING_CLIENTS
  return { lossShareAfterReconnect: round(lost / due), duplicateShare: round(doubled / due) }
}

/** What publishing takes, against the insert of the same row alone. */
async function publishRatio(runtime: ReturnType<typeof createRuntime>): Promise<number> {
  const { database, events } = runtime
  await sql`create table bare_events (seq bigint generated always as identity primary key, type text, at timestamptz, data text)`.execute(
    database,
  )
  const time = async (run: (n: number) => Promise<unknown>) => {
    const began = performance.now()
    for (let n = 0; n < PUBLISHES; n += 1) await run(n)
    return performance.now() - began
  }
  const data = JSON.stringify({ rows: 200 })
  const insert = () =>
    sql`insert into bare_events (type, at, data) values ('step', now(), ${data}) returning seq`.execute(database)
  const publish = (n: number) =>
    events.publish({ orgId: 'bench', stream: ['publish'], eventId: String(n), type: 'step', data: { rows: 200 } })
  await time(insert)
  const bareMs = await time(insert)
  return round((await time(publish)) / bareMs)
}

function opened(socket: WebSocket): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    socket.addEventListener('open', () => resolve(socket))
    socket.addEventListener('error', () => reject(new Error('a client could not connect')))
  })
}

function closed(socket: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    socket.addEventListener('close', () => resolve())
    socket.close()
  })
}
