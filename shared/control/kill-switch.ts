import type { Redis } from 'ioredis'
import { z } from 'zod'
import type { Clock } from '../clock.ts'
import { withinDeadline } from '../deadline.ts'
import { AfterturnError } from '../errors.ts'
import type { Log } from '../observe/log.ts'
import { bySchema, idSchema, parseInput } from '../parse-input.ts'
import { killSwitchChannel, killSwitchKey } from '../redis/keys.ts'
import {
  deleteKillSwitch,
  insertKillSwitch,
  type KillSwitchChange,
  type KillSwitchRow,
  type KillSwitchScope,
  keepKillSwitchChange,
  readKillSwitchChanges,
  readKillSwitches,
} from '../store/control/kill-switches.ts'
import type { Database } from '../store/database.ts'
import { asStoreError } from '../store/store-errors.ts'
import { cleanText } from '../text/clean-text.ts'

/**
 * The kill switch, for people and programs that turn it. Everything is halted when a row in the store says so *or* the Redis key
 * `PREFIX:kill_switch` holds a truthy value, and also while the rows cannot be read. An org or a queue is halted by a row only.
 */
export type KillSwitch = {
  /**
   * Halts job starts, model calls and commits in every process within a second; turns are still recorded. Turning it on again only changes the reason.
   * @throws INPUT_INVALID; STORE_UNAVAILABLE if neither the store nor Redis accepted it
   */
  turnOn(change: KillSwitchInput): Promise<KillSwitchStatus>
  /**
   * Resumes work; turning off a switch that is off changes nothing. Without a scope, the Redis key is removed too.
   * @throws INPUT_INVALID, STORE_UNAVAILABLE
   */
  turnOff(change: KillSwitchInput): Promise<KillSwitchStatus>
  /** Reports what is halted now. Never throws: it reports what cannot be read. */
  status(): Promise<KillSwitchStatus>
  /** Lists the newest changes. @default limit 20 */
  changes(input?: { limit?: number }): Promise<KillSwitchChange[]>
}

export type KillSwitchInput = KillSwitchScope & {
  /** Who acts; cut at 100 characters. @default 'app' */
  readonly by?: string
  /** Cut at 500 characters. */
  readonly reason?: string
}

export type KillSwitchStatus = {
  /** Whether anything at all is halted. */
  readonly isOn: boolean
  readonly switches: readonly KillSwitchRow[]
  /** What the Redis key holds, when that halts everything. */
  readonly redisValue: string | undefined
  /** If false, everything is halted. */
  readonly isStoreReadable: boolean
  /** If false, the rows alone decide. */
  readonly isRedisReadable: boolean
}

type KillSwitchServices = {
  readonly database: Database
  /** The durable role; opened on first use. */
  redis(): Redis
  readonly keyPrefix: string
  readonly clock: Clock
  readonly log: Log
}

const MAX_REASON_LENGTH = 500
const SHOWN_CHANGES = 20
const MAX_CHANGES = 10_000
/** The time the store has to answer; a frozen one would keep who asks for half a minute. */
const STORE_TIMEOUT_MS = 2_000
/** The time Redis has to answer; after it the rows alone decide. */
const REDIS_TIMEOUT_MS = 1_000

// Strict: a misspelt `orgId` would halt everything.
const place = idSchema.optional()
const changeSchema = z.strictObject({
  orgId: place,
  queue: place,
  by: bySchema,
  reason: z
    .string()
    .transform((text) => cleanText(text, MAX_REASON_LENGTH))
    .default(''),
})
const changesSchema = z.strictObject({ limit: z.number().int().min(1).max(MAX_CHANGES).default(SHOWN_CHANGES) })

/** Binds the kill switch to a runtime's services. */
export function createKillSwitch(services: KillSwitchServices): KillSwitch {
  const { database, redis, clock, log } = services
  const key = killSwitchKey(services.keyPrefix)
  const announce = () =>
    answered(redis().publish(killSwitchChannel(services.keyPrefix), 'changed')).catch((error: Error) =>
      log.warn({ error: error.message }, 'the kill switch was not announced; every process polls it'),
    )
  const status = async (): Promise<KillSwitchStatus> => {
    const [rows, value] = await Promise.allSettled([
      withinDeadline(readKillSwitches(database), STORE_TIMEOUT_MS, lateStore),
      readKillSwitchKey(redis(), services.keyPrefix),
    ])
    const switches = rows.status === 'fulfilled' ? rows.value : []
    const redisValue = value.status === 'fulfilled' ? value.value : undefined
    const isStoreReadable = rows.status === 'fulfilled'
    return {
      isOn: switches.length > 0 || redisValue !== undefined || !isStoreReadable,
      switches,
      redisValue,
      isStoreReadable,
      isRedisReadable: value.status === 'fulfilled',
    }
  }

  return {
    async turnOn(input) {
      const change = parseInput(changeSchema, input, 'change')
      try {
        await insertKillSwitch(database, { ...change, at: clock.now() })
      } catch (error) {
        // A stop must not fail because one of the two is away; the store that comes back would not know of it.
        if (change.orgId !== undefined || change.queue !== undefined) throw asStoreError(error)
        log.warn({ error: (error as Error).message }, 'the store did not take the kill switch; Redis holds it alone')
        await answered(redis().set(key, `${change.by}: ${change.reason}`)).catch(() => {
          throw asStoreError(error)
        })
      }
      await announce()
      return status()
    },
    async turnOff(input) {
      const change = { ...parseInput(changeSchema, input, 'change'), at: clock.now() }
      try {
        const wasOn = await deleteKillSwitch(database, change)
        const isGlobal = change.orgId === undefined && change.queue === undefined
        const hadKey = isGlobal && (await answered(redis().del(key)).catch(() => 0)) === 1
        if (hadKey && !wasOn) await keepKillSwitchChange(database, { ...change, isOn: false })
      } catch (error) {
        throw asStoreError(error)
      }
      await announce()
      return status()
    },
    status,
    async changes(input = {}) {
      const { limit } = parseInput(changesSchema, input, 'selection')
      const read = readKillSwitchChanges(database, limit)
      return withinDeadline(read, STORE_TIMEOUT_MS, lateStore).catch((error) => {
        throw asStoreError(error)
      })
    },
  }
}

/** What the Redis key holds; undefined when that halts nothing. Throws when Redis does not answer. */
export async function readKillSwitchKey(redis: Redis, keyPrefix: string): Promise<string | undefined> {
  const value = await answered(redis.get(killSwitchKey(keyPrefix))).catch((error: Error) => {
    // Whoever made it a list or a hash meant something by it.
    if (error.message.startsWith('WRONGTYPE')) return 'not a text'
    throw error
  })
  return value === null || /^(0|false|off|no)?$/i.test(value.trim()) ? undefined : value
}

function lateStore(): AfterturnError {
  return new AfterturnError('STORE_UNAVAILABLE', `The store did not answer within ${STORE_TIMEOUT_MS} ms.`)
}

function answered<T>(reply: Promise<T>): Promise<T> {
  return withinDeadline(reply, REDIS_TIMEOUT_MS, () => new Error(`Redis did not answer within ${REDIS_TIMEOUT_MS} ms`))
}
