import { sql } from 'kysely'
import type { Database } from './database.ts'

/**
 * Owns the rows of sessions. Guarantees: the store's clock alone says what has expired; a session that has ended has no row, so nothing is written to it;
 * each change is one statement.
 */

/** Of one user in an org; '' is the org of operators. */
type SessionOwner = { readonly orgId: string; readonly userId: string }

export type SessionRow = SessionOwner & {
  readonly key: string
  readonly device: string
  readonly data: string
  readonly tokens: Buffer | null
  readonly revision: number
  readonly createdAt: Date
  readonly lastSeenAt: Date
  readonly expiresAt: Date
  /** Whether it is time to note that it was seen. */
  readonly isUnseen: boolean
  readonly isRefreshing: boolean
}

type NewSession = SessionOwner & {
  readonly key: string
  readonly idHash: Buffer
  readonly device: string
  readonly data: string
  readonly tokens: Buffer | null
  readonly idleMs: number
  readonly lifeMs: number
}

/** Seen more often than this, a session is not noted again. */
const TOUCH_MS = 60_000
const EXPIRED_AT_ONCE = 100

const isLive = sql`expires_at > now() and last_seen_at + idle_ms * interval '1 ms' > now()`
const columns = sql`
  key, org_id as "orgId", user_id as "userId", device, data, tokens, revision, created_at as "createdAt", last_seen_at as "lastSeenAt",
  least(expires_at, last_seen_at + idle_ms * interval '1 ms') as "expiresAt",
  last_seen_at < now() - least(${TOUCH_MS}, idle_ms / 10) * interval '1 ms' as "isUnseen",
  coalesce(refresh_until > now(), false) as "isRefreshing"`

/** Writes a session, ends the user's oldest ones beyond `maxPerUser`, and removes some that have expired. */
export async function insertSession(database: Database, session: NewSession, maxPerUser: number): Promise<Date> {
  const { key, idHash, orgId, userId, device, data, tokens, idleMs, lifeMs } = session
  return database.transaction().execute(async (transaction) => {
    const { rows } = await sql<{ expiresAt: Date }>`
      insert into sessions (key, id_hash, org_id, user_id, device, data, tokens, idle_ms, expires_at)
      values (${key}, ${idHash}, ${orgId}, ${userId}, ${device}, ${data}, ${tokens}, ${idleMs}, now() + ${lifeMs}::float8 * interval '1 ms')
      returning least(expires_at, now() + idle_ms * interval '1 ms') as "expiresAt"`.execute(transaction)
    await sql`
      delete from sessions where id in (
        select id from sessions where org_id = ${orgId} and user_id = ${userId} order by id desc offset ${maxPerUser})`.execute(
      transaction,
    )
    await sql`
      delete from sessions where id in (
        select id from sessions where expires_at <= now() order by expires_at limit ${EXPIRED_AT_ONCE} for update skip locked)`.execute(
      transaction,
    )
    return (rows[0] as { expiresAt: Date }).expiresAt
  })
}

export async function readSession(database: Database, idHash: Buffer): Promise<SessionRow | undefined> {
  const { rows } =
    await sql<SessionRow>`select ${columns} from sessions where id_hash = ${idHash} and ${isLive}`.execute(database)
  return rows[0]
}

export async function touchSession(database: Database, idHash: Buffer): Promise<void> {
  await sql`update sessions set last_seen_at = now() where id_hash = ${idHash} and ${isLive}`.execute(database)
}

/** False if the session has ended, or was written since it had this revision. */
export async function updateSessionData(
  database: Database,
  idHash: Buffer,
  { data, revision }: { readonly data: string; readonly revision: number },
): Promise<boolean> {
  const { numAffectedRows = 0n } = await sql`
    update sessions set data = ${data}, revision = revision + 1
    where id_hash = ${idHash} and revision = ${revision} and ${isLive}`.execute(database)
  return numAffectedRows > 0n
}

/** Gives a session another id; the old one is unknown from then on. False if it has ended. */
export async function rotateSession(database: Database, idHash: Buffer, newHash: Buffer): Promise<boolean> {
  const { numAffectedRows = 0n } = await sql`
    update sessions set id_hash = ${newHash}, last_seen_at = now() where id_hash = ${idHash} and ${isLive}`.execute(
    database,
  )
  return numAffectedRows > 0n
}

export async function deleteSession(database: Database, idHash: Buffer): Promise<void> {
  await sql`delete from sessions where id_hash = ${idHash}`.execute(database)
}

export async function deleteSessionsOfUser(
  database: Database,
  { orgId, userId }: SessionOwner,
  except: Buffer | undefined,
): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    delete from sessions where org_id = ${orgId} and user_id = ${userId} and ${except === undefined ? sql`true` : sql`id_hash <> ${except}`}`.execute(
    database,
  )
  return Number(numAffectedRows)
}

/** The user's sessions, the newest first. */
export async function listSessionsOfUser(database: Database, { orgId, userId }: SessionOwner): Promise<SessionRow[]> {
  const { rows } = await sql<SessionRow>`
    select ${columns} from sessions where org_id = ${orgId} and user_id = ${userId} and ${isLive} order by id desc`.execute(
    database,
  )
  return rows
}

/** Lets one process renew the tokens, for `forMs`; undefined while another does, or if the session has ended. */
export async function claimRefresh(
  database: Database,
  idHash: Buffer,
  forMs: number,
): Promise<{ readonly fence: number; readonly tokens: Buffer | null } | undefined> {
  const { rows } = await sql<{ fence: number; tokens: Buffer | null }>`
    update sessions set refresh_fence = refresh_fence + 1, refresh_until = now() + ${forMs}::float8 * interval '1 ms'
    where id_hash = ${idHash} and ${isLive} and (refresh_until is null or refresh_until <= now())
    returning refresh_fence as fence, tokens`.execute(database)
  return rows[0]
}

/** Ends a claim, with the new tokens if there are some. False if the session has ended or the claim was lost. */
export async function settleRefresh(
  database: Database,
  key: string,
  { fence, tokens }: { readonly fence: number; readonly tokens: Buffer | undefined },
): Promise<boolean> {
  const { numAffectedRows = 0n } = await sql`
    update sessions set refresh_until = null, tokens = ${tokens === undefined ? sql`tokens` : tokens}
    where key = ${key} and refresh_fence = ${fence}`.execute(database)
  return numAffectedRows > 0n
}

/** The sessions of all operators of the dashboard, the newest first, before one of them. */
export async function listSessionsOfOperators(
  database: Database,
  { beforeId, limit }: { beforeId?: number | undefined; limit: number },
): Promise<(SessionRow & { readonly id: number })[]> {
  const { rows } = await sql<SessionRow & { readonly id: number }>`
    select id, ${columns} from sessions
    where org_id = '' and ${isLive} and ${beforeId === undefined ? sql`true` : sql`id < ${beforeId}`} order by id desc limit ${limit}`.execute(
    database,
  )
  return rows
}
