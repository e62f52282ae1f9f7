import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PGlite } from '@electric-sql/pglite'

/**
 * Serves one PGlite to many processes over a Unix socket in a directory that only this user can enter.
 * Guarantees: everything up to a Sync runs as one piece, a transaction is not interrupted, and a client that stalls inside one is cut off.
 * PGlite is one session: clients must not use SET, LISTEN, advisory locks or named statements.
 */

// pglite-socket 0.2.17 queues message by message: with parameters larger than a socket buffer, one client's Bind met another
// client's Parse (9 of 160 queries at 1.5 MB), and an exception left its queue stopped for ever.

/** A client that sends nothing for this long inside a transaction is cut off, and rolled back. */
export const IDLE_IN_TRANSACTION_TIMEOUT_MS = 2_000
const MAX_CONNECTIONS = 200
/** Larger than any statement of the product; bounds what a client can make the owner hold. */
const MAX_MESSAGE_BYTES = 256 * 1_024 * 1_024

const SSL_REQUEST = 80_877_103
const CANCEL_REQUEST = 80_877_102
const TERMINATE = 'X'.charCodeAt(0)
/** Messages after which the client waits for an answer: Query, Sync, Flush, CopyDone, CopyFail. */
const ENDS_OF_PIECE = new Set(['Q', 'S', 'H', 'c', 'f'].map((type) => type.charCodeAt(0)))

type Client = { socket: Socket; received: Buffer; isStarted: boolean; piece: Buffer[]; pieces: Buffer[][] }

/** Where clients connect: `host` of a pg connection is the socket's directory. */
export type PgliteServer = { readonly socketDir: string; stop(): Promise<void> }

/** Starts the server; the socket is `.s.PGSQL.5432` in a new directory under the system's temporary one (a socket path has 108 bytes at most). */
export async function servePglite(
  db: PGlite,
  options: { idleInTransactionTimeoutMs?: number } = {},
): Promise<PgliteServer> {
  const idleTimeoutMs = options.idleInTransactionTimeoutMs ?? IDLE_IN_TRANSACTION_TIMEOUT_MS
  const socketDir = await mkdtemp(join(tmpdir(), 'afterturn-'))
  const clients = new Set<Client>()
  let transactionOwner: Client | undefined
  let idleTimer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined

  const nextClient = () =>
    transactionOwner ? (transactionOwner.pieces.length > 0 ? transactionOwner : undefined) : firstWaiting(clients)

  const run = () => {
    running ??= runAll().finally(() => {
      running = undefined
      if (nextClient()) run()
    })
  }

  const runAll = async () => {
    for (let client = nextClient(); client; client = nextClient()) {
      clearTimeout(idleTimer)
      const piece = client.pieces.shift() as Buffer[]
      try {
        await db.runExclusive(async () => {
          for (const message of piece)
            await db.execProtocolRawStream(message, { onRawData: (data) => void reply(client, data) })
        })
      } catch (error) {
        client.socket.destroy(error as Error)
      }
      // Round robin: a client with many pieces does not hold up the others.
      if (clients.delete(client)) clients.add(client)
      await settleTransaction(client)
    }
  }

  const settleTransaction = async (client: Client) => {
    if (!db.isInTransaction()) {
      transactionOwner = undefined
    } else if (clients.has(client) && !client.socket.destroyed) {
      transactionOwner = client
      if (client.pieces.length === 0) idleTimer = setTimeout(() => client.socket.destroy(), idleTimeoutMs)
    } else {
      await db.exec('rollback')
      transactionOwner = undefined
    }
  }

  const server = createServer((socket) => {
    if (clients.size >= MAX_CONNECTIONS) return void socket.destroy()
    const client: Client = { socket, received: Buffer.alloc(0), isStarted: false, piece: [], pieces: [] }
    clients.add(client)
    socket.on('data', (data) => {
      client.received = client.received.length === 0 ? data : Buffer.concat([client.received, data])
      if (!takeMessages(client)) return void socket.destroy()
      if (client === transactionOwner && client.pieces.length > 0) clearTimeout(idleTimer)
      if (nextClient()) run()
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      clients.delete(client)
      client.pieces.length = 0
      if (client === transactionOwner) {
        const rollBack = () => settleTransaction(client).then(() => nextClient() && run())
        void (running ? running.then(rollBack) : rollBack())
      }
    })
  })
  await new Promise<void>((resolve, reject) =>
    server.once('error', reject).listen(join(socketDir, '.s.PGSQL.5432'), resolve),
  )

  return {
    socketDir,
    async stop() {
      clearTimeout(idleTimer)
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const { socket } of clients) socket.destroy()
      await closed
      await running
      await rm(socketDir, { recursive: true, force: true })
    },
  }
}

function firstWaiting(clients: Set<Client>): Client | undefined {
  for (const client of clients) if (client.pieces.length > 0) return client
  return undefined
}

function reply(client: Client, data: Uint8Array): void {
  // PGlite reuses the memory behind `data`.
  if (data.length > 0 && client.socket.writable) client.socket.write(Buffer.from(data))
}

/** Cuts what was received into messages and messages into pieces; false when the client broke the protocol or is done. */
function takeMessages(client: Client): boolean {
  while (client.received.length >= 8 || (client.isStarted && client.received.length >= 5)) {
    const lengthAt = client.isStarted ? 1 : 0
    const length = lengthAt + client.received.readInt32BE(lengthAt)
    if (length < lengthAt + 4 || length > MAX_MESSAGE_BYTES) return false
    if (client.received.length < length) return true
    const message = Buffer.from(client.received.subarray(0, length))
    client.received = client.received.subarray(length)
    if (client.isStarted) {
      if (message[0] === TERMINATE) return false
      client.piece.push(message)
      if (!ENDS_OF_PIECE.has(message[0] as number)) continue
    } else {
      const code = message.readInt32BE(4)
      if (code === CANCEL_REQUEST) return false
      if (code === SSL_REQUEST) {
        client.socket.write('N')
        continue
      }
      client.isStarted = true
      client.piece.push(message)
    }
    client.pieces.push(client.piece)
    client.piece = []
  }
  return true
}
