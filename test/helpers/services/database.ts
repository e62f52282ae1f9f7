import { afterAll, beforeAll, beforeEach } from 'vitest'
import { type Database, openDatabase } from '../../../shared/store/database.ts'
import { useStore } from './store.ts'

/** Opens the database of one test file; before each test it is handed over, with the id of an org that no other test has. */
export function useDatabase(handOver: (database: Database, orgId: string) => void): void {
  const store = useStore()
  let database: Database
  let orgs = 0
  beforeAll(() => {
    database = openDatabase({ url: store.url, poolSize: 8 })
  })
  afterAll(() => database.destroy())
  beforeEach(() => {
    orgs += 1
    handOver(database, `org-${orgs}`)
  })
}
