import { sql } from 'kysely'
import type { EmbeddingModel } from '../../ai/model-provider.ts'
import { formatModelName } from '../search-index/vector-space.ts'
import type { FencedTransaction } from './org-fences.ts'

/** Owns taking sayings out of a memory that another fact turns out to have replaced in between: they are a memory of their own, in the same words. */

/** Which sayings go, by their turns' row ids, and how long the memory that they become holds. */
type MemorySplit = {
  readonly memory: number
  readonly turns: readonly number[]
  readonly validFrom: Date
  readonly validTo: Date | null
}

/** What search needs of a new memory; no vector where the model has none of the old one. */
type SplitMemory = { readonly id: number; readonly fact: string; readonly vector: Float32Array | undefined }

/** Makes the new memories and returns them in the order of the splits. */
export async function splitMemories(
  transaction: FencedTransaction,
  splits: readonly MemorySplit[],
  model: EmbeddingModel,
  now: Date,
): Promise<SplitMemory[]> {
  const made: SplitMemory[] = []
  // Mostly none, else one: they come where a fact is extracted after facts that were said later.
  for (const { memory, turns, validFrom, validTo } of splits) {
    const { rows } = await sql<{ id: number; fact: string; vector: string | null }>`
      with added as (
        insert into memories (org_id, fact, fact_hash, kind, subject, subject_key, attribute, importance, language, user_id, agent_id, workstream_id, status,
          observed_at, valid_from, valid_to, over_at, superseded_by, created_at, changed_in)
        select org_id, fact, fact_hash, kind, subject, subject_key, attribute, importance, language, user_id, agent_id, workstream_id, status,
          (select max(said_at) from memory_sources where memory = m.id and turn = any(${turns}::bigint[])), ${validFrom}, ${validTo}, over_at,
          case when ${validTo}::timestamptz is not null then superseded_by end, ${now},
          (select memories_version from org_fences where org_id = m.org_id)
        from memories m where org_id = ${transaction.orgId} and id = ${memory} returning id, fact)
      select id, fact, (select embedding::text from vectors where org_id = ${transaction.orgId} and item_kind = 'memory' and item = ${memory}
        and model = ${formatModelName(model)} and dims = ${model.dims}) as vector from added`.execute(transaction)
    const [row] = rows
    if (!row) continue
    await sql`update memory_sources set memory = ${row.id} where memory = ${memory} and turn = any(${turns}::bigint[])`.execute(
      transaction,
    )
    await sql`
      update memories set observed_at = coalesce((select max(said_at) from memory_sources where memory = ${memory}), observed_at)
      where org_id = ${transaction.orgId} and id = ${memory}`.execute(transaction)
    made.push({
      ...row,
      vector: row.vector === null ? undefined : Float32Array.from(JSON.parse(row.vector) as number[]),
    })
  }
  return made
}
