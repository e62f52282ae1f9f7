import { PAGES } from '../dashboard/console/catalog.ts'
import { type Dashboard, startDashboard } from '../dashboard/dashboard.ts'
import { readOverview } from '../dashboard/overview/read-overview.ts'
import { shareReading } from '../dashboard/overview/share-reading.ts'
import { QUEUE_NAMES } from '../queues/catalog.ts'
import { createRuntime, type Runtime } from '../runtime.ts'
import { systemClock } from '../shared/clock.ts'
import { silentLog } from '../shared/observe/log.ts'
import { type Benchmark, round } from './benchmark.ts'
import { withServicesOn } from './measures/bench-postgres.ts'
import { fillConsole, LARGE_ORG } from './measures/fill-console.ts'
import { timeStatements } from './measures/time-statements.ts'

/**
 * Measures the console at 10,000 rows of each kind and at the given size (`console 1000000 postgres`): the server's time for every page, beside Bull
 * Board's own list of queues on the same Redis; the longest statement and Redis command; and what fifty tabs of the overview read, beside one.
 */

const SMALL_ROWS = 10_000
const DEFAULT_ROWS = 100_000
const WARM_UPS = 3
const ROUNDS = 40
const TABS = 50
const SHARED_MS = 4_000
const PASSWORD = 'bench-password'
/** In microseconds: what takes less is not the longest. */
const SLOW_LOG_FROM = 200
const SLOW_LOG_ENTRIES = 4_096
/** A page that is quicker than this at both sizes has not grown: the difference is the machine's. */
const LEAST_MS = 5

const benchmark: Benchmark = {
  usage: [],
  run: (args) =>
    withServicesOn(args, async (addresses) => {
      const rows = Number(args.find((arg) => /^\d+$/.test(arg)) ?? DEFAULT_ROWS)
      const runtime = createRuntime(addresses, { log: silentLog })
      await runtime.connect()
      const timed = timeStatements()
      const dashboard = await startDashboard({
        host: '127.0.0.1',
        port: 0,
        user: 'bench',
        password: PASSWORD,
        environment: 'development',
        boards: QUEUE_NAMES.map((name) => ({ queue: runtime.queues.queue(name), title: name, description: '' })),
        overview: () => readOverview(runtime),
        console: { ...runtime, clock: systemClock, log: silentLog },
        log: silentLog,
      })
      try {
        const cookie = await logIn(dashboard)
        await fillConsole(runtime, 0, SMALL_ROWS)
        const small = await timePages(dashboard, cookie)
        await fillConsole(runtime, SMALL_ROWS, rows)
        await resetSlowLog(runtime)
        timed.reset()
        const large = await timePages(dashboard, cookie)
        const longest = timed.longest()
        const longestRedisMs = await readSlowLog(runtime)
        const boardMs = await timeOf(dashboard, cookie, '/queues/api/queues')
        const tabsRatio = await readTabs(runtime, timed)
        const growth = new Map([...large].map(([path, ms]) => [path, grownBy(small.get(path) ?? 0, ms)]))
        for (const [path, ms] of large)
          console.log(
            `${path.padEnd(60)} ${small.get(path)?.toFixed(1)} -> ${ms.toFixed(1)} ms, ${growth.get(path)?.toFixed(2)}x`,
          )
        console.log(`Bull Board's list of queues: ${boardMs.toFixed(1)} ms`)
        console.log(`The longest statement, ${longest.ms.toFixed(1)} ms: ${longest.sql.replaceAll(/\s+/g, ' ')}`)
        return {
          rows,
          p95GrowthRatio: round(Math.max(...growth.values())),
          slowestPageMs: round(Math.max(...large.values())),
          overviewRatio: round((large.get('/') ?? 0) / boardMs),
          longestRedisMs: round(longestRedisMs),
          longestSqlMs: round(longest.ms),
          tabsRatio: round(tabsRatio),
        }
      } finally {
        timed.stop()
        await dashboard.stop()
        await runtime.disconnect()
      }
    }),
}
export default benchmark

const PLACES = ['/', ...PAGES.filter(({ isInMenu }) => isInMenu).map(({ path }) => path)]
const ONES = [
  '/find?q=t-7',
  '/find?q=u-7',
  `/org?orgId=${LARGE_ORG}`,
  '/org?orgId=org-0',
  '/workstream?orgId=org-0&workstreamId=w-0',
  '/turn?orgId=org-0&workstreamId=w-0&turnId=t-1',
  `/memories?orgId=${LARGE_ORG}`,
  `/memory?orgId=${LARGE_ORG}&memoryId=1`,
  `/repositories?orgId=${LARGE_ORG}`,
  '/context?orgId=org-0&workstreamId=w-0',
  '/queue?queue=memory-digest',
  '/job?queue=memory-digest&jobId=1',
  '/dead-letters?queue=repo-indexing&code=CODE_1',
  '/dead-letters?orgId=org-0',
  '/dead-letters?settled=1',
  '/dead-letter?id=1',
  '/audit?orgId=org-0',
  '/operations',
  '/actions/dead-letters.bulk?action=replay&orgId=org-0',
  '/actions/dead-letters.bulk?action=replay',
]

async function timePages(dashboard: Dashboard, cookie: string): Promise<Map<string, number>> {
  const times = new Map<string, number>()
  for (const path of [...PLACES, ...ONES]) times.set(path, await timeOf(dashboard, cookie, path))
  return times
}

async function timeOf({ url }: Dashboard, cookie: string, path: string): Promise<number> {
  const times: number[] = []
  for (let round = -WARM_UPS; round < ROUNDS; round++) {
    const startedMs = performance.now()
    const response = await fetch(url + path, { headers: { cookie, accept: 'text/html' } })
    await response.text()
    if (round >= 0) times.push(performance.now() - startedMs)
    if (!response.ok) throw new Error(`${path}: ${response.status}`)
  }
  return quantile(times, 0.95)
}

function grownBy(smallMs: number, largeMs: number): number {
  return Math.max(LEAST_MS, largeMs) / Math.max(LEAST_MS, smallMs)
}

async function resetSlowLog({ redis }: Runtime): Promise<void> {
  const connection = redis.getConnection()
  await connection.call('CONFIG', 'SET', 'slowlog-log-slower-than', String(SLOW_LOG_FROM))
  await connection.call('CONFIG', 'SET', 'slowlog-max-len', String(SLOW_LOG_ENTRIES))
  await connection.call('SLOWLOG', 'RESET')
}

/** The longest command since the reset, in milliseconds. */
async function readSlowLog({ redis }: Runtime): Promise<number> {
  const entries = (await redis.getConnection().call('SLOWLOG', 'GET', String(SLOW_LOG_ENTRIES))) as [
    number,
    number,
    number,
    string[],
  ][]
  const longest = entries.toSorted((a, b) => b[2] - a[2])[0]
  if (longest) console.log(`The longest Redis command, ${longest[2] / 1_000} ms: ${longest[3].join(' ').slice(0, 120)}`)
  return Math.max(SLOW_LOG_FROM, longest?.[2] ?? 0) / 1_000
}

/** Compares the store reads of fifty tabs that refresh at once with those of one tab. */
async function readTabs(runtime: Runtime, timed: ReturnType<typeof timeStatements>): Promise<number> {
  const statementsOf = async (tabs: number) => {
    const read = shareReading(() => readOverview(runtime), systemClock, SHARED_MS)
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
