import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/** The services suite: what runs on PGlite and an embedded Redis in `npm test` runs here on PostgreSQL 17, with Redis 8 and with Valkey 8, and the contracts of the store by way of PgBouncer too. */

const root = fileURLToPath(new URL('../..', import.meta.url))
const ON_EVERY_SERVER = [
  'test/contracts/**/*.test.ts',
  'test/integration/{memory,lock}/{recording,digest,bad-input,faults,org-memory-lock*}.test.ts',
]
/** Without the servers' sandbox only the tests that say why are left. */
const isPrepared = existsSync(`${root}/.data/trixie`)

const common = {
  globalSetup: ['test/services/global-setup.ts'],
  testTimeout: 60_000,
  hookTimeout: 60_000,
  pool: 'forks' as const,
}

export default defineConfig({
  root,
  test: {
    maxWorkers: 2,
    projects: [
      {
        root,
        test: {
          ...common,
          name: 'redis-8',
          include: [
            'test/services/**/*.test.ts',
            ...(isPrepared ? [...ON_EVERY_SERVER, 'test/checkpointer/**/*.test.ts'] : []),
          ],
        },
      },
      { root, test: { ...common, name: 'valkey-8', include: isPrepared ? ON_EVERY_SERVER : [] } },
      { root, test: { ...common, name: 'pgbouncer', include: isPrepared ? ['test/contracts/**/*.test.ts'] : [] } },
    ],
  },
})
