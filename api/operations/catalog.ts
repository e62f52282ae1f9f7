import { compactContext } from './contexts/compact-context.ts'
import { expandContext } from './contexts/expand-context.ts'
import { loadContext } from './contexts/load-context.ts'
import type { AnyOperation } from './define-operation.ts'
import { createKey } from './keys/create-key.ts'
import { listKeys } from './keys/list-keys.ts'
import { revokeKey } from './keys/revoke-key.ts'
import { addMemory } from './memory/add-memory.ts'
import { forgetMemory } from './memory/forget-memory.ts'
import { listMemories } from './memory/list-memories.ts'
import { memoryHistory } from './memory/memory-history.ts'
import { promptBlock } from './memory/prompt-block.ts'
import { searchMemory } from './memory/search-memory.ts'
import { updateMemory } from './memory/update-memory.ts'
import { extractTurn } from './turns/extract-turn.ts'
import { recordTurn } from './turns/record-turn.ts'
import { turnStatus } from './turns/turn-status.ts'

/** Every operation. Routes, document, tools, client, command line and tests iterate it, in this order. */
export const OPERATIONS: readonly AnyOperation[] = [
  recordTurn,
  turnStatus,
  extractTurn,
  searchMemory,
  promptBlock,
  listMemories,
  memoryHistory,
  addMemory,
  updateMemory,
  forgetMemory,
  loadContext,
  expandContext,
  compactContext,
  createKey,
  listKeys,
  revokeKey,
]
