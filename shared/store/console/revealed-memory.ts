import { sql } from 'kysely'
import type { Database } from '../database.ts'
import { type Memory, readMemoriesWhere } from '../memories/memories.ts'

/** A memory of an org with its words, whatever its state and whoever it belongs to: for who may read words. */
export async function readRevealedMemory(database: Database, orgId: string, id: number): Promise<Memory | undefined> {
  const [memory] = await readMemoriesWhere(database, orgId, sql<boolean>`true`, { ids: [id] })
  return memory
}
