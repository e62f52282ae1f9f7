import type { Redis } from 'ioredis'
import type { Log } from '../observe/log.ts'

/** Says when a server is away and when it is back. Guarantees: one line each, however many connections lose it and however often they try. */
export type OutageReport = {
  /** Follows a connection to the server. */
  follow(redis: Redis, purpose: string): void
  isDown(purpose: string, error: Error): void
  isUp(purpose: string): void
}

/** `consequence` is what the outage means for the reader. */
export function createOutageReport(log: Log, role: 'durable' | 'cache', consequence: string): OutageReport {
  const down = new Set<string>()
  const report: OutageReport = {
    follow(redis, purpose) {
      redis.on('error', (error: Error) => {
        // ioredis hears the first error of a socket only, and TLS may have a second one, the server's alert: unheard it would end the process.
        redis.stream?.on('error', () => {})
        report.isDown(purpose, error)
      })
      // A proxy takes the connection and closes it, without an error.
      redis.on('reconnecting', () => report.isDown(purpose, new Error('the connection was closed')))
      redis.on('ready', () => report.isUp(purpose))
    },
    isDown(purpose, error) {
      if (down.size === 0) log.warn({ role, error: error.message }, `Redis is away: ${consequence}`)
      down.add(purpose)
    },
    isUp(purpose) {
      if (down.delete(purpose) && down.size === 0) log.info({ role }, 'Redis is back')
    },
  }
  return report
}
