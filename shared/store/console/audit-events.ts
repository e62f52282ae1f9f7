import { sql } from 'kysely'
import type { Database } from '../database.ts'

/** Owns the rows of the audit: one per action of a person, written before its effect and settled after it. They hold ids, never words, and outlive an erasure. */

type AuditIntent = {
  readonly at: Date
  readonly actor: string
  readonly role: string
  /** As the catalogue of actions names it. */
  readonly action: string
  /** Null for what is of no single org. */
  readonly orgId: string | null
  /** What it acts on, by ids. */
  readonly subject: string
  /** Where the request came from. */
  readonly address: string
}

type AuditOutcome = {
  readonly outcome: 'done' | 'refused'
  readonly code: string | null
  readonly message: string
  readonly settledAt: Date
}

export type AuditEvent = AuditIntent & {
  readonly id: number
  /** `intended` for good: the process died before it could say. */
  readonly outcome: 'intended' | 'done' | 'refused'
  readonly code: string | null
  readonly message: string
  readonly settledAt: Date | null
}

const columns = sql`id, at, actor, role, action, org_id as "orgId", subject, address, outcome, code, message, settled_at as "settledAt"`

/** Writes what somebody is about to do, and returns the row's id. */
export async function insertAuditIntent(database: Database, intent: AuditIntent): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    insert into audit_events (at, actor, role, action, org_id, subject, address)
    values (${intent.at}, ${intent.actor}, ${intent.role}, ${intent.action}, ${intent.orgId}, ${intent.subject}, ${intent.address})
    returning id`.execute(database)
  return rows[0]?.id as number
}

/** Writes how it ended; an outcome is written once. */
export async function settleAuditEvent(database: Database, id: number, outcome: AuditOutcome): Promise<void> {
  await sql`
    update audit_events set outcome = ${outcome.outcome}, code = ${outcome.code}, message = ${outcome.message}, settled_at = ${outcome.settledAt}
    where id = ${id} and outcome = 'intended'`.execute(database)
}

/** The newest actions, of one org or of all, before one of them. */
export async function readAuditEvents(
  database: Database,
  { orgId, beforeId, limit }: { orgId?: string | undefined; beforeId?: number | undefined; limit: number },
): Promise<AuditEvent[]> {
  const { rows } = await sql<AuditEvent>`
    select ${columns} from audit_events
    where ${orgId === undefined ? sql`true` : sql`org_id = ${orgId}`} and ${beforeId === undefined ? sql`true` : sql`id < ${beforeId}`}
    order by id desc limit ${limit}`.execute(database)
  return rows
}

/** One action; undefined when there is none. */
export async function findAuditEvent(database: Database, id: number): Promise<AuditEvent | undefined> {
  const { rows } = await sql<AuditEvent>`select ${columns} from audit_events where id = ${id}`.execute(database)
  return rows[0]
}
