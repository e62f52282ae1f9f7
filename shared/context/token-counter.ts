import { countMessageTokens } from '../ai/message-tokens.ts'
import { loadTokenCounter, tokenFamilyOf } from '../ai/token-count.ts'
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

/** The counter of a model. A model that is not known counts as the newest OpenAI family, with a margin. */
export async function createTokenCounter(model: string): Promise<TokenCounter> {
  const { encoding, margin } = tokenFamilyOf(model)
  const countText = await loadTokenCounter(encoding)
  return {
    isAsRecorded: encoding === 'o200k' && margin === 1,
    text: (text) => Math.ceil(countText(text) * margin),
    message(message, source) {
      const isCounted = encoding === 'o200k' && source?.message === message && source.tokens !== null
      return Math.ceil((isCounted ? (source.tokens as number) : countMessageTokens(message, countText)) * margin)
    },
  }
}
