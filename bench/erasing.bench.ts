import { Queue } from 'bullmq'
import { Redis } from 'ioredis'
import { createRuntime } from '../runtime.ts'
import type { EraseInput } from '../shared/memory/forgetting.ts'
import { silentLog } from '../shared/observe/log.ts'
import { type Benchmark, round, withServices } from './benchmark.ts'

/** How long an erasure takes beside a million waiting jobs of others, by what is erased, and for how long it keeps Redis at most. */

const DEFAULT_JOBS = 1_000_000
const PAGE_JOBS = 10_000
const ORGS = 1_000
const HOUR_MS = 3_600_000
const SLOWLOG_FROM_MICROSECONDS = 1_000

const benchmark: Benchmark = {
  usage: [],
  run: ([jobsGiven]) =>
    withServices(async ({ addresses }) => {
      const jobs = Number(jobsGiven ?? DEFAULT_JOBS)
      const settings = { ...addresses, digestWindowMs: HOUR_MS, digestMaxWaitMs: HOUR_MS }
      const runtime = createRuntime(settings, { log: silentLog })
      const redis = new Redis(addresses.redisUrl, { maxRetriesPerRequest: null })
      try {
        await runtime.connect()
        const queue = new Queue('memory-digest', { connection: redis, prefix: runtime.config.redisKeyPrefix })
        for (let start = 0; start < jobs; start += PAGE_JOBS)
          await queue.addBulk(
            Array.from({ length: PAGE_JOBS }, (_, index) => ({
              name: queue.name,
              data: { v: 1, orgId: `org-${index % ORGS}`, workstreamId: `conversation-${start + index}` },
              opts: { delay: HOUR_MS + index },
            })),
          )
        await redis.config('SET', 'slowlog-log-slower-than', SLOWLOG_FROM_MICROSECONDS)
        await redis.slowlog('RESET')
        const orgId = 'acme'
        const erase = async (part: Omit<EraseInput, 'orgId'>): Promise<number> => {
          for (const turnId of ['t1', 't2'])
            await runtime.memory.recordTurn({
              orgId,
              workstreamId: `w-${turnId}`,
              turnId,
              userId: 'u1',
              messages: [{ role: 'user', content: 'I live in Lisbon.' }],
            })
          const startedMs = performance.now()
          await runtime.memory.erase({ orgId, ...part })
          return round((performance.now() - startedMs) / 1_000)
        }
        const turnSeconds = await erase({ workstreamId: 'w-t1', turnId: 't1' })
        const userSeconds = await erase({ userId: 'u1' })
        const workstreamSeconds = await erase({ workstreamId: 'w-t1' })
        const orgSeconds = await erase({})
        const slow = (await redis.slowlog('GET', PAGE_JOBS)) as [number, number, number][]
        const longestRedisMs = Math.max(0, ...slow.map(([, , microseconds]) => microseconds / 1_000))
        const waiting = await queue.getDelayedCount()
        console.log(`${waiting} jobs of others wait. Seconds to erase a turn ${turnSeconds}, a user ${userSeconds}`)
        console.log(`a workstream ${workstreamSeconds}, an org ${orgSeconds}; the longest command ${longestRedisMs} ms`)
        return { jobs: waiting, turnSeconds, userSeconds, workstreamSeconds, orgSeconds, longestRedisMs }
      } finally {
        await Promise.all([runtime.disconnect(), redis.quit()])
      }
    }),
}
export default benchmark
