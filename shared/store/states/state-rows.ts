import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../database.ts'

/** Owns reading states and their versions. Guarantees: a version and its frames come from one statement, so that no writer can fall between. */

/** Whose state it is: a user's, or the org's own; the two never meet. */
export type StateKey = { readonly orgId: string; readonly userId?: string | undefined; readonly stateId: string }

/** A state that is there or was; `head` is its newest version, 0 when it has none. */
export type StateRow = {
  readonly id: number
  readonly revision: number
  readonly counter: number
  readonly head: number
  readonly ttlSeconds: number | null
  readonly isSliding: boolean
  readonly keepVersions: number | null
  readonly expiresAt: Date | null
}

export type VersionRow = {
  readonly version: number
  readonly chain: number
  readonly position: number
  readonly rawBytes: number
  readonly savedAt: Date
  readonly label: string | null
  readonly saveId: string | null
  readonly restoredFrom: number | null
  readonly tags: readonly string[]
  readonly metadata: Readonly<Record<string, unknown>>
}

export type FrameRow = { readonly position: number; readonly frame: Buffer; readonly digest: Buffer }

/** Which version: a number, the one with a label, the one of a save, or the newest. */
export type VersionChoice = {
  readonly version?: number | undefined
  readonly label?: string | undefined
  readonly saveId?: string | undefined
}

const STATE_COLUMNS = sql`s.id, s.revision, s.version as counter, s.head, s.ttl_seconds as "ttlSeconds", s.is_sliding as "isSliding",
  s.keep_versions as "keepVersions", s.expires_at as "expiresAt"`
const VERSION_COLUMNS = sql`v.version, v.chain, v.position, v.raw_bytes as "rawBytes", v.saved_at as "savedAt", v.label, v.save_id as "saveId",
  v.restored_from as "restoredFrom", v.tags, v.metadata`

/** The condition for the rows of `states s` with a key. */
export function hasKey({ orgId, userId, stateId }: StateKey): RawBuilder<boolean> {
  return sql<boolean>`s.org_id = ${orgId} and s.user_id = ${userId ?? ''} and s.state_id = ${stateId}`
}

/** The condition for rows of `states s` that have not expired. */
export function isLive(now: Date): RawBuilder<boolean> {
  return sql<boolean>`(s.expires_at is null or s.expires_at > ${now})`
}

function isChosen({ version, label, saveId }: VersionChoice): RawBuilder<boolean> {
  if (version !== undefined) return sql`v.version = ${version}::bigint`
  if (label !== undefined) return sql`v.label = ${label}`
  if (saveId !== undefined) return sql`v.save_id = ${saveId}`
  return sql`v.version = s.head`
}

/** A state as it is, with a version and the digest of that, without frames. An expired one has no head. */
export async function readState(
  database: Database,
  key: StateKey,
  choice: VersionChoice,
  now: Date,
): Promise<(StateRow & { readonly chosen: (VersionRow & { readonly digest: Buffer }) | undefined }) | undefined> {
  const { rows } = await sql<StateRow & VersionRow & { digest: Buffer }>`
    select ${STATE_COLUMNS}, ${VERSION_COLUMNS}, f.digest
    from states s left join state_versions v on v.state = s.id and ${isChosen(choice)} and ${isLive(now)}
      left join state_frames f on f.state = s.id and f.chain = v.chain and f.position = v.position
    where ${hasKey(key)}`.execute(database)
  const [row] = rows
  if (!row) return undefined
  const isExpired = row.expiresAt !== null && row.expiresAt <= now
  return { ...row, head: isExpired ? 0 : row.head, chosen: row.version === null ? undefined : row }
}

/** Beside the above, the frames that make the version; with `isWholeChain` those after it too. */
export async function readStateFrames(
  database: Database,
  key: StateKey,
  choice: VersionChoice,
  { now, isWholeChain = false }: { readonly now: Date; readonly isWholeChain?: boolean },
): Promise<(StateRow & { readonly chosen: VersionRow | undefined; readonly frames: readonly FrameRow[] }) | undefined> {
  // Metadata once: a chain may have many frames.
  const { rows } = await sql<StateRow & VersionRow & { at: number | null; frame: Buffer; digest: Buffer }>`
    select ${STATE_COLUMNS}, v.version, v.chain, v.position, v.raw_bytes as "rawBytes", v.saved_at as "savedAt", v.label, v.save_id as "saveId",
      v.restored_from as "restoredFrom", case when f.position = 0 then v.tags end as tags, case when f.position = 0 then v.metadata end as metadata,
      f.position as at, f.frame, f.digest
    from states s left join state_versions v on v.state = s.id and ${isChosen(choice)} and ${isLive(now)}
      left join state_frames f on f.state = s.id and f.chain = v.chain and (${isWholeChain} or f.position <= v.position)
    where ${hasKey(key)} order by f.position`.execute(database)
  const [row] = rows
  if (!row) return undefined
  const isExpired = row.expiresAt !== null && row.expiresAt <= now
  const frames = rows.flatMap(({ at, frame, digest }) => (at === null ? [] : [{ position: at, frame, digest }]))
  return { ...row, head: isExpired ? 0 : row.head, chosen: row.version === null ? undefined : row, frames }
}

/** The next older versions of a state, the newest first. */
export async function readVersions(
  database: Database,
  key: StateKey,
  { now, before, limit }: { readonly now: Date; readonly before?: number | undefined; readonly limit: number },
): Promise<VersionRow[]> {
  const { rows } = await sql<VersionRow>`
    select ${VERSION_COLUMNS} from states s join state_versions v on v.state = s.id
    where ${hasKey(key)} and ${isLive(now)} and ${before === undefined ? sql`true` : sql`v.version < ${before}::bigint`}
    order by v.version desc limit ${limit}`.execute(database)
  return rows
}

type ListedState = {
  readonly stateId: string
  readonly userId: string
  readonly version: number
  readonly savedAt: Date
  readonly expiresAt: Date | null
  readonly tags: readonly string[]
  readonly metadata: Readonly<Record<string, unknown>>
}

export type StateFilter = {
  readonly orgId: string
  readonly userId?: string | undefined
  readonly tags?: readonly string[] | undefined
  readonly metadata?: Readonly<Record<string, unknown>> | undefined
  readonly savedAfter?: Date | undefined
  readonly savedBefore?: Date | undefined
}

/** The next states of an owner by their ids. */
export async function readStates(
  database: Database,
  { orgId, userId, tags, metadata, savedAfter, savedBefore }: StateFilter,
  { now, afterId, limit }: { readonly now: Date; readonly afterId: string; readonly limit: number },
): Promise<ListedState[]> {
  const { rows } = await sql<ListedState>`
    select s.state_id as "stateId", s.user_id as "userId", s.head as version, s.saved_at as "savedAt", s.expires_at as "expiresAt", s.tags, s.metadata
    from states s
    where s.org_id = ${orgId} and s.user_id = ${userId ?? ''} and s.state_id > ${afterId} and s.head > 0 and ${isLive(now)}
      and ${tags === undefined ? sql`true` : sql`s.tags @> ${tags}::text[]`}
      and ${metadata === undefined ? sql`true` : sql`s.metadata @> ${JSON.stringify(metadata)}::jsonb`}
      and ${savedAfter === undefined ? sql`true` : sql`s.saved_at > ${savedAfter}`}
      and ${savedBefore === undefined ? sql`true` : sql`s.saved_at < ${savedBefore}`}
    order by s.state_id limit ${limit}`.execute(database)
  return rows
}
