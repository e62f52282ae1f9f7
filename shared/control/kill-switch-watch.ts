import type { Redis } from 'ioredis'
import { withinDeadline } from '../deadline.ts'
import { AfterturnError } from '../errors.ts'
import type { Log } from '../observe/log.ts'
import { killSwitchChannel } from '../redis/keys.ts'
import {
  haltedError,
  type KillSwitchRow,
  type KillSwitchScope,
  readKillSwitches,
} from '../store/control/kill-switches.ts'
import type { Database } from '../store/database.ts'
import { readKillSwitchKey } from './kill-switch.ts'

/**
 * What one process knows of the kill switch. A message makes it look at once; a poll of the rows and the key finds what no message told.
 * Guarantees: a job's signal fires within a poll and a read; until the rows have been read, and while they cannot be, everything is halted; while Redis
 * does not answer, the value that it gave last stands beside the rows.
 */
export type KillSwitchWatch = {
  /** Why work at a place is halted; undefined when it is not. Without an org: whether the whole queue is. */
  haltOf(place: KillSwitchScope): AfterturnError | undefined
  /** A signal that fires with KILL_SWITCH_ON when work at a place is halted. Release it when the work is done. */
  guard(place: KillSwitchScope): { readonly signal: AbortSignal; release(): void }
  /** Looks at once: somebody found a switch that this process does not know of. */
  lookNow(): Promise<void>
  /** Calls the listener after each change, until the answer is called. */
  onChange(listener: () => void): () => void
  stop(): Promise<void>
}

type KillSwitchWatchOptions = {
  /** Of its own, so that no load of the jobs' pool is taken for a store that is away. */
  readonly database: Database
  readonly redis: Redis
  /** A connection of its own: one that subscribes can do nothing else. */
  readonly subscriber: Redis
  readonly keyPrefix: string
  readonly pollMs: number
  readonly log: Log
}

/** A store that is only slow is not unreadable: jobs are not aborted for a load. */
const ROWS_TIMEOUT_MS = 5_000

type Guarded = { readonly place: KillSwitchScope; readonly controller: AbortController }

/** Starts to watch; everything is halted until the first look has succeeded, for which this waits. */
export async function watchKillSwitch(options: KillSwitchWatchOptions): Promise<KillSwitchWatch> {
  const { database, redis, subscriber, keyPrefix, log } = options
  const guarded = new Set<Guarded>()
  const listeners = new Set<() => void>()
  let rows: readonly KillSwitchRow[] | undefined
  let redisValue: string | undefined

  const haltOf = (place: KillSwitchScope): AfterturnError | undefined => {
    if (rows === undefined)
      return new AfterturnError('KILL_SWITCH_ON', 'The rows of the kill switch cannot be read: everything is halted.')
    const row = rows.find((one) => covers(one, place))
    if (row) return haltedError(row)
    return redisValue === undefined ? undefined : haltedError({ by: 'its Redis key', reason: redisValue })
  }
  const changed = () => {
    for (const { place, controller } of guarded) {
      const halt = haltOf(place)
      if (halt) controller.abort(halt)
    }
    for (const listener of listeners) listener()
  }

  const lookAtRows = poller(options.pollMs, async () => {
    const before = JSON.stringify(rows)
    try {
      rows = await readRows(database)
    } catch (error) {
      if (rows !== undefined)
        log.error({ error: (error as Error).message }, 'the kill switch cannot be read: everything is halted')
      rows = undefined
    }
    if (JSON.stringify(rows) === before) return
    if (rows?.length) log.warn({ halted: rows }, 'the kill switch is on')
    else if (rows && before !== undefined) log.warn({}, 'no kill switch is on')
    changed()
  })
  const lookAtKey = poller(options.pollMs, async () => {
    const before = redisValue
    // A Redis that does not answer may hold the same value still: only its answer lets work start again.
    redisValue = await readKillSwitchKey(redis, keyPrefix).catch(() => before)
    if (redisValue === before) return
    log.warn(
      { value: redisValue },
      redisValue === undefined ? 'its Redis key is off' : 'the kill switch is on by its Redis key',
    )
    changed()
  })
  const onMessage = (channel: string) => {
    if (channel !== killSwitchChannel(keyPrefix)) return
    void lookAtRows.now()
    void lookAtKey.now()
  }
  subscriber.on('message', onMessage)
  // Not awaited: Redis may be away, and the poll does without.
  subscriber.subscribe(killSwitchChannel(keyPrefix)).catch(() => {})
  await Promise.all([lookAtRows.now(), lookAtKey.now()])

  return {
    haltOf,
    guard(place) {
      const one = { place, controller: new AbortController() }
      const halt = haltOf(place)
      if (halt) one.controller.abort(halt)
      guarded.add(one)
      return { signal: one.controller.signal, release: () => guarded.delete(one) }
    },
    lookNow: lookAtRows.now,
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async stop() {
      subscriber.off('message', onMessage)
      await Promise.all([lookAtRows.stop(), lookAtKey.stop()])
    },
  }
}

function covers(one: KillSwitchScope, place: KillSwitchScope): boolean {
  const isOrg = one.orgId === undefined || one.orgId === place.orgId
  return isOrg && (one.queue === undefined || one.queue === place.queue)
}

function readRows(database: Database): Promise<KillSwitchRow[]> {
  // Once more: a connection that broke while it was idle shows at its next use.
  const rows = readKillSwitches(database).catch(() => readKillSwitches(database))
  return withinDeadline(rows, ROWS_TIMEOUT_MS, () => new Error(`the store did not answer within ${ROWS_TIMEOUT_MS} ms`))
}

/** Looks every while, one look at a time; `now` looks at once, and again after a look that was under way. */
function poller(everyMs: number, look: () => Promise<void>): { now(): Promise<void>; stop(): Promise<void> } {
  let timer: NodeJS.Timeout | undefined
  let current: Promise<void> | undefined
  let isAskedAgain = false
  let isStopped = false
  const now = (): Promise<void> => {
    isAskedAgain = current !== undefined
    current ??= (async () => {
      clearTimeout(timer)
      do {
        isAskedAgain = false
        await look()
      } while (isAskedAgain && !isStopped)
      current = undefined
      if (!isStopped) timer = setTimeout(now, everyMs)
    })()
    return current
  }
  return {
    now,
    async stop() {
      isStopped = true
      clearTimeout(timer)
      await current
    },
  }
}
