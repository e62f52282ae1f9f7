/**
 * Owns what a message of a conversation is: the form of OpenAI's chat API, with its field names, so that apps record what they send and receive.
 * Guarantees: what is kept beside a message's text is enough to give the message back as it came, fields included that are named nowhere here.
 */

export type MessageRole = 'user' | 'assistant' | 'system' | 'developer' | 'tool' | 'function'
type TextPart = { readonly type: 'text'; readonly text: string }
/** An image by its address, or as a data URL. */
type ImagePart = {
  readonly type: 'image_url'
  readonly image_url: { readonly url: string; readonly detail?: 'auto' | 'low' | 'high' | 'original' | undefined }
}
export type AudioPart = {
  readonly type: 'input_audio'
  readonly input_audio: { readonly data: string; readonly format: string }
}
export type FilePart = {
  readonly type: 'file'
  readonly file: {
    readonly file_data?: string | undefined
    readonly file_id?: string | undefined
    readonly filename?: string | undefined
  }
}
type RefusalPart = { readonly type: 'refusal'; readonly refusal: string }
/** What stands for data that was too large to record: its kind, its size, and its SHA-256 in hexadecimal. */
export type OmittedPart = {
  readonly type: 'omitted'
  /** The type of the part that it was. */
  readonly of: string
  readonly mediaType?: string | undefined
  readonly bytes: number
  readonly sha256: string
}
/** A piece of another API's message which has no form here; `format` names the API that it belongs to. */
export type OpaquePart = { readonly type: 'opaque'; readonly format: string; readonly value: unknown }
export type ContentPart = TextPart | ImagePart | AudioPart | FilePart | RefusalPart | OmittedPart | OpaquePart
/** A part of a type that is not known here; it is kept, and given back as it came. */
export type OtherPart = { readonly type: string }

export type FunctionCall = {
  readonly id: string
  readonly type: 'function'
  /** `arguments` is JSON as the model wrote it, which may be none. */
  readonly function: { readonly name: string; readonly arguments: string }
}
export type CustomCall = {
  readonly id: string
  readonly type: 'custom'
  readonly custom: { readonly name: string; readonly input: string }
}
export type ToolCall = FunctionCall | CustomCall

/** One message. `tool_calls` is an assistant's, `tool_call_id` says which call a tool's message is the result of. */
export type ConversationMessage = {
  readonly role: MessageRole
  readonly name?: string | undefined
  readonly content?: string | readonly ContentPart[] | null | undefined
  readonly refusal?: string | undefined
  /** What the model said aloud. */
  readonly audio?: { readonly id?: string | undefined; readonly transcript?: string | undefined } | undefined
  readonly tool_calls?: readonly ToolCall[] | undefined
  readonly tool_call_id?: string | undefined
  /** The call of a model from before `tool_calls`. */
  readonly function_call?: { readonly name: string; readonly arguments: string } | undefined
}

/** What of a message its role, name and text do not say. `content` is there when it is not that text. */
export type MessageParts = Omit<ConversationMessage, 'role' | 'name'>

/** The words of a message: what extraction and search read. */
export function textOf({
  content,
  refusal,
  audio,
}: Pick<ConversationMessage, 'content' | 'refusal' | 'audio'>): string {
  const words =
    typeof content === 'string'
      ? content
      : (content ?? [])
          .flatMap((part) => (part.type === 'text' ? [part.text] : part.type === 'refusal' ? [part.refusal] : []))
          .join('\n')
  return words === '' ? (refusal ?? audio?.transcript ?? '') : words
}

/** What is kept beside the text; undefined when the text says it all. */
export function partsOf(message: ConversationMessage): MessageParts | undefined {
  const { role: _, name: __, content = null, ...rest } = message
  const given = Object.entries(rest).filter(([, value]) => value !== undefined)
  const isText = content === textOf(message)
  if (isText && given.length === 0) return undefined
  return { ...(!isText && { content }), ...Object.fromEntries(given) }
}

/** The message as it came. */
export function messageOf(row: {
  readonly role: string
  readonly name: string | null
  readonly content: string
  readonly parts: MessageParts | null
}): ConversationMessage {
  return {
    role: row.role as MessageRole,
    ...(row.name !== null && { name: row.name }),
    content: row.content,
    ...row.parts,
  }
}

/** A call in whichever of its forms: of a function, of a custom tool, or from before `tool_calls`. */
export type Call = { readonly id: string; readonly name: string; readonly input: string }

/** The calls of a message, in order. */
export function callsOf({
  tool_calls = [],
  function_call,
}: Pick<ConversationMessage, 'tool_calls' | 'function_call'>): Call[] {
  const calls = tool_calls.map((call) =>
    call.type === 'custom'
      ? { id: call.id, name: call.custom.name, input: call.custom.input }
      : { id: call.id, name: call.function.name, input: call.function.arguments },
  )
  if (function_call) calls.push({ id: idOfNamedCall(function_call.name), ...inputOf(function_call) })
  return calls
}

/** The id of the call whose result a message is; undefined where it is no result. */
export function answeredCallOf({
  role,
  name,
  tool_call_id,
}: {
  readonly role: string
  readonly name?: string | null | undefined
  readonly tool_call_id?: string | undefined
}): string | undefined {
  if (role === 'function') return idOfNamedCall(name ?? '')
  return role === 'tool' ? (tool_call_id ?? '') : undefined
}

function inputOf({ name, arguments: input }: { readonly name: string; readonly arguments: string }) {
  return { name, input }
}

/** Calls from before `tool_calls` had no ids: their results name the function. */
function idOfNamedCall(name: string): string {
  return `function ${name}`
}

/** Whether a message is the result of a call. */
export function isResult({ role }: { readonly role: string }): boolean {
  return role === 'tool' || role === 'function'
}

/** Whether a message tells the model what to do, and not what somebody said. */
export function isSystem({ role }: { readonly role: string }): boolean {
  return role === 'system' || role === 'developer'
}
