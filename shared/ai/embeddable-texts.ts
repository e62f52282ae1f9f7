import { AfterturnError } from '../errors.ts'

/** Owns which texts are refused before anything is sent or paid. */

/**
 * Refuses texts that no model embeds: empty ones, and those with half a surrogate pair, which UTF-8 cannot carry.
 * @throws INPUT_INVALID naming the first by its place
 */
export function refuseUnembeddable(texts: readonly string[]): void {
  for (const [index, text] of texts.entries()) {
    if (text.trim() === '') throw refusal(index, texts, 'something to embed, got an empty text')
    if (!text.isWellFormed()) throw refusal(index, texts, 'well-formed text, got half a surrogate pair')
  }
}

function refusal(index: number, texts: readonly string[], expectation: string): AfterturnError {
  return new AfterturnError('INPUT_INVALID', `Text ${index + 1} of ${texts.length} to embed: expected ${expectation}`)
}
