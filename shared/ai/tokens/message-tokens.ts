import { type ContentPart, type ConversationMessage, callsOf, textOf } from '../../conversation.ts'

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

/** What hears audio takes 10 tokens a second, and no format that it takes has less than 1,000 bytes a second. */
const AUDIO_BYTES_PER_TOKEN = 100
/** Of documents: text and pictures of their pages; a page of 100 kB was counted with some 3,000. */
const FILE_BYTES_PER_TOKEN = 30
/** A file that only its id names: its size is not known here. */
const UNSEEN_FILE_TOKENS = 2_000
const BASE64_CHARS_PER_BYTE = 4 / 3

/** The tokens of one message, its texts counted by the given function. What has no form in OpenAI's API counts as its JSON. */
export function countMessageTokens(message: ConversationMessage, countText: (text: string) => number): number {
  const {
    role: _,
    name,
    content,
    refusal: __,
    audio: ___,
    tool_calls,
    tool_call_id: ____,
    function_call,
    ...others
  } = message
  let tokens = MESSAGE_TOKENS + countText(textOf(message))
  if (name !== undefined) tokens += NAME_TOKENS + countText(name)
  if (Array.isArray(content)) for (const part of content) tokens += PART_TOKENS + partTokens(part, countText)
  for (const call of callsOf({ tool_calls, function_call }))
    tokens += CALL_TOKENS + countText(call.name) + countText(call.input)
  if (Object.keys(others).length > 0) tokens += countText(JSON.stringify(others))
  return tokens
}

/** What a part takes beside its words. */
function partTokens(part: ContentPart, countText: (text: string) => number): number {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return 0
    case 'image_url':
      return part.image_url.detail === 'low' ? LOW_DETAIL_TOKENS : IMAGE_TOKENS
    case 'input_audio':
      return Math.ceil(part.input_audio.data.length / BASE64_CHARS_PER_BYTE / AUDIO_BYTES_PER_TOKEN)
    case 'file': {
      const { file_data: data, filename = '' } = part.file
      const bytes = data === undefined ? UNSEEN_FILE_TOKENS * FILE_BYTES_PER_TOKEN : data.length / BASE64_CHARS_PER_BYTE
      return countText(filename) + Math.ceil(bytes / FILE_BYTES_PER_TOKEN)
    }
    default:
      return countText(JSON.stringify(part))
  }
}
