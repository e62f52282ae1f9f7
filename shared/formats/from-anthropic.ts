import type { ContentPart, ConversationMessage, FunctionCall } from '../conversation.ts'
import { dataUrl, readDataUrl } from './data-urls.ts'
import { type AnswerPiece, type ForeignFields, isFields, notOf, opaque, originsOf, without } from './origin.ts'

/** Owns how messages of Anthropic's Messages API become messages of the chat API. `toAnthropic` gives them back as they were. */

const { assistantOf, withOrigin } = originsOf('anthropic')

const PDF = 'application/pdf'
/** OpenAI's API wants a name for each file. */
const UNNAMED = 'document.pdf'

/** A message of Anthropic's API: `MessageParam`, or the answer of a model. */
export type AnthropicMessageInput = { readonly role: string; readonly content: unknown }
/** A request of Anthropic's API, as far as it is a conversation. */
export type AnthropicInput = {
  readonly system?: unknown
  readonly messages: readonly AnthropicMessageInput[]
}

/**
 * Makes messages of Anthropic's API ones that `recordTurn` takes.
 * @throws INPUT_INVALID
 */
export function fromAnthropic(given: AnthropicInput | readonly AnthropicMessageInput[]): ConversationMessage[] {
  const { system, messages } = Array.isArray(given)
    ? { system: undefined, messages: given as readonly AnthropicMessageInput[] }
    : (given as AnthropicInput)
  const out: ConversationMessage[] = []
  if (system !== undefined && system !== null) out.push({ role: 'system', content: contentOf(system, 'system') })
  for (const [index, message] of messages.entries()) {
    const { role, content } = message
    if (role === 'assistant') out.push(fromAssistant(content, index))
    else if (role === 'user') out.push(...fromUser(content, index, messages[index - 1]?.role === 'user'))
    else if (role === 'system') out.push(withOrigin({ role, content: contentOf(content, index) }, { inPlace: true }))
    else throw notOf('Anthropic', index, 'a message of a user, an assistant or the system')
  }
  return out
}

function fromAssistant(content: unknown, index: number): ConversationMessage {
  if (typeof content === 'string') return { role: 'assistant', content }
  return assistantOf(
    blocksOf(content, index).map((block): AnswerPiece => {
      const { type, id, name, input } = block
      if (type !== 'tool_use' || typeof id !== 'string' || typeof name !== 'string') return { part: partOf(block) }
      const call: FunctionCall = { id, type: 'function', function: { name, arguments: JSON.stringify(input ?? {}) } }
      return { call: withOrigin(call, without(block, 'type', 'id', 'name', 'input')) }
    }),
  )
}

/** Results are messages of their own; the pieces of one message say that they belong to the one before. */
function fromUser(content: unknown, index: number, isAfterUser: boolean): ConversationMessage[] {
  if (typeof content === 'string') return [{ role: 'user', content }]
  const pieces: { role: 'user' | 'tool'; blocks: ForeignFields[] }[] = []
  for (const block of blocksOf(content, index)) {
    const role = block.type === 'tool_result' ? 'tool' : 'user'
    const last = pieces.at(-1)
    if (last && role === 'user' && last.role === 'user') last.blocks.push(block)
    else pieces.push({ role, blocks: [block] })
  }
  if (pieces.length === 0) return [{ role: 'user', content: [] }]
  return pieces.map(({ role, blocks }, nth) => {
    const place = nth > 0 ? { continues: true } : role === 'tool' && isAfterUser ? { begins: true } : {}
    if (role === 'user') return withOrigin({ role, content: blocks.map(partOf) }, place)
    const [block = {}] = blocks
    const { content } = block
    const isNone = content === undefined || content === null
    const message: ConversationMessage = {
      role,
      tool_call_id: String(block.tool_use_id),
      ...(!isNone && { content: contentOf(content, index) }),
    }
    return withOrigin(message, {
      ...without(block, 'type', 'tool_use_id', ...(isNone ? [] : ['content'])),
      ...place,
    })
  })
}

function contentOf(content: unknown, where: number | 'system'): string | ContentPart[] {
  return typeof content === 'string' ? content : blocksOf(content, where === 'system' ? 0 : where).map(partOf)
}

function blocksOf(content: unknown, index: number): ForeignFields[] {
  if (Array.isArray(content) && content.every(isFields)) return content
  throw notOf('Anthropic', index, 'text or a list of content blocks')
}

function partOf(block: ForeignFields): ContentPart {
  const { type, text, source } = block
  if (type === 'text' && typeof text === 'string') return withOrigin({ type, text }, without(block, 'type', 'text'))
  const url = (type === 'image' || type === 'document') && isFields(source) ? addressOf(source) : undefined
  if (url === undefined) return opaque('anthropic', block)
  const rest = without(block, 'type', 'source')
  if (type === 'image') return withOrigin({ type: 'image_url', image_url: { url } }, rest)
  const data = readDataUrl(url)
  // Other APIs fetch images only.
  if (data?.mediaType !== PDF) return opaque('anthropic', block)
  const { title } = block
  const filename = typeof title === 'string' && title !== '' ? title : UNNAMED
  return withOrigin({ type: 'file', file: { file_data: url, filename } }, rest)
}

/** The address of an image that has one; undefined for a file's, or one that would not come back the same. */
function addressOf(source: ForeignFields): string | undefined {
  const { type, media_type: mediaType, data, url } = source
  const fields = Object.keys(source).length
  if (type === 'base64' && typeof mediaType === 'string' && typeof data === 'string' && fields === 3)
    return mediaType.includes(';') ? undefined : dataUrl(mediaType, data)
  return type === 'url' && typeof url === 'string' && fields === 2 && !url.startsWith('data:') ? url : undefined
}
