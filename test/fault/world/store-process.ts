import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { migrate } from '../../../shared/store/migrations.ts'
import type { KeptProcess, KeptProcesses } from './kept-processes.ts'

/** The store of a test that can go away and come back: a `store` process with a PGlite, or a database on a PostgreSQL. */
export type StoreProcess = {
  /** Where it is, once it has started. */
  url(): string
  start(): Promise<void>
  /** Ends it; of a PostgreSQL, which others may use too, ends all sessions of the database instead. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>
  /** Stops and continues the process; a PostgreSQL has none that would be ours. */
  signal(name: 'SIGSTOP' | 'SIGCONT'): void
  /** Removes what `processes.end()` does not. */
  remove(): Promise<void>
}

const START = fileURLToPath(new URL('../../../cli/afterturn.ts', import.meta.url))

/** Prepares a copy of the migrated template as a `store` process; it runs after `start`. */
export async function preparePglite(processes: KeptProcesses, templateDir: string): Promise<StoreProcess> {
  const dataDir = join(processes.directory, 'store')
  await cp(templateDir, dataDir, { recursive: true })
  let running: KeptProcess | undefined
  let url = ''
  return {
    url: () => url,
    async start() {
      running = processes.spawn({
        name: 'store',
        program: process.execPath,
        args: [START, 'store', dataDir],
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
    remove: async () => {},
  }
}

/** Prepares a new database on a PostgreSQL. */
export async function preparePostgres(serverUrl: string): Promise<StoreProcess> {
  const name = `fault_${crypto.randomUUID().replaceAll('-', '')}`
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  await onServer(serverUrl, `create database ${name}`)
  await migrate(url.href)
  return {
    url: () => url.href,
    start: async () => {},
    end: () => onServer(serverUrl, `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`),
    signal: () => {},
    remove: () => onServer(serverUrl, `drop database ${name} with (force)`),
  }
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(statement).finally(() => client.end())
}
