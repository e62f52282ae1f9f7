import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/** The services suite: `vitest run --config test/services/vitest.config.ts`. */
export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    include: ['test/services/**/*.test.ts'],
    globalSetup: ['test/services/global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
