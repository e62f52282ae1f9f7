import { join } from 'node:path'
import type { Runtime, RuntimeOptions } from '../../../runtime.ts'
import type { ConfigInput } from '../../../shared/config.ts'
import type { TestRuntimes } from '../runtime.ts'
import { until } from '../until.ts'

/** A fleet that indexes the repositories of a test file, and what its tests ask of it. */

const ORG = 'org'

/** A runtime whose worker of repo indexing runs; its mirrors lie beside the repositories. */
export async function startIndexing(
  runtimes: TestRuntimes,
  reposDir: string,
  overrides: Partial<ConfigInput> = {},
  options: RuntimeOptions = {},
): Promise<Runtime> {
  const settings = { retryBackoffMs: 1, repoMirrorDir: join(reposDir, 'mirrors'), ...overrides }
  const runtime = await runtimes.start(settings, options)
  await runtime.startWorkers(['repo-indexing'])
  return runtime
}

/** Asks for a ref of the org `org` and answers how it stands once its run has ended. */
export async function indexRef(runtime: Runtime, source: string, { ref = 'HEAD', repoId = 'repo' } = {}) {
  await runtime.repos.index({ orgId: ORG, repoId, source, ref })
  const statuses = await until(
    () => runtime.repos.status({ orgId: ORG, repoId }),
    (all) => all.every(({ isPending }) => !isPending),
  )
  return statuses.find((status) => status.ref === ref)
}

/** The paths of a search's hits in the org `org`, best first. */
export async function foundPaths(runtime: Runtime, query: string): Promise<string[]> {
  return (await runtime.repos.search({ orgId: ORG, query })).hits.map(({ path }) => path)
}
