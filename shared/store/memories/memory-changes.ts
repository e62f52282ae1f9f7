import { sql } from 'kysely'
import type { EmbeddingModel } from '../../ai/model-provider.ts'
import type { Database } from '../database.ts'
import type { MemoryStatus, Wording } from '../schema.ts'
import { modelName, toText } from '../search-index/vectors.ts'
import type { MemoryOwner, NewMemory } from './memories.ts'
import type { FencedTransaction } from './org-fences.ts'

/**
 * Owns the SQL with which memories are compared and changed. Nothing is deleted here: what is superseded gets an end and its successor.
 * Whatever changes takes a fenced transaction, so an org has one writer.
 */

/** A memory as new facts are compared with it. */
export type KnownMemory = {
  readonly id: number
  readonly fact: string
  readonly factHash: Buffer
  readonly subject: string | null
  readonly attribute: string | null
  readonly owner: MemoryOwner
  readonly status: MemoryStatus
  readonly statusReason: string | null
  readonly observedAt: Date
  readonly validFrom: Date
  readonly validTo: Date | null
  readonly supersededBy: number | null
  /** Row ids. */
  readonly sourceTurns: readonly number[]
  /** Where its newest observation was made. */
  readonly newest: { readonly turn: number; readonly workstreamId: string } | null
}

/** Which memories to compare with: the same facts, those about the same, and those that are named. */
export type Comparison = {
  readonly factHashes: readonly Buffer[]
  /** `at`: since when the new fact holds; what its owner's facts said of that time is its place in the history. */
  readonly abouts: readonly (About & { readonly at: Date; readonly owner: MemoryOwner })[]
  readonly ids: readonly number[]
}

type About = { readonly subject: string; readonly attribute: string }

/** Of an owner's ended versions of a property those that held at a time and next; one each, but for what overlaps. */
const VERSIONS_AROUND = 4

/** The memories to compare with: all that state the same fact, and of the others those that are open and active, or held around the time of a new one. */
export async function readKnownMemories(
  database: Database,
  orgId: string,
  { factHashes, abouts, ids }: Comparison,
): Promise<KnownMemory[]> {
  if (factHashes.length + abouts.length + ids.length === 0) return []
  // Laterals with an `offset` or a limit keep the planner to the indexes, statistics or not.
  const { rows } = await sql<KnownMemory & { sourceTurns: string[] }>`
    with found as (
      select id from memories where org_id = ${orgId} and fact_hash = any(${factHashes}::bytea[])
      union
      select version.id from unnest(${abouts.map(({ subject }) => subject)}::text[], ${abouts.map(({ attribute }) => attribute)}::text[]) as about (subject, attribute)
      cross join lateral (
        select m.id from memories m
        where m.org_id = ${orgId} and m.attribute is not null and m.valid_to is null and m.status = 'active'
          and lower(m.subject) = lower(about.subject) and lower(m.attribute) = lower(about.attribute) offset 0) version
      union
      select version.id from unnest(${abouts.map(({ subject }) => subject)}::text[], ${abouts.map(({ attribute }) => attribute)}::text[],
        ${abouts.map(({ at }) => at)}::timestamptz[], ${abouts.map(({ owner }) => owner.userId)}::text[],
        ${abouts.map(({ owner }) => owner.agentId)}::text[], ${abouts.map(({ owner }) => owner.workstreamId)}::text[])
        as about (subject, attribute, at, user_id, agent_id, workstream_id)
      cross join lateral (
        select m.id from memories m
        where m.org_id = ${orgId} and m.attribute is not null and m.status = 'active' and m.superseded_by is not null
          and lower(m.subject) = lower(about.subject) and lower(m.attribute) = lower(about.attribute)
          and m.user_id is not distinct from about.user_id and m.agent_id is not distinct from about.agent_id
          and m.workstream_id is not distinct from about.workstream_id and m.valid_to > greatest(about.at, m.valid_from)
        order by m.valid_from, m.id limit ${VERSIONS_AROUND}) version
      union
      select id from memories
      where org_id = ${orgId} and id = any(${ids}::bigint[]) and valid_to is null and status = 'active')
    select m.id, m.fact, m.fact_hash as "factHash", m.subject, m.attribute, m.status, m.status_reason as "statusReason",
      json_build_object('userId', m.user_id, 'agentId', m.agent_id, 'workstreamId', m.workstream_id) as owner,
      m.observed_at as "observedAt", m.valid_from as "validFrom", m.valid_to as "validTo", m.superseded_by as "supersededBy",
      array(select s.turn from memory_sources s where s.memory = m.id) as "sourceTurns",
      (select json_build_object('turn', t.id, 'workstreamId', t.workstream_id)
       from memory_sources s cross join lateral (select * from turns where turns.id = s.turn offset 0) t
       where s.memory = m.id order by t.occurred_at desc, t.id desc limit 1) as newest
    from memories m where m.id = any(array(select id from found)) order by m.id`.execute(database)
  return rows.map((row) => ({ ...row, sourceTurns: row.sourceTurns.map(Number) }))
}

/** How far an org's memories have come: what a plan was made for. */
export type MemoriesState = {
  /** Counts the commits that added memories. */
  readonly version: number
  /** The newest that has a vector of the model; an org has one writer, so whatever is added later has a higher id. */
  readonly newest: number
}

export async function readMemoriesState(
  database: Database,
  orgId: string,
  model: EmbeddingModel,
): Promise<MemoriesState> {
  const { rows } = await sql<MemoriesState>`
    select memories_version as version, coalesce((select item from vectors
      where org_id = ${orgId} and item_kind = 'memory' and model = ${modelName(model)} and dims = ${model.dims}
      order by item desc limit 1), 0)::bigint as newest
    from org_fences where org_id = ${orgId}`.execute(database)
  return rows[0] ?? { version: 0, newest: 0 }
}

/** Whether a memory was added after a state that is near to one of the vectors, or about the same as one of the facts. */
export async function hasRelatedSince(
  database: Database,
  orgId: string,
  model: EmbeddingModel,
  since: MemoriesState,
  { vectors, minCosine, abouts }: { vectors: readonly Float32Array[]; minCosine: number; abouts: readonly About[] },
): Promise<boolean> {
  const { rows } = await sql<{ isAny: boolean }>`
    with asked as materialized (select given::vector as vector from unnest(${vectors.map(toText)}::text[]) as given),
    added as materialized (
      select item, embedding from vectors
      where org_id = ${orgId} and item_kind = 'memory' and model = ${modelName(model)} and dims = ${model.dims} and item > ${since.newest})
    select exists (select 1 from added, asked where 1 - (embedding <=> vector) >= ${minCosine})
      or exists (select 1 from memories m
        join unnest(${abouts.map(({ subject }) => subject)}::text[], ${abouts.map(({ attribute }) => attribute)}::text[]) as about (subject, attribute)
          on lower(m.subject) = lower(about.subject) and lower(m.attribute) = lower(about.attribute)
        where m.org_id = ${orgId} and m.id = any(array(select item from added)) and m.attribute is not null) as "isAny"`.execute(
    database,
  )
  return rows[0]?.isAny ?? true
}

/** A memory to write; one that is outdated when it comes has its end already. */
export type MemoryToInsert = Omit<NewMemory, 'sources'> & { readonly validTo: Date | null }

/** Writes new memories; answers their ids in the same order. */
export async function insertMemories(
  transaction: FencedTransaction,
  memories: readonly MemoryToInsert[],
  now: Date,
): Promise<number[]> {
  if (memories.length === 0) return []
  const rows = await transaction
    .with('counted', (counting) =>
      counting
        .updateTable('org_fences')
        .set((eb) => ({ memories_version: eb('memories_version', '+', 1) }))
        .where('org_id', '=', transaction.orgId),
    )
    .insertInto('memories')
    .values(
      memories.map((memory) => ({
        org_id: transaction.orgId,
        fact: memory.fact,
        fact_hash: memory.factHash,
        kind: memory.kind,
        subject: memory.subject,
        attribute: memory.attribute,
        importance: memory.importance,
        language: memory.language,
        user_id: memory.owner.userId,
        agent_id: memory.owner.agentId,
        workstream_id: memory.owner.workstreamId,
        status: memory.status,
        status_reason: memory.statusReason,
        reviewed_by: null,
        reviewed_at: null,
        observed_at: memory.observedAt,
        valid_from: memory.validFrom,
        valid_to: memory.validTo,
        superseded_by: null,
        created_at: now,
      })),
    )
    .returning('id')
    .execute()
  return rows.map((row) => row.id)
}

/** What is added to memories that are known or new: where they were said, when last, and how much they matter. */
export type Observation = {
  readonly memory: number
  readonly sources: NewMemory['sources']
  /** How these put it; null when in the memory's own words. */
  readonly wording: Wording | null
  readonly observedAt: Date
  readonly importance: number
}

/** Joins sources; a memory was last observed when the newest of them was. */
export async function addObservations(
  transaction: FencedTransaction,
  observations: readonly Observation[],
): Promise<void> {
  if (observations.length === 0) return
  const sources = observations.flatMap(({ memory, wording, sources: of }) =>
    of.map((source) => ({ memory, ...source, wording: wording && JSON.stringify(wording) })),
  )
  await sql`
    with joined as (
      insert into memory_sources (memory, turn, quote, wording)
      select memory, turn, quote, wording::jsonb from unnest(${sources.map(({ memory }) => memory)}::bigint[], ${sources.map(({ turn }) => turn)}::bigint[],
        ${sources.map(({ quote }) => quote)}::text[], ${sources.map(({ wording }) => wording)}::text[]) as given (memory, turn, quote, wording)
      on conflict do nothing)
    update memories m set observed_at = greatest(m.observed_at, seen.at), importance = greatest(m.importance, seen.importance)
    from (select memory, max(at) as at, max(importance) as importance
      from unnest(${observations.map(({ memory }) => memory)}::bigint[], ${observations.map(({ observedAt }) => observedAt)}::timestamptz[],
        ${observations.map(({ importance }) => importance)}::real[]) as given (memory, at, importance) group by memory) as seen
    where m.org_id = ${transaction.orgId} and m.id = seen.memory`.execute(transaction)
}

/** Ends memories where their successors begin; `by` is null while the successor is not written yet. */
export async function supersedeMemories(
  transaction: FencedTransaction,
  ends: readonly { readonly memory: number; readonly by: number | null; readonly validTo: Date }[],
): Promise<void> {
  if (ends.length === 0) return
  await sql`
    update memories m set valid_to = ended.valid_to, superseded_by = ended.by
    from unnest(${ends.map(({ memory }) => memory)}::bigint[], ${ends.map(({ by }) => by)}::bigint[],
      ${ends.map(({ validTo }) => validTo)}::timestamptz[]) as ended (memory, by, valid_to)
    where m.org_id = ${transaction.orgId} and m.id = ended.memory`.execute(transaction)
}

/** Notes pairs of memories that cannot both be true. */
export async function noteContradictions(
  transaction: FencedTransaction,
  pairs: readonly (readonly [number, number])[],
  now: Date,
): Promise<void> {
  if (pairs.length === 0) return
  await transaction
    .insertInto('memory_contradictions')
    .values(pairs.map(([a, b]) => ({ memory: Math.min(a, b), other: Math.max(a, b), noticed_at: now })))
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
