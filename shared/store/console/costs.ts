import { sql } from 'kysely'
import type { Database } from '../database.ts'
import { costOf, type ModelPrices } from '../models/day-spend.ts'

/** Owns what model calls cost, across orgs: by org and task on a day, and by day. */

export type Cost = {
  readonly of: string
  readonly calls: number
  readonly inputTokens: number
  readonly outputTokens: number
  readonly cacheHits: number
  readonly usd: number
}

const sums = (prices: ModelPrices) => sql`
  sum(calls)::bigint as calls, sum(input_tokens)::bigint as "inputTokens", sum(output_tokens)::bigint as "outputTokens",
  sum(cache_hits)::bigint as "cacheHits", ${costOf(prices)}::float8 as usd`

/** The costs of a day by org or by task, the highest first. */
export async function readCostsOf(
  database: Database,
  by: 'org_id' | 'task',
  day: string,
  prices: ModelPrices,
  limit: number,
): Promise<Cost[]> {
  const { rows } = await sql<Cost>`
    select ${sql.ref(by)} as of, ${sums(prices)} from usage_ledger where day = ${day}::date
    group by 1 order by usd desc, "inputTokens" desc limit ${limit}`.execute(database)
  return rows
}

/** The costs of each day since one, the newest first. */
export async function readDailyCosts(database: Database, since: string, prices: ModelPrices): Promise<Cost[]> {
  const { rows } = await sql<Cost>`
    select day::text as of, ${sums(prices)} from usage_ledger where day >= ${since}::date group by day order by day desc`.execute(
    database,
  )
  return rows
}
