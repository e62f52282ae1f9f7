import type { ContentPart, ConversationMessage, FunctionCall } from '../conversation.ts'
import { fileAddressOf, fileOf, isImageType, mediaKeyOf, readFileData } from './file-data.ts'
import { DENIED, fromUiMessage, isUiMessage } from './from-ui-message.ts'
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
    // Version 4: a message for the screen, which the SDK sends to no model.
    if (message.role === 'data') return []
    return isUiMessage(message) ? fromUiMessage(message, index) : fromModelMessage(message, index)
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
  const { type, toolCallId: id, toolName: name, input, args } = part
  // What a provider runs itself has its result beside it, and no message of a tool.
  if (type !== 'tool-call' || typeof id !== 'string' || typeof name !== 'string' || part.providerExecuted === true)
    return { part: partOf(part) }
  // `input` was `args` up to version 4, which is given back beside it.
  const given = input === undefined ? args : input
  const call: FunctionCall = { id, type: 'function', function: { name, arguments: JSON.stringify(given) ?? '' } }
  const rest = without(asJson(part) as ForeignFields, 'type', 'toolCallId', 'toolName', 'input')
  return { call: withOrigin(call, { ...rest, ...(input === undefined && { hasNoInput: true }) }) }
}

/** A result; what else a message of tools holds is a message without a call. */
function resultOf(part: ForeignFields): ConversationMessage {
  const { type, toolCallId: id, toolName: name, output, result } = part
  if (type === 'tool-result' && typeof id === 'string' && output === undefined && result !== undefined)
    return resultOfVersion4(part, id)
  if (type !== 'tool-result' || typeof id !== 'string' || !isFields(output))
    return { role: 'tool', content: [partOf(part)] }
  // As the SDK tells a model of a call that a user did not allow.
  const { value = output.type === 'execution-denied' ? (output.reason ?? DENIED) : undefined } = output
  const isText = typeof value === 'string' && output.type !== 'json' && output.type !== 'error-json'
  const isList = output.type === 'content' && Array.isArray(value) && value.every(isFields)
  const content = isText ? value : isList ? value.map(partOf) : (JSON.stringify(value) ?? '')
  const rest = without(asJson(part) as ForeignFields, 'type', 'toolCallId', 'output')
  return withOrigin(
    { role: 'tool', ...(typeof name === 'string' && name !== '' && { name }), tool_call_id: id, content },
    { ...rest, output: without(asJson(output) as ForeignFields, 'value') },
  )
}

/** Up to version 4 a result was a value of any kind. */
function resultOfVersion4(part: ForeignFields, id: string): ConversationMessage {
  const { result } = part
  const isText = typeof result === 'string'
  const content = isText ? result : (JSON.stringify(result) ?? '')
  const kept = without(asJson(part) as ForeignFields, 'type', 'toolCallId', 'result')
  return withOrigin({ role: 'tool', tool_call_id: id, content }, { ...kept, result: isText ? 'text' : 'json' })
}

function partOf(part: ForeignFields): ContentPart {
  const { type, text } = part
  if (type === 'text' && typeof text === 'string')
    return withOrigin({ type, text }, without(asJson(part) as ForeignFields, 'type', 'text'))
  return mediaOf(part) ?? opaque(FORMAT, asJson(part))
}

/** Images, sounds and files that the chat API takes; how they were given is kept beside them. */
function mediaOf(part: ForeignFields): ContentPart | undefined {
  const { type, filename, mediaType = part.mimeType } = part
  const key = mediaKeyOf(type)
  if (!key) return undefined
  const media = typeof mediaType === 'string' ? mediaType : String(type).startsWith('image') ? 'image' : ''
  const data = readFileData(part[key], media)
  if (!data) return undefined
  const { address, ...how } = data
  const origin = { ...(asJson(without(part, key)) as ForeignFields), ...how }
  if (isImageType(media)) return withOrigin({ type: 'image_url', image_url: { url: address } }, origin)
  const made = fileOf(address, filename)
  return made && (how.as !== 'text' || fileAddressOf(made) === address) ? withOrigin(made, origin) : undefined
}
