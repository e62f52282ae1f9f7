import type { Redis } from 'ioredis'
import type { Producer } from '../../queues/producer.ts'
import type { ModelProvider } from '../../shared/ai/model-provider.ts'
import type { CachedEmbedder } from '../../shared/cache/embedding-cache.ts'
import type { Clock } from '../../shared/clock.ts'
import type { Config } from '../../shared/config.ts'
import type { StreamWakes } from '../../shared/events/stream-wakes.ts'
import type { Log } from '../../shared/observe/log.ts'
import type { Database } from '../../shared/store/database.ts'
import type { CodeParser } from './parsing/code-parser.ts'

/** What the handler of repo indexing stands on. */
export type RepoServices = {
  readonly config: Pick<
    Config,
    | 'environment'
    | 'redisKeyPrefix'
    | 'jobLockMs'
    | 'repoRoots'
    | 'repoHosts'
    | 'repoCaFile'
    | 'repoProxy'
    | 'repoMirrorDir'
    | 'repoMaxBytes'
    | 'repoFetchTimeoutMs'
    | 'repoGarbageGraceMs'
    | 'embeddingUsdPerMillionTokens'
  >
  readonly database: Database
  /** The durable role. */
  readonly redis: Redis
  readonly queues: Pick<Producer, 'ask'>
  readonly provider: ModelProvider
  readonly embedder: CachedEmbedder
  readonly codeParser: CodeParser
  readonly repoCredentials: RepoCredentials | undefined
  readonly wakes: Pick<StreamWakes, 'announce'>
  readonly clock: Clock
  readonly log: Log
}

/** Asked by a worker for each fetch; what it answers is used for that fetch, and neither stored nor logged. */
export type RepoCredentials = (repo: {
  readonly orgId: string
  readonly repoId: string
  readonly url: string
}) => RepoLogin | undefined | Promise<RepoLogin | undefined>

/** For https a password or token, with the user that the service wants; for ssh the file of a private key. */
export type RepoLogin = { readonly username?: string; readonly password: string } | { readonly sshKeyFile: string }
