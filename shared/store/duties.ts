import { sql } from 'kysely'
import type { Database } from './database.ts'

/** Takes a periodic duty for a while, unless another process has it. The claim is a row, so that it outlives Redis. */
export async function claimDuty(database: Database, name: string, now: Date, forMs: number): Promise<boolean> {
  const until = new Date(now.getTime() + forMs)
  const { rows } = await sql`
    insert into duties (name, claimed_until) values (${name}, ${until})
    on conflict (name) do update set claimed_until = ${until} where duties.claimed_until <= ${now}
    returning name`.execute(database)
  return rows.length > 0
}
