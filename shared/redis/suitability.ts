import type { Redis } from 'ioredis'
import { type AfterturnError, isAfterturnError } from '../errors.ts'
import type { Log } from '../observe/log.ts'

/** Owns that queues run on a suitable Redis only. Guarantees: one that was away when it was to be checked is checked when it answers. */
type Suitability = {
  /** Checks it, unless it is known to suit. @throws REDIS_UNSUITABLE */
  check(): Promise<void>
  /** What is wrong with it, as far as it has answered. */
  fault(): AfterturnError | undefined
}

type SuitabilityOptions = {
  redis(): Redis
  /** Returns why no answer came, if none did. @throws REDIS_UNSUITABLE */
  check(redis: Redis): Promise<Error | undefined>
  onAway(error: Error): void
  readonly log: Log
}

export function watchSuitability({ redis, check, onAway, log }: SuitabilityOptions): Suitability {
  let isChecked = false
  let isWaiting = false
  let fault: AfterturnError | undefined

  const look = async (): Promise<void> => {
    try {
      const missing = await check(redis())
      fault = undefined
      isChecked = missing === undefined
      if (missing) {
        onAway(missing)
        checkWhenReady()
      }
    } catch (error) {
      if (isAfterturnError(error, 'REDIS_UNSUITABLE')) fault = error
      throw error
    }
  }
  const checkWhenReady = () => {
    if (isWaiting) return
    isWaiting = true
    redis().once('ready', () => {
      isWaiting = false
      look().catch((error: Error) => {
        if (fault) log.error({ error: error.message }, 'no queue runs on this Redis')
      })
    })
  }
  return {
    check: async () => {
      if (!isChecked) await look()
    },
    fault: () => fault,
  }
}
