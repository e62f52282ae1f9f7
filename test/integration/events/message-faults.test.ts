import { Redis } from 'ioredis'
import { expect, it, onTestFinished } from 'vitest'
import { useRuntimes } from '../../helpers/runtime.ts'
import { startBareRedis } from '../../helpers/services/redis-server.ts'
import { useStore } from '../../helpers/services/store.ts'
import { until } from '../../helpers/until.ts'

/** Messages while executors stop in the middle, streams are too short and Redis loses all its data, twice. */

const runtimes = useRuntimes(useStore())
const MESSAGES = 60
const KEYS = 6
const ADVANCE_INTERVAL_MS = 2_000

it('each message is completed once, none is lost, and those of a key keep their order', {
  timeout: 90_000,
}, async () => {
  const server = await startBareRedis()
  onTestFinished(() => server.stop())
  let aheadMs = 0
  const clock = { now: () => new Date(Date.now() + aheadMs), monotonicMs: () => performance.now() }
  const orgId = crypto.randomUUID()
  const completed: string[] = []
  let starts = 0
  const agents = [
    {
      name: 'worker',
      concurrency: 4,
      async handler({ messageId }: { messageId: string }) {
        starts += 1
        await new Promise((resolve) => setTimeout(resolve, 5))
        completed.push(messageId)
        return messageId
      },
    },
  ]
  const settings = { redisUrl: server.url, streamMaxEntries: 10, orgConcurrency: 8, retryBackoffMs: 20 }
  const start = () => runtimes.start(settings, { agents, clock })
  const [sender, leaver, stayer] = [await start(), await start(), await start()]
  for (let n = 0; n < MESSAGES; n += 1)
    await sender.messages.send({ orgId, messageId: `m-${n}`, type: 'worker', key: `k-${n % KEYS}` })
  const redis = new Redis(server.url)
  onTestFinished(() => redis.disconnect())
  await redis.flushall()
  await leaver.startWorkers(['agent-worker'])
  await stayer.startWorkers(['agent-worker'])
  let advancedAt = 0
  const settledCount = async () => {
    // What Redis lost is put back a minute later: of our clock, not of the test's.
    if (performance.now() - advancedAt > ADVANCE_INTERVAL_MS) {
      advancedAt = performance.now()
      aheadMs += 61_000
    }
    const states = await Promise.all(
      Array.from({ length: MESSAGES }, (_, n) => sender.messages.status({ orgId, messageId: `m-${n}` })),
    )
    return states.filter(({ state }) => state === 'completed').length
  }
  await until(settledCount, (count) => count >= 10)
  await leaver.disconnect()
  await redis.flushall()
  await until(settledCount, (count) => count === MESSAGES)
  for (let key = 0; key < KEYS; key += 1) {
    const ofKey = completed.map((id) => Number(id.slice(2))).filter((n) => n % KEYS === key)
    expect([...new Set(ofKey)]).toEqual(Array.from({ length: MESSAGES / KEYS }, (_, at) => key + at * KEYS))
  }
  expect(starts).toBeLessThanOrEqual(2 * MESSAGES)
})
