import { type ConversationMessage, textOf } from '../conversation.ts'

/** Owns what a message costs in a chat request: its texts, and what the API's own form adds. Never below what OpenAI counts, but for images of unusual models. */

/** Every message is wrapped: begin, role, separator, end. */
const MESSAGE_TOKENS = 4
const NAME_TOKENS = 1
/** The name and the braces around one call's arguments. */
const CALL_TOKENS = 8
const PART_TOKENS = 1
/** What gpt-4o counts for an image of low detail; else 8 tiles of 170 and the base, its most. */
const LOW_DETAIL_TOKENS = 85
const IMAGE_TOKENS = 85 + 8 * 170
/** The answer is begun for the model. */
export const REPLY_TOKENS = 3

/** The tokens of one message, its texts counted by the given function. */
export function countMessageTokens(message: ConversationMessage, countText: (text: string) => number): number {
  let tokens = MESSAGE_TOKENS + countText(textOf(message))
  if (message.name !== undefined) tokens += NAME_TOKENS + countText(message.name)
  if (Array.isArray(message.content)) {
    tokens += PART_TOKENS * message.content.length
    for (const part of message.content)
      if (part.type === 'image_url') tokens += part.image_url.detail === 'low' ? LOW_DETAIL_TOKENS : IMAGE_TOKENS
  }
  for (const { function: called } of message.tool_calls ?? [])
    tokens += CALL_TOKENS + countText(called.name) + countText(called.arguments)
  return tokens
}
