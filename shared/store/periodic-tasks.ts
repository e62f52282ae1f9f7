import { sql } from 'kysely'
import type { Database } from './database.ts'

/**
 * Takes a periodic duty for a while, unless another process has it. The claim is a row, so that it outlives Redis.
 * A claim that reaches further than two of its spans was made by a clock that was ahead, and does not count.
 */
export async function claimPeriodicTask(database: Database, name: string, now: Date, forMs: number): Promise<boolean> {
  const until = new Date(now.getTime() + forMs)
  const plausible = new Date(now.getTime() + 2 * forMs)
  const { rows } = await sql`
    insert into duties (name, claimed_until) values (${name}, ${until})
    on conflict (name) do update set claimed_until = ${until} where duties.claimed_until <= ${now} or duties.claimed_until > ${plausible}
    returning name`.execute(database)
  return rows.length > 0
}

/** Keeps a duty that this process has, for a while from now on. */
export async function renewDuty(database: Database, name: string, now: Date, forMs: number): Promise<void> {
  await sql`update duties set claimed_until = ${new Date(now.getTime() + forMs)} where name = ${name}`.execute(database)
}
