import { sql } from 'kysely'
import { refreshConversation } from '../conversations/refresh-conversation.ts'
import type { Database } from '../database.ts'
import { eraseMemoryEvents, eraseTurnEvents } from '../events/erase-events.ts'
import type { FencedTransaction } from '../memories/org-fences.ts'
import { removeEmpty } from '../tallies.ts'
import { lockWorkstream, refreshDigestDue } from '../turns/workstreams.ts'
import type { Erasure } from './erasures.ts'
import { readIndexedItems, removeTerms, removeVectors } from './remove-items.ts'
import { type FactRules, rewordMemories } from './reword-memories.ts'

/**
 * Owns how turns and memories go, with all that the store derived from them. Guarantees: a memory stays while it has another source, in the words of one
 * that is left; what went can be asked for again without harm; one call is one bounded transaction under the org's fence.
 */

type Erased = { readonly turns: number; readonly memories: number }
type DigestTiming = { readonly now: Date; readonly windowMs: number; readonly maxWaitMs: number }

/** What an erasure is given: its limits, how texts are read, and when digests are due. */
type EraseOptions = {
  readonly limit: number
  readonly maxBytes: number
  readonly rules: FactRules
  readonly timing: DigestTiming
}

/** Erases the next turns of an erasure, within the limits; answers how many rows went. Nothing means that no turn is left. */
export async function eraseTurns(
  transaction: FencedTransaction,
  erasure: Erasure,
  { rules, timing, ...limit }: EraseOptions,
): Promise<Erased> {
  const turns = await readTurnsToErase(transaction, erasure, limit)
  if (turns.length === 0) return { turns: 0, memories: 0 }
  const ids = turns.map(({ id }) => id)
  const workstreams = [...new Set(turns.map(({ workstreamId }) => workstreamId))].sort()
  // Before their turns, as whoever records and settles them; in one order, though only the fence's holder takes several.
  for (const workstreamId of workstreams) await lockWorkstream(transaction, { orgId: transaction.orgId, workstreamId })
  const { rows: touched } = await sql<{ memory: number; isLeft: boolean }>`
    select memory, exists (
      select 1 from memory_sources other where other.memory = s.memory and other.turn <> all(${ids}::bigint[])) as "isLeft"
    from (select distinct memory from memory_sources where turn = any(${ids}::bigint[])) s order by memory`.execute(
    transaction,
  )
  const [left, orphans] = [true, false].map((isLeft) =>
    touched.filter((one) => one.isLeft === isLeft).map(({ memory }) => memory),
  ) as [number[], number[]]
  const memories = await eraseMemories(transaction, orphans, rules)
  await removeTerms(transaction, 'turn', await readIndexedItems(transaction, 'turn', ids, rules))
  await removeVectors(transaction, 'turn', ids)
  await sql`delete from turns where org_id = ${transaction.orgId} and id = any(${ids}::bigint[])`.execute(transaction)
  await eraseTurnEvents(transaction, transaction.orgId, turns)
  await rewordMemories(transaction, left, rules)
  // After the turns: what a run adds meanwhile has seen them, and waits for this transaction or comes before it.
  await sql`delete from model_checkpoints where org_id = ${transaction.orgId} and turns && ${ids}::bigint[]`.execute(
    transaction,
  )
  for (const workstreamId of workstreams) {
    await refreshDigestDue(transaction, { orgId: transaction.orgId, workstreamId }, timing)
    await refreshConversation(transaction, { orgId: transaction.orgId, workstreamId })
    await sql`
      delete from workstreams w where org_id = ${transaction.orgId} and workstream_id = ${workstreamId}
        and not exists (select 1 from turns t where t.org_id = w.org_id and t.workstream_id = w.workstream_id)`.execute(
      transaction,
    )
  }
  return { turns: ids.length, memories }
}

/** Erases the next memories that an erasure names, once its turns are gone. */
export async function eraseNamedMemories(
  transaction: FencedTransaction,
  erasure: Erasure,
  { limit, rules }: Pick<EraseOptions, 'limit' | 'rules'>,
): Promise<Erased> {
  const { memoryId, userId, workstreamId, turnId, olderThan } = erasure
  const isPart = turnId !== undefined || olderThan !== undefined
  const named =
    memoryId !== undefined
      ? isMemoryOrMergedInto(memoryId)
      : sql`${!isPart} and not exists (select 1 from memory_sources s where s.memory = m.id)
          and ${userId === undefined ? sql`true` : sql`user_id = ${userId}`}
          and ${workstreamId === undefined ? sql`true` : sql`workstream_id = ${workstreamId}`}`
  const { rows } = await sql<{ id: number }>`
    select id from memories m where org_id = ${transaction.orgId} and id <= ${erasure.uptoMemory} and ${named} order by id limit ${limit}`.execute(
    transaction,
  )
  return {
    turns: 0,
    memories: await eraseMemories(
      transaction,
      rows.map(({ id }) => id),
      rules,
    ),
  }
}

/** A memory, and the rows that say what it says: held facts that were merged into it with their turns, and would be valid again without it. */
function isMemoryOrMergedInto(memoryId: number) {
  return sql`(m.id = ${memoryId} or (m.superseded_by = ${memoryId} and exists (
    select 1 from memory_sources s join memory_sources o on o.memory = ${memoryId} and o.turn = s.turn
    where s.memory = m.id and (m.valid_to <= m.valid_from or o.wording ->> 'fact' = m.fact))))`
}

/** Forgets the index of an org piece by piece, if all of it is to be erased; answers whether there is more. It is quicker than item by item. */
export async function eraseIndex(transaction: FencedTransaction, erasure: Erasure, limit: number): Promise<boolean> {
  const { orgId } = transaction
  const { rows } = await sql`
    select 1 from turns where org_id = ${orgId} and id > ${erasure.uptoTurn} and state = 'extracted'
    union all select 1 from memories where org_id = ${orgId} and id > ${erasure.uptoMemory} limit 1`.execute(
    transaction,
  )
  if (rows.length > 0) return false
  const spaces = sql`select id from vector_spaces where org_id = ${orgId}`
  const { numAffectedRows: codes = 0n } = await sql`
    delete from vector_codes where ctid = any(array(select ctid from vector_codes where space in (${spaces}) limit ${limit}))`.execute(
    transaction,
  )
  let erased = Number(codes)
  if (erased >= limit) return true
  for (const table of ['postings', 'vectors', 'corpora', 'vector_spaces'] as const) {
    const { numAffectedRows = 0n } = await sql`
      delete from ${sql.table(table)} where ctid = any(array(
        select ctid from ${sql.table(table)} where org_id = ${orgId} limit ${limit - erased}))`.execute(transaction)
    erased += Number(numAffectedRows)
    if (erased >= limit) return true
  }
  return false
}

/** Ends the sessions of an org or a user that are as old as the wish, and removes the answers that they got; there is never more to do. */
export async function eraseSessions(transaction: FencedTransaction, { userId, askedAt }: Erasure): Promise<boolean> {
  const { orgId } = transaction
  const whose = sql`org_id = ${orgId} and ${userId === undefined ? sql`true` : sql`user_id = ${userId}`}`
  await sql`delete from sessions where created_at <= ${askedAt} and ${whose}`.execute(transaction)
  await sql`delete from answers where created_at <= ${askedAt} and ${whose}`.execute(transaction)
  if (userId !== undefined) return false
  await sql`delete from answer_buckets where org_id = ${orgId}`.execute(transaction)
  await sql`delete from answer_invalidations where org_id = ${orgId} and at <= ${askedAt}`.execute(transaction)
  return false
}

/** Erases what else names an org or a part of it; returns the ids of the API keys that went. */
export async function eraseTraces(transaction: FencedTransaction, erasure: Erasure, until: Date): Promise<string[]> {
  const { orgId } = transaction
  const { userId, workstreamId, turnId, memoryId, olderThan } = erasure
  if (memoryId !== undefined || olderThan !== undefined) return []
  const names = sql`
    ${userId === undefined ? sql`true` : sql`payload ->> 'userId' = ${userId}`}
    and ${workstreamId === undefined ? sql`true` : sql`payload ->> 'workstreamId' = ${workstreamId}`}
    and ${turnId === undefined ? sql`true` : sql`payload ->> 'turnId' = ${turnId}`}`
  await sql`delete from dead_letters where org_id = ${orgId} and job_id is not null and died_at <= ${until} and ${names}`.execute(
    transaction,
  )
  const keys = await sql<{ id: string }>`delete from api_keys where org_id = ${orgId} and created_at <= ${until}
    and ${workstreamId === undefined} and ${userId === undefined ? sql`true` : sql`user_id = ${userId}`} returning id`.execute(
    transaction,
  )
  const keyIds = keys.rows.map(({ id }) => id)
  if (userId === undefined)
    await sql`delete from reextractions where org_id = ${orgId} and requested_at <= ${until}
      and ${workstreamId === undefined ? sql`true` : sql`workstream_id = ${workstreamId} and ${turnId === undefined}`}`.execute(
      transaction,
    )
  if (userId !== undefined || workstreamId !== undefined) return keyIds
  await sql`delete from model_checkpoints where org_id = ${orgId} and created_at <= ${until}`.execute(transaction)
  await sql`delete from reembedding_waits where org_id = ${orgId}`.execute(transaction)
  await sql`delete from extraction_instructions where org_id = ${orgId} and set_at <= ${until}`.execute(transaction)
  await sql`delete from usage_ledger where org_id = ${orgId} and day <= ${erasure.askedAt.toISOString().slice(0, 10)}::date`.execute(
    transaction,
  )
  await removeEmpty(transaction, orgId)
  return keyIds
}

/** Orgs in a stretch of all orgs that have turns which retention erases, and where the next stretch begins; undefined at the end. */
export async function readOrgsToRetain(
  database: Database,
  retention: Retention,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<{ readonly orgIds: string[]; readonly after: string | undefined }> {
  // From one org to the next by the index: each statement looks at so many orgs, however many turns they keep.
  const { rows } = await sql<{ orgId: string; isDue: boolean }>`
    with recursive orgs (org_id, nth) as (
      (select org_id, 1 from workstreams where org_id > ${after} order by org_id limit 1)
      union all
      (select next.org_id, orgs.nth + 1 from orgs cross join lateral (
        select w.org_id from workstreams w where w.org_id > orgs.org_id order by w.org_id limit 1) next where orgs.nth < ${limit}::int))
    select org_id as "orgId", exists (select 1 from turns t where t.org_id = orgs.org_id and ${isPastRetention(retention)}) as "isDue"
    from orgs order by nth`.execute(database)
  return {
    orgIds: rows.flatMap(({ orgId, isDue }) => (isDue ? [orgId] : [])),
    after: rows.length < limit ? undefined : rows.at(-1)?.orgId,
  }
}

type Retention = { readonly olderThan: Date; readonly keptImportance?: number | undefined }

function isPastRetention({ olderThan, keptImportance = 2 }: Retention) {
  return sql`state <> 'pending' and recorded_at < ${olderThan} and not exists (
    select 1 from memory_sources s join memories m on m.id = s.memory
    where s.turn = t.id and m.status = 'active' and m.importance >= ${keptImportance}::real)`
}

async function readTurnsToErase(
  transaction: FencedTransaction,
  erasure: Erasure,
  { limit, maxBytes }: Pick<EraseOptions, 'limit' | 'maxBytes'>,
) {
  const { userId, workstreamId, turnId, memoryId, olderThan, keptImportance } = erasure
  if (memoryId !== undefined) return []
  const isOld = olderThan === undefined ? sql`true` : isPastRetention({ olderThan, keptImportance })
  const { rows } = await sql<{ id: number; workstreamId: string; turnId: string; bytes: number }>`
    select id, workstream_id as "workstreamId", turn_id as "turnId",
      (select coalesce(sum(octet_length(content)), 0) from messages where turn = t.id)::bigint as bytes from turns t
    where org_id = ${transaction.orgId} and id <= ${erasure.uptoTurn} and ${isOld}
      and ${userId === undefined ? sql`true` : sql`user_id = ${userId}`}
      and ${workstreamId === undefined ? sql`true` : sql`workstream_id = ${workstreamId}`}
      and ${turnId === undefined ? sql`true` : sql`turn_id = ${turnId}`}
    order by id limit ${limit}`.execute(transaction)
  let leftBytes = maxBytes
  return rows.filter(({ bytes }, index) => {
    leftBytes -= bytes
    return index === 0 || leftBytes >= 0
  })
}

/** Erases memories with all that was derived from them; what they had taken the place of is as if they had not. */
export async function eraseMemories(
  transaction: FencedTransaction,
  ids: readonly number[],
  rules: FactRules,
): Promise<number> {
  if (ids.length === 0) return 0
  // What reopens may say the same as what goes, and the same fact is open only once.
  await sql`update memories set fact_hash = sha256(convert_to('erased ' || id, 'UTF8'))
    where org_id = ${transaction.orgId} and id = any(${ids}::bigint[])`.execute(transaction)
  await reopenSuperseded(transaction, ids)
  await removeTerms(transaction, 'memory', await readIndexedItems(transaction, 'memory', ids, rules))
  await removeVectors(transaction, 'memory', ids)
  await eraseMemoryEvents(transaction, transaction.orgId, ids)
  await sql`delete from memories where org_id = ${transaction.orgId} and id = any(${ids}::bigint[])`.execute(
    transaction,
  )
  return ids.length
}

/** What an erased memory had taken the place of is as if it had not: it is valid again, or gives way to what took the erased one's place. */
async function reopenSuperseded(transaction: FencedTransaction, ids: readonly number[]): Promise<void> {
  // Chains within the batch are followed to their end.
  await sql`
    with recursive heir (id, successor, valid_to) as (
      select id, superseded_by, valid_to from memories where org_id = ${transaction.orgId} and id = any(${ids}::bigint[])
      union
      select h.id, m.superseded_by, m.valid_to from heir h join memories m on m.id = h.successor where m.id = any(${ids}::bigint[])),
    final as (select id, successor, valid_to from heir where successor is null or successor <> all(${ids}::bigint[])),
    -- The same fact is open only once: of several that would be, the latest, and the others give way to it.
    reopened as (
      select m.id, final.successor, final.valid_to, final.valid_to is null as is_open, coalesce(
        (select o.id from memories o where o.org_id = m.org_id and o.fact_hash = m.fact_hash and o.valid_to is null and o.id <> m.id
          and o.id <> all(${ids}::bigint[]) and o.user_id is not distinct from m.user_id and o.agent_id is not distinct from m.agent_id
          and o.workstream_id is not distinct from m.workstream_id limit 1),
        nullif(first_value(m.id) over (
          partition by m.fact_hash, m.user_id, m.agent_id, m.workstream_id, final.valid_to is null order by m.valid_from desc, m.id desc), m.id)) as twin
      from memories m join final on final.id = m.superseded_by where m.id <> all(${ids}::bigint[]))
    update memories m set
      superseded_by = case when r.is_open and r.twin is not null then r.twin else r.successor end,
      valid_to = case when r.is_open and r.twin is not null then m.valid_to else r.valid_to end
    from reopened r where m.id = r.id`.execute(transaction)
}
