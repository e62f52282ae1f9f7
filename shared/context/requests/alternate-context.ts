import { REPLY_TOKENS } from '../../ai/tokens/message-tokens.ts'
import { type ConversationMessage, textOf } from '../../conversation.ts'
import type { LoadedContext } from '../loaded-context.ts'
import type { TokenCounter } from '../token-counter.ts'
import { type AlternatingTarget, alternateRoles } from './alternate-roles.ts'
import type { RequestMessage } from './request-types.ts'

/** Owns a loaded context in the form of an API that takes roles in turns. */

type Loaded = Omit<LoadedContext, 'toolTokens'>
/** Some APIs refuse a message without any text. */
const NO_TEXT = '[no text]'

/** The same context with its roles in turns; its parts say in which message each of them is now. */
export function alternateContext(loaded: Loaded, target: AlternatingTarget, counter: TokenCounter): Loaded {
  const { messages, indexOf } = alternateRoles(loaded.messages.map(withWords), target)
  const taken = messages.reduce((sum, message) => sum + counter.message(message), REPLY_TOKENS)
  const parts = loaded.parts.map((part) => ({
    ...part,
    message: part.message === null ? null : (indexOf[part.message] as number),
  }))
  return { ...loaded, messages: messages as RequestMessage[], parts, tokens: taken }
}

function withWords(message: ConversationMessage): ConversationMessage {
  const { content } = message
  const parts = Array.isArray(content) ? content.filter((part) => part.type !== 'text' || part.text.trim() !== '') : []
  if (parts.length > 0) return { ...message, content: parts }
  if (message.tool_calls) return textOf(message).trim() === '' ? { ...message, content: null } : message
  return textOf(message).trim() === '' ? { ...message, content: NO_TEXT } : message
}
