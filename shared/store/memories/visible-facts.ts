import { sql } from 'kysely'
import type { Database } from '../database.ts'
import { isMemoryVisible, type Viewer } from '../scopes.ts'

/** The words of memories by their ids, as far as the viewer sees them; one that is held for a review is shown to nobody. */
export async function readFactsOf(
  database: Database,
  orgId: string,
  viewer: Viewer,
  ids: readonly number[],
): Promise<ReadonlyMap<number, string>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<{ id: number; fact: string }>`
    select m.id, m.fact from memories m
    where m.org_id = ${orgId} and m.id = any(${ids}::bigint[]) and m.status = 'active' and ${isMemoryVisible('m', viewer)}`.execute(
    database,
  )
  return new Map(rows.map(({ id, fact }) => [id, fact]))
}
