import {
  type ContentPart,
  type ConversationMessage,
  isResult,
  isSystem,
  type ToolCall,
  textOf,
} from '../conversation.ts'
import { argumentsValue } from './arguments-object.ts'
import { describePart } from './describe-part.ts'
import { fromJson } from './json-data.ts'
import { type ForeignFields, isFields, listPieces, originsOf, parsedJson, partsOfContent } from './origin.ts'

/** Owns how messages of the chat API become messages of an AI SDK user interface: those that `fromAiSdk` made, as they were. */

const { originOf } = originsOf('ai-sdk-ui')

export type AiSdkUiMessage = { id: string; role: string; parts: unknown[]; [field: string]: unknown }

/** Makes messages ones of a user interface. In TypeScript name its type: `toAiSdkUi<UIMessage>(…)`. */
export function toAiSdkUi<Message = AiSdkUiMessage>(messages: readonly ConversationMessage[]): Message[] {
  const out: AiSdkUiMessage[] = []
  let calls: ForeignFields[] = []
  for (const [index, message] of messages.entries()) {
    const last = out.at(-1)
    if (isResult(message)) {
      const call = calls.findIndex(({ toolCallId }) => toolCallId === message.tool_call_id)
      if (call !== -1) Object.assign(calls.splice(call, 1)[0] as ForeignFields, resultFields(message))
      continue
    }
    const { ui, continues } = originOf(message)
    const parts =
      message.role === 'assistant' ? listPieces(message) : partsOfContent(message.content).map((part) => ({ part }))
    const made = parts.flatMap((entry) => ('part' in entry ? partOf(entry.part) : [callPart(entry.call)]))
    if (continues !== true) calls = []
    calls.push(...made.filter(({ toolCallId }) => toolCallId !== undefined))
    if (continues === true && last?.role === 'assistant') last.parts.push(...made)
    else
      out.push({
        ...(isFields(ui) ? (fromJson(ui) as { id: string }) : { id: `message-${index}` }),
        role: isSystem(message) ? 'system' : message.role,
        parts: made,
      })
  }
  return out as Message[]
}

function callPart(call: ToolCall): ForeignFields {
  const { type, hasNoInput, ...rest } = fromJson(originOf(call)) as ForeignFields
  const [name, input] =
    call.type === 'custom'
      ? [call.custom.name, { input: call.custom.input }]
      : [call.function.name, argumentsValue(call.function.arguments)]
  return {
    type: type ?? `tool-${name}`,
    ...(type === 'dynamic-tool' && { toolName: name }),
    toolCallId: call.id,
    state: 'input-available',
    ...(hasNoInput !== true && { input }),
    ...rest,
  }
}

/** What a result says of its call, whose state is its own where it has one. */
function resultFields(message: ConversationMessage): ForeignFields {
  const { is } = originOf(message)
  const text = textOf(message)
  if (is === 'error') return { state: 'output-error', errorText: text }
  return { state: 'output-available', output: is === 'json' ? parsedJson(text) : text }
}

function partOf(part: ContentPart): ForeignFields[] {
  const origin = fromJson(originOf(part)) as ForeignFields
  if (part.type === 'text') return [{ type: 'text', text: part.text, ...origin }]
  if (part.type === 'image_url') return [{ type: 'file', mediaType: 'image/*', ...origin, url: part.image_url.url }]
  if (part.type === 'opaque' && part.format === 'ai-sdk-ui') return [fromJson(part.value) as ForeignFields]
  const text = describePart(part)
  return text === '' ? [] : [{ type: 'text', text }]
}
