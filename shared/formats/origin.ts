import type { ContentPart, ConversationMessage, OpaquePart, ToolCall } from '../conversation.ts'
import { AfterturnError } from '../errors.ts'

/**
 * Owns how a message of another API keeps what the chat form has no place for: beside the message, the part or the call, under `origin`. It is never
 * sent to a chat API; the converter that wrote it reads it to give the message back as it was.
 */

export type ForeignFields = Readonly<Record<string, unknown>>
/** A message, part or call with what its own API says of it. */
type WithOrigin<T> = T & { readonly origin?: ForeignFields }
/** One piece of what an assistant answered, in order. */
export type AnswerPiece = { readonly part: ContentPart } | { readonly call: ToolCall }

/** The API that a converter reads and writes. What it kept says nothing to another, which would refuse the fields. */
type Format = 'anthropic' | 'responses' | 'ai-sdk' | 'ai-sdk-ui' | 'gemini'

/** Messages of another API, and for each message that was given the index of the one in which it is; null where it is in none. */
export type Placed<Message> = { readonly messages: Message[]; readonly indexOf: readonly (number | null)[] }

/** How the converters of one API keep what the chat API has no place for, and find it again. */
export function originsOf(format: Format) {
  /** The thing with its origin, where there is anything to keep. */
  function withOrigin<const T extends object>(thing: T, origin: ForeignFields): WithOrigin<T> {
    return Object.keys(origin).length === 0 ? thing : { ...thing, origin: { ...origin, [OF]: format } }
  }
  /** What a converter of this API kept of a thing. */
  function originOf(thing: object): ForeignFields {
    const { [OF]: of, ...origin } = (thing as WithOrigin<object>).origin ?? {}
    return of === format ? origin : {}
  }
  /** One message of an assistant, which keeps the order of its pieces. */
  function assistantOf(entries: readonly AnswerPiece[], origin: ForeignFields = {}): ConversationMessage {
    const parts = entries.flatMap((entry) => ('part' in entry ? [entry.part] : []))
    const calls = entries.flatMap((entry) => ('call' in entry ? [entry.call] : []))
    const order = entries.map((entry) => ('part' in entry ? 'p' : 'c')).join('')
    const message: ConversationMessage = {
      role: 'assistant',
      content: parts.length === 0 && calls.length > 0 ? null : parts,
      ...(calls.length > 0 && { tool_calls: calls }),
    }
    return withOrigin(message, { ...origin, ...(order.includes('cp') && { order }) })
  }
  return { withOrigin, originOf, assistantOf }
}

/** The name under which an origin says whose it is. */
const OF = '$of'

/** A piece that has no form in the chat API. */
export function opaque(format: string, value: unknown): OpaquePart {
  return { type: 'opaque', format, value }
}

/** The pieces of an assistant's message in their order; its plain text is one part. */
export function listPieces(message: ConversationMessage): AnswerPiece[] {
  const parts = partsOfContent(message.content).map((part): AnswerPiece => ({ part }))
  const calls = (message.tool_calls ?? []).map((call): AnswerPiece => ({ call }))
  // The order of the pieces is the same to all.
  const { order } = (message as WithOrigin<ConversationMessage>).origin ?? {}
  if (typeof order !== 'string') return [...parts, ...calls]
  const inOrder = [...order].flatMap((kind) => (kind === 'p' ? parts : calls).splice(0, 1))
  return [...inOrder, ...parts, ...calls]
}

/** Content as parts. */
export function partsOfContent(content: ConversationMessage['content']): readonly ContentPart[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }]
  return content ?? []
}

/** Whether a value is an object with fields. */
export function isFields(value: unknown): value is ForeignFields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The same object without some fields. */
export function without(value: ForeignFields, ...keys: readonly string[]): ForeignFields {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)))
}

/** The error of a message that is none of the API it is said to be of. */
export function notOf(format: string, index: number, expected: string): AfterturnError {
  return new AfterturnError('INPUT_INVALID', `messages.${index}: expected ${expected} of ${format}, got another.`, {
    recorded: 'no',
  })
}

/** JSON, or nothing for what is none. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
