import { sql } from 'kysely'
import { readOverview } from '../dashboard/overview/read-overview.ts'
import { createRuntime, type Runtime } from '../runtime.ts'
import { silentLog } from '../shared/observe/log.ts'
import type { Database } from '../shared/store/database.ts'
import { type Benchmark, round } from './benchmark.ts'
import { withServicesOn } from './measures/bench-postgres.ts'

/**
 * Measures whether calls of one org stay as fast while the turns of all orgs grow: recording, a digest, search, status and the overview, on PostgreSQL 17.
 * The org that is timed has as many turns of its own at each size.
 */

const DEFAULT_SIZES = [10_000, 100_000, 1_000_000]
const ORGS = 2_000
const CHUNK_TURNS = 50_000
const OWN_TURNS = 40
const ROUNDS = 30
const DIGESTS = 15
const HOUR_MS = 3_600_000
const ORG = 'timed'

const benchmark: Benchmark = {
  usage: [],
  run: (sizesGiven) =>
    withServicesOn(['postgres'], async (addresses) => {
      const sizes = sizesGiven.length > 0 ? sizesGiven.map(Number) : DEFAULT_SIZES
      const runtime = createRuntime(
        { ...addresses, digestWindowMs: HOUR_MS, digestMaxWaitMs: HOUR_MS, sweepIntervalMs: HOUR_MS },
        { log: silentLog },
      )
      try {
        await runtime.connect()
        await runtime.startWorkers(['memory-extraction'])
        for (let turn = 0; turn < OWN_TURNS; turn += 1) await digest(runtime, `own-${turn}`)
        const table: Record<string, Record<string, number>> = {}
        let filled = 0
        for (const size of sizes) {
          await fill(runtime.database, filled, size)
          filled = size
          table[size] = await timeAll(runtime, size)
          console.log(`${size} turns:`, table[size])
        }
        const [first, last] = [table[sizes[0] as number] ?? {}, table[sizes.at(-1) as number] ?? {}]
        const growth = Object.fromEntries(
          Object.entries(last).map(([name, ms]) => [name, round(ms / (first[name] as number))]),
        )
        console.log('growth from the first size to the last:', growth)
        return { orgs: ORGS, medianMs: table, growth, isOrgTimedOfOneSize: true }
      } finally {
        await runtime.disconnect()
      }
    }),
}
export default benchmark

async function timeAll(runtime: Runtime, size: number): Promise<Record<string, number>> {
  const at = (name: string) => `${name}-${size}`
  return {
    recordMs: await medianMs(ROUNDS, (n) => record(runtime, `${at('record')}-${n}`)),
    digestMs: await medianMs(DIGESTS, (n) => digest(runtime, `${at('digest')}-${n}`)),
    searchMs: await medianMs(ROUNDS, (n) => runtime.memory.search({ orgId: ORG, query: `Who lives in house ${n}?` })),
    statusMs: await medianMs(ROUNDS, () => runtime.memory.status({ orgId: ORG })),
    overviewMs: await medianMs(ROUNDS, () => readOverview(runtime)),
  }
}

async function medianMs(rounds: number, run: (n: number) => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let n = 0; n < rounds; n += 1) {
    const startedMs = performance.now()
    await run(n)
    times.push(performance.now() - startedMs)
  }
  return round(times.sort((a, b) => a - b)[Math.floor(rounds / 2)] as number)
}

const turnOf = (name: string) => ({ orgId: ORG, workstreamId: name, turnId: 't' })

const record = (runtime: Runtime, name: string) =>
  runtime.memory.recordTurn({ ...turnOf(name), messages: [{ role: 'user', content: `I live in house ${name}.` }] })

async function digest(runtime: Runtime, name: string): Promise<void> {
  await record(runtime, name)
  await runtime.memory.extractNow(turnOf(name))
  while ((await runtime.memory.turnStatus(turnOf(name))).state === 'pending')
    await new Promise((resolve) => setTimeout(resolve, 1))
}

/** Adds turns of many orgs, each hundredth pending and the others extracted, with a memory for each tenth. */
async function fill(database: Database, from: number, to: number): Promise<void> {
  await sql`
    insert into workstreams (org_id, workstream_id) select 'org-' || n, 'w' from generate_series(0, ${ORGS - 1}::int) n
    on conflict do nothing`.execute(database)
  for (let start = from; start < to; start += CHUNK_TURNS) {
    const end = Math.min(to, start + CHUNK_TURNS) - 1
    await sql`
      with recorded as (
        insert into turns (org_id, workstream_id, turn_id, seq, occurred_at, recorded_at, said_at, content_hash, state, settled_at)
        select 'org-' || n % ${ORGS}::int, 'w', 't' || n, 1 + n, now(), now(), now(), '', case when n % 100 = 0 then 'pending' else 'extracted' end, now()
        from generate_series(${start}::int, ${end}::int) n returning id)
      insert into messages (turn, position, role, content) select id, 0, 'user', 'I live in house ' || id || '.' from recorded`.execute(
      database,
    )
    await sql`
      insert into memories (org_id, fact, fact_hash, kind, observed_at, valid_from, created_at)
      select 'org-' || n % ${ORGS}::int, 'Lives in house ' || n, sha256(n::text::bytea), 'fact', now(), now(), now()
      from generate_series(${start}::int, ${end}::int, 10) n`.execute(database)
  }
  await sql`analyze`.execute(database)
}
