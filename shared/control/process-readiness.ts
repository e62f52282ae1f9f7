import type { Redis } from 'ioredis'
import { sql } from 'kysely'
import { createReadiness, type Readiness } from '../processes/readiness.ts'
import type { Database } from '../store/database.ts'

/** The dependencies of a process with a runtime: its store and its Redis. The schema was checked when it connected. */
export function readinessOf(runtime: {
  readonly database: Database
  readonly redis: { getConnection(): Redis }
}): Readiness {
  return createReadiness({
    store: () => sql`select 1`.execute(runtime.database),
    redis: () => runtime.redis.getConnection().ping(),
  })
}
