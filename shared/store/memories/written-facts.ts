import { createHash, randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { Metadata } from '../../metadata.ts'
import type { Database } from '../database.ts'
import type { MemoryScope } from '../scopes.ts'
import { insertMetadata, metadataOfMemory } from '../turns/turn-metadata.ts'
import type { MemoryOwner, NewMemory } from './memories.ts'
import type { FencedTransaction } from './org-fences.ts'

/**
 * Owns the SQL of facts that an app writes, corrects and ends itself. Guarantees: each has a source that erasing, export and history know,
 * a turn without messages, which no conversation shows and no digest reads.
 */

/** The workstream of such turns that belong to no other. */
export const WRITTEN_WORKSTREAM = 'afterturn:written'

/** The turn that stands for a fact that an app wrote. */
export type SourceTurn = {
  readonly workstreamId: string
  readonly userId: string | null
  readonly agentId: string | null
  readonly scope: MemoryScope
  readonly fact: string
  readonly at: Date
  readonly saidAt: Date
  readonly by: string
  readonly metadata?: Metadata | undefined
}

/** Writes the turn of a fact, settled already; returns its row id. */
export async function insertSourceTurn(
  transaction: FencedTransaction,
  { workstreamId, userId, agentId, scope, fact, at, saidAt, by, metadata }: SourceTurn,
  now: Date,
): Promise<number> {
  const { orgId } = transaction
  // The upsert locks the workstream, as whoever records a turn does.
  const { rows } = await sql<{ id: number }>`
    with place as (
      insert into workstreams (org_id, workstream_id, next_seq) values (${orgId}, ${workstreamId}, 2)
      on conflict (org_id, workstream_id) do update set next_seq = workstreams.next_seq + 1
      returning next_seq - 1 as seq)
    insert into turns (org_id, workstream_id, turn_id, seq, occurred_at, recorded_at, said_at, content_hash, state, settled_at,
      user_id, agent_id, memory_scope, written_by)
    select ${orgId}, ${workstreamId}, ${`written:${randomUUID()}`}, seq, ${at}, ${now}, ${saidAt},
      ${createHash('sha256').update(fact).digest()}, 'extracted', ${now}, ${userId}, ${agentId}, ${scope}, ${by} from place
    returning id`.execute(transaction)
  const { id } = rows[0] as { id: number }
  await insertMetadata(transaction, orgId, id, metadata)
  return id
}

/** Takes back the turn of a fact that was not written after all. */
export async function dropSourceTurn(transaction: FencedTransaction, turn: number): Promise<void> {
  await transaction.deleteFrom('turns').where('org_id', '=', transaction.orgId).where('id', '=', turn).execute()
}

/** What a fact became: the memory that has the turn as a source, else the one that says the same. */
export async function readWritten(
  transaction: FencedTransaction,
  turn: number,
  factHash: Buffer,
): Promise<{ readonly id: number; readonly isActive: boolean } | undefined> {
  const { rows } = await sql<{ id: number; isActive: boolean }>`
    select m.id, m.status = 'active' as "isActive" from memories m
    where m.org_id = ${transaction.orgId} and (m.fact_hash = ${factHash} or m.id in (select memory from memory_sources where turn = ${turn}))
    order by exists (select 1 from memory_sources s where s.memory = m.id and s.turn = ${turn}) desc, m.valid_to is null desc, m.id desc
    limit 1`.execute(transaction)
  return rows[0]
}

/** A memory that holds, as its next version begins from it, and the place of the turn that said it last. */
export type OpenFact = Pick<
  NewMemory,
  'kind' | 'subject' | 'subjectKey' | 'attribute' | 'importance' | 'observedAt'
> & {
  readonly metadata: Metadata
  readonly owner: MemoryOwner
  readonly userId: string | null
  readonly agentId: string | null
  readonly workstreamId: string | null
}

/** A memory that is used and has no end; undefined otherwise. */
export async function readOpenFact(database: Database, orgId: string, id: number): Promise<OpenFact | undefined> {
  const { rows } = await sql<OpenFact>`
    select m.kind, m.subject, m.subject_key as "subjectKey", m.attribute, m.importance, m.observed_at as "observedAt", ${metadataOfMemory(sql`m.id`)} as metadata,
      json_build_object('userId', m.user_id, 'agentId', m.agent_id, 'workstreamId', m.workstream_id) as owner,
      coalesce(said.user_id, m.user_id) as "userId", coalesce(said.agent_id, m.agent_id) as "agentId",
      coalesce(said.workstream_id, m.workstream_id) as "workstreamId"
    from memories m left join lateral (
      select t.user_id, t.agent_id, t.workstream_id from memory_sources s
      cross join lateral (select * from turns where turns.id = s.turn offset 0) t
      where s.memory = m.id order by t.occurred_at desc, t.id desc limit 1) said on true
    where m.org_id = ${orgId} and m.id = ${id} and m.status = 'active' and m.valid_to is null`.execute(database)
  return rows[0]
}

/** Ends memories that hold, with nothing in their place; returns how many it ended. */
export async function endMemories(
  transaction: FencedTransaction,
  ids: readonly number[],
  { by, at }: { readonly by: string; readonly at: Date },
): Promise<number> {
  if (ids.length === 0) return 0
  // What begins later ends where it begins: it never holds.
  const { numAffectedRows = 0n } = await sql`
    update memories set valid_to = greatest(${at}::timestamptz, valid_from), superseded_by = null, ended_by = ${by}
    where org_id = ${transaction.orgId} and id = any(${ids}::bigint[]) and status = 'active'
      and (valid_to is null or (valid_to > ${at} and valid_to > valid_from))`.execute(transaction)
  return Number(numAffectedRows)
}
