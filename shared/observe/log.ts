import { pino } from 'pino'
import type { Config } from '../config.ts'

/** Owns the log: JSON lines on standard error, secrets masked. */

/** The part of a logger that the product uses; hosts may bring their own. */
export type Log = {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

const MASKED_FIELDS = [
  'password',
  'apiKey',
  'token',
  'authorization',
  'redisUrl',
  'redisSentinels',
  'redisCluster',
  'cacheRedisUrl',
  'cacheRedisSentinels',
  'cacheRedisCluster',
  'databaseUrl',
  'directDatabaseUrl',
  'openaiApiKey',
  'secretKeys',
]

/** A logger at the configured level whose lines name the process, on standard error so that standard output stays a command's own. */
export function createLog(config: Pick<Config, 'logLevel'>, processName?: string): Log {
  return pino(
    {
      level: config.logLevel,
      base: { pid: process.pid, ...(processName !== undefined && { process: processName }) },
      redact: { paths: MASKED_FIELDS.flatMap((field) => [field, `*.${field}`]), censor: '***' },
    },
    pino.destination({ dest: 2, sync: true }),
  )
}

/** A logger that says nothing. */
export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} }

/** An address that can be shown: its password is masked. */
export function maskUrl(url: string): string {
  // Up to the last @: an address with an unencoded / or @ in its password is wrong, and still must not show it.
  return url.replace(/^([a-z]+:\/\/[^:@/]*):.*@/is, '$1:***@')
}

/** A logger whose lines all carry some fields. */
export function withFields(log: Log, fields: object): Log {
  const line = (level: keyof Log) => (more: object, message: string) => log[level]({ ...fields, ...more }, message)
  return { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') }
}
