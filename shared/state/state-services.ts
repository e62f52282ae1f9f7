import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import { AfterturnError, isAfterturnError } from '../errors.ts'
import type { Log } from '../observe/log.ts'
import type { Database } from '../store/database.ts'
import type { StateKey, StateRow } from '../store/states/state-rows.ts'
import { fnv1a } from '../text/fnv1a.ts'
import type { KeptEnds } from './kept-ends.ts'

/** What every part of the state store is given. */
export type StateServices = {
  readonly config: Pick<Config, 'stateCodec' | 'stateMaxBytes' | 'stateKeepVersions' | 'stateTtlSeconds'>
  readonly database: Database
  readonly clock: Clock
  readonly log: Log
  readonly kept: KeptEnds<StateRow>
  readonly counts: { hits: number; misses: number }
}

/** One text for each key. */
export function textOfKey({ orgId, userId = '', stateId }: StateKey): string {
  return JSON.stringify([orgId, userId, stateId])
}

/** What a log may say of a key. */
export function hashOfKey(key: StateKey): string {
  return fnv1a(textOfKey(key)).toString(16).padStart(8, '0')
}

export function unknownState({ stateId }: StateKey, what: string): AfterturnError {
  return new AfterturnError('STATE_UNKNOWN', `Expected ${what} of the state ${JSON.stringify(stateId)}, got none.`, {
    recorded: 'no',
  })
}

export function conflict({ stateId }: StateKey, fault: string): AfterturnError {
  return new AfterturnError('STATE_CONFLICT', `The state ${JSON.stringify(stateId)}: ${fault}.`, { recorded: 'no' })
}

/** Says which version is damaged. */
export function namingVersion<T>({ stateId }: StateKey, version: number, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!isAfterturnError(error, 'STATE_CORRUPT')) throw error
    const message = `Version ${version} of the state ${JSON.stringify(stateId)}: ${error.message}`
    throw new AfterturnError('STATE_CORRUPT', message, { cause: error })
  }
}
