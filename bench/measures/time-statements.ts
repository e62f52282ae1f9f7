import type { KyselyPlugin, QueryId } from 'kysely'
import type { Database } from '../../shared/store/database.ts'

/** A store that counts and times the statements that go through it; what waits for a connection is among a statement's time. */
export function timeStatements(database: Database) {
  const begun = new WeakMap<QueryId, number>()
  let [longest, statements] = [0, 0]
  const plugin: KyselyPlugin = {
    transformQuery({ queryId, node }) {
      begun.set(queryId, performance.now())
      return node
    },
    async transformResult({ queryId, result }) {
      statements += 1
      longest = Math.max(longest, performance.now() - (begun.get(queryId) ?? performance.now()))
      return result
    },
  }
  return {
    database: database.withPlugin(plugin),
    longestMs: () => longest,
    count: () => statements,
    reset() {
      longest = 0
      statements = 0
    },
  }
}
