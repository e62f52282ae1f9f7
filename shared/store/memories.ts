import { sql } from 'kysely'
import type { Database } from './database.ts'
import type { FencedTransaction } from './org-fences.ts'

/** Owns the SQL of memories and of where they came from. The same normalised fact of an org is one memory, however often it is found. */

export type NewMemory = {
  readonly fact: string
  readonly factHash: Buffer
  readonly kind: string
  readonly observedAt: Date
  readonly sources: readonly { readonly turn: number; readonly quote: string }[]
}

/** `id` belongs to the memory at the same place of the input; `isNew` is false when the fact was known. */
export type StoredMemory = { readonly id: number; readonly isNew: boolean }

/** Writes facts that are new and joins the sources of those that are known. Facts must be distinct by hash. */
export async function upsertMemories(
  transaction: FencedTransaction,
  memories: readonly NewMemory[],
  now: Date,
): Promise<StoredMemory[]> {
  if (memories.length === 0) return []
  const inserted = await transaction
    .insertInto('memories')
    .values(
      memories.map((memory) => ({
        org_id: transaction.orgId,
        fact: memory.fact,
        fact_hash: memory.factHash,
        kind: memory.kind,
        observed_at: memory.observedAt,
        valid_from: memory.observedAt,
        valid_to: null,
        superseded_by: null,
        created_at: now,
        user_id: null,
        agent_id: null,
        workstream_id: null,
        subject: null,
        attribute: null,
        language: null,
        status_reason: null,
        reviewed_by: null,
        reviewed_at: null,
      })),
    )
    .onConflict((conflict) =>
      conflict
        .columns(['org_id', 'fact_hash', 'user_id', 'agent_id', 'workstream_id'])
        .where('valid_to', 'is', null)
        .doNothing(),
    )
    .returning(['id', 'fact_hash'])
    .execute()
  const known = inserted.length === memories.length ? [] : await readKnown(transaction, memories)
  const idByHash = new Map([...known, ...inserted].map((row) => [row.fact_hash.toString('hex'), row.id]))
  const newIds = new Set(inserted.map((row) => row.id))
  const stored = memories.map((memory) => {
    const id = idByHash.get(memory.factHash.toString('hex')) as number
    return { id, isNew: newIds.has(id) }
  })
  const sources = memories.flatMap((memory, index) =>
    memory.sources.map((source) => ({ memory: stored[index]?.id as number, ...source })),
  )
  if (sources.length > 0) {
    await transaction
      .insertInto('memory_sources')
      .values(sources)
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  }
  return stored
}

async function readKnown(transaction: FencedTransaction, memories: readonly NewMemory[]) {
  return transaction
    .selectFrom('memories')
    .select(['id', 'fact_hash'])
    .where('org_id', '=', transaction.orgId)
    .where(
      'fact_hash',
      'in',
      memories.map((memory) => memory.factHash),
    )
    .execute()
}

/** A memory with the turns that it came from, oldest first. */
export type MemoryRow = {
  readonly id: number
  readonly fact: string
  readonly kind: string
  readonly observedAt: Date
  readonly sources: readonly {
    readonly workstreamId: string
    readonly turnId: string
    readonly quote: string
    readonly at: Date
  }[]
}

/** Reads an org's memories, newest observation first, or those with the given ids. */
export async function readMemories(
  database: Database,
  orgId: string,
  selection: { ids: readonly number[] } | { limit: number; offset: number },
): Promise<MemoryRow[]> {
  const { rows } = await sql<MemoryRow & { sources: { at: string }[] }>`
    select m.id, m.fact, m.kind, m.observed_at as "observedAt",
      (select coalesce(json_agg(json_build_object(
          'workstreamId', t.workstream_id, 'turnId', t.turn_id, 'quote', s.quote, 'at', t.occurred_at) order by t.occurred_at, t.id), '[]')
       from memory_sources s join turns t on t.id = s.turn where s.memory = m.id) as sources
    from memories m
    where m.org_id = ${orgId} and ${'ids' in selection ? sql`m.id = any(${selection.ids}::bigint[])` : sql`true`}
    order by m.observed_at desc, m.id desc
    ${'ids' in selection ? sql`` : sql`limit ${selection.limit} offset ${selection.offset}`}`.execute(database)
  return rows.map((row) => ({ ...row, sources: row.sources.map((source) => ({ ...source, at: new Date(source.at) })) }))
}

/** How many memories one org has, or all. */
export async function countMemories(database: Database, orgId?: string): Promise<number> {
  let query = database.selectFrom('memories').select((eb) => eb.fn.countAll<number>().as('count'))
  if (orgId !== undefined) query = query.where('org_id', '=', orgId)
  return (await query.executeTakeFirstOrThrow()).count
}
