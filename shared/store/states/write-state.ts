import { sql } from 'kysely'
import type { Database } from '../database.ts'
import type { StateKey, StateRow } from './state-rows.ts'

/**
 * Owns writing a version: one statement, which takes effect whole or not at all. Guarantees: it writes only if nobody else has written since the state was
 * read; a number is given once; chains that no version needs go with it.
 */

export type NewVersion = {
  /** Where its bytes are: a new frame, or the one that an older version has. */
  readonly place:
    | { readonly frame: Buffer; readonly digest: Buffer; readonly chain: number | undefined; readonly position: number }
    | { readonly chain: number; readonly position: number }
  readonly rawBytes: number
  readonly savedAt: Date
  readonly label?: string | undefined
  readonly saveId?: string | undefined
  readonly restoredFrom?: number | undefined
  /** @default those that the state has */
  readonly tags?: readonly string[] | undefined
  readonly metadata?: Readonly<Record<string, unknown>> | undefined
  readonly keptVersions: number
  /** What the state remembers for its next saves. */
  readonly keepVersions: number | null
  readonly ttlSeconds: number | null
  readonly isSliding: boolean
}

const UNIQUE_VIOLATION = '23505'

/**
 * Writes the next version of a state that was seen as `seen`; returns where it is, or undefined when the state is another by now, or has a version of
 * the same `saveId`.
 */
export async function writeVersion(
  database: Database,
  key: StateKey,
  seen: StateRow | undefined,
  version: NewVersion,
): Promise<{ readonly id: number; readonly version: number; readonly revision: number } | undefined> {
  const { place, savedAt, ttlSeconds, isSliding, keepVersions } = version
  const expiresAt = ttlSeconds === null ? null : new Date(savedAt.getTime() + ttlSeconds * 1_000)
  const tags = sql`${version.tags ?? null}::text[]`
  const metadata = sql`${version.metadata === undefined ? null : JSON.stringify(version.metadata)}::jsonb`
  // What is left of a state that expired or was deleted goes.
  const isEmpty = seen === undefined || seen.head === 0
  const head = seen
    ? sql`update states set revision = revision + 1, version = version + 1, head = version + 1, saved_at = ${savedAt}, expires_at = ${expiresAt},
        ttl_seconds = ${ttlSeconds}::int, is_sliding = ${isSliding}, keep_versions = ${keepVersions}::int,
        tags = coalesce(${tags}, ${isEmpty ? sql`'{}'` : sql`tags`}), metadata = coalesce(${metadata}, ${isEmpty ? sql`'{}'` : sql`metadata`})
      where id = ${seen.id} and revision = ${seen.revision}::bigint returning id, version, revision, tags, metadata`
    : sql`insert into states (org_id, user_id, state_id, saved_at, expires_at, ttl_seconds, is_sliding, keep_versions, tags, metadata)
      values (${key.orgId}, ${key.userId ?? ''}, ${key.stateId}, ${savedAt}, ${expiresAt}, ${ttlSeconds}::int, ${isSliding}, ${keepVersions}::int,
        coalesce(${tags}, '{}'), coalesce(${metadata}, '{}')) on conflict do nothing returning id, version, revision, tags, metadata`
  const chain = place.chain === undefined ? sql`head.version` : sql`${place.chain}::bigint`
  const oldest = isEmpty
    ? sql`head.version`
    : sql`(select version from state_versions where state = head.id order by version desc offset ${version.keptVersions - 1} limit 1)`
  const isTrimmed = sql`v.version <= (select coalesce(${oldest}, 0) from head) and ${isEmpty ? sql`true` : sql`coalesce(v.label = ${version.label ?? null}::text, v.label is null)`}`
  try {
    const { rows } = await sql<{ id: number; version: number; revision: number }>`
      with head as (${head}),
      ${
        version.label === undefined
          ? sql``
          : sql`unlabelled as (
        update state_versions v set label = null from head
        where v.state = head.id and v.label = ${version.label} and not (${isTrimmed}) returning 1),`
      }
      trimmed as (delete from state_versions v where v.state = (select id from head) and ${isTrimmed} returning v.chain),
      unused as (
        select distinct t.chain from trimmed t cross join head where t.chain <> ${chain} and not exists (
          select 1 from state_versions v where v.state = head.id and v.chain = t.chain and not (${isTrimmed}))),
      dropped as (
        delete from state_frames f where f.state = (select id from head) and f.chain = any(array(select chain from unused))),
      ${
        'frame' in place
          ? sql`framed as (
        insert into state_frames (state, chain, position, frame, digest)
        select id, ${chain}, ${place.position}::int, ${place.frame}, ${place.digest} from head),`
          : sql``
      }
      -- After those that had its label or its save id are gone.
      saved as (
        insert into state_versions (state, version, chain, position, raw_bytes, saved_at, label, save_id, restored_from, tags, metadata)
        select id, version, ${chain}, ${place.position}::int, ${version.rawBytes}::int, ${savedAt}, ${version.label ?? null}::text,
          ${version.saveId ?? null}::text, ${version.restoredFrom ?? null}::bigint, tags, metadata
        from head cross join (select count(*) from trimmed) t ${version.label === undefined ? sql`` : sql`cross join (select count(*) from unlabelled) u`})
      select id, version, revision from head`.execute(database)
    return rows[0]
  } catch (error) {
    if ((error as { code?: string }).code === UNIQUE_VIOLATION) return undefined
    throw error
  }
}
