import { type RawBuilder, sql } from 'kysely'
import type { ModelUsage } from '../../ai/model-provider.ts'
import type { Database } from '../database.ts'
import { ALL_ORGS } from '../tallies.ts'

/** Owns what model calls cost, by org, day and task, and what was saved: cache hits, and facts that were known already. */

export type UsageEntry = {
  readonly task: string
  readonly usage: ModelUsage
  readonly cacheHits?: number
  readonly duplicates?: number
}
export type UsageTotals = {
  readonly task: string
  readonly calls: number
  readonly inputTokens: number
  readonly outputTokens: number
  readonly cacheHits: number
  readonly duplicates: number
}

/** Adds to the ledger; call it in the transaction of the effects that were paid for, if there are any. */
export async function addToLedger(
  transaction: Database,
  orgId: string,
  now: Date,
  entries: readonly UsageEntry[],
): Promise<void> {
  await addingToLedger(orgId, now, usedBy(entries)).execute(transaction)
}

/** Entries as the rows that `addingToLedger` adds. */
export function usedBy(entries: readonly UsageEntry[]): RawBuilder<unknown> {
  const column = (pick: (entry: UsageEntry) => number) => sql`${entries.map(pick)}::bigint[]`
  return sql`
    select * from unnest(
      ${entries.map(({ task }) => task)}::text[], ${column(({ usage }) => usage.calls)},
      ${column(({ usage }) => usage.inputTokens)}, ${column(({ usage }) => usage.outputTokens)},
      ${column(({ cacheHits }) => cacheHits ?? 0)}, ${column(({ duplicates }) => duplicates ?? 0)})
      as given (task, calls, input_tokens, output_tokens, cache_hits, duplicates)`
}

/** The statement that adds rows of tasks, which `used` selects as `usedBy` does, to the ledger. */
export function addingToLedger(orgId: string, now: Date, used: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    insert into usage_ledger (org_id, day, task, calls, input_tokens, output_tokens, cache_hits, duplicates)
    select ${orgId}, ${now.toISOString().slice(0, 10)}::date, task, sum(calls), sum(input_tokens), sum(output_tokens), sum(cache_hits), sum(duplicates)
    from (${used}) used group by task order by task
    on conflict (org_id, day, task) do update set
      calls = usage_ledger.calls + excluded.calls,
      input_tokens = usage_ledger.input_tokens + excluded.input_tokens,
      output_tokens = usage_ledger.output_tokens + excluded.output_tokens,
      cache_hits = usage_ledger.cache_hits + excluded.cache_hits,
      duplicates = usage_ledger.duplicates + excluded.duplicates`
}

/** The totals by task, for one org or for all. */
export async function readLedger(database: Database, orgId = ALL_ORGS): Promise<UsageTotals[]> {
  const { rows } = await sql<UsageTotals>`
    select task, sum(calls)::bigint as calls, sum(input_tokens)::bigint as "inputTokens", sum(output_tokens)::bigint as "outputTokens",
      sum(cache_hits)::bigint as "cacheHits", sum(duplicates)::bigint as duplicates
    from usage_tallies where org_id = ${orgId} group by task
    having sum(calls) <> 0 or sum(input_tokens) <> 0 or sum(output_tokens) <> 0 or sum(cache_hits) <> 0 or sum(duplicates) <> 0
    order by task`.execute(database)
  return rows
}
