import { type ContentPart, type ConversationMessage, isResult, isSystem, type ToolCall } from '../conversation.ts'
import { argumentsValue } from './arguments-object.ts'
import { readDataUrl } from './data-urls.ts'
import { describePart } from './describe-part.ts'
import { fileAddressOf } from './file-data.ts'
import { fromJson } from './json-data.ts'
import {
  type ForeignFields,
  isFields,
  listPieces,
  originsOf,
  type Placed,
  parsedJson,
  partsOfContent,
} from './origin.ts'

/** Owns how messages of the chat API become messages of an AI SDK user interface: those that `fromAiSdk` made, as they were. */

const { originOf } = originsOf('ai-sdk-ui')

export type AiSdkUiMessage = { id: string; role: string; parts: unknown[]; [field: string]: unknown }

/** Makes messages ones of a user interface. In TypeScript name its type: `toAiSdkUi<UIMessage>(…)`. */
export function toAiSdkUi<Message = AiSdkUiMessage>(messages: readonly ConversationMessage[]): Message[] {
  return placedInAiSdkUi(messages).messages as Message[]
}

/** The messages, and where each of the given ones is: a result is in the message of its call. */
export function placedInAiSdkUi(messages: readonly ConversationMessage[]): Placed<AiSdkUiMessage> {
  const out: AiSdkUiMessage[] = []
  const indexOf: (number | null)[] = []
  let calls: ForeignFields[] = []
  for (const [index, message] of messages.entries()) {
    const last = out.at(-1)
    if (isResult(message)) {
      const call = calls.findIndex((one) => callIdOf(one) === message.tool_call_id)
      if (call !== -1) addResult(calls.splice(call, 1)[0] as ForeignFields, message)
      indexOf.push(call === -1 ? null : out.length - 1)
      continue
    }
    const { ui, continues, isBare } = originOf(message)
    const parts =
      message.role === 'assistant' ? listPieces(message) : partsOfContent(message.content).map((part) => ({ part }))
    const made = parts.flatMap((entry) => ('part' in entry ? partOf(entry.part) : [callPart(entry.call)]))
    if (continues !== true) calls = []
    calls.push(...made.filter((one) => callIdOf(one) !== undefined))
    if (continues === true && last?.role === 'assistant') last.parts.push(...made)
    else
      out.push({
        ...(isFields(ui) ? (fromJson(ui) as { id: string }) : { id: `message-${index}` }),
        role: isSystem(message) ? 'system' : message.role,
        parts: made,
        ...(isBare === true && { isBare }),
      })
    indexOf.push(out.length - 1)
  }
  return { messages: out.map(asVersion4), indexOf }
}

/** A message of version 4 with its files beside its parts, and without parts where it had none. */
function asVersion4({ isBare, ...message }: AiSdkUiMessage): AiSdkUiMessage {
  const { experimental_attachments: attached } = message
  if (isBare !== true && !Array.isArray(attached)) return message
  const parts = message.parts as ForeignFields[]
  const urls = parts.filter(({ isAttachment }) => isAttachment === true).map(({ url }) => url)
  const { parts: _, ...bare } = message
  const made = {
    ...(isBare === true ? bare : { ...bare, parts: parts.filter(({ isAttachment }) => isAttachment !== true) }),
    ...(Array.isArray(attached) && {
      experimental_attachments: attached.map((one, nth) => ({ ...one, url: urls[nth] })),
    }),
    ...(isBare === true && callsIn(parts)),
  }
  return made as AiSdkUiMessage
}

function callsIn(parts: readonly ForeignFields[]): ForeignFields {
  const calls = parts.map(({ toolInvocation }) => toolInvocation).filter((one) => one !== undefined)
  return calls.length > 0 ? { toolInvocations: calls } : {}
}

/** Version 4 has a call in a field of its part. */
function callIdOf({ toolCallId, toolInvocation }: ForeignFields): unknown {
  return isFields(toolInvocation) ? toolInvocation.toolCallId : toolCallId
}

function addResult(part: ForeignFields, message: ConversationMessage): void {
  if (!isFields(part.toolInvocation)) Object.assign(part, resultFields(message))
  else Object.assign(part.toolInvocation, { result: resultFields(message).output })
}

function callPart(call: ToolCall): ForeignFields {
  const { type, hasNoInput, ...rest } = fromJson(originOf(call)) as ForeignFields
  if (isFields(rest.toolInvocation)) return { type, ...rest }
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
  const text = typeof message.content === 'string' ? message.content : wordsOf(message)
  // The call says it, in its state.
  if (is === 'denied') return {}
  if (is === 'error') return { state: 'output-error', errorText: text }
  return { state: 'output-available', output: is === 'json' ? parsedJson(text) : text }
}

/** A result with words for its pictures, which a screen has no form for. */
function wordsOf({ content }: ConversationMessage): string {
  return partsOfContent(content).map(describePart).filter(Boolean).join('\n')
}

function partOf(part: ContentPart): ForeignFields[] {
  const origin = fromJson(originOf(part)) as ForeignFields
  if (part.type === 'text') return [{ type: 'text', text: part.text, ...origin }]
  if (part.type === 'image_url') return [{ type: 'file', mediaType: 'image/*', ...origin, url: part.image_url.url }]
  const address = part.type === 'file' || part.type === 'input_audio' ? fileAddressOf(part) : undefined
  const data = readDataUrl(address ?? '')
  if (data) {
    const filename = part.type === 'file' ? part.file.filename : undefined
    return [{ type: 'file', mediaType: data.mediaType, ...(filename && { filename }), ...origin, url: address }]
  }
  if (part.type === 'opaque' && part.format === 'ai-sdk-ui') return [fromJson(part.value) as ForeignFields]
  const text = describePart(part)
  return text === '' ? [] : [{ type: 'text', text }]
}
