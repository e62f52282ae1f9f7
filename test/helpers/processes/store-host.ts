import { cp } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { vector } from '@electric-sql/pglite-pgvector'
import { throwWhatEndsIt } from '../../../shared/store/pglite/pglite-end.ts'
import { servePglite } from '../../../shared/store/pglite/pglite-server.ts'

/**
 * A process of a run: the PGlite of one of vitest's workers, which its test files have one after the other. To start PGlite and to copy its
 * directory cost each file two seconds of CPU. A file gets the store empty and at an address of its own, at which nobody is served after it;
 * a file that leaves another schema costs a new copy. Whoever connects to the host's socket has the store until that connection ends.
 */

const [templateDir = '', dir = '', socketPath = ''] = process.argv.slice(2)
const SCHEMA = `
  select string_agg(line, e'\\n' order by line) as schema from (
    select format('%s %s %s %s', c.relkind, c.relname, a.attname, format_type(a.atttypid, a.atttypmod)) as line
      from pg_class c left join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      where c.relnamespace = 'public'::regnamespace
    union all select pg_get_constraintdef(oid) || conrelid::regclass from pg_constraint where connamespace = 'public'::regnamespace
    union all select pg_get_functiondef(p.oid) from pg_proc p join pg_language l on l.oid = p.prolang and l.lanname <> 'c'
      where p.pronamespace = 'public'::regnamespace and p.prokind = 'f'
    union all select pg_get_triggerdef(oid) from pg_trigger where not tgisinternal
    union all select concat_ws(' ', name, checksum) from schema_migrations
  ) lines`
/** The statements that bring the state after the migrations back; they insert no rows but their own names. */
const EMPTYING = `
  select (select format('truncate %s;', string_agg(format('%I', tablename), ', ')) from pg_tables
      where schemaname = 'public' and tablename <> 'schema_migrations')
    || (select string_agg(format('alter sequence %I restart;', sequencename), ' ') from pg_sequences where schemaname = 'public')`

/** What a file gets, and what it must be like for the next. */
type Kept = { readonly db: PGlite; readonly schema: string; readonly emptying: string }

let copies = 0
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
  const dataDir = join(dir, String(++copies))
  await cp(join(templateDir, 'pglite'), dataDir, { recursive: true })
  const db = await PGlite.create({ dataDir, extensions: { vector }, relaxedDurability: false })
  throwWhatEndsIt(db)
  return { db, schema: await textOf(db, SCHEMA), emptying: await textOf(db, EMPTYING) }
}

/** False when the store is not as the migrations make it, or does not answer. */
async function isEmptied({ db, schema, emptying }: Kept): Promise<boolean> {
  try {
    if ((await textOf(db, SCHEMA)) !== schema) return false
    await db.exec(emptying)
    return true
  } catch {
    return false
  }
}

async function textOf(db: PGlite, query: string): Promise<string> {
  const [row = {}] = (await db.query<Record<string, string>>(query)).rows
  return String(Object.values(row)[0])
}
