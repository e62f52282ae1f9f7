import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { embedLocally, LOCAL_EMBEDDING_MODEL } from '../../shared/ai/local/embedder.ts'
import { termsOf } from '../../shared/ai/local/terms.ts'
import type { Database } from '../../shared/store/database.ts'
import { insertMemories } from '../../shared/store/memories/memory-changes.ts'
import {
  advanceFence,
  type Fence,
  type FencedTransaction,
  fencedTransaction,
  readFenceToken,
} from '../../shared/store/memories/org-fences.ts'
import { indexTerms } from '../../shared/store/search-index/postings.ts'
import { insertVectors } from '../../shared/store/search-index/vectors.ts'
import { newMemory } from '../../test/helpers/memory/memories.ts'
import type { MadeMemory } from './memory-corpus.ts'

/** Owns filling orgs with memories and their turns, as extraction writes them, in large transactions and without a model. */

const BATCH = 200
const TURNS_PER_WORKSTREAM = 20

/** A memory with what search needs of it and of its turn: many orgs are given the same. */
type LoadableMemory = MadeMemory & Readonly<Record<'factItem' | 'turnItem', Searchable>>
type Searchable = { readonly terms: readonly string[]; readonly vector: Float32Array }

export function makeLoadable(memories: readonly MadeMemory[]): LoadableMemory[] {
  const searchable = (text: string) => ({ terms: termsOf(text), vector: embedLocally(text) })
  return memories.map((memory) => ({
    ...memory,
    factItem: searchable(memory.fact),
    turnItem: searchable(`${memory.name}: ${memory.turn}`),
  }))
}

/** Writes them in order, but for those that an earlier run has written. */
export async function loadMemories(
  database: Database,
  orgId: string,
  memories: readonly LoadableMemory[],
): Promise<void> {
  const { rows } = await sql<{ written: number }>`
    select coalesce(sum(items), 0)::bigint as written from corpora where org_id = ${orgId} and item_kind = 'memory'`.execute(
    database,
  )
  const fence = (await advanceFence(database, orgId, await readFenceToken(database, orgId))) as Fence
  for (let from = rows[0]?.written ?? 0; from < memories.length; from += BATCH)
    await fencedTransaction(database, fence, (transaction) =>
      load(transaction, memories.slice(from, from + BATCH), from),
    )
}

async function load(transaction: FencedTransaction, memories: readonly LoadableMemory[], from: number): Promise<void> {
  const { orgId } = transaction
  const now = new Date('2026-01-01T00:00:00Z')
  const places = memories.map((_, index) => ({
    workstream: `w${Math.floor((from + index) / TURNS_PER_WORKSTREAM)}`,
    seq: ((from + index) % TURNS_PER_WORKSTREAM) + 1,
  }))
  await sql`insert into workstreams (org_id, workstream_id, next_seq)
    select distinct ${orgId}, name, ${TURNS_PER_WORKSTREAM + 1}::bigint from unnest(${places.map(({ workstream }) => workstream)}::text[]) as given (name)
    on conflict do nothing`.execute(transaction)
  const { rows: turns } = await sql<{ id: number }>`
    insert into turns (org_id, workstream_id, turn_id, seq, occurred_at, recorded_at, said_at, content_hash, state, settled_at)
    select ${orgId}, workstream, 't' || seq, seq, ${now}, ${now}, ${now}, '', 'extracted', ${now}
    from unnest(${places.map(({ workstream }) => workstream)}::text[], ${places.map(({ seq }) => seq)}::bigint[]) with ordinality as given (workstream, seq, at)
    order by at returning id`.execute(transaction)
  const ids = turns.map(({ id }) => id)
  await sql`insert into messages (turn, position, role, name, content)
    select id, 0, 'user', name, content from unnest(${ids}::bigint[], ${memories.map(({ name }) => name)}::text[], ${memories.map(({ turn }) => turn)}::text[])
      as given (id, name, content)`.execute(transaction)
  await sql`insert into turn_metadata (org_id, key, value, turn)
    select ${orgId}, 'team', to_jsonb(id % 10), id from unnest(${ids}::bigint[]) as given (id)
    union all select ${orgId}, 'ticket', to_jsonb(id / 50), id from unnest(${ids}::bigint[]) as given (id)`.execute(
    transaction,
  )
  const stored = await insertMemories(
    transaction,
    memories.map(({ fact }, index) => ({
      ...newMemory(fact, {
        factHash: createHash('sha256')
          .update(`${from + index} ${fact}`)
          .digest(),
        observedAt: now,
      }),
      validTo: null,
    })),
    now,
  )
  await sql`insert into memory_sources (memory, turn, quote, said_at, valid_from)
    select given.*, ${now}, ${now} from unnest(${stored}::bigint[], ${ids}::bigint[], ${memories.map(({ fact }) => fact)}::text[]) as given`.execute(
    transaction,
  )
  const items = memories.flatMap(({ factItem, turnItem }, index) => [
    { kind: 'memory' as const, item: stored[index] as number, ...factItem },
    { kind: 'turn' as const, item: ids[index] as number, ...turnItem },
  ])
  await indexTerms(transaction, items)
  await insertVectors(transaction, LOCAL_EMBEDDING_MODEL, items)
}
