import { countMessageTokens } from '../ai/tokens/message-tokens.ts'
import { loadModelCounter, ratedFamilyOf } from '../ai/tokens/model-counter.ts'
import { encodingOf, loadTokenCounter } from '../ai/tokens/token-count.ts'
import type { ConversationMessage } from '../conversation.ts'
import type { StoredMessage } from '../store/conversations/conversations.ts'

/** Counts as one model does. What was counted when it was recorded is not counted again where that model's family is the same. */
export type TokenCounter = {
  /** Whether what was counted when it was recorded holds for this model. */
  readonly isAsRecorded: boolean
  text(text: string): number
  /** `source` is the stored message that is shown as it is. */
  message(message: ConversationMessage, source?: StoredMessage): number
}

/** The counter of a model. What no tokenizer here knows is reckoned by script; `ratio` is by how much its server was seen to count more. */
export async function createTokenCounter(model: string, ratio = 1): Promise<TokenCounter> {
  const encoding = encodingOf(model)
  const countText = encoding ? await loadTokenCounter(encoding) : await loadModelCounter(ratedFamilyOf(model))
  const times = Math.max(1, ratio)
  return {
    isAsRecorded: encoding === 'o200k' && times === 1,
    text: (text) => Math.ceil(countText(text) * times),
    message(message, source) {
      const isCounted = encoding === 'o200k' && source?.message === message && source.tokens !== null
      return Math.ceil((isCounted ? (source.tokens as number) : countMessageTokens(message, countText)) * times)
    },
  }
}
