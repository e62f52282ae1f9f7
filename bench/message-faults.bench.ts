import { type ChildProcess, fork } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Redis } from 'ioredis'
import { sql } from 'kysely'
import { createRuntime } from '../runtime.ts'
import { silentLog } from '../shared/observe/log.ts'
import type { Database } from '../shared/store/database.ts'
import { startTcpProxy } from '../test/helpers/services/tcp-proxy.ts'
import { type Benchmark, round } from './benchmark.ts'
import { withServicesOn } from './measures/bench-postgres.ts'

/**
 * The fate of messages while four executors are killed, frozen and cut off, streams keep ten entries, and Redis loses all its data twice: each must be
 * completed once, in the order of its key. The argument `postgres` makes PostgreSQL 17 the store.
 */

const DEFAULT_MESSAGES = 2_000
const ORGS = 16
const KEYS = 200
const EXECUTORS = 4
const CONCURRENCY = 8
const WORK_MS = 20
const SENDERS = 16
const AWAY_MS = 8_000
const POLL_MS = 200
/** The sweep puts back within a minute or two what Redis loses. */
const TIMEOUT_MS = 390_000
const EXECUTOR = fileURLToPath(new URL('./measures/message-executor.ts', import.meta.url))

const benchmark: Benchmark = {
  usage: [],
  run: (args) =>
    withServicesOn(args, async ({ redisUrl, databaseUrl }, stack) => {
      const total = Number(args.find((arg) => /^\d+$/.test(arg)) ?? DEFAULT_MESSAGES)
      const agents = [{ name: 'worker', concurrency: CONCURRENCY, handler: ({ data }: { data: unknown }) => data }]
      const runtime = createRuntime({ redisUrl, databaseUrl, streamMaxEntries: 10 }, { log: silentLog, agents })
      stack.defer(() => runtime.disconnect())
      await runtime.connect()
      const redis = new Redis(redisUrl)
      stack.defer(() => redis.disconnect())
      const starts = new Map<string, number>()
      const children = new Set<ChildProcess>()
      stack.defer(() => {
        for (const child of children) child.kill('SIGKILL')
      })
      const executor = (url: string) => {
        const child = fork(EXECUTOR, [url, databaseUrl, `${CONCURRENCY}`, `${WORK_MS}`])
        child.on('message', (id: string) => starts.set(id, (starts.get(id) ?? 0) + 1))
        children.add(child)
        return child
      }
      const proxy = await startTcpProxy(redisUrl)
      stack.defer(() => proxy.stop())
      const [killed, frozen] = Array.from({ length: EXECUTORS - 1 }, () => executor(redisUrl))
      executor(proxy.url)
      const faults: Readonly<Record<string, () => unknown>> = {
        'Redis emptied': () => redis.flushall(),
        'one killed': () => {
          killed?.kill('SIGKILL')
          executor(redisUrl)
        },
        'one frozen': async () => {
          frozen?.kill('SIGSTOP')
          await sleep(AWAY_MS)
          frozen?.kill('SIGCONT')
        },
        'one cut off': async () => {
          proxy.cut()
          await sleep(AWAY_MS)
          proxy.restore()
        },
        'Redis emptied again': () => redis.flushall(),
      }
      const began = performance.now()
      const sending = sendAll(runtime, total)
      const left = Object.entries(faults)
      const step = total / (left.length + 1)
      const running: unknown[] = []
      for (let completed = 0; completed < total; completed = await countCompleted(runtime.database)) {
        if (performance.now() - began > TIMEOUT_MS) break
        const [name, inject] = left[0] ?? []
        if (inject && completed >= step * (Object.keys(faults).length - left.length + 1)) {
          console.log(`${Math.round(performance.now() - began)} ms, ${completed} completed: ${name}`)
          left.shift()
          running.push(inject())
        }
        await sleep(POLL_MS)
      }
      await Promise.all([sending, ...running])
      const counts = [...starts.values()]
      const figures = {
        lost: total - (await countCompleted(runtime.database)),
        inversions: await countInversions(runtime.database),
        doubled: counts.filter((count) => count > 1).length,
        mostStarts: Math.max(...counts),
        startsPerMessage: round(counts.reduce((sum, count) => sum + count, 0) / total),
        faultsLeft: left.length,
        ms: Math.round(performance.now() - began),
      }
      console.log(`${total} messages of ${ORGS} orgs, ${EXECUTORS} executors`, JSON.stringify(figures))
      return figures
    }),
}
export default benchmark

async function sendAll({ messages }: ReturnType<typeof createRuntime>, total: number): Promise<void> {
  let next = 0
  await Promise.all(
    Array.from({ length: SENDERS }, async () => {
      for (let n = next++; n < total; n = next++) {
        const message = { orgId: `org-${n % ORGS}`, messageId: `m-${n}`, type: 'work', agent: 'worker' }
        await messages.send({ ...message, key: `k-${n % KEYS}`, data: { n } })
      }
    }),
  )
}

async function countCompleted(database: Database): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from agent_messages where state = 'completed'`.execute(database)
  return rows[0]?.count ?? 0
}

/** Messages that were completed before the one of their key that came before them. */
async function countInversions(database: Database): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from (
      select settled_at, lag(settled_at) over (partition by org_id, key order by id) as before from agent_messages) m
    where settled_at < before`.execute(database)
  return rows[0]?.count ?? 0
}
