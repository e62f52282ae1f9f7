import { programmingLanguageOf } from '../languages.ts'

/**
 * Owns what documents and data count beside code. Pure. They speak of the same things in more of the question's words, but who searches code
 * looks for what does them; unless they answer so much better than any code that they must be meant.
 */

type Kind = 'code' | 'prose' | 'data'

const KIND_OF: Readonly<Record<string, Kind>> = {
  markdown: 'prose',
  text: 'prose',
  json: 'data',
  yaml: 'data',
  toml: 'data',
}

/** Of a kind whose best is as good as the best of the code. Questions for code have a better document in a quarter of cases, by a fifth in a tenth. */
const PRIORITY_WHEN_EVEN = 0.6
const MIN_PRIORITY = 0.4

/** What the score of each candidate is to be multiplied by, in their order: 1 for code. */
export function kindPriorities(candidates: readonly { readonly path: string; readonly score: number }[]): number[] {
  const kinds = candidates.map(({ path }) => KIND_OF[programmingLanguageOf(path) ?? ''] ?? 'code')
  const best: Record<Kind, number> = { code: 0, prose: 0, data: 0 }
  candidates.forEach(({ score }, at) => {
    const kind = kinds[at] as Kind
    best[kind] = Math.max(best[kind], score)
  })
  const priorityOf = (kind: Kind) => {
    if (kind === 'code' || best.code === 0) return 1
    return Math.min(1, Math.max(MIN_PRIORITY, PRIORITY_WHEN_EVEN * (best[kind] / best.code) ** 2))
  }
  const priorities = { code: 1, prose: priorityOf('prose'), data: priorityOf('data') }
  return kinds.map((kind) => priorities[kind])
}
