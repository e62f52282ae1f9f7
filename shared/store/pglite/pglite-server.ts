import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PGlite } from '@electric-sql/pglite'
import { AfterturnError } from '../../errors.ts'
import { createKeptStatements } from './kept-statements.ts'

/**
 * Serves one PGlite to many processes over a Unix socket in a directory that only this user can enter.
 * Guarantees: everything up to a Sync runs as one piece, a transaction is not interrupted, a client that stalls inside one is cut off, and
 * nothing that would end PGlite's one session reaches it. Clients must not use SET, LISTEN, advisory locks or named statements.
 */

// pglite-socket 0.2.17 queues message by message: with parameters larger than a socket buffer, one client's Bind met another
// client's Parse (9 of 160 queries at 1.5 MB), and an exception left its queue stopped for ever.

/** A client that sends nothing for this long inside a transaction is cut off, and rolled back. */
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 2_000
/** Its silence is counted in steps: what it sent while this process was busy with other work is read between two of them. */
const IDLE_STEPS = 4
const MAX_CONNECTIONS = 200
/** Larger than any statement of the product; bounds what a client can make the owner hold. */
const MAX_MESSAGE_BYTES = 256 * 1_024 * 1_024

const ENCRYPTION_REQUESTS = new Set([80_877_103, 80_877_104])
const PROTOCOL_MAJOR_VERSION = 3
const TERMINATE = 'X'.charCodeAt(0)
const SYNC = 'S'.charCodeAt(0)
const QUERY = 'Q'.charCodeAt(0)
const EXECUTE = 'E'.charCodeAt(0)
/** Parse, Bind, Describe, Execute, Close, Flush, Sync, Query. Any other message is fatal to a session, and this one is everybody's. */
const ALLOWED = new Set([...'PBDECHSQ'].map((type) => type.charCodeAt(0)))
/** Messages after which the client waits for an answer. */
const ENDS_OF_PIECE = new Set([...'QSH'].map((type) => type.charCodeAt(0)))

/** Every client starts alike: a faulty start is fatal, and what a start sets would hold for all. */
const STARTUP = startupMessage({ user: 'postgres', database: 'postgres', client_encoding: 'UTF8' })
/** Read only by a COPY FROM STDIN, which else takes the end of its input for the end of the session; ignored after all else. */
const REFUSED_COPY = typedMessage('f', 'the embedded store takes no COPY from a client')

type Client = {
  readonly socket: Socket
  /** Bytes without a whole message yet, and how many make one: a large message is put together once. */
  received: Buffer[]
  receivedBytes: number
  wantedBytes: number
  isStarted: boolean
  piece: Buffer[]
  readonly pieces: Buffer[][]
  /** Between a Flush and its Sync PGlite holds this client's statement, which another client would replace. */
  isUnsynced: boolean
}

type PgliteServerOptions = {
  /** This user's alone; removed at the stop. @default a new one under the system's temporary directory */
  readonly socketDir?: string
  readonly idleInTransactionTimeoutMs?: number
}

export type PgliteServer = {
  /** Where clients connect: `host` of a pg connection. */
  readonly socketDir: string
  /** Rejects with STORE_BROKEN when PGlite has ended; by then every client is cut off. */
  readonly failed: Promise<never>
  stop(): Promise<void>
}

/** Starts the server; the socket is `.s.PGSQL.5432` in its directory. */
export async function servePglite(db: PGlite, options: PgliteServerOptions = {}): Promise<PgliteServer> {
  const idleTimeoutMs = options.idleInTransactionTimeoutMs ?? IDLE_IN_TRANSACTION_TIMEOUT_MS
  const socketDir = options.socketDir ?? (await mkdtemp(join(tmpdir(), 'afterturn-')))
  const clients = new Set<Client>()
  const statements = createKeptStatements()
  const failure = Promise.withResolvers<never>()
  // Whoever does not wait for it finds out by being cut off.
  failure.promise.catch(() => {})
  let isBroken = false
  let transactionOwner: Client | undefined
  let idleTimer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined

  const nextClient = () =>
    transactionOwner ? (transactionOwner.pieces.length > 0 ? transactionOwner : undefined) : firstWaiting(clients)

  const isOwnerLost = () => transactionOwner !== undefined && !clients.has(transactionOwner)

  const run = () => {
    if (running || isBroken || !(isOwnerLost() || nextClient())) return
    running = runAll()
      .catch(breakDown)
      .finally(() => {
        running = undefined
        run()
      })
  }

  const runAll = async () => {
    for (let client = nextClient(); client || isOwnerLost(); client = nextClient()) {
      clearInterval(idleTimer)
      if (client) await answer(client)
      await settleTransaction((client ?? transactionOwner) as Client)
    }
  }

  const answer = async (client: Client) => {
    const piece = client.pieces.shift() as Buffer[]
    const { messages, hear } = client.isUnsynced ? { messages: piece, hear: unchanged } : statements.take(piece)
    // As one: message by message PGlite answers in five writes, and each wakes the client.
    const request = Buffer.concat(messages.map(guarded))
    const onRawData = (data: Uint8Array) => void (data.length > 0 && reply(client, hear(data)))
    await db.runExclusive(() => db.execProtocolRawStream(request, { onRawData }))
    client.isUnsynced = isUnsyncedAfter(client, piece)
    const closed = client.isUnsynced ? undefined : statements.takeClosed()
    // Without one of its own, the last one's would get what is answered.
    if (closed) await db.execProtocolRawStream(closed, { onRawData: () => {} })
    // Round robin: a client with many pieces does not hold up the others.
    if (clients.delete(client)) clients.add(client)
  }

  const breakDown = (cause: unknown) => {
    isBroken = true
    clearInterval(idleTimer)
    for (const { socket } of clients) socket.destroy()
    failure.reject(new AfterturnError('STORE_BROKEN', `PGlite has ended: ${cause}`, { cause }))
  }

  const leave = (client: Client) => {
    clients.delete(client)
    client.pieces.length = 0
    run()
  }

  const settleTransaction = async (client: Client) => {
    if (!db.isInTransaction() && !client.isUnsynced) {
      transactionOwner = undefined
    } else if (clients.has(client) && !client.socket.destroyed) {
      transactionOwner = client
      if (client.pieces.length === 0) idleTimer = startIdleTimer(client.socket, idleTimeoutMs)
    } else {
      if (client.isUnsynced) await db.execProtocolRaw(typedMessage('S'))
      if (db.isInTransaction()) await db.exec('rollback')
      client.isUnsynced = false
      transactionOwner = undefined
    }
  }

  const server = createServer((socket) => {
    if (clients.size >= MAX_CONNECTIONS) return void socket.destroy()
    const client: Client = {
      socket,
      received: [],
      receivedBytes: 0,
      wantedBytes: 0,
      isStarted: false,
      piece: [],
      pieces: [],
      isUnsynced: false,
    }
    clients.add(client)
    socket.on('data', (data) => {
      client.received.push(data)
      client.receivedBytes += data.length
      if (!takeMessages(client)) return void socket.destroy()
      if (client === transactionOwner && client.pieces.length > 0) clearInterval(idleTimer)
      run()
    })
    socket.on('error', () => {})
    socket.on('close', () => leave(client))
  })
  await new Promise<void>((resolve, reject) =>
    server.once('error', reject).listen(join(socketDir, '.s.PGSQL.5432'), resolve),
  )

  return {
    socketDir,
    failed: failure.promise,
    async stop() {
      clearInterval(idleTimer)
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const client of [...clients]) {
        client.socket.destroy()
        leave(client)
      }
      await closed
      while (running) await running
      await rm(socketDir, { recursive: true, force: true })
    },
  }
}

function startIdleTimer(socket: Socket, timeoutMs: number): NodeJS.Timeout {
  let steps = 0
  return setInterval(() => {
    steps += 1
    if (steps === IDLE_STEPS) socket.destroy()
  }, timeoutMs / IDLE_STEPS)
}

function firstWaiting(clients: Set<Client>): Client | undefined {
  for (const client of clients) if (client.pieces.length > 0) return client
  return undefined
}

function unchanged(data: Uint8Array): Uint8Array {
  return data
}

function reply(client: Client, data: Uint8Array): void {
  // PGlite reuses the memory behind `data`.
  if (client.socket.writable) client.socket.write(Buffer.from(data))
}

/** Cuts what was received into messages and messages into pieces; false when the client broke the protocol or is done. */
function takeMessages(client: Client): boolean {
  if (client.receivedBytes < client.wantedBytes) return true
  let rest = Buffer.concat(client.received)
  for (;;) {
    const lengthAt = client.isStarted ? 1 : 0
    const headerBytes = client.isStarted ? 5 : 8
    const length = rest.length < headerBytes ? headerBytes : lengthAt + rest.readInt32BE(lengthAt)
    if (length < headerBytes || length > MAX_MESSAGE_BYTES) return false
    if (rest.length < length) {
      client.received = [rest]
      client.receivedBytes = rest.length
      client.wantedBytes = length
      return true
    }
    const message = Buffer.from(rest.subarray(0, length))
    rest = rest.subarray(length)
    if (!(client.isStarted ? takeMessage(client, message) : start(client, message.readInt32BE(4)))) return false
  }
}

/** False for a request to cancel, which needs no connection of its own here, and for what is no PostgreSQL client. */
function start(client: Client, version: number): boolean {
  if (ENCRYPTION_REQUESTS.has(version)) return client.socket.write('N') || true
  if (version >>> 16 !== PROTOCOL_MAJOR_VERSION) return false
  client.isStarted = true
  client.pieces.push([STARTUP])
  return true
}

function takeMessage(client: Client, message: Buffer): boolean {
  const type = message[0] as number
  if (type === TERMINATE || !ALLOWED.has(type)) return false
  client.piece.push(message)
  if (ENDS_OF_PIECE.has(type)) {
    client.pieces.push(client.piece)
    client.piece = []
  }
  return true
}

function guarded(message: Buffer): Buffer {
  return message !== STARTUP && (message[0] === QUERY || message[0] === EXECUTE)
    ? Buffer.concat([message, REFUSED_COPY])
    : message
}

function isUnsyncedAfter(client: Client, piece: readonly Buffer[]): boolean {
  const last = piece.at(-1)
  if (last === STARTUP || last?.[0] === SYNC) return false
  return client.isUnsynced || piece.length > 1 || last?.[0] !== QUERY
}

function typedMessage(type: string, text?: string): Buffer {
  const body = text === undefined ? Buffer.alloc(0) : Buffer.from(`${text}\0`)
  const header = Buffer.alloc(5)
  header.write(type)
  header.writeInt32BE(4 + body.length, 1)
  return Buffer.concat([header, body])
}

function startupMessage(parameters: Record<string, string>): Buffer {
  const body = Buffer.from(`${Object.entries(parameters).flat().join('\0')}\0\0`)
  const header = Buffer.alloc(8)
  header.writeInt32BE(8 + body.length)
  header.writeInt32BE(PROTOCOL_MAJOR_VERSION << 16, 4)
  return Buffer.concat([header, body])
}
