import type { ContentPart, ConversationMessage, FunctionCall } from '../conversation.ts'
import { dataUrl } from './data-urls.ts'
import { fromUiMessage } from './from-ui-message.ts'
import { asJson } from './json-data.ts'
import { type AnswerPiece, type ForeignFields, isFields, notOf, opaque, originsOf, without } from './origin.ts'

/** Owns how messages of the AI SDK, those for a model and those of a user interface, become messages of the chat API. */

const { assistantOf, withOrigin } = originsOf('ai-sdk')

const FORMAT = 'ai-sdk'

/**
 * Makes messages of the AI SDK, `ModelMessage` or `UIMessage`, ones that `recordTurn` takes; `toAiSdk` and `toAiSdkUi` give them back.
 * @throws INPUT_INVALID
 */
export function fromAiSdk(messages: readonly object[]): ConversationMessage[] {
  return messages.flatMap((message, index) => {
    if (!isFields(message)) throw notOf('the AI SDK', index, 'a message')
    return Array.isArray(message.parts) ? fromUiMessage(message, index) : fromModelMessage(message, index)
  })
}

function fromModelMessage(message: ForeignFields, index: number): ConversationMessage[] {
  const { role, content } = message
  const rest = asJson(without(message, 'role', 'content')) as ForeignFields
  if (role !== 'system' && role !== 'user' && role !== 'assistant' && role !== 'tool')
    throw notOf('the AI SDK', index, 'a message with a role')
  if (role !== 'tool' && typeof content === 'string') return [withOrigin({ role, content }, rest)]
  if (!Array.isArray(content) || !content.every(isFields)) throw notOf('the AI SDK', index, 'text or a list of parts')
  if (role === 'assistant') return [assistantOf(content.map(entryOf), rest)]
  if (role !== 'tool' || content.length === 0) return [withOrigin({ role, content: content.map(partOf) }, rest)]
  return content.map((part, nth) => {
    const result = resultOf(part)
    // The fields of the message are beside those of its first part.
    return withOrigin(result, {
      ...(result as { origin?: ForeignFields }).origin,
      ...(nth > 0 ? { continues: true } : { message: rest }),
    })
  })
}

function entryOf(part: ForeignFields): AnswerPiece {
  const { type, toolCallId: id, toolName: name, input } = part
  if (type !== 'tool-call' || typeof id !== 'string' || typeof name !== 'string') return { part: partOf(part) }
  const call: FunctionCall = { id, type: 'function', function: { name, arguments: JSON.stringify(input) ?? '' } }
  const rest = without(asJson(part) as ForeignFields, 'type', 'toolCallId', 'toolName', 'input')
  return { call: withOrigin(call, { ...rest, ...(input === undefined && { hasNoInput: true }) }) }
}

/** A result; what else a message of tools holds is a message without a call. */
function resultOf(part: ForeignFields): ConversationMessage {
  const { type, toolCallId: id, toolName: name, output } = part
  if (type !== 'tool-result' || typeof id !== 'string' || !isFields(output))
    return { role: 'tool', content: [partOf(part)] }
  const { value } = output
  const isText = typeof value === 'string' && output.type !== 'json' && output.type !== 'error-json'
  const isList = output.type === 'content' && Array.isArray(value) && value.every(isFields)
  const content = isText ? value : isList ? value.map(partOf) : (JSON.stringify(value) ?? '')
  const rest = without(asJson(part) as ForeignFields, 'type', 'toolCallId', 'output')
  return withOrigin(
    { role: 'tool', ...(typeof name === 'string' && name !== '' && { name }), tool_call_id: id, content },
    { ...rest, output: without(asJson(output) as ForeignFields, 'value') },
  )
}

function partOf(part: ForeignFields): ContentPart {
  const { type, text } = part
  if (type === 'text' && typeof text === 'string')
    return withOrigin({ type, text }, without(asJson(part) as ForeignFields, 'type', 'text'))
  return mediaOf(part) ?? opaque(FORMAT, asJson(part))
}

/** Images and files that the chat API takes; how they were given is kept beside them. */
function mediaOf(part: ForeignFields): ContentPart | undefined {
  const { type, mediaType = 'image/png', filename } = part
  if ((type !== 'image' && type !== 'file') || typeof mediaType !== 'string' || mediaType.includes(';'))
    return undefined
  const data = type === 'image' ? part.image : part.data
  const isImage = type === 'image' || mediaType.startsWith('image/')
  const address = data instanceof URL ? data.href : data
  const origin = without(asJson(part) as ForeignFields, type === 'image' ? 'image' : 'data')
  if (typeof address === 'string' && isImage && /^(?:https?:|data:)/.test(address))
    return withOrigin(
      { type: 'image_url', image_url: { url: address } },
      { ...origin, as: data instanceof URL ? 'url' : 'text' },
    )
  if (!(data instanceof Uint8Array)) return undefined
  const url = dataUrl(mediaType, Buffer.from(data).toString('base64'))
  if (isImage) return withOrigin({ type: 'image_url', image_url: { url } }, { ...origin, as: 'bytes' })
  const file = { file_data: url, ...(typeof filename === 'string' && { filename }) }
  return withOrigin({ type: 'file', file }, { ...origin, as: 'bytes' })
}
