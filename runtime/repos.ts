import { CATALOG } from '../queues/catalog.ts'
import { createLoadedCode } from '../shared/repo/index-format/loaded-code.ts'
import { createRepos as createBareRepos, type Repos } from '../shared/repo/repos.ts'
import type { Foundation } from './foundation.ts'
import type { Models } from './models.ts'
import type { Queueing } from './queueing.ts'

/** What apps write and read of repositories. */
export function createRepos(foundation: Foundation, models: Models, { queues }: Queueing): Repos {
  const { config, database } = foundation
  return createBareRepos({
    ...foundation,
    ...models,
    loadedCode: createLoadedCode(database, config.repoSearchMemoryBytes),
    enqueueIndexing: (key) => queues.enqueue(CATALOG['repo-indexing'], { v: 1, ...key }),
  })
}
