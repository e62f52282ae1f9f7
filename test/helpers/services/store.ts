import pg from 'pg'
import { afterAll, beforeAll, inject } from 'vitest'
import { migrate } from '../../../shared/store/migrations.ts'
import { type StartedStore, takeStore } from '../processes/store-hosts.ts'

/** A migrated, empty database for one test file: the PGlite of this worker, or a new database on the run's PostgreSQL. */
export function useStore(): { readonly url: string; readonly isPglite: boolean } {
  const isPglite = inject('postgresUrl') === ''
  const store = { url: '', isPglite }
  let stop = async () => {}
  beforeAll(async () => {
    const started = isPglite ? await ownStore() : await createDatabase(inject('postgresUrl'))
    store.url = started.url
    stop = started.stop
  })
  afterAll(() => stop())
  return store
}

/** The PGlite of this worker. Vitest numbers its workers from 1, and gives a number to no two at once. */
export function ownStore(): Promise<StartedStore> {
  return takeStore(inject('storeHosts')[Number(process.env.VITEST_POOL_ID) - 1] as string)
}

async function createDatabase(serverUrl: string): Promise<StartedStore> {
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
