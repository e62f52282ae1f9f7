import { once } from 'node:events'
import { existsSync, statSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import type { PGlite } from '@electric-sql/pglite'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type PgliteServer, servePglite } from '../../../shared/store/pglite/pglite-server.ts'
import { openPglite } from '../../helpers/services/pglite.ts'
import { until } from '../../helpers/until.ts'

const IDLE_TIMEOUT_MS = 150

/** Stands between the server and PGlite, so that a test can hold a piece while it runs. */
let gate: Promise<void> | undefined
let db: PGlite
let server: PgliteServer
let clients: pg.Client[] = []

beforeAll(async () => {
  const pglite = await openPglite()
  const runExclusive = pglite.runExclusive.bind(pglite)
  db = Object.assign(pglite, {
    runExclusive: async <T>(run: () => Promise<T>) => {
      await gate
      return runExclusive(run)
    },
  })
})
beforeEach(async () => {
  server = await servePglite(db, { idleInTransactionTimeoutMs: IDLE_TIMEOUT_MS })
  await db.exec('drop table if exists t; create table t (x int)')
})
afterEach(async () => {
  gate = undefined
  await Promise.all(clients.map((client) => client.end().catch(() => {})))
  clients = []
  await server.stop()
})
afterAll(() => db.close())

async function open(): Promise<pg.Client> {
  const client = new pg.Client({ host: server.socketDir, user: 'postgres', database: 'postgres' })
  client.on('error', () => {})
  clients.push(client)
  await client.connect()
  return client
}

const socketOf = (client: pg.Client) => (client as unknown as { connection: { stream: Socket } }).connection.stream
const rows = async () => (await db.query<{ x: number }>('select x from t order by x')).rows.map(({ x }) => x)
/** Lets the server see what sockets have done: it lives in this process. */
const turns = async () => {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}

describe('clients side by side', () => {
  it('keep their own parameters, however large', async () => {
    const all = await Promise.all(Array.from({ length: 6 }, open))
    const answers = await Promise.all(
      all.flatMap((client, index) =>
        Array.from({ length: 5 }, async (_, round) => {
          const text = `${index}.${round}.`.padEnd(700_000 + index * 10_000, String(index))
          const { rows } = await client.query('select $1::text as text, $2::int as round', [text, round])
          return rows[0].text === text && rows[0].round === round
        }),
      ),
    )
    expect(answers).toEqual(answers.map(() => true))
  })

  it('a parameter of many chunks is put together once, not at every chunk', async () => {
    const client = await open()
    const { rows } = await client.query('select length($1::text) as length', ['x'.repeat(48 * 1_024 * 1_024)])
    expect(rows[0].length).toBe(48 * 1_024 * 1_024)
  })

  it('do not see each other’s open transactions, and none is lost', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, open))
    await Promise.all(
      all.map(async (client, index) => {
        await client.query('begin')
        const before = await client.query('select count(*)::int as n from t')
        await client.query('insert into t values ($1)', [index])
        const after = await client.query('select count(*)::int as n from t')
        expect(after.rows[0].n).toBe(before.rows[0].n + 1)
        await client.query(index % 4 === 0 ? 'rollback' : 'commit')
      }),
    )
    expect(await rows()).toEqual(Array.from({ length: 20 }, (_, index) => index).filter((index) => index % 4 !== 0))
  })

  it('a busy one does not hold up the others', async () => {
    const [busy, other] = [await raw(), await open()]
    await busy.startUp()
    const opened = Promise.withResolvers<void>()
    gate = opened.promise
    busy.send(...Array.from({ length: 20 }, (_, index) => message('Q', `insert into t values (${index})\0`)))
    await turns()
    const seen = other.query('select count(*)::int as n from t')
    await turns()
    gate = undefined
    opened.resolve()
    expect((await seen).rows[0].n).toBeLessThanOrEqual(2)
    await until(rows, (all) => all.length === 20)
  })

  it('200 are served at once, and one more is turned away', async () => {
    const all = await Promise.all(Array.from({ length: 200 }, open))
    await expect(open()).rejects.toThrow()
    const answers = await Promise.all(all.map((client, index) => client.query('select $1::int as n', [index])))
    expect(answers.map(({ rows }) => rows[0].n)).toEqual(all.map((_, index) => index))
    await all[0]?.end()
    await until(
      () =>
        open().then(
          () => true,
          () => false,
        ),
      (isOpen) => isOpen,
    )
  })

  it('a statement between a Flush and its Sync stays its client’s', async () => {
    const [flushing, other] = [await raw(), await open()]
    await flushing.startUp()
    flushing.send(parse('select 111 as mine'), bind(), message('H'))
    await flushing.untilAnswered('2')
    const others = other.query('select $1::int as n', [222])
    await turns()
    flushing.send(execute(), message('S'))
    await flushing.untilAnswered('Z')
    expect(flushing.received()).toContain('111')
    expect((await others).rows).toEqual([{ n: 222 }])
  })
})

describe('a client that is lost', () => {
  it('inside a transaction is rolled back, and the others go on', async () => {
    const [lost, other] = [await open(), await open()]
    await lost.query('begin')
    await lost.query('insert into t values (1)')
    const waiting = other.query('insert into t values (2)')
    socketOf(lost).destroy()
    await waiting
    expect(await rows()).toEqual([2])
  })

  it('while its statement runs takes no other client’s transaction with it', async () => {
    const [lost, other] = [await open(), await open()]
    await lost.query('begin')
    const opened = Promise.withResolvers<void>()
    gate = opened.promise
    const inserted = lost.query('insert into t values (1)').catch(() => {})
    const begun = other.query('begin')
    await turns()
    socketOf(lost).destroy()
    await turns()
    gate = undefined
    opened.resolve()
    await Promise.all([inserted, begun])
    await turns()
    await other.query('insert into t values (2)')
    await other.query('rollback')
    expect(await rows()).toEqual([])
  })

  it('between a failed Parse and its Sync leaves nothing that skips the next client', async () => {
    const lost = await raw()
    await lost.startUp()
    lost.send(parse('this is no SQL'), message('H'))
    await lost.untilAnswered('E')
    lost.socket.destroy()
    const other = await open()
    expect((await other.query('select $1::int as n', [1])).rows).toEqual([{ n: 1 }])
  })

  it('by stalling in a transaction is cut off after the timeout', async () => {
    const [stalled, other] = [await open(), await open()]
    await stalled.query('begin')
    await stalled.query('insert into t values (1)')
    const startedMs = performance.now()
    await other.query('insert into t values (2)')
    const waitedMs = performance.now() - startedMs
    expect(waitedMs).toBeGreaterThan(IDLE_TIMEOUT_MS * 0.8)
    expect(waitedMs).toBeLessThan(IDLE_TIMEOUT_MS + 1_000)
    await expect(stalled.query('commit')).rejects.toThrow()
    expect(await rows()).toEqual([2])
  })

  it('one that is idle outside a transaction is left alone', async () => {
    const [idle, stalled] = [await open(), await open()]
    await stalled.query('begin')
    // When the stalled one is cut off, the idle one has been silent for longer.
    await once(socketOf(stalled), 'close')
    expect((await idle.query('select 1 as n')).rows).toEqual([{ n: 1 }])
  })
})

describe('errors', () => {
  it('are the statement’s, and the next one is fine', async () => {
    const client = await open()
    await expect(client.query('select 1 / $1::int', [0])).rejects.toMatchObject({ code: '22012' })
    await expect(client.query('nonsense')).rejects.toMatchObject({ code: '42601' })
    await expect(client.query('select $1::int', ['x'])).rejects.toMatchObject({ code: '22P02' })
    await expect(client.query('select $1::int', [1, 2] as never)).rejects.toMatchObject({ code: '08P01' })
    expect((await client.query('select $1::int as n', [5])).rows).toEqual([{ n: 5 }])
  })

  it('inside a transaction end it for its client only', async () => {
    const [failing, other] = [await open(), await open()]
    await failing.query('begin')
    await failing.query('insert into t values (1)')
    await expect(failing.query('select 1 / 0')).rejects.toMatchObject({ code: '22012' })
    await expect(failing.query('select 1')).rejects.toMatchObject({ code: '25P02' })
    await failing.query('commit')
    await other.query('insert into t values (2)')
    expect(await rows()).toEqual([2])
  })

  it.each([
    ['a query', 'copy t from stdin', undefined],
    ['a prepared statement', 'copy t from stdin', []],
    ['a list of queries', 'insert into t values (1); copy t from stdin', undefined],
  ])('COPY from a client as %s is one of them', async (_, sql, parameters) => {
    const client = await open()
    // pg sends parameters only when there are some; an empty name makes it prepare.
    const query = parameters ? { text: sql, values: parameters, queryMode: 'extended' } : sql
    await expect(client.query(query as string)).rejects.toThrow('takes no COPY')
    expect((await (await open()).query('select $1::int as n', [1])).rows).toEqual([{ n: 1 }])
    expect(await rows()).toEqual([])
  })
})

describe('what is no PostgreSQL client', () => {
  const anyStart = (length: number, code: number, rest = '') => {
    const start = Buffer.alloc(8 + rest.length)
    start.writeInt32BE(length)
    start.writeInt32BE(code, 4)
    start.write(rest, 8)
    return start
  }

  it.each([
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['a start of four bytes', anyStart(4, 0)],
    ['a start of no bytes', anyStart(0, 0)],
    ['a start of negative length', anyStart(-1, 0)],
    ['a start of 2 GB', anyStart(0x7fff_ffff, 3 << 16)],
    ['protocol 1', anyStart(9, 1 << 16, '\0')],
    ['a request to cancel', anyStart(16, 80_877_102, '12345678')],
  ])('is cut off: %s', async (_, bytes) => {
    const client = await raw()
    client.send(bytes)
    await client.closed
    expect((await (await open()).query('select 1 as n')).rows).toEqual([{ n: 1 }])
  })

  it.each([
    ['an unknown message', message('!', 'x')],
    ['a password', message('p', 'secret\0')],
    ['COPY data', message('d', 'x')],
    ['a function call', message('F', '\0'.repeat(12))],
    ['a message shorter than its own length', Buffer.from([0x51, 0, 0, 0, 3])],
    ['a message of 2 GB', Buffer.from([0x51, 0x7f, 0xff, 0xff, 0xff])],
    ['a message of negative length', Buffer.from([0x51, 0xff, 0xff, 0xff, 0xff])],
  ])('is cut off after its start: %s', async (_, bytes) => {
    const client = await raw()
    await client.startUp()
    client.send(bytes)
    await client.closed
    expect((await (await open()).query('select 1 as n')).rows).toEqual([{ n: 1 }])
  })

  it.each([
    ['a query without its end', message('Q', 'select 1')],
    ['a broken Bind', Buffer.concat([message('B', 'x'), message('S')])],
    ['a broken Parse', Buffer.concat([message('P', '\0select 1\0\0\x09'), message('S')])],
    ['a Describe of nothing', Buffer.concat([message('D', 'Znone\0'), message('S')])],
  ])('gets an error: %s', async (_, bytes) => {
    const client = await raw()
    await client.startUp()
    client.send(bytes)
    await client.untilAnswered('E')
    expect((await (await open()).query('select $1::int as n', [1])).rows).toEqual([{ n: 1 }])
  })

  it('a start byte by byte, after requests to encrypt, is a start', async () => {
    const client = await raw()
    for (const code of [80_877_103, 80_877_104]) {
      client.send(anyStart(8, code))
      await client.untilAnswered('N')
    }
    for (const byte of START) client.send(Buffer.from([byte]))
    await client.untilAnswered('Z')
  })

  it('what a start asks for does not hold for the others', async () => {
    const client = new pg.Client({
      host: server.socketDir,
      user: 'nobody',
      database: 'nowhere',
      options: '-c search_path=nowhere -c no_such_setting=1',
    })
    clients.push(client)
    await client.connect()
    const { rows } = await (await open()).query('select current_user as u, current_schema() as s')
    expect(rows).toEqual([{ u: 'postgres', s: 'public' }])
  })
})

describe('the server', () => {
  it('lets only this user in', () => {
    expect(statSync(server.socketDir).mode & 0o777).toBe(0o700)
  })

  it('stops while clients work, inside transactions too, and leaves nothing', async () => {
    const other = await servePglite(db, { idleInTransactionTimeoutMs: 60_000 })
    const connected = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const client = new pg.Client({ host: other.socketDir, user: 'postgres', database: 'postgres' })
        client.on('error', () => {})
        await client.connect()
        return client
      }),
    )
    await connected[0]?.query('begin')
    const work = connected.map((client) => client.query('insert into t values (1)').catch(() => 'cut off'))
    await other.stop()
    await Promise.all(work)
    expect(existsSync(other.socketDir)).toBe(false)
    expect(db.isInTransaction()).toBe(false)
    expect(await rows()).toEqual([])
    await expect(connected[1]?.query('select 1')).rejects.toThrow()
  })
})

function message(type: string, body = ''): Buffer {
  const bytes = Buffer.alloc(5 + Buffer.byteLength(body, 'latin1'))
  bytes.write(type)
  bytes.writeInt32BE(bytes.length - 1, 1)
  bytes.write(body, 5, 'latin1')
  return bytes
}
const parse = (sql: string) => message('P', `\0${sql}\0\0\0`)
const bind = () => message('B', '\0'.repeat(8))
const execute = () => message('E', '\0'.repeat(5))
const START = (() => {
  const body = 'user\0postgres\0database\0postgres\0\0'
  const start = Buffer.alloc(8 + body.length)
  start.writeInt32BE(start.length)
  start.writeInt32BE(3 << 16, 4)
  start.write(body, 8)
  return start
})()

/** A socket that speaks for itself. */
async function raw() {
  const socket = connect(join(server.socketDir, '.s.PGSQL.5432'))
  await once(socket, 'connect')
  let text = ''
  let position = 0
  socket.on('error', () => {})
  socket.setEncoding('latin1').on('data', (chunk) => {
    text += chunk
  })
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  /** Waits for a message of this type, in what came since the last wait. */
  const untilAnswered = async (type: string) => {
    await until(
      () => {
        while (position < text.length) {
          const found = text[position]
          // The answer to a request to encrypt is one byte.
          if (found === 'N' && position + 1 >= text.length) position += 1
          else {
            const length = Buffer.from(text.slice(position + 1, position + 5), 'latin1')
            if (length.length < 4 || position + 1 + length.readInt32BE() > text.length) return false
            position += 1 + length.readInt32BE()
          }
          if (found === type) return true
        }
        return false
      },
      (isFound) => isFound,
      5_000,
    )
  }
  return {
    socket,
    closed,
    received: () => text,
    send: (...messages: Buffer[]) => socket.write(Buffer.concat(messages)),
    untilAnswered,
    async startUp() {
      socket.write(START)
      await untilAnswered('Z')
    },
  }
}
