import {
  type ContentPart,
  type ConversationMessage,
  callsOf,
  type FunctionCall,
  isResult,
  type ToolCall,
  textOf,
} from '../../conversation.ts'
import { argumentsObject } from '../../formats/arguments-object.ts'
import { dataUrl, imageTypeOf } from '../../formats/data-urls.ts'
import { describePart } from '../../formats/describe-part.ts'
import { partsOfContent } from '../../formats/origin.ts'
import { requestMedia } from './request-media.ts'

/**
 * Owns one message in the form in which OpenAI's chat API takes it. Guarantees: what the API refuses has become words or is gone; what another maker
 * wants back, thoughts and signatures, is given back; a message that is fine already is the same object.
 */

const MAX_NAME_CHARS = 64
/** What OpenAI refuses in a name. */
const BAD_IN_NAME = /[\s<|\\/>]+/g
const BAD_IN_FUNCTION = /[^\w-]+/g
const MAX_CALL_ID_CHARS = 40
/** Parts that only a user's messages take; parts that are not known here go to whoever made them. */
const MEDIA: readonly string[] = ['image_url', 'input_audio', 'file']
/** Fields of a response beside the message, which no request takes; `images` and `tool_name` are of Ollama's own API. */
const RESPONSE_FIELDS = ['annotations', 'audio', 'refusal', 'images', 'function_call', 'tool_name'] as const
/** Of our converters: how a message stood in the API that it came from. */
const OWN_FIELDS = ['origin'] as const

type Fields = Readonly<Record<string, unknown>>

/** The message with what the API takes of it; pieces of the format `kept` stay for its converter. */
export function requestMessage(message: ConversationMessage, kept?: string): ConversationMessage {
  const content = requestContent(withImages(message), kept)
  const name = requestName(message)
  const calls = requestCalls(message, kept)
  const fields = kept === undefined ? [...RESPONSE_FIELDS, ...OWN_FIELDS] : RESPONSE_FIELDS
  const isClean =
    content === message.content &&
    name === message.name &&
    calls === message.tool_calls &&
    fields.every((field) => (message as Fields)[field] === undefined)
  if (isClean && message.role !== 'function') return message
  const rest: Record<string, unknown> = { ...message }
  for (const field of [...fields, 'name', 'content', 'tool_calls']) delete rest[field]
  return {
    ...rest,
    role: message.role === 'function' ? 'tool' : message.role,
    ...(name !== undefined && { name }),
    content,
    ...(calls && calls.length > 0 && { tool_calls: calls }),
  }
}

/** The pictures that a user of Ollama's own API lists beside the text, as parts. */
function withImages(message: ConversationMessage & { readonly images?: unknown }): ConversationMessage {
  const { role, content, images } = message
  const listed = Array.isArray(images) ? images.filter((image) => typeof image === 'string') : []
  if (role !== 'user' || listed.length === 0) return message
  const pictures = listed.map((base64): ContentPart => {
    return { type: 'image_url', image_url: { url: dataUrl(imageTypeOf(base64), base64) } }
  })
  return { ...message, content: [...partsOfContent(content), ...pictures] }
}

/** The content, never none: only an assistant that calls may be silent. */
function requestContent(message: ConversationMessage, kept: string | undefined): ConversationMessage['content'] {
  const { content } = message
  if (content === null || content === undefined)
    return message.tool_calls || message.function_call ? (content ?? null) : textOf(message)
  if (typeof content === 'string') return content === '' ? textOf(message) : content
  const refused = takesMedia(message, kept) ? [] : MEDIA
  const parts = content.flatMap((part) => requestPart(part, refused, kept))
  if (parts.length === 0) return message.tool_calls ? null : textOf(message)
  return parts.length === content.length && parts.every((part, index) => part === content[index]) ? content : parts
}

/** Other APIs than the chat API take pictures of tools too, and the AI SDK those that a model made. */
function takesMedia(message: ConversationMessage, kept: string | undefined): boolean {
  if (message.role === 'user') return true
  return kept !== undefined && (isResult(message) || (message.role === 'assistant' && kept.startsWith('ai-sdk')))
}

/** The pictures of a message as a user may show them. */
export function picturesIn({ content }: ConversationMessage): ContentPart[] {
  if (!Array.isArray(content)) return []
  return content
    .filter((part) => part.type === 'image_url')
    .flatMap((part) => requestMedia(part, undefined) ?? [])
    .map(withoutOrigin)
}

function requestPart(part: ContentPart, refused: readonly string[], kept: string | undefined): readonly ContentPart[] {
  const isForeign = part.type === 'omitted' || (part.type === 'opaque' && part.format !== kept)
  const isRefused = part.type !== 'opaque' && refused.includes(part.type)
  const taken = isForeign || isRefused ? undefined : requestMedia(part, kept)
  if (!taken) {
    const text = describePart(part)
    return text === '' ? [] : [{ type: 'text', text }]
  }
  const hasOrigin = Object.hasOwn(taken, 'origin')
  // Gemini signs parts without words.
  if (taken.type === 'text' && taken.text === '' && !(kept !== undefined && hasOrigin)) return []
  return [kept === undefined && hasOrigin ? withoutOrigin(taken) : taken]
}

/** Without what the converters keep, which is theirs. */
function withoutOrigin<T extends object>(thing: T): T {
  const { origin: _, ...rest } = thing as T & { origin?: unknown }
  return rest as T
}

function requestName(message: ConversationMessage): string | undefined {
  const { name } = message
  if (name === undefined || isResult(message)) return undefined
  const clean = name.replace(BAD_IN_NAME, '_').slice(0, MAX_NAME_CHARS).toWellFormed()
  return clean === name ? name : clean
}

/** The calls with names and arguments that the API takes; their ids are given by `distinctIds`. */
function requestCalls(message: ConversationMessage, kept: string | undefined): readonly ToolCall[] | undefined {
  const { tool_calls: calls, function_call: old } = message
  if (old) {
    const [call] = callsOf({ function_call: old })
    return [...(calls ?? []), asFunction({ id: call?.id ?? '', type: 'function', function: old }, kept)]
  }
  if (!calls) return calls
  const clean = calls.map((call) => {
    if (call.type !== 'custom') return asFunction(call, kept)
    return kept === undefined && Object.hasOwn(call, 'origin') ? withoutOrigin(call) : call
  })
  return clean.every((call, index) => call === calls[index]) ? calls : clean
}

function asFunction(call: FunctionCall, kept: string | undefined): FunctionCall {
  const { name, arguments: given } = call.function
  const [cleanName, clean] = [functionName(name), argumentsObject(given)]
  const { index: _, origin, ...others } = call as FunctionCall & { index?: unknown; origin?: unknown }
  const rest = kept !== undefined && origin !== undefined ? { ...others, origin } : others
  if (cleanName === name && clean === given && Object.keys(rest).length === Object.keys(call).length) return call
  return { ...rest, function: { ...call.function, name: cleanName, arguments: clean } }
}

/** A name that every API takes for a function. */
function functionName(name: string): string {
  return name.replace(BAD_IN_FUNCTION, '_').slice(0, MAX_NAME_CHARS) || '_'
}

/** Ids for the calls of one message: the ones they have, where these differ and are short enough. */
export function distinctIds(ids: readonly string[], messageId: string): string[] {
  const used = new Set<string>()
  return ids.map((id, index) => {
    const isGood = id !== '' && id.length <= MAX_CALL_ID_CHARS && !id.startsWith('function ') && !used.has(id)
    const own = isGood ? id : `call_${messageId.replace('.', '_')}_${index}`
    used.add(own)
    return own
  })
}
