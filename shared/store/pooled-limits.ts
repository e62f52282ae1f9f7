import pg from 'pg'

/**
 * Owns the limits of statements behind a pooler that gives each transaction another session, as PgBouncer does: there a limit of the session is refused, or
 * forgotten. Guarantees: every statement runs in a transaction that sets the limits for itself. Must know nothing of who asks.
 */

/** In ms, by PostgreSQL's names. */
export type Limits = Readonly<
  Record<'statement_timeout' | 'lock_timeout' | 'idle_in_transaction_session_timeout', number>
>

type Query = (...args: unknown[]) => Promise<unknown>

const BEGINS = /^\s*(?:begin|start\s+transaction)\b/i
const ENDS = /^\s*(?:commit|end|rollback(?!\s+to\b)|abort)\b/i

/** True if a session has other limits than requested, because a pooler did not pass them on. */
export async function hasLostLimits(client: { query: Query }, limits: Limits): Promise<boolean> {
  const names = Object.keys(limits)
  const { rows } = (await client.query(
    'select name, setting::bigint::text as setting from pg_settings where name = any ($1)',
    [names],
  )) as { rows: readonly { name: keyof Limits; setting: string }[] }
  return rows.some(({ name, setting }) => Number(setting) !== limits[name])
}

/** True if a pooler refused a connection for its limits. */
export function refusesLimits(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.message.includes('unsupported startup parameter')
}

/** A way to ask that makes settings in each transaction, the limits among them, and puts a statement that comes alone into one. */
export function withSettings(query: Query, settings: Readonly<Record<string, string | number>>): Query {
  const setAll = Object.entries(settings).map(([name, value]) => `; set local ${name} = ${value}`)
  const begin = (text: string) => query(text + setAll.join(''))
  let isInTransaction = false
  return async (...args) => {
    const text = textOf(args[0])
    if (BEGINS.test(text)) {
      const answer = await begin(text)
      isInTransaction = true
      return answer
    }
    if (ENDS.test(text)) isInTransaction = false
    if (isInTransaction || ENDS.test(text)) return query(...args)
    await begin('begin')
    try {
      const answer = await query(...args)
      await query('commit')
      return answer
    } catch (error) {
      // What it says is lost with the session otherwise.
      await query('rollback').catch(() => {})
      throw error
    }
  }
}

function textOf(asked: unknown): string {
  return typeof asked === 'string' ? asked : String((asked as { text?: unknown }).text)
}
