import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

// The packages that each test file and each process of a test loads are compiled once. Forks inherit this.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('node_modules/.cache/afterturn', import.meta.url))

/** The files of unit tests take the least time: the last of them end together. Without it, what has never run here starts in the order of size. */
class UnitTestsLast extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const { unit = [], others = [] } = Object.groupBy(await super.sort(files), ({ moduleId }) =>
      moduleId.includes('/test/unit/') ? 'unit' : 'others',
    )
    return [...others, ...unit]
  }
}

/** `npm test`: everything that needs Redis and PGlite only. */
export default defineConfig({
  test: {
    include: ['test/{unit,integration,contracts,docs}/**/*.test.ts'],
    globalSetup: 'test/helpers/global-setup.ts',
    setupFiles: ['test/helpers/fixed-seed.ts', 'test/helpers/leftovers.ts'],
    pool: 'forks',
    // A worker loads what the files share once: with a process for each file, a third of the suite's CPU went into loading.
    isolate: false,
    // The code is what Node runs as it stands: Vite's transformation of each module cost more CPU than many of the tests.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    sequence: { sequencer: UnitTestsLast },
    // One more than the two cores: most tests wait for processes and services.
    maxWorkers: 3,
    // They end what hangs. What must be quick is measured by its test, in time that a busy machine does not stretch.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
