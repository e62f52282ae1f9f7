import { sql } from 'kysely'
import { PAGES } from '../dashboard/console/catalog.ts'
import { type Dashboard, startDashboard } from '../dashboard/dashboard.ts'
import { readOverview } from '../dashboard/overview/read-overview.ts'
import { shareReading } from '../dashboard/overview/share-reading.ts'
import { QUEUE_NAMES } from '../queues/catalog.ts'
import { createRuntime, type Runtime } from '../runtime.ts'
import { systemClock } from '../shared/clock.ts'
import { silentLog } from '../shared/observe/log.ts'
import { type Benchmark, round, withServices } from './benchmark.ts'
import { timeStatements } from './measures/time-statements.ts'

/**
 * Measures the console at a hundredth of the given size and at that size: the server's time for every page, beside Bull Board's own list of queues on the
 * same Redis; the longest statement and Redis command; and what fifty tabs of the overview read, beside one.
 */

const DEFAULT_ROWS = 100_000
const SMALL_SHARE = 100
const ORGS = 2_000
const LETTERS_SHARE = 10
const ROUNDS = 7
const TABS = 50
const SHARED_MS = 4_000
const JOBS_AT_ONCE = 1_000
const PASSWORD = 'bench-password'
const ORG = 'org-7'

const benchmark: Benchmark = {
  usage: [],
  run: ([given]) =>
    withServices(async (services) => {
      const rows = Number(given ?? DEFAULT_ROWS)
      const runtime = createRuntime(services.addresses, { log: silentLog })
      await runtime.connect()
      const timed = timeStatements(runtime.database)
      const parts = { ...runtime, database: timed.database }
      const dashboard = await startDashboard({
        host: '127.0.0.1',
        port: 0,
        user: 'bench',
        password: PASSWORD,
        environment: 'development',
        boards: QUEUE_NAMES.map((name) => ({ queue: runtime.queues.queue(name), title: name, description: '' })),
        overview: () => readOverview(parts),
        console: { ...parts, clock: systemClock, log: silentLog },
        log: silentLog,
      })
      const cookie = await logIn(dashboard)
      await fill(runtime, 0, rows / SMALL_SHARE)
      const small = await timePages(dashboard, cookie)
      await fill(runtime, rows / SMALL_SHARE, rows)
      await runtime.redis.getConnection().call('CONFIG', 'SET', 'slowlog-log-slower-than', '0')
      await runtime.redis.getConnection().call('SLOWLOG', 'RESET')
      timed.reset()
      const large = await timePages(dashboard, cookie)
      const longestSqlMs = timed.longestMs()
      const boardMs = await timeOf(dashboard, cookie, '/queues/api/queues')
      const entries = (await runtime.redis.getConnection().call('SLOWLOG', 'GET', '128')) as [number, number, number][]
      const longestRedisMs = Math.max(0, ...entries.map(([, , microseconds]) => microseconds)) / 1_000
      const tabsRatio = await readTabs(parts, timed)
      const overviewMs = large.get('/') ?? 0
      const growth = [...large].map(([path, ms]) => ms / Math.max(1, small.get(path) ?? 1))
      for (const [path, ms] of large)
        console.log(`${path.padEnd(48)} ${small.get(path)?.toFixed(1)} -> ${ms.toFixed(1)} ms`)
      console.log(
        `Bull Board's list of queues: ${boardMs.toFixed(1)} ms; longest statement ${longestSqlMs.toFixed(1)} ms`,
      )
      await dashboard.stop()
      await runtime.disconnect()
      return {
        rows,
        p95GrowthRatio: round(quantile(growth, 0.95)),
        p95Ms: round(quantile([...large.values()], 0.95)),
        overviewRatio: round(overviewMs / boardMs),
        longestRedisMs: round(longestRedisMs),
        longestSqlMs: round(longestSqlMs),
        tabsRatio: round(tabsRatio),
      }
    }),
}
export default benchmark

/** Rows of turns, memories and jobs in many orgs, and a tenth as many dead letters. */
async function fill({ database, queues }: Runtime, from: number, to: number): Promise<void> {
  const span = sql`generate_series(${from}::int, ${to - 1}::int) as n`
  await sql`insert into workstreams (org_id, workstream_id, next_seq) select 'org-' || (n % ${ORGS}::int), 'w-' || n, 2 from ${span} where n % 10 = 0`.execute(
    database,
  )
  await sql`insert into turns (org_id, workstream_id, turn_id, seq, occurred_at, recorded_at, said_at, content_hash, state)
    select 'org-' || ((n / 10 * 10) % ${ORGS}::int), 'w-' || (n / 10 * 10), 't-' || n, n % 10 + 1, now(), now(), now(), '\\x00', 'extracted' from ${span}`.execute(
    database,
  )
  await sql`insert into memories (org_id, fact, fact_hash, kind, observed_at, valid_from, created_at)
    select 'org-' || (n % ${ORGS}::int), 'fact ' || n, sha256(convert_to(n::text, 'UTF8')), 'fact', now(), now(), now() from ${span}`.execute(
    database,
  )
  await sql`insert into dead_letters (org_id, job_id, queue, code, reason, attempts, died_at)
    select 'org-' || (n % ${ORGS}::int), 'j-' || n, 'repo-indexing', 'CODE_' || (n % 7), 'Object ' || n || ' is missing', 3, now()
    from ${span} where n % ${LETTERS_SHARE}::int = 0`.execute(database)
  await sql`analyze`.execute(database)
  const queue = queues.queue('memory-digest')
  for (let at = from; at < to; at += JOBS_AT_ONCE)
    await queue.addBulk(
      Array.from({ length: Math.min(JOBS_AT_ONCE, to - at) }, (_, index) => ({
        name: 'memory-digest',
        data: { v: 1, orgId: `org-${(at + index) % ORGS}`, workstreamId: `w-${at + index}` },
        opts: index % 2 === 0 ? {} : { delay: 86_400_000 },
      })),
    )
}

const PLACES = ['/', ...PAGES.filter(({ isInMenu }) => isInMenu).map(({ path }) => path)]
const ONES = [
  '/find?q=t-7',
  `/org?orgId=${ORG}`,
  '/workstream?orgId=org-0&workstreamId=w-0',
  '/turn?orgId=org-0&workstreamId=w-0&turnId=t-1',
  `/memories?orgId=${ORG}`,
  '/queue?queue=memory-digest',
  '/dead-letters?queue=repo-indexing&code=CODE_1',
  '/dead-letter?id=1',
]

async function timePages(dashboard: Dashboard, cookie: string): Promise<Map<string, number>> {
  const times = new Map<string, number>()
  for (const path of [...PLACES, ...ONES]) times.set(path, await timeOf(dashboard, cookie, path))
  return times
}

/** The 95th of a hundred, of a few rounds: near the slowest. */
async function timeOf({ url }: Dashboard, cookie: string, path: string): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const startedMs = performance.now()
    const response = await fetch(url + path, { headers: { cookie, accept: 'text/html' } })
    await response.text()
    if (round > 0) times.push(performance.now() - startedMs)
    if (!response.ok) throw new Error(`${path}: ${response.status}`)
  }
  return quantile(times, 0.95)
}

/** Compares the store reads of fifty tabs that refresh at once with those of one tab. */
async function readTabs(
  parts: Parameters<typeof readOverview>[0],
  timed: ReturnType<typeof timeStatements>,
): Promise<number> {
  const statementsOf = async (tabs: number) => {
    const read = shareReading(() => readOverview(parts), systemClock, SHARED_MS)
    timed.reset()
    await Promise.all(Array.from({ length: tabs }, read))
    return timed.count()
  }
  const one = await statementsOf(1)
  return (await statementsOf(TABS)) / one
}

async function logIn({ url }: Dashboard): Promise<string> {
  const response = await fetch(`${url}/login`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ user: 'bench', password: PASSWORD }),
  })
  return response.headers.get('set-cookie')?.split(';')[0] ?? ''
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
}
