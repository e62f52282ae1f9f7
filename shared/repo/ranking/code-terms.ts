import { termsOf } from '../../ai/local/terms.ts'

/**
 * The terms of code, in order and with repetitions: identifiers as their parts and as a whole, stemmed and without the words that say nothing,
 * because questions about code are prose (without stop words BM25 alone loses a quarter of its MRR).
 */
export function codeTerms(text: string): string[] {
  return termsOf(text)
}
