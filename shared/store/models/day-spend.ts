import { sql } from 'kysely'
import type { Database } from '../database.ts'

/** Owns what orgs have spent on a day, by the ledger and the prices of the settings. Days are those of UTC. */

/** USD for a million tokens. */
export type ModelPrices = { readonly input: number; readonly output: number; readonly embedding: number }

/** The cost in USD of the rows of the ledger that a query sums up. */
export const costOf = ({ input, output, embedding }: ModelPrices) => sql<number>`
  coalesce(sum(case when task = 'embed' then input_tokens * ${embedding}::float8
    else input_tokens * ${input}::float8 + output_tokens * ${output}::float8 end), 0) / 1e6`

/** What an org has spent on the day of a time, in USD. */
export async function readDaySpend(database: Database, orgId: string, at: Date, prices: ModelPrices): Promise<number> {
  const { rows } = await sql<{ usd: number }>`
    select ${costOf(prices)} as usd from usage_ledger where org_id = ${orgId} and day = ${dayOf(at)}::date`.execute(
    database,
  )
  return rows[0]?.usd ?? 0
}

/** How many orgs have spent at least this on the day of a time. */
export async function countSpentOrgs(
  database: Database,
  at: Date,
  prices: ModelPrices,
  limitUsd: number,
): Promise<number> {
  const { rows } = await sql<{ orgs: number }>`
    select count(*)::int as orgs from (
      select org_id from usage_ledger where day = ${dayOf(at)}::date group by org_id having ${costOf(prices)} >= ${limitUsd}) as spent`.execute(
    database,
  )
  return rows[0]?.orgs ?? 0
}

function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10)
}
