import { sql } from 'kysely'
import type { Database } from '../../../shared/store/database.ts'

/** Source that is worth several batches, and what of it an index holds. */

const FUNCTIONS_PER_FILE = 40

/** Files of TypeScript, by path; no two functions are alike. */
export function sourceFiles(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, file) => [`src/file-${file}.ts`, textOf(file)]))
}

function textOf(file: number): string {
  return Array.from(
    { length: FUNCTIONS_PER_FILE },
    (_, part) =>
      `export function part${part}OfFile${file}(input: string): number {\n  const length = input.length * ${file}\n  return length + ${part}\n}\n`,
  ).join('\n')
}

/** What an org's index holds, whatever its rows are called. */
export async function readIndexed(database: Database, orgId: string): Promise<unknown[]> {
  const { rows } = await sql`
    select f.path, encode(f.oid, 'hex') as oid, md5(b.source) as source, md5(b.segment) as segment, md5(b.vectors) as vectors, b.chunks
    from code_repos r join code_indexes i on i.repo = r.id join code_files f on f.index_id = i.id join code_blobs b on b.id = f.blob
    where r.org_id = ${orgId} order by f.path`.execute(database)
  return rows
}
