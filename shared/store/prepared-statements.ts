import type pg from 'pg'

/**
 * Owns which statements a session keeps prepared: those that come again and again, so that the server plans them once and not each time, which takes longer
 * than most of them. Guarantees: where a pooler gives each transaction another session, it notices and stops.
 */

export type PreparedStatements = {
  /** Prepares the statements of a new connection. */
  watch(client: pg.PoolClient): void
  /** From now on statements are sent whole. */
  stop(): void
}

type Query = (...args: unknown[]) => Promise<unknown>

/** Most statements that come twice come often. */
const MIN_USES = 3
/** Each takes some 50 KB in every session of the server. */
const MAX_PREPARED = 200
const MAX_COUNTED = 2_000
/** The session does not have the statement, has it already, or the tables are others by now. */
const UNFIT = new Set(['26000', '42P05', '0A000'])

/** Makes the names of one pool's statements. */
export function createPreparedStatements(): PreparedStatements {
  const names = new Map<string, string>()
  const uses = new Map<string, number>()
  let isStopped = false

  const nameOf = (text: string): string | undefined => {
    const name = names.get(text)
    if (name !== undefined || names.size === MAX_PREPARED) return name
    const used = (uses.get(text) ?? 0) + 1
    if (used < MIN_USES) {
      if (uses.size === MAX_COUNTED) uses.clear()
      uses.set(text, used)
      return undefined
    }
    uses.delete(text)
    names.set(text, `afterturn_${names.size}`)
    return names.get(text)
  }

  return {
    watch(client) {
      const query = client.query.bind(client) as Query
      const prepared = async (...args: unknown[]) => {
        const [text, values] = args
        const hasValues = Array.isArray(values) && values.length > 0
        const name = isStopped || typeof text !== 'string' || !hasValues ? undefined : nameOf(text)
        if (name === undefined) return query(...args)
        const isAlone = (client as unknown as pg.Client).getTransactionStatus() === 'I'
        try {
          return await query({ name, text, values })
        } catch (error) {
          if (!UNFIT.has((error as { code?: string }).code ?? '')) throw error
          isStopped = true
          if (!isAlone) throw error
          return query(...args)
        }
      }
      client.query = prepared as typeof client.query
    },
    stop() {
      isStopped = true
    },
  }
}
