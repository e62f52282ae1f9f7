import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { migrate } from '../../../shared/store/migrations.ts'
import { type SandboxServer, startServers } from '../../services/start-servers.ts'
import type { KeptProcess, KeptProcesses } from './kept-processes.ts'
import { THIS_RELEASE } from './next-release.ts'

/** The store of a test that can go away and come back: a `store` process with a PGlite, or a PostgreSQL behind a pooler. */
export type StoreProcess = {
  /** Where it is, once it has started. */
  url(): string
  start(): Promise<void>
  /** Ends it: a PostgreSQL by its immediate stop for SIGKILL, by its fast one for SIGTERM. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>
  /** Stops and continues the process; of a PostgreSQL the one that takes new connections. */
  signal(name: 'SIGSTOP' | 'SIGCONT'): void
  /** Where the command of the release starts that it runs from its next start on; a PostgreSQL runs none. @default this release's */
  release: string
}

/** It is removed by a call of its own. */
type PooledPostgres = StoreProcess & { readonly pooler: SandboxServer; remove(): Promise<void> }

/** Prepares a copy of the migrated template as a `store` process; it runs after `start`. */
export async function preparePglite(processes: KeptProcesses, templateDir: string): Promise<StoreProcess> {
  const dataDir = join(processes.directory, 'store')
  await cp(templateDir, dataDir, { recursive: true })
  let running: KeptProcess | undefined
  let url = ''
  const store: StoreProcess = {
    release: THIS_RELEASE,
    url: () => url,
    async start() {
      running = processes.spawn({
        name: 'store',
        program: process.execPath,
        args: [store.release, 'store', dataDir],
        // A killed one leaves its socket: it shall lie where the test's other files lie.
        env: { ...process.env, TMPDIR: processes.directory },
      })
      const failed = running.exited.then(({ code, signal }) => {
        throw new Error(`The store ended with ${code ?? signal} before it was ready:\n${processes.output('store')}`)
      })
      url = (await Promise.race([running.ready, failed])).url as string
      // It has started: how it ends later is the test's affair.
      failed.catch(() => {})
    },
    async end(signal) {
      running?.signal(signal)
      await running?.exited
    },
    signal: (name) => running?.signal(name),
  }
  return store
}

/** Prepares a PostgreSQL 17 behind a PgBouncer, both running, in the sandbox of the services suite. */
export async function preparePostgres(sandbox: string): Promise<PooledPostgres> {
  const { postgres, pgbouncer, stop } = await startServers(sandbox, ['postgres', 'pgbouncer'])
  await migrate(postgres.url)
  let isRunning = true
  return {
    url: () => pgbouncer.url,
    async start() {
      if (!isRunning) await postgres.start()
      isRunning = true
    },
    async end(signal) {
      isRunning = false
      await postgres.end(signal === 'SIGKILL' ? 'SIGQUIT' : 'SIGINT')
    },
    signal: postgres.signal,
    release: THIS_RELEASE,
    remove: stop,
    pooler: pgbouncer,
  }
}
