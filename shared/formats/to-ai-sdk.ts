import {
  type ContentPart,
  type ConversationMessage,
  isResult,
  isSystem,
  type ToolCall,
  textOf,
} from '../conversation.ts'
import { argumentsValue } from './arguments-object.ts'
import { readDataUrl } from './data-urls.ts'
import { describePart } from './describe-part.ts'
import { fileAddressOf, mediaKeyOf, writeFileData } from './file-data.ts'
import { fromJson } from './json-data.ts'
import { type ForeignFields, listPieces, originsOf, type Placed, parsedJson } from './origin.ts'

/** Owns how messages of the chat API become messages of the AI SDK for a model: those that `fromAiSdk` made, as they were. */

const { originOf } = originsOf('ai-sdk')

export type AiSdkMessage = { role: string; content: unknown; [field: string]: unknown }

/** Makes messages ones of the AI SDK. In TypeScript name its type: `toAiSdk<ModelMessage>(…)`. */
export function toAiSdk<Message = AiSdkMessage>(messages: readonly ConversationMessage[]): Message[] {
  return placedInAiSdk(messages).messages as Message[]
}

/** The messages, and where each of the given ones is. */
export function placedInAiSdk(messages: readonly ConversationMessage[]): Placed<AiSdkMessage> {
  const out: AiSdkMessage[] = []
  const indexOf: number[] = []
  const names = new Map<string, string>()
  for (const message of messages) {
    for (const call of message.tool_calls ?? [])
      names.set(call.id, call.type === 'custom' ? call.custom.name : call.function.name)
    const last = out.at(-1)
    const { continues } = originOf(message)
    const made = messageOf(message, names)
    if (continues === true && last?.role === made.role && Array.isArray(last.content) && Array.isArray(made.content))
      last.content.push(...made.content)
    else out.push(made)
    indexOf.push(out.length - 1)
  }
  return { messages: out, indexOf }
}

function messageOf(message: ConversationMessage, names: ReadonlyMap<string, string>): AiSdkMessage {
  const { content } = message
  const origin = fromJson(originOf(message)) as ForeignFields
  const { output, result: version4, continues: _, order: __, message: ofMessage = {}, ...rest } = origin
  if (isResult(message) && message.tool_call_id !== undefined) {
    if (version4 !== undefined) {
      const result = version4 === 'text' ? textOf(message) : parsedJson(textOf(message))
      const part = { type: 'tool-result', toolCallId: message.tool_call_id, ...rest, result }
      return { role: 'tool', content: [part], ...(ofMessage as ForeignFields) }
    }
    const toolName = names.get(message.tool_call_id) ?? message.name ?? ''
    const result = {
      type: 'tool-result',
      toolCallId: message.tool_call_id,
      toolName,
      output: outputOf(message, output),
    }
    // What another converter kept says nothing to this API.
    return {
      role: 'tool',
      content: [{ ...result, ...(output === undefined ? {} : rest) }],
      ...(ofMessage as ForeignFields),
    }
  }
  if (typeof content === 'string' && !message.tool_calls)
    return { role: isSystem(message) ? 'system' : message.role, content, ...rest }
  if (isSystem(message)) return { role: 'system', content: textOf(message), ...rest }
  if (message.role !== 'assistant')
    return {
      role: message.role,
      content: (content ? [...content] : []).flatMap((part) => partOf(part as ContentPart)),
      ...rest,
      ...(ofMessage as ForeignFields),
    }
  const parts = listPieces(message).flatMap((entry) =>
    'part' in entry ? partOf(entry.part, true) : [callPart(entry.call)],
  )
  return { role: 'assistant', content: parts, ...rest }
}

const MEDIA: readonly string[] = ['image_url', 'input_audio', 'file']

function outputOf(message: ConversationMessage, kept: unknown): unknown {
  const { content } = message
  const text = textOf(message)
  if (kept === undefined) {
    const hasMedia = Array.isArray(content) && content.some(({ type }) => MEDIA.includes(type))
    return hasMedia ? { type: 'content', value: content.flatMap(resultPart) } : { type: 'text', value: text }
  }
  const output = kept as ForeignFields
  if (Array.isArray(content)) return { ...output, value: content.flatMap((part) => partOf(part)) }
  if (output.type === 'json' || output.type === 'error-json') return { ...output, value: parsedJson(text) }
  return output.type === 'execution-denied' ? output : { ...output, value: text }
}

/** A piece of a result of another API; in words where it is a file without its data, or an image at no whole address, which the SDK takes nowhere here. */
function resultPart(part: ContentPart): ForeignFields[] {
  const isFile = part.type === 'file' || part.type === 'input_audio'
  const address = part.type === 'image_url' ? part.image_url.url : isFile ? fileAddressOf(part) : undefined
  const inside = readDataUrl(address ?? '')
  if (inside) return [{ type: 'file', mediaType: inside.mediaType, data: { type: 'data', data: inside.base64 } }]
  if (part.type === 'image_url' && URL.canParse(part.image_url.url))
    return [{ type: 'file', mediaType: 'image', data: { type: 'url', url: new URL(part.image_url.url) } }]
  return MEDIA.includes(part.type) ? inWords(part) : partOf(part)
}

function callPart(call: ToolCall): ForeignFields {
  const [name, input] =
    call.type === 'custom'
      ? [call.custom.name, { input: call.custom.input }]
      : [call.function.name, argumentsValue(call.function.arguments)]
  const { hasNoInput, ...origin } = fromJson(originOf(call)) as ForeignFields
  return {
    type: 'tool-call',
    toolCallId: call.id,
    toolName: name,
    ...(hasNoInput !== true && { input }),
    ...origin,
  }
}

function partOf(part: ContentPart, isOfModel = false): ForeignFields[] {
  const { as, tag, ...origin } = fromJson(originOf(part)) as ForeignFields
  switch (part.type) {
    case 'text':
      return [{ type: 'text', text: part.text, ...origin }]
    case 'opaque':
      if (part.format === 'ai-sdk') return [fromJson(part.value) as ForeignFields]
      break
    case 'image_url':
      // A picture that a model made is a file.
      if (isOfModel && as === undefined)
        return [
          {
            type: 'file',
            mediaType: readDataUrl(part.image_url.url)?.mediaType ?? 'image/*',
            data: part.image_url.url,
          },
        ]
      return [
        {
          type: 'image',
          ...origin,
          [mediaKeyOf(origin.type) ?? 'image']: writeFileData(part.image_url.url, { as, tag }),
        },
      ]
    case 'input_audio':
    case 'file': {
      const address = fileAddressOf(part) ?? ''
      if (as !== undefined)
        return [{ type: 'file', ...origin, [mediaKeyOf(origin.type) ?? 'data']: writeFileData(address, { as, tag }) }]
      const data = readDataUrl(address)
      const filename = part.type === 'file' ? part.file.filename : undefined
      if (data) return [{ type: 'file', mediaType: data.mediaType, data: data.base64, ...(filename && { filename }) }]
      break
    }
    default:
  }
  return inWords(part)
}

function inWords(part: ContentPart): ForeignFields[] {
  const text = describePart(part)
  return text === '' ? [] : [{ type: 'text', text }]
}
