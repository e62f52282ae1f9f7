import { sql } from 'kysely'
import { noteChanged } from '../memories/memory-changes.ts'
import type { FencedTransaction } from '../memories/org-fences.ts'
import type { Wording } from '../schema.ts'
import { indexTerms } from '../search-index/postings.ts'
import { type ItemTerms, readIndexedItems, removeTerms, removeVectors } from './remove-items.ts'

/**
 * Owns how a memory goes on once the turns are erased that said it in its words: in the words of the oldest that is left. Its vector was one of the old
 * words; the job that makes what a model lacks makes the new one, until then its words find it.
 */

/** How facts are read: the terms of texts, and what makes two facts the same. */
export type FactRules = ItemTerms & { hashFact(fact: string, subjectKey: string | null): Buffer }

type Worded = { readonly id: number; readonly isOpen: boolean; readonly wording: Wording }

/** Rewords those of these memories that nobody's turn says in their words any more, and notes when each was said last. */
export async function rewordMemories(
  transaction: FencedTransaction,
  memories: readonly number[],
  rules: FactRules,
): Promise<void> {
  if (memories.length === 0) return
  await sql`
    update memories m set observed_at = said.last from (
      select s.memory, max(s.said_at) as last from memory_sources s
      where s.memory = any(${memories}::bigint[]) group by s.memory) said
    where m.id = said.memory and m.org_id = ${transaction.orgId} and m.observed_at > said.last`.execute(transaction)
  const { rows } = await sql<Worded>`
    select m.id, m.valid_to is null as "isOpen", said.wording from memories m cross join lateral (
      select s.wording from memory_sources s cross join lateral (select * from turns where turns.id = s.turn offset 0) t where s.memory = m.id order by t.occurred_at, t.id limit 1) said
    where m.org_id = ${transaction.orgId} and m.id = any(${memories}::bigint[])
      and not exists (
        select 1 from memory_sources s where s.memory = m.id and (s.wording is null or exists (
          select 1 from memory_sources o where o.memory = s.memory and o.turn = (s.wording ->> 'restsOn')::bigint))) order by m.id`.execute(
    transaction,
  )
  if (rows.length === 0) return
  const ids = rows.map(({ id }) => id)
  const indexed = await readIndexedItems(transaction, 'memory', ids, rules)
  await removeTerms(transaction, 'memory', indexed)
  await removeVectors(transaction, 'memory', ids)
  await noteChanged(transaction, ids)
  const searched = new Set(indexed.map(({ item }) => item))
  for (const memory of rows) {
    const isKept = await reword(transaction, memory, rules.hashFact(memory.wording.fact, memory.wording.subjectKey))
    if (isKept && searched.has(memory.id))
      await indexTerms(transaction, [{ kind: 'memory', item: memory.id, terms: rules.ofFact(memory.wording.fact) }])
  }
}

/** False where another memory says the same in the same words already: it takes the sources and the place. */
async function reword(transaction: FencedTransaction, { id, isOpen, wording }: Worded, factHash: Buffer) {
  const { rows } = await sql<{ id: number }>`
    select o.id from memories m join memories o on o.org_id = m.org_id and o.fact_hash = ${factHash} and o.valid_to is null and o.id <> m.id
      and o.user_id is not distinct from m.user_id and o.agent_id is not distinct from m.agent_id
      and o.workstream_id is not distinct from m.workstream_id
    where m.id = ${id} and ${isOpen}`.execute(transaction)
  const [other] = rows
  if (other) {
    await sql`
      insert into memory_sources (memory, turn, quote, wording, said_at, valid_from)
      select ${other.id}, turn, quote, nullif(wording, ${JSON.stringify(wording)}::jsonb), said_at, valid_from from memory_sources where memory = ${id}
      on conflict do nothing`.execute(transaction)
    await sql`update memories set superseded_by = ${other.id} where superseded_by = ${id}`.execute(transaction)
    await sql`delete from memories where id = ${id}`.execute(transaction)
    return false
  }
  const { fact, subject, subjectKey, attribute, language } = wording
  await sql`
    update memories set fact = ${fact}, fact_hash = ${factHash}, subject = ${subject}, subject_key = ${subjectKey}, attribute = ${attribute}, language = ${language}
    where id = ${id}`.execute(transaction)
  await sql`
    update memory_sources set wording = null where memory = ${id} and wording ->> 'fact' = ${fact}`.execute(transaction)
  return true
}
