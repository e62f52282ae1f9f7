/** Owns how the arms of code search become one score, and can say why. Pure. */

/** What the arms say of one chunk. */
export type ArmValues = {
  /** Undefined without a vector of the current model. */
  readonly cosine: number | undefined
  readonly keyword: number
  /** The share of the query's terms, by weight, that its symbol or its path has. */
  readonly symbol: number
  readonly path: number
}

/** The parts of a score, each from 0 to 1, the best of the search being 1. */
export type CodeScoreParts = {
  readonly meaning: number
  readonly keyword: number
  readonly symbol: number
  readonly path: number
}

const WEIGHTS: CodeScoreParts = { meaning: 1, keyword: 1, symbol: 0.3, path: 0.2 }

export function fuseArms(candidates: readonly ArmValues[]): { readonly score: number; readonly why: CodeScoreParts }[] {
  const cosines = candidates.flatMap(({ cosine }) => (cosine === undefined ? [] : [cosine]))
  const average = cosines.reduce((sum, cosine) => sum + cosine, 0) / (cosines.length || 1)
  const best = cosines.reduce((max, cosine) => Math.max(max, cosine), average)
  const bestKeyword = candidates.reduce((max, { keyword }) => Math.max(max, keyword), 0)
  return candidates.map(({ cosine, keyword, symbol, path }) => {
    const why = {
      meaning: cosine === undefined || best <= average ? 0 : Math.max(0, (cosine - average) / (best - average)),
      keyword: bestKeyword > 0 ? keyword / bestKeyword : 0,
      symbol,
      path,
    }
    const score =
      WEIGHTS.meaning * why.meaning + WEIGHTS.keyword * why.keyword + WEIGHTS.symbol * symbol + WEIGHTS.path * path
    return { score, why }
  })
}
