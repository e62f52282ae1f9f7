import { type RawBuilder, sql } from 'kysely'
import { AfterturnError } from '../../errors.ts'
import type { DroppedFact } from '../../fact-verdicts.ts'
import type { Database } from '../database.ts'
import { tellingTurns } from '../events/product-events.ts'
import { onePlan } from '../planned-once.ts'
import type { TurnState } from '../schema.ts'
import type { MemoryScope } from '../scopes.ts'
import { readTallies } from '../tallies.ts'
import { lockingWorkstream, type WorkstreamKey } from './workstreams.ts'

/** Owns how turns and their messages are read, counted and settled. A turn changes its state once, from `pending`, by compare-and-set. */

/** A turn with its messages. */
export type TurnRow = {
  readonly id: number
  readonly workstreamId: string
  readonly turnId: string
  readonly seq: number
  readonly occurredAt: Date
  /** Of the speaker, as `Europe/Lisbon`; null: that of the settings. */
  readonly timeZone: string | null
  /** When it counts as said: never after its recording, nor before what its workstream said earlier. */
  readonly saidAt: Date
  /** How often its extraction was begun. */
  readonly attempts: number
  readonly userId: string | null
  readonly agentId: string | null
  readonly scope: MemoryScope
  readonly messages: readonly { readonly role: string; readonly name: string | null; readonly content: string }[]
}

/** Where a turn stands; undefined when it is not recorded. */
export async function findTurn(
  database: Database,
  key: WorkstreamKey & { turnId: string },
): Promise<{ seq: number; state: TurnState } | undefined> {
  return database
    .selectFrom('turns')
    .select(['seq', 'state'])
    .where('org_id', '=', key.orgId)
    .where('workstream_id', '=', key.workstreamId)
    .where('turn_id', '=', key.turnId)
    .executeTakeFirst()
}

/** Which of these turns of an org are not there, in order. */
export async function findMissingTurns(
  database: Database,
  orgId: string,
  turns: readonly { readonly workstreamId: string; readonly turnId: string }[],
): Promise<boolean[]> {
  if (turns.length === 0) return []
  const { rows } = await sql<{ isMissing: boolean }>`
    select not exists (select 1 from turns t where t.org_id = ${orgId} and t.workstream_id = given.workstream_id and t.turn_id = given.turn_id) as "isMissing"
    from unnest(${turns.map((turn) => turn.workstreamId)}::text[], ${turns.map((turn) => turn.turnId)}::text[])
      with ordinality as given (workstream_id, turn_id, nth) order by nth`.execute(database)
  return rows.map(({ isMissing }) => isMissing)
}

/** What of a page of turns is read: all messages unless `roles` are named, and, but for the first turn, no more than `maxBytes` of them. */
type PageLimits = { readonly roles?: readonly string[]; readonly maxBytes?: number }

/** A turn that waits; `isAnswered` when an answer of a model about it is kept, which a run asked for that came to no end. */
export type PendingTurn = TurnRow & { readonly isAnswered: boolean }

/** The oldest pending turns of a workstream, up to one of them if `uptoSeq` is given. */
export async function readPendingTurns(
  database: Database,
  scope: WorkstreamKey & { uptoSeq?: number | undefined },
  limit: number,
  { roles, maxBytes = Number.POSITIVE_INFINITY }: PageLimits = {},
): Promise<PendingTurn[]> {
  const pending = database
    .selectFrom('turns')
    .select(TURN_COLUMNS)
    .where('org_id', '=', scope.orgId)
    .where('workstream_id', '=', scope.workstreamId)
    .where('state', '=', 'pending')
    .$if(scope.uptoSeq !== undefined, (turns) => turns.where('seq', '<=', scope.uptoSeq as number))
    .orderBy('seq')
    .limit(limit)
  // The length is known without reading the text.
  const { rows } = await sql<PendingTurn>`
    with page as materialized (${pending}),
    sized as (
      select *, row_number() over (order by seq) as nth, sum(bytes) over (order by seq) as upto
      from (select *, (select coalesce(sum(octet_length(content)), 0) from ${messagesOf(sql`page.id`, roles)}) as bytes from page) one)
    select ${sql.join(PAGE_COLUMNS)}, ${textsOf(sql`sized.id`, roles)} as messages,
      id = any(array(select unnest(turns) from model_checkpoints where org_id = ${scope.orgId})) as "isAnswered"
    from sized where nth = 1 or upto <= ${maxBytes}::float8 order by seq`.execute(database)
  return rows
}

/** Turns of an org by their row ids, in the order of those. */
export async function readTurns(database: Database, orgId: string, ids: readonly number[]): Promise<TurnRow[]> {
  if (ids.length === 0) return []
  return database
    .selectFrom('turns')
    .select(TURN_COLUMNS)
    .select(textsOf(sql.ref('turns.id')).as('messages'))
    .where('org_id', '=', orgId)
    .where('id', 'in', ids)
    .orderBy('id')
    .execute()
}

/** The turns of a workstream right before one, at most `count`, oldest first. */
export async function readTurnsBefore(
  database: Database,
  { orgId, workstreamId, seq }: WorkstreamKey & { readonly seq: number },
  count: number,
): Promise<TurnRow[]> {
  const rows = await database
    .selectFrom('turns')
    .select(TURN_COLUMNS)
    .select(textsOf(sql.ref('turns.id')).as('messages'))
    .where('org_id', '=', orgId)
    .where('workstream_id', '=', workstreamId)
    .where('seq', '<', seq)
    .orderBy('seq', 'desc')
    .limit(count)
    .execute()
  return rows.reverse()
}

/** The row ids of turns by their places, with the index of the place; places where there is no turn are left out. */
export async function findTurnsAt(
  database: Database,
  orgId: string,
  places: readonly { readonly sequence: number; readonly position: number }[],
): Promise<{ id: number; index: number }[]> {
  if (places.length === 0) return []
  // `offset 0` keeps the planner to the indexes, statistics or not.
  const { rows } = await sql<{ id: number; index: number }>`${onePlan}
    select t.id, place.nth - 1 as index
    from unnest(${places.map((place) => place.sequence)}::bigint[], ${places.map((place) => place.position)}::bigint[])
      with ordinality as place (sequence, position, nth)
    cross join lateral (select workstream_id from workstreams where number = place.sequence and org_id = ${orgId} offset 0) w
    cross join lateral (select id from turns
      where turns.org_id = ${orgId} and turns.workstream_id = w.workstream_id and turns.seq = place.position offset 0) t`.execute(
    database,
  )
  return rows
}

const TURN_COLUMNS = [
  'id',
  'workstream_id as workstreamId',
  'turn_id as turnId',
  'seq',
  'occurred_at as occurredAt',
  'time_zone as timeZone',
  'said_at as saidAt',
  'attempts',
  'user_id as userId',
  'agent_id as agentId',
  'memory_scope as scope',
] as const
const PAGE_COLUMNS = TURN_COLUMNS.map((column) => sql.ref(column.split(' as ').at(-1) as string))

function messagesOf(turn: RawBuilder<unknown>, roles?: readonly string[]): RawBuilder<unknown> {
  return sql`messages where messages.turn = ${turn} and ${roles ? sql`role = any(${roles}::text[])` : sql`true`}`
}

function textsOf(turn: RawBuilder<unknown>, roles?: readonly string[]): RawBuilder<TurnRow['messages']> {
  return sql`(
    select coalesce(json_agg(json_build_object('role', role, 'name', name, 'content', content) order by position), '[]') from ${messagesOf(turn, roles)})`
}

/**
 * Settles pending turns, all or none, and tells their workstream's stream, with what was dropped of each. Call it inside the transaction that writes their
 * effects; until that ends the workstream is locked, as by `lockWorkstream`.
 * @throws TURNS_CHANGED when one of them is not pending any more.
 */
export async function settleTurns(
  transaction: Database,
  { orgId, workstreamId }: WorkstreamKey,
  ids: readonly number[],
  state: Exclude<TurnState, 'pending'>,
  now: Date,
  dropped: readonly DroppedFact[] = [],
): Promise<void> {
  if (ids.length === 0) return
  // The workstream is locked before its turns are looked at.
  const settling = transaction
    .updateTable('turns')
    .set({ state, settled_at: now })
    .where('org_id', '=', orgId)
    .where('workstream_id', '=', workstreamId)
    .where('id', '=', sql<number>`any(${ids}::bigint[])`)
    .where('state', '=', 'pending')
    .where(sql<boolean>`exists (select from place)`)
    .returning(['id', 'turn_id', 'workstream_id', 'user_id', 'agent_id', 'memory_scope'])
  const { rows: settled } = await sql`
    with place as materialized (${lockingWorkstream(transaction, { orgId, workstreamId })}),
    settled as (${settling}), ${tellingTurns({ orgId, workstreamId }, `turn.${state}`, now, dropped)} select id from settled`.execute(
    transaction,
  )
  if (settled.length !== ids.length) {
    throw new AfterturnError(
      'TURNS_CHANGED',
      `Expected ${ids.length} pending turns, got ${settled.length}: another run has settled the others.`,
    )
  }
}

export type TurnCounts = { readonly pending: number; readonly extracted: number; readonly deadLettered: number }

/** The number of turns in each state, for one org or for all, and the time of the oldest pending turn. */
export async function countTurns(
  database: Database,
  orgId?: string,
): Promise<TurnCounts & { oldestPendingAt: Date | null }> {
  const { pending, extracted, deadLettered } = await readTallies(database, orgId)
  const { rows } = await sql<{ at: Date }>`
    select recorded_at as at from turns where state = 'pending' and ${orgId === undefined ? sql`true` : sql`org_id = ${orgId}`}
    order by id limit 1`.execute(database)
  return { pending, extracted, deadLettered, oldestPendingAt: rows[0]?.at ?? null }
}
