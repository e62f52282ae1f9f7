import { sql } from 'kysely'
import type { Runtime } from '../../runtime.ts'

/** Fills a store and a Redis as a fleet that is late leaves them: half of the turns wait, 40 % of the jobs wait and the others are delayed. */

const ORGS = 2_000
/** The first rows are those of few orgs, so that one of them fills its pages at each size. */
const FIRST_ROWS = 10_000
const FIRST_ORGS = 20
const TURNS_OF_WORKSTREAM = 10
const LETTERS_SHARE = 10
/** One memory in ten belongs to one org. */
const LARGE_ORG_SHARE = 10
const CAUSES = 7
const LEDGER_DAYS = 14
const JOBS_AT_ONCE = 1_000
const CALLS_AT_ONCE = 4
/** A statement on more rows would meet the time limit of statements. */
const ROWS_AT_ONCE = 50_000

/** The org that has a tenth of all memories. */
export const LARGE_ORG = 'org-7'

/** Adds the rows from one number to another: this many turns, memories, jobs and audited actions, and a tenth as many dead letters. */
export async function fillConsole(runtime: Runtime, from: number, to: number): Promise<void> {
  for (let at = from; at < to; at += ROWS_AT_ONCE) await insertRows(runtime, at, Math.min(to, at + ROWS_AT_ONCE))
  // What PostgreSQL would do some minutes later must not run beside what is timed.
  await runtime.database.connection().execute(async (connection) => {
    await sql`set statement_timeout = 0`.execute(connection)
    await sql`vacuum analyze`.execute(connection)
    await sql`checkpoint`.execute(connection)
    await sql`reset statement_timeout`.execute(connection)
  })
  await addJobs(runtime, from, to)
}

async function insertRows({ database }: Runtime, from: number, to: number): Promise<void> {
  const span = sql`generate_series(${from}::int, ${to - 1}::int) as n`
  const numberOf = sql`(n / ${TURNS_OF_WORKSTREAM}::int * ${TURNS_OF_WORKSTREAM}::int)`
  const orgs = from < FIRST_ROWS ? FIRST_ORGS : ORGS
  const org = sql`'org-' || (n / ${TURNS_OF_WORKSTREAM}::int) % ${orgs}::int`
  const isPending = sql`(n / ${TURNS_OF_WORKSTREAM}::int) % 2 = 0`
  await sql`
    insert into workstreams (org_id, workstream_id, next_seq, first_pending_at, digest_due_at, total_messages, live_tokens)
    select ${org}, 'w-' || n, ${TURNS_OF_WORKSTREAM + 1}::int, case when ${isPending} then now() - n * interval '1 ms' end,
      case when ${isPending} then now() + interval '10 min' end, ${TURNS_OF_WORKSTREAM}::int, 1000
    from ${span} where n % ${TURNS_OF_WORKSTREAM}::int = 0`.execute(database)
  await sql`
    with recorded as (
      insert into turns (org_id, workstream_id, turn_id, seq, occurred_at, recorded_at, said_at, content_hash, user_id, state, settled_at, failed_tries)
      select ${org}, 'w-' || ${numberOf}, 't-' || n, n % ${TURNS_OF_WORKSTREAM}::int + 1, now(), now(), now(), '\\x00', 'u-' || n % 5000,
        case when ${isPending} then 'pending' else 'extracted' end, case when ${isPending} then null else now() end,
        case when ${isPending} and n % 50 = 0 then '[{"at":"2026-01-01T00:00:00Z","code":"MODEL_UNAVAILABLE","reason":"no answer"}]'::jsonb else '[]'::jsonb end
      from ${span} returning id)
    insert into messages (turn, position, role, content) select id, 0, 'user', 'I live in town ' || id from recorded`.execute(
    database,
  )
  await sql`
    with remembered as (
      insert into memories (org_id, fact, fact_hash, kind, observed_at, valid_from, created_at, status, status_reason)
      select case when n % ${LARGE_ORG_SHARE}::int = 0 then ${LARGE_ORG} else ${org} end, 'fact ' || n,
        sha256(convert_to(n::text, 'UTF8')), 'fact', now(), now(), now(),
        case when n % 100 = 1 then 'quarantined' else 'active' end, case when n % 100 = 1 then 'unquoted' end
      from ${span} returning id, org_id)
    insert into memory_sources (memory, turn, quote, said_at, valid_from)
    select r.id, t.id, 'I live in town', now(), now() from remembered r join turns t using (id, org_id)`.execute(
    database,
  )
  await sql`
    insert into dead_letters (org_id, job_id, queue, code, reason, attempts, died_at, payload)
    select 'org-' || (n / ${LETTERS_SHARE}::int) % ${orgs}::int, 'j-' || n, 'repo-indexing', 'CODE_' || (n / ${LETTERS_SHARE}::int) % ${CAUSES}::int, 'Object ' || n || ' is missing', 3,
      now(), jsonb_build_object('n', n)
    from ${span} where n % ${LETTERS_SHARE}::int = 0`.execute(database)
  await sql`
    insert into audit_events (at, actor, role, action, org_id, subject, address, outcome, settled_at)
    select now(), 'ops', 'operator', 'dead-letters.replay', 'org-' || (n % ${orgs}::int), 'dead letter ' || n, '127.0.0.1', 'done', now() from ${span}`.execute(
    database,
  )
  await sql`
    insert into usage_ledger (org_id, day, task, calls, input_tokens, output_tokens)
    select 'org-' || o, current_date - d, 'extraction', 10, 1000, 100
    from generate_series(0, ${ORGS - 1}::int) as o, generate_series(0, ${LEDGER_DAYS - 1}::int) as d on conflict do nothing`.execute(
    database,
  )
}

async function addJobs({ queues }: Runtime, from: number, to: number): Promise<void> {
  const queue = queues.queue('memory-digest')
  const begins = Array.from({ length: Math.ceil((to - from) / JOBS_AT_ONCE) }, (_, at) => from + at * JOBS_AT_ONCE)
  for (let at = 0; at < begins.length; at += CALLS_AT_ONCE)
    await Promise.all(
      begins.slice(at, at + CALLS_AT_ONCE).map((begin) =>
        queue.addBulk(
          Array.from({ length: Math.min(JOBS_AT_ONCE, to - begin) }, (_, index) => ({
            name: 'memory-digest',
            data: { v: 1, orgId: `org-${(begin + index) % ORGS}`, workstreamId: `w-${begin + index}` },
            opts: (begin + index) % 5 < 2 ? {} : { delay: 86_400_000 },
          })),
        ),
      ),
    )
}
