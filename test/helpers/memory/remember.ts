import { embedLocally, LOCAL_EMBEDDING_MODEL } from '../../../shared/ai/local/embedder.ts'
import { termsOf } from '../../../shared/ai/local/terms.ts'
import type { Database } from '../../../shared/store/database.ts'
import { insertMemories, type MemoryToInsert } from '../../../shared/store/memories/memory-changes.ts'
import { indexTerms } from '../../../shared/store/search-index/postings.ts'
import { insertVectors } from '../../../shared/store/search-index/vectors.ts'
import { writeFenced } from '../services/fence.ts'
import { newMemory } from './memories.ts'

export type TestMemory = Partial<Omit<MemoryToInsert, 'owner'>> & { readonly fact: string } & Partial<
    MemoryToInsert['owner']
  >

/** Writes memories as extraction would, without turns and without a fleet; answers their ids. */
export function remember(database: Database, orgId: string, memories: readonly TestMemory[]): Promise<number[]> {
  const at = new Date('2026-03-01T12:00:00Z')
  return writeFenced(database, orgId, async (transaction) => {
    const ids = await insertMemories(
      transaction,
      memories.map(({ userId = null, agentId = null, workstreamId = null, fact, validTo = null, ...given }) => ({
        ...newMemory(fact, { observedAt: at, language: 'en', ...given, owner: { userId, agentId, workstreamId } }),
        validTo,
      })),
      at,
    )
    const items = memories.map(({ fact }, index) => ({
      kind: 'memory' as const,
      item: ids[index] as number,
      terms: termsOf(fact),
      vector: embedLocally(fact),
    }))
    await indexTerms(transaction, items)
    await insertVectors(transaction, LOCAL_EMBEDDING_MODEL, items)
    return ids
  })
}
