import { openAsBlob } from 'node:fs'
import { createServer } from 'node:net'
import { PGlite } from '@electric-sql/pglite'
import { vector } from '@electric-sql/pglite-pgvector'
import { throwWhatEndsIt } from '../../../shared/store/pglite/pglite-end.ts'
import { servePglite } from '../../../shared/store/pglite/pglite-server.ts'
import { SCHEMA } from '../services/schema.ts'

/**
 * A process of a run: the PGlite of one of vitest's workers, in memory, which its test files have one after the other. To start PGlite and to copy
 * its directory cost each file two seconds of CPU. A file gets the store empty and at an address of its own, at which nobody is served after it;
 * a file that leaves another schema costs a new copy. Whoever connects to the host's socket has the store until that connection ends.
 */

const [template = '', socketPath = ''] = process.argv.slice(2)
/**
 * The query for the statements that bring the state after the migrations back; they insert no rows but their own names. What has never had a
 * row has no pages, and is left alone: to truncate all tables takes half a second of CPU.
 */
const EMPTYING = `
  select concat((select format('truncate %s cascade;', string_agg(oid::regclass::text, ', ')) from pg_class
      where relnamespace = 'public'::regnamespace and relkind = 'r' and relname <> 'schema_migrations' and pg_relation_size(oid) > 0),
    (select string_agg(format('alter sequence %I restart;', sequencename), ' ') from pg_sequences
      where schemaname = 'public' and last_value is not null))`

/** What a file gets, and what it must be like for the next. */
type Kept = { readonly db: PGlite; readonly schema: string }

let kept: Kept | undefined
/** One file after the other: the next is served when the one before has let go. */
let turn = Promise.resolve()

createServer((connection) => {
  connection.on('error', () => {}).resume()
  const ended = new Promise<void>((resolve) => connection.once('close', () => resolve()))
  turn = turn.then(async () => {
    if (kept && !(await isEmptied(kept))) {
      await kept.db.close().catch(() => {})
      kept = undefined
    }
    kept ??= await openCopy()
    // A process that waits for a core inside a transaction is not one that was stopped there.
    const server = await servePglite(kept.db, { idleInTransactionTimeoutMs: 10_000 })
    connection.write(`${server.socketDir}\n`)
    await ended
    await server.stop()
  })
}).listen(socketPath, () => process.send?.('ready'))
process.on('disconnect', () => process.exit(0))

async function openCopy(): Promise<Kept> {
  const db = await PGlite.create({ loadDataDir: await openAsBlob(template), extensions: { vector } })
  throwWhatEndsIt(db)
  return { db, schema: await textOf(db, SCHEMA) }
}

/** False when the store is not as the migrations make it, or does not answer. */
async function isEmptied({ db, schema }: Kept): Promise<boolean> {
  try {
    if ((await textOf(db, SCHEMA)) !== schema) return false
    await db.exec(await textOf(db, EMPTYING))
    return true
  } catch {
    return false
  }
}

async function textOf(db: PGlite, query: string): Promise<string> {
  const [row = {}] = (await db.query<Record<string, string>>(query)).rows
  return String(Object.values(row)[0])
}
