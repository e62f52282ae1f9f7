import { AfterturnError } from '../errors.ts'
import type { ModelProvider } from './model-provider.ts'
import { countTokens } from './tokens/token-count.ts'

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

/** A provider that refuses, with INPUT_INVALID, texts of more tokens than its model takes; `cutToTokens` would have cut them. */
export function limitTextTokens(provider: ModelProvider, maxTokens: number): ModelProvider {
  return {
    ...provider,
    async embed(texts, options) {
      for (const [index, text] of texts.entries()) {
        // A token is at least one byte, so most texts need no tokenizer.
        if (Buffer.byteLength(text) <= maxTokens) continue
        const tokens = await countTokens(text)
        if (tokens > maxTokens) throw refusal(index, texts, `at most ${maxTokens} tokens, got ${tokens}`)
      }
      return provider.embed(texts, options)
    },
  }
}

function refusal(index: number, texts: readonly string[], expectation: string): AfterturnError {
  return new AfterturnError('INPUT_INVALID', `Text ${index + 1} of ${texts.length} to embed: expected ${expectation}`)
}
