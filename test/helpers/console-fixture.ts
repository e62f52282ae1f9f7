import { sql } from 'kysely'
import type { DashboardOptions } from '../../dashboard/dashboard.ts'
import type { Runtime } from '../../runtime.ts'
import { systemClock } from '../../shared/clock.ts'
import { splitRoles } from '../../shared/dashboard-logins.ts'
import { silentLog } from '../../shared/observe/log.ts'
import { reportProcess, START_BOUNDS_MS } from '../../shared/store/console/fleet-rows.ts'
import { insertDeadJobs } from '../../shared/store/control/dead-letters.ts'

/** Owns what the console's tests look at: one org with something of everything, and the logins of the three roles. */

export const ORG = 'acme'
export const PASSWORDS = { viewer: 'view-pass', operator: 'operate-pass', admin: 'correct horse' } as const
export type RoleName = keyof typeof PASSWORDS

/** What a dashboard with the console is started with; `admin` is the user of the single password. */
export function consoleOptions(runtime: Runtime): Partial<DashboardOptions> {
  return {
    user: 'admin',
    password: PASSWORDS.admin,
    roles: splitRoles('viewer=viewer, operator=operator, proxied=operator'),
    passwords: new Map([
      ['viewer', PASSWORDS.viewer],
      ['operator', PASSWORDS.operator],
    ]),
    console: { ...runtime, clock: systemClock, log: silentLog },
    log: silentLog,
  }
}

export type Seeded = {
  readonly memoryId: number
  readonly heldId: number
  readonly letterIds: readonly number[]
  readonly jobId: string
  readonly compactionId: number
}

/** Fills the store: a turn that was extracted, one that waits, one that is dead, memories, a held one, letters, a repository, costs, a process. */
export async function seedConsole(runtime: Runtime, words: string, orgId: string = ORG): Promise<Seeded> {
  const { database, memory } = runtime
  const key = { orgId, workstreamId: 'support-42' }
  const turn = (turnId: string) =>
    memory.recordTurn({ ...key, turnId, userId: 'u1', messages: [{ role: 'user', content: `${words} ${turnId}` }] })
  await turn('turn-1')
  await turn('turn-2')
  await turn('turn-3')
  const at = new Date()
  await sql`update turns set state = 'extracted', settled_at = ${at} where org_id = ${orgId} and turn_id = 'turn-1'`.execute(
    database,
  )
  await sql`update turns set state = 'dead_lettered', settled_at = ${at}, failed_tries = ${JSON.stringify([
    { at: at.toISOString(), code: 'MODEL_UNUSABLE', reason: 'No JSON in 3 tries' },
  ])}::jsonb where org_id = ${orgId} and turn_id = 'turn-3'`.execute(database)
  await sql`insert into dead_letters (org_id, turn, queue, code, reason, attempts, died_at)
    select org_id, id, 'memory-digest', 'MODEL_UNUSABLE', 'No JSON in 3 tries', 4, ${at}::timestamptz from turns where org_id = ${orgId} and turn_id = 'turn-3'`.execute(
    database,
  )
  const dead = { queue: 'repo-indexing', orgId, attempts: 3, failedTries: [], diedAt: at }
  await insertDeadJobs(
    database,
    [1, 2, 3].map((number) => ({
      ...dead,
      jobId: `job-${number}`,
      code: 'REPO_UNREACHABLE',
      reason: `The host "git-${number}.example.com" did not answer within ${number}000 ms`,
      payload: { v: 1, orgId, repoId: `shop-${number}`, ref: 'HEAD' },
    })),
  )
  const memoryId = await insertMemory(runtime, orgId, words, 'active')
  const heldId = await insertMemory(runtime, orgId, `held ${words}`, 'quarantined')
  await sql`insert into usage_ledger (org_id, day, task, calls, input_tokens, output_tokens, cache_hits)
    values (${orgId}, current_date, 'extract', 12, 34567, 890, 3), (${orgId}, current_date - 1, 'extract', 7, 12000, 400, 0)`.execute(
    database,
  )
  await sql`with repo as (insert into code_repos (org_id, repo_id, source) values (${orgId}, 'shop', '/srv/shop') returning id)
    insert into code_indexes (repo, ref, requested, requested_at) select id, 'HEAD', 1, ${at}::timestamptz from repo`.execute(
    database,
  )
  const compactionId = await insertCompaction(runtime, orgId, words)
  await sql`insert into erasures (org_id, workstream_id, turn_id, older_than, upto_turn, upto_memory, requested_by, requested_at, asked_at, worked_at, completed_at, turns)
    values (${orgId}, 'support-42', 'gone', null, 0, 0, 'dpo', ${at}, ${at}, ${at}, ${at}, 1),
      (${orgId}, null, null, ${at}, 0, 0, 'retention', ${at}, ${at}, ${at}, ${at}, 0)`.execute(database)
  const jobId = await runtime.queues.queue('memory-digest').add('memory-digest', { v: 1, ...key }, { delay: 3_600_000 })
  await reportProcess(
    database,
    {
      id: crypto.randomUUID(),
      name: 'memory-digest',
      host: 'worker-1',
      pid: 4_242,
      version: '0.1.0',
      configDigest: 'abc12345',
      startedAt: at,
      seenAt: at,
      stoppedAt: null,
      rssBytes: 123_456_789,
      loopLagMs: 12,
      queues: [{ queue: 'memory-digest', concurrency: 8, running: 1, started: 345, oldestRunMs: 1_200_000 }],
    },
    [
      {
        queue: 'memory-digest',
        started: 30,
        completed: 28,
        failed: 1,
        retried: 1,
        startLatency: START_BOUNDS_MS.map((_, nth) => nth).concat(0),
      },
    ],
  )
  const letters = await runtime.deadLetters.list({ orgId })
  return { memoryId, heldId, letterIds: letters.map(({ id }) => id), jobId: jobId.id as string, compactionId }
}

async function insertMemory({ database }: Runtime, orgId: string, fact: string, status: string): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    with memory as (
      insert into memories (org_id, fact, fact_hash, kind, observed_at, valid_from, created_at, status, status_reason)
      values (${orgId}, ${fact}, sha256(convert_to(${fact}, 'UTF8')), 'fact', now(), now(), now(), ${status}, ${status === 'active' ? null : 'instruction-like'}) returning id),
    source as (
      insert into memory_sources (memory, turn, quote, said_at, valid_from)
      select memory.id, t.id, ${fact}, now(), now() from memory, turns t where t.org_id = ${orgId} and t.turn_id = 'turn-1')
    select id from memory`.execute(database)
  return rows[0]?.id as number
}

async function insertCompaction({ database }: Runtime, orgId: string, words: string): Promise<number> {
  const summary = {
    goal: words,
    decisions: [`${words} decided`],
    facts: [],
    files: [],
    openTasks: [],
    errors: [],
    lookups: [],
    identifiers: [],
    quotes: [],
  }
  const { rows } = await sql<{ id: number }>`
    insert into compactions (org_id, workstream_id, previous, from_seq, from_position, cut_seq, cut_position, offload_seq, offload_position, messages,
      total_messages, input_hash, summary, summary_tokens, model, tokens_before, tokens_after, created_at)
    values (${orgId}, 'support-42', 0, 0, 0, 2, 0, 0, 0, 40, 40, ''::bytea, ${JSON.stringify(summary)}::jsonb, 500, 'local rules', 12000, 3000, now())
    returning id`.execute(database)
  const id = rows[0]?.id as number
  await sql`update workstreams set compaction = ${id} where org_id = ${orgId} and workstream_id = 'support-42'`.execute(
    database,
  )
  return id
}
