import { systemClock } from '../../../shared/clock.ts'
import { silentLog } from '../../../shared/observe/log.ts'
import { createRedisConnections } from '../../../shared/redis/connections.ts'
import { startFleet } from '../../../workers/fleet/fleet.ts'
import type { SlotProcessOptions } from './slot-processes.ts'

/** A process that serves the queue `work` with slots, says which jobs it starts, and ends none: `fork` it with its options as JSON. */

const { redisUrl, keyPrefix, limit, jobLockMs }: SlotProcessOptions = JSON.parse(process.argv[2] as string)
const connections = createRedisConnections({
  redisUrl,
  enqueueTimeoutMs: 2_000,
  allowEvictingRedis: false,
  log: silentLog,
})
type Data = { readonly key: string; readonly n: number }
const worker = {
  queue: 'work',
  concurrency: 4,
  slots: { key: ({ data }: { data: Data }) => data.key, limit },
  processor: ({ data }: { data: Data }) => {
    process.send?.(data.n)
    return new Promise<void>(() => {})
  },
}
process.on('disconnect', () => process.exit(0))
await startFleet([], [worker], {
  connection: connections.getConnectionForBullMQ(),
  keyPrefix,
  clock: systemClock,
  log: silentLog,
  jobLockMs,
})
