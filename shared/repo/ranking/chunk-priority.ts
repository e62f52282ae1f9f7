import type { ChunkKind } from '../index-format/code-chunk.ts'
import { codeTerms } from './code-terms.ts'

/**
 * Owns what declarations count beside the functions that use them. Pure. Types and constants are described at length where they stand, in the
 * words of a question; who searches by what code does looks for what does it. A name that the question gives stands for itself.
 */

const PRIORITY: Readonly<Record<ChunkKind, number>> = {
  function: 1,
  method: 1,
  section: 1,
  window: 0.9,
  class: 0.7,
  block: 0.7,
}
/** Who asks with one of these, looks for declarations. */
const DECLARATIONS = new Set(
  codeTerms('type interface struct enum class constant trait record schema table view field property setting config'),
)

/** What the score of a chunk is to be multiplied by. @param likeness how much its name and the question are one, 0 to 1 */
export function chunkPriority(kind: ChunkKind, likeness: number, terms: readonly string[]): number {
  if (PRIORITY[kind] === 1 || terms.some((term) => DECLARATIONS.has(term))) return 1
  return PRIORITY[kind] + (1 - PRIORITY[kind]) * likeness ** 2
}
