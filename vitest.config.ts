import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

// The packages that each test file and each process of a test loads are compiled once. Forks inherit this.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('node_modules/.cache/compiled', import.meta.url))

/** `npm test`: everything that needs Redis and PGlite only. */
export default defineConfig({
  test: {
    include: ['test/{unit,integration,contracts,docs}/**/*.test.ts'],
    globalSetup: 'test/helpers/global-setup.ts',
    setupFiles: 'test/helpers/fixed-seed.ts',
    pool: 'forks',
    // A worker loads what the files share once: with a process for each file, a third of the suite's CPU went into loading.
    isolate: false,
    // One more than the two cores: most tests wait for processes and services.
    maxWorkers: 3,
    // They end what hangs. What must be quick is measured by its test, in time that a busy machine does not stretch.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
