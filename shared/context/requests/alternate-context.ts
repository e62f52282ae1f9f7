import { REPLY_TOKENS } from '../../ai/tokens/message-tokens.ts'
import { type ContentPart, type ConversationMessage, textOf } from '../../conversation.ts'
import { originsOf } from '../../formats/origin.ts'
import type { LoadedContext } from '../loaded-context.ts'
import type { TokenCounter } from '../token-counter.ts'
import { type AlternatingTarget, alternateRoles } from './alternate-roles.ts'
import type { RequestMessage } from './request-types.ts'

/** Owns a loaded context in the form of an API that takes roles in turns. */

type Loaded = Omit<LoadedContext, 'toolTokens'>
const { originOf } = originsOf('gemini')
/** Some APIs refuse a message without any text. */
const NO_TEXT = '[no text]'

/** The same context with its roles in turns; its parts say in which message each of them is now. */
export function alternateContext(loaded: Loaded, target: AlternatingTarget, counter: TokenCounter): Loaded {
  const { messages: inTurns, indexOf } = alternateRoles(
    loaded.messages.map((message) => withWords(message, hasText)),
    target,
  )
  const messages = target === 'anthropic' ? withoutSpaceAtEnd(inTurns) : inTurns.map(withStandardFields)
  const parts = loaded.parts.map((part) => ({
    ...part,
    message: part.message === null ? null : (indexOf[part.message] as number),
  }))
  return { ...loaded, messages: messages as RequestMessage[], parts, tokens: tokensOf(messages, counter) }
}

/** The same context with words in each message, for Gemini, which signs parts without any. */
export function wordedContext(loaded: Loaded, counter: TokenCounter): Loaded {
  const messages = loaded.messages.map((message) =>
    withWords(message, (part) => hasText(part) || Object.keys(originOf(part)).length > 0),
  )
  return { ...loaded, messages: messages as RequestMessage[], tokens: tokensOf(messages, counter) }
}

function tokensOf(messages: readonly ConversationMessage[], counter: TokenCounter): number {
  return messages.reduce((sum, message) => sum + counter.message(message), REPLY_TOKENS)
}

function hasText(part: ContentPart): boolean {
  return part.type !== 'text' || part.text.trim() !== ''
}

/** Servers that insist on turns, Mistral's the first, refuse a field that OpenAI's requests do not have: thoughts, signatures of calls. */
function withStandardFields({
  role,
  name,
  content,
  tool_calls,
  tool_call_id,
}: ConversationMessage): ConversationMessage {
  const calls = tool_calls?.map((call) =>
    call.type === 'custom' ? call : { id: call.id, type: call.type, function: call.function },
  )
  return {
    role,
    ...(name !== undefined && { name }),
    content,
    ...(calls && { tool_calls: calls }),
    ...(tool_call_id !== undefined && { tool_call_id }),
  }
}

/** Anthropic's API refuses an answer to continue that ends in a space. */
function withoutSpaceAtEnd(messages: readonly ConversationMessage[]): readonly ConversationMessage[] {
  const last = messages.at(-1)
  if (last?.role !== 'assistant' || last.tool_calls) return messages
  const { content } = last
  if (typeof content === 'string') return [...messages.slice(0, -1), { ...last, content: content.trimEnd() }]
  const part = content?.at(-1)
  if (!content || part?.type !== 'text') return messages
  return [
    ...messages.slice(0, -1),
    { ...last, content: [...content.slice(0, -1), { ...part, text: part.text.trimEnd() }] },
  ]
}

/** The message with the parts that stay, and with words where it has none. */
function withWords(message: ConversationMessage, stays: (part: ContentPart) => boolean): ConversationMessage {
  const { content } = message
  const parts = Array.isArray(content) ? content.filter(stays) : []
  if (parts.length > 0) return { ...message, content: parts }
  if (message.tool_calls) return textOf(message).trim() === '' ? { ...message, content: null } : message
  return textOf(message).trim() === '' ? { ...message, content: NO_TEXT } : message
}
