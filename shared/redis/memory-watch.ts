import type { Redis } from 'ioredis'
import type { Log } from '../observe/log.ts'
import { FULL_WARNING_RATIO, memoryRatioOf, readRedisFacts } from './redis-stats.ts'

/** Below this part of its limit a server that was told of is no news any more; between the two it is neither. */
const CALM_RATIO = 0.75

/** Warns before the durable Redis is full: one line when it nears its limit, one when that is over. */
type MemoryWatch = { look(redis: Redis): Promise<void> }

export function createMemoryWatch(log: Log): MemoryWatch {
  let isNearlyFull = false
  return {
    async look(redis) {
      // Whether it answers is the business of others.
      const facts = await readRedisFacts(redis).catch(() => undefined)
      const ratio = facts && memoryRatioOf(facts)
      if (ratio === undefined) return
      const fields = {
        role: 'durable',
        usedMemoryBytes: facts?.usedMemoryBytes,
        maxMemoryBytes: facts?.maxMemoryBytes,
      }
      if (ratio >= FULL_WARNING_RATIO && !isNearlyFull) {
        isNearlyFull = true
        log.warn(
          fields,
          `Redis is ${Math.round(ratio * 100)} % full: once it is, it refuses jobs; raise maxmemory, or see which queue grows`,
        )
      } else if (ratio < CALM_RATIO && isNearlyFull) {
        isNearlyFull = false
        log.info(fields, 'Redis has room again')
      }
    },
  }
}
