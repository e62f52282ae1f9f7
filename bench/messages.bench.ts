import { Redis } from 'ioredis'
import { sql } from 'kysely'
import { createRuntime } from '../runtime.ts'
import { silentLog } from '../shared/observe/log.ts'
import type { Database } from '../shared/store/database.ts'
import { type Benchmark, round } from './benchmark.ts'
import { withServicesOn } from './measures/bench-postgres.ts'

/**
 * What a message to an agent costs, sent, worked and answered: against bare streams of Redis with the same writes of its row. Both have one process and the
 * same number of messages at once; the bare ones keep no order, share no slots, and lose what Redis loses. The argument `postgres` makes PostgreSQL 17 the store.
 */

const DEFAULT_MESSAGES = 2_000
const ORGS = 16
const KEYS = 200
const CONCURRENCY = 32
const ORG_CONCURRENCY = 8
const POLL_MS = 20

const benchmark: Benchmark = {
  usage: [],
  run: (args) =>
    withServicesOn(args, async ({ redisUrl, databaseUrl }, stack) => {
      const total = Number(args.find((arg) => /^\d+$/.test(arg)) ?? DEFAULT_MESSAGES)
      let starts = 0
      const orders = new Map<string, number[]>()
      const agents = [
        {
          name: 'worker',
          concurrency: CONCURRENCY,
          handler({ orgId, key, data }: { orgId: string; key: string | null; data: unknown }) {
            starts += 1
            const name = `${orgId} ${key}`
            orders.set(name, [...(orders.get(name) ?? []), (data as { n: number }).n])
            return data
          },
        },
      ]
      const settings = { redisUrl, databaseUrl, orgConcurrency: ORG_CONCURRENCY }
      const runtime = createRuntime(settings, { log: silentLog, agents })
      stack.defer(() => runtime.disconnect())
      await runtime.connect()
      await runtime.startWorkers(['agent-worker'])
      const bareMs = await timeBare(redisUrl, runtime.database, total)
      const began = performance.now()
      await inTurns(CONCURRENCY, total, (n) =>
        runtime.messages.send({
          orgId: `org-${n % ORGS}`,
          messageId: `m-${n}`,
          type: 'work',
          agent: 'worker',
          key: `k-${n % KEYS}`,
          data: { n },
        }),
      )
      await untilCount(total, async () => {
        const { rows } = await sql<{
          count: number
        }>`select count(*) as count from agent_messages where state = 'completed'`.execute(runtime.database)
        return rows[0]?.count ?? 0
      })
      const ownMs = performance.now() - began
      const { rows } = await sql<{ lost: number; doubled: number }>`
        select count(*) filter (where state <> 'completed') as lost, count(*) filter (where attempts > 1) as doubled from agent_messages`.execute(
        runtime.database,
      )
      const figures = {
        ratio: round(ownMs / bareMs),
        startsPerMessage: round(starts / total),
        ...rows[0],
        inversions: [...orders.values()].filter((order) => order.some((n, at) => n < (order[at - 1] ?? -1))).length,
        ownMs: Math.round(ownMs),
        bareMs: Math.round(bareMs),
      }
      console.log(`${total} messages of ${ORGS} orgs, ${CONCURRENCY} at once`, JSON.stringify(figures))
      return figures
    }),
}
export default benchmark

/** XADD, XREADGROUP and XACK, with the row inserted before, marked when it begins, and settled after. */
async function timeBare(redisUrl: string, database: Database, total: number): Promise<number> {
  await sql`create table bare_messages (id text primary key, data text, state text, result text)`.execute(database)
  const [producer, ...readers] = Array.from({ length: CONCURRENCY + 1 }, () => new Redis(redisUrl)) as [
    Redis,
    ...Redis[],
  ]
  const [stream, group] = ['bench:bare', 'bench']
  await producer.xgroup('CREATE', stream, group, '0', 'MKSTREAM')
  let done = 0
  const began = performance.now()
  const working = readers.map(async (redis, at) => {
    while (done < total) {
      const answer = (await redis.xreadgroup(
        'GROUP',
        group,
        String(at),
        'COUNT',
        1,
        'BLOCK',
        POLL_MS,
        'STREAMS',
        stream,
        '>',
      )) as [string, [string, string[]][]][] | null
      for (const [id, fields] of answer?.[0]?.[1] ?? []) {
        await sql`update bare_messages set state = 'running' where id = ${fields[1]}`.execute(database)
        await sql`update bare_messages set state = 'completed', result = data where id = ${fields[1]}`.execute(database)
        await redis.xack(stream, group, id)
        done += 1
      }
    }
  })
  await inTurns(CONCURRENCY, total, async (n) => {
    const id = `m-${n}`
    await sql`insert into bare_messages (id, data, state) values (${id}, ${JSON.stringify({ n })}, 'received')`.execute(
      database,
    )
    await producer.xadd(stream, 'MAXLEN', '~', 10_000, '*', 'id', id)
  })
  await Promise.all(working)
  const tookMs = performance.now() - began
  for (const redis of [producer, ...readers]) redis.disconnect()
  return tookMs
}

/** Runs all, some at once, in their order. */
async function inTurns(atOnce: number, total: number, run: (n: number) => Promise<unknown>): Promise<void> {
  let next = 0
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let n = next++; n < total; n = next++) await run(n)
    }),
  )
}

async function untilCount(total: number, count: () => Promise<number>): Promise<void> {
  while ((await count()) < total) await new Promise((resolve) => setTimeout(resolve, POLL_MS))
}
