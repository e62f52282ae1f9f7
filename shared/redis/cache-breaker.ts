import { Command, type Redis } from 'ioredis'
import { AfterturnError } from '../errors.ts'
import type { OutageReport } from './outage-report.ts'

/**
 * Owns when the cache Redis is asked at all. Guarantees: after `FAILURES_TO_OPEN` commands in a row without an answer every command is refused at once,
 * with REDIS_UNAVAILABLE; a probe of our own, and never a caller's command, finds out whether it answers again. An error that Redis answers is an answer.
 */

const FAILURES_TO_OPEN = 2
const PROBE_INTERVAL_MS = 500

type BreakerOptions = { readonly purpose: string; readonly report: OutageReport; readonly timeoutMs: number }

/**
 * Lets the commands of a connection, single, piped or scripts, through a breaker, until the connection ends. The connection must have a command timeout and
 * no offline queue: it then refuses by itself while it is not ready, and the breaker does while it is ready and silent.
 */
export function breakSilentCommands(redis: Redis, { purpose, report, timeoutMs }: BreakerOptions): void {
  // By hand: the usual library (cockatiel) lets callers wait for the half-open one, up to a whole timeout, and counts by the wall clock, which jumps.
  const send = redis.sendCommand.bind(redis)
  let failures = 0
  let probes: NodeJS.Timeout | undefined
  let isProbing = false

  const answered = () => {
    failures = 0
  }
  const failed = (error: Error) => {
    if (error.name === 'ReplyError') return answered()
    failures += 1
    // Commands that were on their way fail after the end, when nothing would stop the probes.
    if (failures < FAILURES_TO_OPEN || probes || redis.status === 'end') return
    report.isDown(purpose, new Error(`${failures} commands in a row had no answer within ${timeoutMs} ms`))
    probes = setInterval(probe, PROBE_INTERVAL_MS).unref()
    // At once: when this process itself was late, the answer is there already.
    void probe()
  }
  const close = () => {
    clearInterval(probes)
    probes = undefined
    failures = 0
  }

  async function probe(): Promise<void> {
    if (!probes || isProbing || redis.status !== 'ready') return
    isProbing = true
    try {
      await send(new Command('ping'))
      close()
      report.isUp(purpose)
    } catch {
      // After a partition an old line may stay silent for minutes; a new one is ready as soon as Redis answers.
      if (redis.status === 'ready') redis.disconnect(true)
    } finally {
      isProbing = false
    }
  }

  redis.sendCommand = (command, stream) => {
    if (redis.status !== 'ready') return send(command, stream)
    if (probes) {
      command.reject(
        new AfterturnError('REDIS_UNAVAILABLE', 'The cache Redis gives no answer; it is not asked until it does.'),
      )
      return command.promise
    }
    const answer = send(command, stream)
    command.promise.then(answered, failed)
    return answer
  }
  redis.on('ready', () => void probe())
  redis.on('end', close)
}
