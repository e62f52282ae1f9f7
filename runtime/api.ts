import { CATALOG } from '../queues/catalog.ts'
import type { QueueContract } from '../queues/define-queue.ts'
import { createEraseJobs } from '../queues/erase-jobs.ts'
import { type Answers, createAnswers } from '../shared/answers/answers.ts'
import type { LoadedCache } from '../shared/cache/engine/loaded-cache.ts'
import { bindContext, type Context } from '../shared/context/context.ts'
import { createDeadLetters, type DeadLetters } from '../shared/control/dead-letters.ts'
import { createKillSwitch, type KillSwitch } from '../shared/control/kill-switch.ts'
import { AfterturnError } from '../shared/errors.ts'
import { eraseProgress } from '../shared/events/erase-progress.ts'
import type { UntilSettled } from '../shared/events/until-settled.ts'
import type { WithOrgMemoryLock } from '../shared/lock/org-memory-lock.ts'
import { bindForgetting, type ErasureDuty, type Forgetting } from '../shared/memory/forgetting.ts'
import { bindMemory, type MemoryApi } from '../shared/memory/memory.ts'
import { bindRepos, type Repos } from '../shared/repo/repos.ts'
import { compactFromTokens } from '../shared/settings/context-settings.ts'
import { allowedRoots } from '../workers/repo/git/allowed-roots.ts'
import { watchTree } from '../workers/repo/watch-tree.ts'
import type { Foundation } from './foundation.ts'
import type { Models } from './models.ts'
import type { Queueing } from './queueing.ts'

/** Binds what apps and operators call to the services of one runtime. Nothing here is guarded yet: `createRuntime` does that once. */

/** What apps read and write of memory, measured. */
export function createMemoryApi(
  foundation: Foundation,
  models: Models,
  queueing: Queueing,
  finishErasure: ErasureDuty['finish'],
): MemoryApi {
  const { queues, scheduleDigest, scheduleCompaction } = queueing
  return bindMemory({
    ...foundation,
    ...models,
    scheduleDigest,
    scheduleCompaction,
    finishErasure,
    enqueueExtraction: (turn, timeoutMs) =>
      queues.enqueue(CATALOG['memory-extraction'], { v: 1, ...turn }, { timeoutMs }),
  })
}

/** What apps read of a conversation. */
export function createContextApi(foundation: Foundation, { scheduleCompaction }: Queueing): Context {
  const { config, log } = foundation
  return bindContext({
    ...foundation,
    compactFromTokens: compactFromTokens(config),
    wakeCompaction: (workstream) =>
      scheduleCompaction(workstream).catch((error: Error) => {
        log.warn({ ...workstream, error: error.message }, 'no wake-up could be queued; the sweeper will add it')
        return null
      }),
  })
}

/** Answers of the host's own calls of models. */
export function createAnswersApi(
  { config, database }: Foundation,
  { embedder, provider }: Models,
  cache: LoadedCache,
): Answers {
  const { embeddingModel } = provider
  return createAnswers({ cache, database, embedder, embeddingModel, keyPrefix: config.redisKeyPrefix })
}

/** What apps write and read of repositories. */
export function createReposApi(
  foundation: Foundation,
  models: Models,
  { queues }: Queueing,
  untilSettled: UntilSettled,
): Repos {
  const { config } = foundation
  return bindRepos({
    ...foundation,
    ...models,
    untilSettled,
    watchTree: (path, on) => watchTree(path, { ...on, roots: allowedRoots(config) }),
    enqueueIndexing: (key) => queues.enqueue(CATALOG['repo-indexing'], { v: 1, ...key }),
  })
}

/** Erasing, over the store, the queues of the product and the host, and the cache. */
export function createErasing(
  foundation: Foundation,
  { queues, jobs }: Queueing,
  withOrgMemoryLock: WithOrgMemoryLock,
  announceKey: (keyId: string) => Promise<void>,
): Forgetting & ErasureDuty {
  const redis = foundation.connections.getConnectionForProducers()
  const eraseJobs = createEraseJobs(queues, jobs, redis)
  return bindForgetting({
    ...foundation,
    cacheRedis: foundation.connections.getCacheConnection(),
    withOrgMemoryLock,
    announceKey,
    async eraseJobs(search) {
      await eraseJobs(search)
      if (search.part === 'org')
        for (const orgId of search.orgIds) await eraseProgress(redis, foundation.config.redisKeyPrefix, orgId)
    },
  })
}

/** What operators hold. */
export function createControl(
  foundation: Foundation,
  { queues, contracts, scheduleDigest }: Queueing,
): { readonly killSwitch: KillSwitch; readonly deadLetters: DeadLetters } {
  const { config, connections } = foundation
  return {
    killSwitch: createKillSwitch({
      ...foundation,
      redis: connections.getConnection,
      keyPrefix: config.redisKeyPrefix,
    }),
    deadLetters: createDeadLetters({
      ...foundation,
      scheduleDigest,
      async enqueue(name, payload) {
        const contract = contracts.find((one) => one.name === name)
        if (!contract) throw new AfterturnError('QUEUE_UNKNOWN', `No contract is known here for the queue ${name}.`)
        // The producer checks the payload.
        return queues.enqueue(contract as QueueContract, payload)
      },
    }),
  }
}
