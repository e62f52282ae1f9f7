import { sql } from 'kysely'
import type { DropReason } from '../../fact-verdicts.ts'
import type { Database } from '../database.ts'
import type { FailedTry, TurnState } from '../schema.ts'
import type { WorkstreamKey } from '../turns/workstreams.ts'

/** Owns what the console lists of orgs, workstreams and turns. Lists go along an index, at most `limit` rows; no words of users are read. */

type WaitingOrg = { readonly orgId: string; readonly since: Date }

/** Of the workstreams that wait longest this many are read per org that is asked for. */
const WORKSTREAMS_PER_ORG = 20

/** The orgs with pending turns that wait longest, and since when. */
export async function readWaitingOrgs(database: Database, limit: number): Promise<WaitingOrg[]> {
  const read = limit * WORKSTREAMS_PER_ORG
  const { rows } = await sql<WaitingOrg & { readonly workstreams: number }>`
    select org_id as "orgId", min(first_pending_at) as since, count(*) as workstreams from (
      select org_id, first_pending_at from workstreams where first_pending_at is not null order by first_pending_at limit ${read}) oldest
    group by org_id order by since limit ${limit}`.execute(database)
  const isWhole = rows.length === limit || rows.reduce((sum, { workstreams }) => sum + workstreams, 0) < read
  return isWhole ? rows.map(({ orgId, since }) => ({ orgId, since })) : walkWaitingOrgs(database, limit)
}

/** The same where a few orgs have most of what waits: one step through an index per org. */
async function walkWaitingOrgs(database: Database, limit: number): Promise<WaitingOrg[]> {
  const { rows } = await sql<WaitingOrg>`
    with recursive orgs (org_id, since) as (
      (select org_id, first_pending_at from workstreams where first_pending_at is not null order by org_id, first_pending_at limit 1)
      union all
      select next.org_id, next.first_pending_at from orgs cross join lateral (
        select org_id, first_pending_at from workstreams
        where first_pending_at is not null and org_id > orgs.org_id order by org_id, first_pending_at limit 1) next)
    select org_id as "orgId", since from orgs order by since limit ${limit}`.execute(database)
  return rows
}

export type WaitingWorkstream = { readonly workstreamId: string; readonly since: Date; readonly dueAt: Date | null }

/** The workstreams of an org whose pending turns wait longest. */
export async function readWaitingWorkstreams(
  database: Database,
  orgId: string,
  limit: number,
): Promise<WaitingWorkstream[]> {
  const { rows } = await sql<WaitingWorkstream>`
    select workstream_id as "workstreamId", first_pending_at as since, digest_due_at as "dueAt" from workstreams
    where org_id = ${orgId} and first_pending_at is not null order by first_pending_at limit ${limit}`.execute(database)
  return rows
}

type WorkstreamState = {
  readonly turns: number
  readonly firstPendingAt: Date | null
  readonly digestDueAt: Date | null
  readonly liveTokens: number
  readonly messages: number
  readonly compactionTarget: number | null
  readonly compactionFailures: number
  readonly compactionBlockedUntil: Date | null
}

/** Returns the state of a workstream; undefined if it is unknown. */
export async function readWorkstreamState(
  database: Database,
  key: WorkstreamKey,
): Promise<WorkstreamState | undefined> {
  const { rows } = await sql<WorkstreamState>`
    select next_seq - 1 as turns, first_pending_at as "firstPendingAt", digest_due_at as "digestDueAt", live_tokens as "liveTokens",
      total_messages as messages, compaction_target as "compactionTarget", compaction_failures as "compactionFailures",
      compaction_blocked_until as "compactionBlockedUntil"
    from workstreams where org_id = ${key.orgId} and workstream_id = ${key.workstreamId}`.execute(database)
  return rows[0]
}

type ListedTurn = {
  readonly turnId: string
  readonly seq: number
  readonly state: TurnState
  readonly recordedAt: Date
  readonly userId: string | null
  readonly failedTries: readonly FailedTry[]
}

/** A workstream's turns, the newest first. */
export async function readTurnsOfWorkstream(
  database: Database,
  { orgId, workstreamId }: WorkstreamKey,
  { beforeSeq, limit }: { beforeSeq?: number | undefined; limit: number },
): Promise<ListedTurn[]> {
  const { rows } = await sql<ListedTurn>`
    select turn_id as "turnId", seq, state, recorded_at as "recordedAt", user_id as "userId", failed_tries as "failedTries" from turns
    where org_id = ${orgId} and workstream_id = ${workstreamId} and ${beforeSeq === undefined ? sql`true` : sql`seq < ${beforeSeq}`}
    order by seq desc limit ${limit}`.execute(database)
  return rows
}

export type TurnOutcome = {
  readonly row: number
  readonly userId: string | null
  readonly seq: number
  /** Of its messages, without their words. */
  readonly messages: readonly { readonly role: string; readonly characters: number }[]
  /** Memories that it is a source of. */
  readonly memories: readonly {
    readonly id: number
    readonly kind: string
    readonly status: string
    readonly reason: string | null
    /** As JSON has times. */
    readonly validTo: string | null
    readonly isFirstSource: boolean
    readonly characters: number
  }[]
  /** Why proposed facts of it were dropped, one reason per fact; null if none was, or its event is not kept any more. */
  readonly dropped: readonly DropReason[] | null
  /** Its dead letter, the newest first. */
  readonly letters: readonly number[]
}

const MAX_LISTED = 100

/** Returns the outcome of a turn; undefined if it is not recorded. */
export async function readTurnOutcome(
  database: Database,
  key: WorkstreamKey & { readonly turnId: string },
): Promise<TurnOutcome | undefined> {
  const { rows } = await sql<TurnOutcome>`
    select t.id as row, t.user_id as "userId", t.seq,
      (select coalesce(json_agg(json_build_object('role', role, 'characters', length(content)) order by position), '[]') from (
        select * from messages where turn = t.id order by position limit ${MAX_LISTED}) m) as messages,
      (select coalesce(json_agg(json_build_object('id', m.id, 'kind', m.kind, 'status', m.status, 'reason', m.status_reason, 'validTo', m.valid_to, 'characters', length(m.fact),
          'isFirstSource', not exists (select from memory_sources o where o.memory = m.id and o.turn < t.id)) order by m.id), '[]')
        from (select memory from memory_sources where turn = t.id order by memory limit ${MAX_LISTED}) s join memories m on m.id = s.memory) as memories,
      (select e.data::json -> 'dropped' from events e where e.at = t.settled_at and e.type = 'turn.extracted'
        and e.org_id = t.org_id and e.workstream_id = t.workstream_id and e.turn_id = t.turn_id limit 1) as dropped,
      (select coalesce(json_agg(id order by id desc), '[]') from dead_letters where turn = t.id) as letters
    from turns t where t.org_id = ${key.orgId} and t.workstream_id = ${key.workstreamId} and t.turn_id = ${key.turnId}`.execute(
    database,
  )
  return rows[0]
}

/** The memories of an org, of all scopes, the newest first, without their words. */
type ListedMemory = {
  readonly id: number
  readonly kind: string
  readonly status: string
  readonly characters: number
  readonly scope: string
  readonly observedAt: Date
  readonly validTo: Date | null
}

/** A page of an org's memories before one of them. */
export async function readListedMemories(
  database: Database,
  orgId: string,
  { beforeId, limit }: { beforeId?: number | undefined; limit: number },
): Promise<ListedMemory[]> {
  const { rows } = await sql<ListedMemory>`
    select id, kind, status, length(fact) as characters, observed_at as "observedAt", valid_to as "validTo",
      case when user_id is not null then 'user ' || user_id when agent_id is not null then 'agent ' || agent_id
        when workstream_id is not null then 'workstream ' || workstream_id else 'org' end as scope
    from memories where org_id = ${orgId} and ${beforeId === undefined ? sql`true` : sql`id < ${beforeId}`}
    order by id desc limit ${limit}`.execute(database)
  return rows
}

/** To whom a memory belongs, so that its history can be read; undefined when the org has none of that id. */
export async function readMemoryOwner(
  database: Database,
  orgId: string,
  id: number,
): Promise<{ userId: string | null; agentId: string | null; workstreamId: string | null } | undefined> {
  const { rows } = await sql<{ userId: string | null; agentId: string | null; workstreamId: string | null }>`
    select user_id as "userId", agent_id as "agentId", workstream_id as "workstreamId" from memories where org_id = ${orgId} and id = ${id}`.execute(
    database,
  )
  return rows[0]
}

/** Memories of all orgs that wait for a review, the oldest first, without their words. */
export async function readHeldEverywhere(
  database: Database,
  { afterId, limit }: { afterId?: number | undefined; limit: number },
): Promise<{ orgId: string; id: number; kind: string; reason: string | null; characters: number; observedAt: Date }[]> {
  const { rows } = await sql<{
    orgId: string
    id: number
    kind: string
    reason: string | null
    characters: number
    observedAt: Date
  }>`
    select org_id as "orgId", id, kind, status_reason as reason, length(fact) as characters, observed_at as "observedAt" from memories
    where status = 'quarantined' and ${afterId === undefined ? sql`true` : sql`id > ${afterId}`} order by id limit ${limit}`.execute(
    database,
  )
  return rows
}
