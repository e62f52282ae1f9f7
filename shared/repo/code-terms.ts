import { wordsOf } from '../ai/local/words.ts'

/** The terms of code. */
export function codeTerms(text: string): string[] {
  return wordsOf(text)
}
