import { sql } from 'kysely'
import { z } from 'zod'
import { AfterturnError } from '../errors.ts'
import { parseInput } from '../parse-input.ts'
import type { Database } from '../store/database.ts'
import { type Memory, readMemoriesWhere } from '../store/memories/memories.ts'
import { type MemoryChain, readMemoryChain } from '../store/memories/memory-chains.ts'
import { isMemoryVisible, type Viewer } from '../store/scopes.ts'
import { viewerShape } from './search/search-input.ts'

/** Owns a memory's history: where it comes from, what it took the place of, and what took its place, when. */

export type HistoryInput = Viewer & { readonly orgId: string; readonly memoryId: number }

export type MemoryHistory = Omit<MemoryChain, 'successors' | 'predecessors'> & {
  /** With its sources, oldest first, and since when it holds, and no more. */
  readonly memory: Memory
  /** What it took the place of, and what that had replaced, newest first. */
  readonly replaced: readonly Memory[]
  /** What took its place, and what took that one's; the last is what holds now. */
  readonly replacedBy: readonly Memory[]
}

const historySchema = z.strictObject({ ...viewerShape, memoryId: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER) })

/**
 * Reads the history of a memory that the viewer may see, whatever its state.
 * @throws INPUT_INVALID, MEMORY_UNKNOWN
 */
export async function readMemoryHistory(database: Database, input: HistoryInput): Promise<MemoryHistory> {
  const { orgId, memoryId, ...viewer } = parseInput(historySchema, input, 'selection')
  const life = await readMemoryChain(database, orgId, memoryId, viewer)
  if (!life) throw new AfterturnError('MEMORY_UNKNOWN', `No memory ${memoryId} is known here.`)
  const { successors, predecessors, ...rest } = life
  const isOfChain = sql<boolean>`m.id = any(${[memoryId, ...successors, ...predecessors]}::bigint[]) and ${isMemoryVisible('m', viewer)}`
  const rows = new Map((await readMemoriesWhere(database, orgId, isOfChain)).map((row) => [row.id, row]))
  const rowsOf = (ids: readonly number[]) => ids.flatMap((id) => rows.get(id) ?? [])
  return {
    ...rest,
    memory: rows.get(memoryId) as Memory,
    replaced: rowsOf(predecessors),
    replacedBy: rowsOf(successors),
  }
}
