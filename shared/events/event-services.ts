import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import type { Database } from '../store/database.ts'
import type { StreamTails } from './stream-tails.ts'
import type { StreamWakes } from './stream-wakes.ts'

/** The services that write and read events. */
export type EventServices = {
  readonly config: Pick<Config, 'maxEventBytes' | 'eventRetentionHours'>
  readonly database: Database
  readonly clock: Clock
  readonly wakes: StreamWakes
  readonly tails: StreamTails
  /** Lets each reading through; it refuses once the runtime is closed. */
  enter<T>(call: () => Promise<T>): Promise<T>
}
