import { defineConfig } from 'vitest/config'

/** `npm test`: everything that needs Redis and PGlite only. */
export default defineConfig({
  test: {
    include: ['test/{unit,integration,contracts,docs}/**/*.test.ts'],
    globalSetup: 'test/helpers/global-setup.ts',
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
