import type { Redis } from 'ioredis'
import type { Jobs } from '../../queues/jobs.ts'
import type { Producer } from '../../queues/producer.ts'
import type { Clock } from '../../shared/clock.ts'
import type { Config } from '../../shared/config.ts'
import type { Context } from '../../shared/context/context.ts'
import type { DeadLetters } from '../../shared/control/dead-letters.ts'
import type { KillSwitch } from '../../shared/control/kill-switch.ts'
import type { MemoryExport } from '../../shared/memory/export-memory.ts'
import type { Forgetting } from '../../shared/memory/forgetting.ts'
import type { MemoryApi } from '../../shared/memory/memory.ts'
import type { Quarantine } from '../../shared/memory/quarantine.ts'
import type { Log } from '../../shared/observe/log.ts'
import type { RoleStats } from '../../shared/redis/redis-stats.ts'
import type { Repos } from '../../shared/repo/repos.ts'
import type { Sessions } from '../../shared/session/sessions.ts'
import type { Database } from '../../shared/store/database.ts'

/** The public parts of a runtime that pages read and actions call, so that the console, the command line and the API cannot differ. */
export type ConsoleServices = {
  readonly config: Config
  readonly clock: Clock
  readonly log: Log
  readonly database: Database
  readonly queues: Producer
  readonly jobs: Jobs
  readonly redis: {
    getConnection(): Redis
    stats(): Promise<{ readonly durable: RoleStats; readonly cache: RoleStats | undefined }>
  }
  readonly memory: MemoryApi & Forgetting & MemoryExport & { readonly quarantine: Quarantine }
  readonly context: Pick<Context, 'compactNow'>
  readonly repos: Pick<Repos, 'index' | 'list' | 'status'>
  readonly killSwitch: KillSwitch
  readonly deadLetters: DeadLetters
  readonly sessions: Pick<Sessions, 'endAll'>
}
