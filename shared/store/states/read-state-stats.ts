import { sql } from 'kysely'
import type { Database } from '../database.ts'
import { isLive } from './state-rows.ts'

/** Owns what states cost, and reading them for checks and exports. */

type StateTotals = {
  readonly states: number
  readonly versions: number
  readonly rawBytes: number
  readonly oldestAt: Date | null
}
type FrameTotals = {
  readonly codec: number
  readonly frames: number
  readonly chains: number
  readonly storedBytes: number
}

/** Of one org, or of all. */
export async function readStateTotals(database: Database, orgId: string | undefined, now: Date) {
  const isOf = orgId === undefined ? sql`true` : sql`s.org_id = ${orgId}`
  const totals = await sql<StateTotals>`
    select count(distinct s.id) as states, count(*) as versions, coalesce(sum(v.raw_bytes), 0)::bigint as "rawBytes", min(v.saved_at) as "oldestAt"
    from states s join state_versions v on v.state = s.id where ${isOf} and ${isLive(now)}`.execute(database)
  // The fourth byte of a frame says how it is compressed.
  const frames = await sql<FrameTotals>`
    select get_byte(substring(f.frame from 4 for 1), 0) & 15 as codec, count(*) as frames, count(*) filter (where f.position = 0) as chains,
      sum(octet_length(f.frame))::bigint as "storedBytes"
    from state_frames f join states s on s.id = f.state where ${isOf} group by 1 order by 1`.execute(database)
  return { totals: totals.rows[0] as StateTotals, frames: frames.rows }
}

type StateIdentity = { readonly id: number; readonly userId: string; readonly stateId: string }

/** The next states of an org, of all its users or of one, by their row ids. */
export async function readStateIds(
  database: Database,
  {
    orgId,
    userId,
    stateId,
  }: { readonly orgId: string; readonly userId?: string | undefined; readonly stateId?: string | undefined },
  { afterId, limit, now }: { readonly afterId: number; readonly limit: number; readonly now: Date },
): Promise<StateIdentity[]> {
  const { rows } = await sql<StateIdentity>`
    select s.id, s.user_id as "userId", s.state_id as "stateId" from states s
    where s.org_id = ${orgId} and s.id > ${afterId} and s.head > 0 and ${isLive(now)}
      and ${userId === undefined ? sql`true` : sql`s.user_id = ${userId}`} and ${stateId === undefined ? sql`true` : sql`s.state_id = ${stateId}`}
    order by s.id limit ${limit}`.execute(database)
  return rows
}

export type VersionPlace = {
  readonly version: number
  readonly chain: number
  readonly position: number
  readonly savedAt: Date
  readonly label: string | null
  readonly tags: readonly string[]
  readonly metadata: Readonly<Record<string, unknown>>
}

/** Where the versions of a state are, chain by chain. */
export async function readVersionPlaces(database: Database, state: number): Promise<VersionPlace[]> {
  const { rows } = await sql<VersionPlace>`
    select version, chain, position, saved_at as "savedAt", label, tags, metadata from state_versions where state = ${state}
    order by chain, position, version`.execute(database)
  return rows
}
