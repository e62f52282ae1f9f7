import { sql } from 'kysely'
import { expect, it } from 'vitest'
import type { Runtime } from '../../../runtime.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'
import { until } from '../../helpers/until.ts'

/** What a conversation costs does not grow with its length: 50,000 messages are recorded to, loaded and compacted as 1,000 are. */

const runtimes = useRuntimes(useStore())
const BUDGET = 4_000
const SHORT = 1_000
const LONG = 50_000

/** Writes a conversation of so many messages, ten a turn, as `recordTurn` would have left it. */
async function seed({ database }: Runtime, workstreamId: string, messages: number): Promise<void> {
  const scope = sql`org_id = 'flat' and workstream_id = ${workstreamId}`
  await sql`
    insert into workstreams (org_id, workstream_id, next_seq, live_tokens, total_messages, pins)
    values ('flat', ${workstreamId}, ${messages / 10 + 1}, ${messages * 20}, ${messages}, '{"user": [1, 0]}')`.execute(
    database,
  )
  await sql`
    insert into turns (org_id, workstream_id, turn_id, seq, occurred_at, recorded_at, said_at, content_hash, state)
    select 'flat', ${workstreamId}, 't' || n, n, now(), now(), now(), '', 'extracted' from generate_series(1, ${messages / 10}::int) n`.execute(
    database,
  )
  await sql`
    insert into messages (turn, position, role, content, tokens)
    select id, p, case when p % 2 = 0 then 'user' else 'assistant' end, 'Message ' || seq || ' ' || p || ' of a long day at the harbour, with boats.', 20
    from turns, generate_series(0, 9) p where ${scope}`.execute(database)
}

async function costs(runtime: Runtime, workstreamId: string) {
  const scope = { orgId: 'flat', workstreamId }
  const before = await runtime.context.load({ ...scope, budgetTokens: BUDGET })
  expect(before.parts.reduce((sum, { messages }) => sum + messages, 0)).toBe(before.totalMessages)
  const recorded: number[] = []
  for (let number = 0; number < 20; number++) {
    const startedMs = performance.now()
    const messages = [{ role: 'user' as const, content: `Turn ${number} more.` }]
    await runtime.memory.recordTurn({ ...scope, turnId: `more ${number}`, messages })
    recorded.push(performance.now() - startedMs)
  }
  await runtime.context.compactNow({ ...scope, budgetTokens: BUDGET })
  const record = await until(
    () =>
      runtime.database
        .selectFrom('compactions')
        .selectAll()
        .where('workstream_id', '=', workstreamId)
        .executeTakeFirst(),
    (found) => found !== undefined,
    60_000,
  )
  return {
    loadRows: before.rowsRead,
    recordMs: recorded.sort((a, b) => a - b)[10] as number,
    foldedMessages: record?.messages as number,
  }
}

it('recording, loading and planning read as much of 50,000 messages as of 1,000', async () => {
  const runtime = await runtimes.start({
    contextWindowTokens: 10_000_000,
    enqueueTimeoutMs: 20_000,
    compactionInputTokens: 8_000,
  })
  for (const [name, messages] of [
    ['short', SHORT],
    ['long', LONG],
  ] as const)
    await seed(runtime, name, messages)
  await sql`analyze turns, messages`.execute(runtime.database)
  await runtime.startWorkers(['context-compaction'])
  const short = await costs(runtime, 'short')
  const long = await costs(runtime, 'long')
  expect(long.loadRows).toBeLessThanOrEqual(short.loadRows)
  expect(long.loadRows).toBeLessThan(BUDGET / 4)
  // One call's worth, not all that there is.
  expect(long.foldedMessages).toBeLessThan(SHORT)
  expect(long.recordMs).toBeLessThan(4 * short.recordMs + 20)
  const { rows } = await sql<{ 'QUERY PLAN': string }>`explain (analyze, timing off)
    select t.seq, m.position from turns t join messages m on m.turn = t.id
    where t.org_id = 'flat' and t.workstream_id = 'long' and t.seq >= 0 and (t.seq > 0 or m.position >= 0)
    and t.seq <= 5001 and (t.seq < 5001 or m.position < 0)
    order by t.seq desc, m.position desc limit 100`.execute(runtime.database)
  // The store reads a page's turns, not the conversation.
  const actual = rows.flatMap((row) =>
    [...row['QUERY PLAN'].matchAll(/rows=([\d.]+) loops=(\d+)/g)].map(
      ([, count, loops]) => Number(count) * Number(loops),
    ),
  )
  expect(Math.max(...actual)).toBeLessThan(1_000)
}, 180_000)
