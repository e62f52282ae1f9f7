import { programmingLanguageOf } from '../languages.ts'

/**
 * Owns what documents and data count beside code. Pure. They speak of the same things in more of the question's words, but who searches code
 * looks for what does them; unless they answer so much better than any code that they must be meant.
 */

export type Kind = 'code' | 'prose' | 'data'

const KIND_OF: Readonly<Record<string, Kind>> = {
  markdown: 'prose',
  text: 'prose',
  json: 'data',
  yaml: 'data',
  toml: 'data',
}

/** Of a kind whose best is as good as the best of the code. Documents of a function have more of a question's words than its source has. */
const PRIORITY_WHEN_EVEN = 0.35
const MIN_PRIORITY = 0.3
/** So much better than any code, documents must be meant. */
const MEANT_RATIO = 2.5

export function kindOfPath(path: string): Kind {
  return KIND_OF[programmingLanguageOf(path) ?? ''] ?? 'code'
}

/** What the score of each candidate is to be multiplied by, in their order: 1 for code. */
export function kindPriorities(candidates: readonly { readonly path: string; readonly score: number }[]): number[] {
  const kinds = candidates.map(({ path }) => kindOfPath(path))
  const best: Record<Kind, number> = { code: 0, prose: 0, data: 0 }
  candidates.forEach(({ score }, at) => {
    const kind = kinds[at] as Kind
    best[kind] = Math.max(best[kind], score)
  })
  const priorityOf = (kind: Kind) => {
    if (kind === 'code' || best.code === 0) return 1
    const ratio = best[kind] / best.code
    return ratio >= MEANT_RATIO ? 1 : Math.min(1, Math.max(MIN_PRIORITY, PRIORITY_WHEN_EVEN * ratio))
  }
  const priorities = { code: 1, prose: priorityOf('prose'), data: priorityOf('data') }
  return kinds.map((kind) => priorities[kind])
}
