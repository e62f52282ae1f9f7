import { sql } from 'kysely'
import type { EmbeddingModel } from '../../ai/model-provider.ts'
import type { Database } from '../database.ts'
import { tellingMemories } from '../events/product-events.ts'
import { plannedOnce } from '../planned-once.ts'
import type { MemoryState, Wording } from '../schema.ts'
import { formatModelName } from '../search-index/vector-space.ts'
import { toText } from '../search-index/vectors.ts'
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
  readonly subjectKey: string | null
  readonly attribute: string | null
  readonly owner: MemoryOwner
  readonly status: MemoryState
  readonly statusReason: string | null
  readonly observedAt: Date
  readonly validFrom: Date
  readonly validTo: Date | null
  readonly supersededBy: number | null
  /** Each time that it was said; never empty. */
  readonly sayings: readonly Saying[]
}

/** One time that a memory was said. */
export type Saying = {
  /** Row id; 0 without one. */
  readonly turn: number
  readonly saidAt: Date
  /** Since when it holds, by what was said this time. */
  readonly validFrom: Date
}

/** Which memories to compare with: the same facts, those about the same, and those that are named. */
type ComparedKeys = {
  readonly factHashes: readonly Buffer[]
  /** `at`: when the new fact was said; what its owner had said around that time is its place in the history. */
  readonly abouts: readonly (About & { readonly at: Date; readonly owner: MemoryOwner })[]
  readonly ids: readonly number[]
}

type About = { readonly subjectKey: string; readonly attribute: string }

/** Of an owner's ended versions of a property those said next before and next after a time; one each, but for what overlaps. */
const VERSIONS_AROUND = 8

/** The memories that a plan compares with, and how many commits had added memories or approved them by then. */
type Known = { readonly version: number; readonly memories: KnownMemory[] }

/** The memories to compare with: all that state the same fact, and of the others those that are open and active, or were said around the time of a new one. */
export async function readKnownMemories(database: Database, orgId: string, keys: ComparedKeys): Promise<KnownMemory[]> {
  const isNothing = keys.factHashes.length + keys.abouts.length + keys.ids.length === 0
  return isNothing ? [] : (await readKnown(database, orgId, keys)).memories
}

/** The same and the version of the org's memories, both as of one moment. */
export async function readKnown(
  database: Database,
  orgId: string,
  { factHashes, abouts, ids }: ComparedKeys,
): Promise<Known> {
  // Laterals with an `offset` or a limit keep the planner to the indexes, statistics or not.
  const { rows } = await sql<
    KnownMemory & { version: number; id: number | null; sayings: { saidAt: string; validFrom: string }[] }
  >`
    with found as (
      select id from memories where org_id = ${orgId} and fact_hash = any(${plannedOnce.bytea(factHashes)})
      union
      select version.id from unnest(${plannedOnce.text(abouts.map(({ subjectKey }) => subjectKey))}, ${plannedOnce.text(abouts.map(({ attribute }) => attribute))}) as about (subject_key, attribute)
      cross join lateral (
        select m.id from memories m
        where m.org_id = ${orgId} and m.attribute is not null and m.valid_to is null and m.status = 'active'
          and m.subject_key = about.subject_key and lower(m.attribute) = lower(about.attribute) offset 0) version
      union
      select version.id from unnest(${plannedOnce.text(abouts.map(({ subjectKey }) => subjectKey))}, ${plannedOnce.text(abouts.map(({ attribute }) => attribute))},
        ${plannedOnce.timestamptz(abouts.map(({ at }) => at))}, ${plannedOnce.text(abouts.map(({ owner }) => owner.userId))},
        ${plannedOnce.text(abouts.map(({ owner }) => owner.agentId))}, ${plannedOnce.text(abouts.map(({ owner }) => owner.workstreamId))})
        as about (subject_key, attribute, at, user_id, agent_id, workstream_id)
      cross join lateral (
        with ended as (
          select m.id, m.observed_at, m.superseded_by from memories m
          where m.org_id = ${orgId} and m.attribute is not null and m.status = 'active' and m.valid_to is not null
            and m.subject_key = about.subject_key and lower(m.attribute) = lower(about.attribute)
            and m.user_id is not distinct from about.user_id and m.agent_id is not distinct from about.agent_id
            and m.workstream_id is not distinct from about.workstream_id)
        (select id from ended where observed_at >= about.at order by observed_at, id limit ${VERSIONS_AROUND})
        union all
        (select id from ended where observed_at < about.at and exists (
            select 1 from memories next where next.id = ended.superseded_by and next.observed_at >= about.at)
          order by observed_at desc, id limit ${VERSIONS_AROUND})) version
      union
      select id from memories
      where org_id = ${orgId} and id = any(${plannedOnce.bigint(ids)}) and valid_to is null and status = 'active')
    select counted.version, m.id, m.fact, m.fact_hash as "factHash", m.subject, m.subject_key as "subjectKey", m.attribute, m.status, m.status_reason as "statusReason",
      json_build_object('userId', m.user_id, 'agentId', m.agent_id, 'workstreamId', m.workstream_id) as owner,
      m.observed_at as "observedAt", m.valid_from as "validFrom", m.valid_to as "validTo", m.superseded_by as "supersededBy",
      (select coalesce(json_agg(json_build_object('turn', s.turn, 'saidAt', s.said_at, 'validFrom', s.valid_from) order by s.said_at, s.turn), '[]')
       from memory_sources s where s.memory = m.id) as sayings
    from (select coalesce((select memories_version from org_fences where org_id = ${orgId}), 0) as version) counted
    left join memories m on m.id = any(array(select id from found)) order by m.id`.execute(database)
  const memories = rows.flatMap(({ version: _, ...row }) =>
    row.id === null ? [] : [{ ...row, sayings: sayingsOf(row) }],
  )
  return { version: rows[0]?.version ?? 0, memories }
}

/** What came without a turn was said once. */
function sayingsOf({
  sayings,
  observedAt,
  validFrom,
}: Omit<KnownMemory, 'sayings'> & { sayings: unknown[] }): Saying[] {
  if (sayings.length === 0) return [{ turn: 0, saidAt: observedAt, validFrom }]
  return (sayings as Saying[]).map((saying) => ({
    ...saying,
    saidAt: new Date(saying.saidAt),
    validFrom: new Date(saying.validFrom),
  }))
}

/** Raises the version of an org's memories, for ids that begin to count or read differently. */
export async function noteChanged(transaction: FencedTransaction, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return
  await sql`
    with counted as (
      update org_fences set memories_version = memories_version + 1 where org_id = ${transaction.orgId} returning memories_version)
    update memories set changed_in = (select memories_version from counted)
    where org_id = ${transaction.orgId} and id = any(${ids}::bigint[])`.execute(transaction)
}

/** Whether a memory that these audiences see has changed since a version and is near to one of the vectors. */
export async function hasNearSince(
  database: Database,
  orgId: string,
  model: EmbeddingModel,
  since: number,
  {
    vectors,
    minCosine,
    audiences,
  }: { vectors: readonly Float32Array[]; minCosine: number; audiences: readonly string[] },
): Promise<boolean> {
  const { rows } = await sql<{ isAny: boolean }>`
    with asked as materialized (select given::vector as vector from unnest(${plannedOnce.text(vectors.map(toText))}) as given),
    changed as materialized (
      select v.embedding from memories m cross join lateral (
        select embedding from vectors where org_id = ${orgId} and item_kind = 'memory' and model = ${formatModelName(model)} and dims = ${model.dims}
          and item = m.id and audience = any(${plannedOnce.text(audiences)}) offset 0) v
      where m.org_id = ${orgId} and m.changed_in > ${since})
    select exists (select 1 from changed, asked where 1 - (embedding <=> vector) >= ${minCosine}) as "isAny"`.execute(
    database,
  )
  return rows[0]?.isAny ?? true
}

/** A memory to write; one that is outdated when it comes has its end already. */
export type MemoryToInsert = Omit<NewMemory, 'sources'> & { readonly validTo: Date | null }

/** Writes new memories and tells the stream of the workstream that they come from; returns their ids in the same order. @default workstreamId null: the org's stream */
export async function insertMemories(
  transaction: FencedTransaction,
  memories: readonly MemoryToInsert[],
  now: Date,
  workstreamId: string | null = null,
): Promise<number[]> {
  if (memories.length === 0) return []
  const { orgId } = transaction
  const inserting = transaction
    .insertInto('memories')
    .values(
      memories.map((memory) => ({
        org_id: orgId,
        fact: memory.fact,
        fact_hash: memory.factHash,
        kind: memory.kind,
        subject: memory.subject,
        subject_key: memory.subjectKey,
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
        over_at: memory.overAt ?? null,
        superseded_by: null,
        created_at: now,
        changed_in: sql<number>`(select memories_version from counted)`,
      })),
    )
    .returning(['id', 'status', 'user_id', 'agent_id', 'workstream_id'])
  const { rows } = await sql<{ id: number }>`
    with counted as (
      update org_fences set memories_version = memories_version + 1 where org_id = ${orgId} returning memories_version),
    changed as (${inserting}), ${tellingMemories({ orgId, workstreamId }, 'written', now)}
    select id from changed order by id`.execute(transaction)
  return rows.map((row) => row.id)
}

/** What is added to memories that are known or new: where they were said, when last, and how much they matter. */
type Observation = {
  readonly memory: number
  readonly sources: NewMemory['sources']
  /** How these put it; null when in the memory's own words. */
  readonly wording: Wording | null
  readonly observedAt: Date
  readonly validFrom: Date
  readonly importance: number
}

/** Joins sources; a memory was last observed when the newest of them was. */
export async function addObservations(
  transaction: FencedTransaction,
  observations: readonly Observation[],
): Promise<void> {
  if (observations.length === 0) return
  const sources = observations.flatMap(({ memory, wording, observedAt, validFrom, sources: of }) =>
    of.map((source) => {
      const own = source.wording ?? wording
      return { memory, ...source, wording: own && JSON.stringify(own), observedAt, validFrom }
    }),
  )
  await sql`
    with joined as (
      insert into memory_sources (memory, turn, quote, wording, said_at, valid_from)
      select memory, turn, quote, wording::jsonb, said_at, valid_from from unnest(${sources.map(({ memory }) => memory)}::bigint[], ${sources.map(({ turn }) => turn)}::bigint[],
        ${sources.map(({ quote }) => quote)}::text[], ${sources.map(({ wording }) => wording)}::text[],
        ${sources.map(({ observedAt }) => observedAt)}::timestamptz[], ${sources.map(({ validFrom }) => validFrom)}::timestamptz[])
        as given (memory, turn, quote, wording, said_at, valid_from)
      on conflict do nothing)
    update memories m set observed_at = greatest(m.observed_at, seen.at), importance = greatest(m.importance, seen.importance)
    from (select memory, max(at) as at, max(importance) as importance
      from unnest(${observations.map(({ memory }) => memory)}::bigint[], ${observations.map(({ observedAt }) => observedAt)}::timestamptz[],
        ${observations.map(({ importance }) => importance)}::real[]) as given (memory, at, importance) group by memory) as seen
    where m.org_id = ${transaction.orgId} and m.id = seen.memory`.execute(transaction)
}

/** Ends memories where their successors begin, and tells of those whose successor is named; `by` is null while it is not written yet. */
export async function supersedeMemories(
  transaction: FencedTransaction,
  ends: readonly { readonly memory: number; readonly by: number | null; readonly validTo: Date }[],
  workstreamId: string | null,
  now: Date,
): Promise<void> {
  if (ends.length === 0) return
  const { orgId } = transaction
  await sql`
    with ended as (
    update memories m set valid_to = ended.valid_to, superseded_by = ended.by
    from unnest(${ends.map(({ memory }) => memory)}::bigint[], ${ends.map(({ by }) => by)}::bigint[],
      ${ends.map(({ validTo }) => validTo)}::timestamptz[]) as ended (memory, by, valid_to)
    where m.org_id = ${orgId} and m.id = ended.memory returning m.id, m.user_id, m.agent_id, m.workstream_id, m.superseded_by),
    changed as (select * from ended where superseded_by is not null), ${tellingMemories({ orgId, workstreamId }, 'superseded', now)}
    select 1`.execute(transaction)
}

/** Tells of a memory that was held and counts from now on. */
export async function tellReleased(
  transaction: FencedTransaction,
  id: number,
  workstreamId: string | null,
  now: Date,
): Promise<void> {
  const { orgId } = transaction
  await sql`
    with changed as (select id, status, user_id, agent_id, workstream_id from memories where org_id = ${orgId} and id = ${id}),
    ${tellingMemories({ orgId, workstreamId }, 'written', now)} select 1`.execute(transaction)
}

/** Notes since when memories hold, where that was known otherwise. */
export async function startMemories(
  transaction: FencedTransaction,
  starts: readonly { readonly memory: number; readonly validFrom: Date }[],
): Promise<void> {
  if (starts.length === 0) return
  await sql`
    update memories m set valid_from = started.valid_from
    from unnest(${starts.map(({ memory }) => memory)}::bigint[], ${starts.map(({ validFrom }) => validFrom)}::timestamptz[]) as started (memory, valid_from)
    where m.org_id = ${transaction.orgId} and m.id = started.memory`.execute(transaction)
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
