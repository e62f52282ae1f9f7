import { type ContentPart, type ConversationMessage, isSystem } from '../conversation.ts'
import { argumentsObject } from './arguments-object.ts'
import { readDataUrl } from './data-urls.ts'
import { describePart } from './describe-part.ts'
import { type ForeignFields, listPieces, originsOf, type Placed, partsOfContent, without } from './origin.ts'

/** Owns how messages of the chat API become a request of Anthropic's Messages API: those that `fromAnthropic` made, as they were. */

const { originOf } = originsOf('anthropic')

export type AnthropicBlock = { readonly type: string; readonly [field: string]: unknown }
export type AnthropicMessage = { role: 'user' | 'assistant' | 'system'; content: string | AnthropicBlock[] }
/** `system` is absent where no system message is. */
export type AnthropicRequest<Message = AnthropicMessage, System = string | AnthropicBlock[]> = {
  system?: System
  messages: Message[]
}

/**
 * Makes messages a request of Anthropic's API. In TypeScript name its types: `toAnthropic<Anthropic.MessageParam, string | Anthropic.TextBlockParam[]>(…)`.
 */
export function toAnthropic<Message = AnthropicMessage, System = string | AnthropicBlock[]>(
  messages: readonly ConversationMessage[],
): AnthropicRequest<Message, System> {
  const { indexOf: _, ...request } = placedInAnthropic(messages)
  return request as AnthropicRequest<Message, System>
}

/** The request, and for each message the index of the one in which it is; null for one of the system. */
export function placedInAnthropic(
  messages: readonly ConversationMessage[],
): AnthropicRequest & Placed<AnthropicMessage> {
  const indexOf: (number | null)[] = []
  const systems: ConversationMessage[] = []
  const out: AnthropicMessage[] = []
  let isAfterResult = false
  for (const message of messages) {
    const { continues, begins, inPlace } = originOf(message)
    if (isSystem(message) && inPlace !== true) {
      systems.push(message)
      indexOf.push(null)
      continue
    }
    const isResult = message.role === 'tool' || message.role === 'function'
    const content = isResult ? [resultBlock(message)] : contentOf(message)
    const last = out.at(-1)
    // The results of one answer stand in one message.
    const isJoined = continues === true || (isResult && isAfterResult && begins !== true)
    if (last?.role === 'user' && message.role !== 'assistant' && isJoined)
      last.content = [...blocksOf(last.content), ...blocksOf(content)]
    else out.push({ role: inPlace === true ? 'system' : message.role === 'assistant' ? 'assistant' : 'user', content })
    indexOf.push(out.length - 1)
    isAfterResult = isResult
  }
  const [only] = systems
  const system = systems.length === 1 && only ? contentOf(only) : systems.flatMap((one) => blocksOf(contentOf(one)))
  return { ...(systems.length > 0 && { system }), messages: out, indexOf }
}

function contentOf(message: ConversationMessage): string | AnthropicBlock[] {
  const { content } = message
  if (typeof content === 'string' && !message.tool_calls) return content
  return listPieces(message).flatMap((entry) => {
    if ('part' in entry) return blockOf(entry.part)
    const { call } = entry
    const [name, input] =
      call.type === 'custom' ? [call.custom.name, { input: call.custom.input }] : [call.function.name, inputOf(call)]
    return [{ type: 'tool_use', id: call.id, name, input, ...originOf(call) }]
  })
}

function inputOf(call: { readonly function: { readonly arguments: string } }): unknown {
  return JSON.parse(argumentsObject(call.function.arguments))
}

function resultBlock(message: ConversationMessage): AnthropicBlock {
  const { content } = message
  const isNone = content === undefined || content === null
  return {
    type: 'tool_result',
    tool_use_id: message.tool_call_id ?? '',
    ...(!isNone && { content: typeof content === 'string' ? content : content.flatMap(blockOf) }),
    ...without(originOf(message), 'continues', 'begins'),
  }
}

function blocksOf(content: string | AnthropicBlock[]): AnthropicBlock[] {
  return typeof content === 'string' ? partsOfContent(content).flatMap(blockOf) : content
}

function blockOf(part: ContentPart): AnthropicBlock[] {
  const origin = originOf(part)
  switch (part.type) {
    case 'text':
      return [{ type: 'text', text: part.text, ...origin }]
    case 'image_url':
      return [{ type: 'image', source: imageSource(part.image_url.url), ...origin }]
    case 'opaque':
      if (part.format === 'anthropic') return [part.value as AnthropicBlock]
      break
    case 'file': {
      const data = readDataUrl(part.file.file_data ?? '')
      if (data?.mediaType === 'application/pdf')
        return [
          { type: 'document', source: { type: 'base64', media_type: data.mediaType, data: data.base64 }, ...origin },
        ]
      break
    }
    default:
  }
  const text = describePart(part)
  return text === '' ? [] : [{ type: 'text', text }]
}

function imageSource(url: string): ForeignFields {
  const data = readDataUrl(url)
  return data ? { type: 'base64', media_type: data.mediaType, data: data.base64 } : { type: 'url', url }
}
