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
import { fromJson } from './json-data.ts'
import { type ForeignFields, listPieces, originsOf, parsedJson } from './origin.ts'

/** Owns how messages of the chat API become messages of the AI SDK for a model: those that `fromAiSdk` made, as they were. */

const { originOf } = originsOf('ai-sdk')

export type AiSdkMessage = { role: string; content: unknown; [field: string]: unknown }

/** Makes messages ones of the AI SDK. In TypeScript name its type: `toAiSdk<ModelMessage>(…)`. */
export function toAiSdk<Message = AiSdkMessage>(messages: readonly ConversationMessage[]): Message[] {
  const out: AiSdkMessage[] = []
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
  }
  return out as Message[]
}

function messageOf(message: ConversationMessage, names: ReadonlyMap<string, string>): AiSdkMessage {
  const { content } = message
  const origin = fromJson(originOf(message)) as ForeignFields
  const { output, continues: _, order: __, message: ofMessage = {}, ...rest } = origin
  if (isResult(message) && message.tool_call_id !== undefined) {
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
  const parts = listPieces(message).flatMap((entry) => ('part' in entry ? partOf(entry.part) : [callPart(entry.call)]))
  return { role: 'assistant', content: parts, ...rest }
}

function outputOf(message: ConversationMessage, kept: unknown): unknown {
  const { content } = message
  const text = textOf(message)
  if (kept === undefined) return { type: 'text', value: text }
  const output = kept as ForeignFields
  if (Array.isArray(content)) return { ...output, value: content.flatMap(partOf) }
  if (output.type === 'json' || output.type === 'error-json') return { ...output, value: parsedJson(text) }
  return text === '' && output.type === 'execution-denied' ? output : { ...output, value: text }
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

function partOf(part: ContentPart): ForeignFields[] {
  const { as, ...origin } = fromJson(originOf(part)) as ForeignFields
  switch (part.type) {
    case 'text':
      return [{ type: 'text', text: part.text, ...origin }]
    case 'opaque':
      if (part.format === 'ai-sdk') return [fromJson(part.value) as ForeignFields]
      break
    case 'image_url':
      return [{ type: 'image', ...origin, [origin.type === 'file' ? 'data' : 'image']: dataOf(part.image_url.url, as) }]
    case 'file': {
      const { file_data: url, filename } = part.file
      const data = url === undefined ? undefined : readDataUrl(url)
      if (as === 'bytes') return [{ type: 'file', ...origin, data: dataOf(url ?? '', as) }]
      if (data) return [{ type: 'file', mediaType: data.mediaType, data: data.base64, ...(filename && { filename }) }]
      break
    }
    default:
  }
  const text = describePart(part)
  return text === '' ? [] : [{ type: 'text', text }]
}

function dataOf(url: string, as: unknown): unknown {
  if (as === 'url') return new URL(url)
  return as === 'bytes' ? new Uint8Array(Buffer.from(readDataUrl(url)?.base64 ?? '', 'base64')) : url
}
