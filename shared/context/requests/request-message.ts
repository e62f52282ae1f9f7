import {
  type ContentPart,
  type ConversationMessage,
  callsOf,
  type FunctionCall,
  isResult,
  isSystem,
  type ToolCall,
  textOf,
} from '../../conversation.ts'
import { argumentsObject } from '../../formats/arguments-object.ts'
import { describePart } from '../../formats/describe-part.ts'

/**
 * Owns one message in the form in which OpenAI's chat API takes it. Guarantees: what the API refuses has become words or is gone; what another maker
 * wants back, thoughts and signatures, is given back; a message that is fine already is the same object.
 */

const MAX_NAME_CHARS = 64
/** What OpenAI refuses in a name. */
const BAD_IN_NAME = /[\s<|\\/>]+/g
const BAD_IN_FUNCTION = /[^\w-]+/g
const MAX_CALL_ID_CHARS = 40
/** Which parts each kind of message takes; parts that are not known here go to whoever made them. */
const REFUSED_PARTS = { system: ['image_url', 'input_audio', 'file'], result: ['input_audio', 'file', 'image_url'] }
/** What a response says beside the message, and what no request takes. */
const RESPONSE_FIELDS = ['annotations', 'audio', 'refusal', 'images', 'function_call'] as const
/** Of our converters: how a message stood in the API that it came from. */
const OWN_FIELDS = ['origin'] as const

type Fields = Readonly<Record<string, unknown>>

/** The message with what the API takes of it; pieces of the format `kept` stay for its converter. */
export function requestMessage(message: ConversationMessage, kept?: string): ConversationMessage {
  const content = requestContent(message, kept)
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

/** The content, never none: only an assistant that calls may be silent. */
function requestContent(message: ConversationMessage, kept: string | undefined): ConversationMessage['content'] {
  const { content } = message
  if (content === null || content === undefined)
    return message.tool_calls || message.function_call ? (content ?? null) : textOf(message)
  if (typeof content === 'string') return content === '' ? textOf(message) : content
  const refused = isSystem(message) ? REFUSED_PARTS.system : message.role === 'user' ? [] : REFUSED_PARTS.result
  const parts = content.flatMap((part) => requestPart(part, refused, kept))
  if (parts.length === 0) return message.tool_calls ? null : textOf(message)
  return parts.length === content.length && parts.every((part, index) => part === content[index]) ? content : parts
}

function requestPart(part: ContentPart, refused: readonly string[], kept: string | undefined): readonly ContentPart[] {
  const isForeign = part.type === 'omitted' || (part.type === 'opaque' && part.format !== kept)
  if (isForeign || (part.type !== 'opaque' && refused.includes(part.type))) {
    const text = describePart(part)
    return text === '' ? [] : [{ type: 'text', text }]
  }
  if (kept !== undefined) return [part]
  // What the converters keep beside a part is theirs.
  if (!Object.hasOwn(part, 'origin')) return [part]
  const { origin: _, ...rest } = part as ContentPart & { origin?: unknown }
  return [rest as ContentPart]
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
  const clean = calls.map((call) => (call.type === 'custom' ? call : asFunction(call, kept)))
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
