import pg from 'pg'

/** Counts and times the statements of this process, whoever sends them, from the sending to the answer. */
export function timeStatements() {
  let longest = { ms: 0, sql: '' }
  let statements = 0
  const client = pg.Client.prototype as unknown as { query(...args: unknown[]): unknown }
  const { query } = client
  client.query = function (this: unknown, ...args: unknown[]) {
    const startedMs = performance.now()
    const answer = query.apply(this, args as never)
    if (!(answer instanceof Promise)) return answer
    return answer.finally(() => {
      statements += 1
      const ms = performance.now() - startedMs
      const [asked] = args as [string | { readonly text: string }]
      if (ms > longest.ms) longest = { ms, sql: typeof asked === 'string' ? asked : asked.text }
    })
  }
  return {
    longest: () => longest,
    count: () => statements,
    reset() {
      longest = { ms: 0, sql: '' }
      statements = 0
    },
    stop() {
      client.query = query
    },
  }
}
