import { sql } from 'kysely'
import type { Database } from '../../shared/store/database.ts'
import type { Halt } from './halt.ts'

/**
 * Owns what triggers of the test's own note of every write: the order in which turns left `pending`, and under which fence memories were written.
 * Rows are locked meanwhile, so that within a workstream, and for fences within an org, this is the order of the commits.
 */
export type Settlement = {
  readonly place: number
  readonly transaction: string
  readonly orgId: string
  readonly workstreamId: string
  readonly seq: number
  readonly state: string
  /** The org's token at the time; null when it has none. */
  readonly token: number | null
  readonly at: Date
}

const STATEMENTS = [
  `create table fault_settlements (
    place bigint generated always as identity primary key,
    transaction text not null, org_id text not null, workstream_id text not null, seq bigint not null, state text not null, token bigint,
    at timestamptz not null default clock_timestamp())`,
  `create function fault_note_settlement() returns trigger language plpgsql as $$
  begin
    insert into fault_settlements (transaction, org_id, workstream_id, seq, state, token)
    values (pg_current_xact_id()::text, new.org_id, new.workstream_id, new.seq, new.state,
      (select token from org_fences where org_id = new.org_id));
    return null;
  end $$`,
  `create trigger fault_settlements after update on turns for each row
    when (old.state is distinct from new.state) execute function fault_note_settlement()`,
  'create table fault_unfenced (what text not null)',
  // A row that a transaction has locked names it as its xmax.
  `create function fault_note_unfenced() returns trigger language plpgsql as $$
  begin
    if not exists (select from org_fences where org_id = new.org_id and xmax = pg_current_xact_id()::xid) then
      insert into fault_unfenced values (tg_table_name || ' ' || new.id || ' of ' || new.org_id);
    end if;
    return null;
  end $$`,
  `create trigger fault_unfenced after insert or update on memories for each row execute function fault_note_unfenced()`,
  `create trigger fault_unfenced after update on turns for each row
    when (old.state is distinct from new.state and new.state = 'extracted') execute function fault_note_unfenced()`,
]

/** Sets the triggers; call it before the first turn. */
export async function noteSettlements(database: Database): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(database)
}

export async function readSettlements(database: Database): Promise<Settlement[]> {
  const { rows } = await sql<Settlement>`
    select place, transaction, org_id as "orgId", workstream_id as "workstreamId", seq, state, token, at
    from fault_settlements order by place`.execute(database)
  return rows
}

/** P3: memories that were written without holding the org's fence, and fences that went backwards. */
export async function violationsOfFences(database: Database, settlements: readonly Settlement[]): Promise<string[]> {
  const { rows } = await sql<{ what: string }>`select what from fault_unfenced`.execute(database)
  const violations = rows.map(({ what }) => `${what} was written without the fence`)
  const orgs = Map.groupBy(
    settlements.filter(({ state }) => state === 'extracted'),
    ({ orgId }) => orgId,
  )
  for (const all of orgs.values()) {
    let newest = 0
    for (const { orgId, seq, token } of all) {
      if (token === null || token < newest)
        violations.push(`${orgId} turn ${seq}: fence ${token} after fence ${newest}`)
      newest = Math.max(newest, token ?? 0)
    }
  }
  return violations
}

/** P9: what was extracted while somebody had halted it. */
export function violationsOfHalts(settlements: readonly Settlement[], halts: readonly Halt[]): string[] {
  return halts.flatMap(({ orgId, sinceMs, untilMs }) =>
    settlements
      .filter((one) => one.state === 'extracted' && (orgId ?? one.orgId) === one.orgId)
      .filter(({ at }) => at.getTime() > sinceMs && at.getTime() < untilMs)
      .map(
        (one) => `${one.orgId} turn ${one.seq} was extracted ${one.at.getTime() - sinceMs} ms after work was halted`,
      ),
  )
}

/** Turns that were settled twice, or before one that came earlier in their workstream; dead letters keep no order. */
export function violationsOfOrder(settlements: readonly Settlement[]): string[] {
  const violations: string[] = []
  const workstreams = Map.groupBy(settlements, ({ orgId, workstreamId }) => JSON.stringify([orgId, workstreamId]))
  for (const [workstream, all] of workstreams) {
    const seen = new Set<number>()
    for (const { seq, state } of all) {
      if (seen.has(seq)) violations.push(`${workstream} turn ${seq} was settled again, as ${state}`)
      seen.add(seq)
    }
    let before = { seq: 0, transaction: '' }
    // The rows of one transaction have no order among them.
    const extracted = Map.groupBy(
      all.filter(({ state }) => state === 'extracted'),
      ({ transaction }) => transaction,
    )
    for (const [transaction, rows] of extracted) {
      const seqs = rows.map(({ seq }) => seq)
      if (Math.min(...seqs) < before.seq)
        violations.push(
          `${workstream} turn ${Math.min(...seqs)} was extracted (transaction ${transaction}) after turn ${before.seq} (${before.transaction})`,
        )
      before = { seq: Math.max(before.seq, ...seqs), transaction }
    }
  }
  return violations
}
