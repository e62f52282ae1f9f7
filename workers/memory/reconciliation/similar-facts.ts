import type { ModelProvider } from '../../../shared/ai/model-provider.ts'

/** Owns when two facts are nearly the same, by cosine and by what no cosine tells: numbers, names and negation. */

/** `twin`: they say the same, if numbers, names and negation agree. `related`: a model should say how they stand to each other. */
export type Similarity = { readonly twin: number; readonly related: number }

/** Cosines of each provider's own vectors; those of one say nothing about another's. */
export const SIMILARITY: Readonly<Record<ModelProvider['name'], Similarity>> = {
  // The rules judge no meaning, so nothing is asked of them that a subject and an attribute do not answer.
  local: { twin: 0.95, related: Number.POSITIVE_INFINITY },
  // Not measured by us: others report of text-embedding-3 that paraphrases lie above .9, other facts about the same thing between .6 and .85.
  openai: { twin: 0.95, related: 0.6 },
}

const NEGATION =
  /\b(?:not|no|never|none|nobody|without|stopped|quit|former|un\w+|niet|geen|nicht|kein\w*|pas|jamais|não|nunca)\b|n['’]t\b/gi

/** Whether the two are one fact in two wordings. */
export function isTwin(a: string, b: string, cosine: number, { twin }: Similarity): boolean {
  return cosine >= twin && marksOf(a) === marksOf(b)
}

/** What must agree: numbers, words with a capital inside the sentence, and how often something is negated. */
function marksOf(fact: string): string {
  const numbers = fact.match(/\d+(?:[.,:/-]\d+)*/g) ?? []
  const names = fact.match(/(?<=\S\s+["'“(]?)\p{Lu}[\p{L}'’-]*/gu) ?? []
  return JSON.stringify([numbers.toSorted(), [...new Set(names)].toSorted(), fact.match(NEGATION)?.length ?? 0])
}
