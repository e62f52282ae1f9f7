import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, inject } from 'vitest'
import { migrate } from '../../shared/store/migrations.ts'
import { startPgliteStore } from '../../shared/store/pglite-store.ts'

/** A migrated, empty database for one test file: a copy of the run's PGlite directory, or a new database on the run's PostgreSQL. */
export function useStore(): { readonly url: string; readonly isPglite: boolean } {
  const isPglite = inject('postgresUrl') === ''
  const store = { url: '', isPglite }
  let stop = async () => {}
  beforeAll(async () => {
    const started = isPglite
      ? await startCopy(inject('pgliteTemplateDir'))
      : await createDatabase(inject('postgresUrl'))
    store.url = started.url
    stop = started.stop
  })
  afterAll(() => stop())
  return store
}

type Started = { url: string; stop: () => Promise<void> }

async function startCopy(template: string): Promise<Started> {
  const dir = await mkdtemp(join(tmpdir(), 'afterturn-test-store-'))
  await cp(template, dir, { recursive: true })
  const store = await startPgliteStore(dir)
  return {
    url: store.url,
    async stop() {
      await store.stop()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

async function createDatabase(serverUrl: string): Promise<Started> {
  const name = `test_${crypto.randomUUID().replaceAll('-', '')}`
  await withClient(serverUrl, (client) => client.query(`create database ${name}`))
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  await migrate(url.href)
  return {
    url: url.href,
    stop: () => withClient(serverUrl, (client) => client.query(`drop database ${name} with (force)`)),
  }
}

async function withClient(url: string, run: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await run(client).finally(() => client.end())
}
