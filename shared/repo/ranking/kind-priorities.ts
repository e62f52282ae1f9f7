import { perWord } from '../../ai/local/per-word.ts'
import type { ChunkKind } from '../index-format/code-chunk.ts'
import { PROSE_LANGUAGES, programmingLanguageOf } from '../languages.ts'
import { codeTerms } from './code-terms.ts'

/**
 * Owns what documents, data and declarations count beside the functions that use them. Pure. They speak of the same things at length, in the words
 * of a question, but who searches code looks for what does them; unless the question gives a declaration's name, or documents answer so much better
 * than any code that they must be meant.
 */

export type Kind = 'code' | 'prose' | 'data'

const KIND_OF: Readonly<Record<string, Kind>> = {
  json: 'data',
  yaml: 'data',
  toml: 'data',
}

/** Of a kind whose best is as good as the best of the code. Documents of a function have more of a question's words than its source has. */
const PRIORITY_WHEN_EVEN = 0.35
const MIN_PRIORITY = 0.3
/** So much better than any code, documents must be meant. */
const MEANT_RATIO = 2.5

/** Kept, since all searches of some code meet the same paths. */
export const kindOfPath: (path: string) => Kind = perWord((path) => {
  const language = programmingLanguageOf(path) ?? ''
  return PROSE_LANGUAGES.has(language) ? 'prose' : (KIND_OF[language] ?? 'code')
})

/** What the score of each candidate is to be multiplied by, in their order: 1 for code. */
export function kindPriorities(candidates: readonly { readonly kind: Kind; readonly score: number }[]): number[] {
  const best: Record<Kind, number> = { code: 0, prose: 0, data: 0 }
  for (const { kind, score } of candidates) best[kind] = Math.max(best[kind], score)
  const priorityOf = (kind: Kind) => {
    if (kind === 'code' || best.code === 0) return 1
    const ratio = best[kind] / best.code
    return ratio >= MEANT_RATIO ? 1 : Math.min(1, Math.max(MIN_PRIORITY, PRIORITY_WHEN_EVEN * ratio))
  }
  const priorities = { code: 1, prose: priorityOf('prose'), data: priorityOf('data') }
  return candidates.map(({ kind }) => priorities[kind])
}

const CHUNK_PRIORITY: Readonly<Record<ChunkKind, number>> = {
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
  if (CHUNK_PRIORITY[kind] === 1 || terms.some((term) => DECLARATIONS.has(term))) return 1
  return CHUNK_PRIORITY[kind] + (1 - CHUNK_PRIORITY[kind]) * likeness ** 2
}
