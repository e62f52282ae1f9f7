import { sql } from 'kysely'
import type { Database } from '../database.ts'

/** Owns what servers were seen to count over what is reckoned here, by model: the most that was seen, since a context must fit. */

/** A ratio beyond this is no tokenizer's: the server counted something else. */
const MAX_RATIO = 3

/** Notes what a server counted over what was reckoned. */
export async function noteTokenRatio(database: Database, model: string, ratio: number, now: Date): Promise<void> {
  if (ratio <= 1 || ratio > MAX_RATIO) return
  await sql`
    insert into token_ratios (model, ratio, noted_at) values (${model}, ${ratio}::real, ${now})
    on conflict (model) do update set ratio = excluded.ratio, noted_at = excluded.noted_at
    where token_ratios.ratio < excluded.ratio`.execute(database)
}

/** By how much a model's server was seen to count more; 1 for one that was not. */
export async function readTokenRatio(database: Database, model: string): Promise<number> {
  const row = await database.selectFrom('token_ratios').select('ratio').where('model', '=', model).executeTakeFirst()
  return row?.ratio ?? 1
}
