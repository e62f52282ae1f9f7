import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { startPgliteStore } from '../../shared/store/pglite/pglite-store.ts'

/** What the worlds of a run share: a migrated PGlite directory, of which each takes a copy. All else each starts for itself. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const template = await mkdtemp(join(tmpdir(), 'afterturn-fault-template-'))
  await (await startPgliteStore(template)).stop()
  project.provide('pgliteTemplateDir', template)
  return () => rm(template, { recursive: true, force: true })
}
