import { sql } from 'kysely'
import type { ModelUsage } from '../../ai/model-provider.ts'
import type { Database } from '../database.ts'
import { addingToLedger, addToLedger, type UsageEntry, usedBy } from './usage-ledger.ts'

/**
 * Owns the SQL of checkpoints: what a model answered about some turns, kept from before anything of it is written until its effects are.
 * They hold words of their turns, and only of turns that are pending: what was erased meanwhile is not brought back.
 */

export type Checkpoint = { readonly output: unknown; readonly usage: ModelUsage }
type AnswerKey = { readonly orgId: string; readonly inputHash: Buffer }

/** The answer to exactly this input, if it was kept. */
export async function readCheckpoint(
  database: Database,
  { orgId, inputHash }: AnswerKey,
): Promise<Checkpoint | undefined> {
  const row = await database
    .selectFrom('model_checkpoints')
    .select('output')
    .where('org_id', '=', orgId)
    .where('input_hash', '=', inputHash)
    .executeTakeFirst()
  return row?.output as Checkpoint | undefined
}

/** Keeps an answer about these turns, given by their row ids; the first one for an input stays. Answers whether it is this one. */
export async function saveCheckpoint(
  database: Database,
  { orgId, inputHash }: AnswerKey,
  kept: Checkpoint & { readonly task: string; readonly turns: readonly number[]; readonly at: Date },
): Promise<boolean> {
  const { output, usage, task, turns, at } = kept
  // Held until it is written: an erasure comes wholly before, and then the turns are gone, or finds this row.
  const { numAffectedRows } = await sql`
    insert into model_checkpoints (org_id, input_hash, task, turns, output, created_at)
    select ${orgId}, ${inputHash}, ${task}, ${turns}::bigint[], ${JSON.stringify({ output, usage })}::jsonb, ${at}
    where (select count(*) from (
      select 1 from turns where org_id = ${orgId} and id = any(${turns}::bigint[]) and state = 'pending' for key share) held) = ${turns.length}
    on conflict do nothing`.execute(database)
  return numAffectedRows === 1n
}

/** Which turns, in their order, were asked about together: a retry that cuts its batches so finds the answers again. */
export async function readCheckpointedTurns(
  database: Database,
  orgId: string,
  task: string,
  turns: readonly number[],
): Promise<number[][]> {
  const { rows } = await sql<{ turns: (number | string)[] }>`
    select turns from model_checkpoints
    where org_id = ${orgId} and task = ${task} and turns && ${turns}::bigint[] order by cardinality(turns) desc`.execute(
    database,
  )
  return rows.map((row) => row.turns.map(Number))
}

/** Forgets all answers about these turns, whose effects are written in the same transaction, and adds what they cost to the ledger, with these entries. */
export async function bookCheckpoints(
  transaction: Database,
  orgId: string,
  turns: readonly number[],
  now: Date,
  entries: readonly UsageEntry[],
): Promise<void> {
  const used = sql`
    ${usedBy(entries)} union all
    select task, (usage -> 'calls')::bigint, (usage -> 'inputTokens')::bigint, (usage -> 'outputTokens')::bigint, 0, 0 from dropped`
  await sql`
    with dropped as (
      delete from model_checkpoints where org_id = ${orgId} and turns && ${turns}::bigint[] returning task, output -> 'usage' as usage)
    ${addingToLedger(orgId, now, used)}`.execute(transaction)
}

/** Forgets what was kept before a time, of all orgs: the answers about turns none of which is pending any more. What they cost is booked. */
export async function dropOldCheckpoints(database: Database, before: Date): Promise<void> {
  await database.transaction().execute(async (transaction) => {
    const { rows } = await sql<{ orgId: string; at: Date; task: string; usage: ModelUsage }>`
      delete from model_checkpoints c where created_at < ${before} and not exists (
        select 1 from turns t where t.org_id = c.org_id and t.id = any(c.turns) and t.state = 'pending')
      returning org_id as "orgId", created_at as at, task, output -> 'usage' as usage`.execute(transaction)
    for (const { orgId, at, ...paid } of rows) await addToLedger(transaction, orgId, at, [paid])
  })
}
