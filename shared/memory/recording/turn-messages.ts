import { z } from 'zod'
import type { Config } from '../../config.ts'
import {
  type AudioPart,
  type ContentPart,
  type ConversationMessage,
  type CustomCall,
  type FunctionCall,
  isResult,
  type MessageRole,
  type OtherPart,
} from '../../conversation.ts'
import { describeValue } from '../../describe-value.ts'
import { readJson } from '../../json-value.ts'
import { idSchema } from '../../parse-input.ts'
import { omitLargeData } from './inline-data.ts'

/**
 * Owns what a message of a turn may be: what people send to a model, and what its API answers, as it is. Guarantees: fields that are not known are
 * kept; what says nothing (`null`, no calls) is left out; every fault is named with its path.
 */

/** A message as an app has it: `choices[0].message` of OpenAI's client, or what it sends. Fields that are not named here are kept too. */
export type MessageInput = {
  readonly role: MessageRole
  readonly name?: string | null | undefined
  readonly content?: string | readonly (ContentPart | OtherPart)[] | null | undefined
  readonly refusal?: string | null | undefined
  readonly audio?: { readonly id?: string | undefined; readonly transcript?: string | undefined } | null | undefined
  readonly annotations?: readonly object[] | null | undefined
  /** `arguments` may be the object itself, as some servers send it. */
  readonly tool_calls?: readonly (FunctionCall | CustomCall | LooseCall)[] | null | undefined
  readonly tool_call_id?: string | null | undefined
  readonly function_call?: { readonly name: string; readonly arguments: string } | null | undefined
  /** Thoughts, as DeepSeek and vLLM call them. */
  readonly reasoning_content?: string | null | undefined
  /** Thoughts, as OpenRouter and vLLM call them. */
  readonly reasoning?: string | null | undefined
  readonly reasoning_details?: readonly object[] | null | undefined
  /** Of Gemini: thought signatures. */
  readonly extra_content?: object | null | undefined
  /** Of Anthropic and OpenRouter. */
  readonly cache_control?: object | null | undefined
}
type LooseCall = {
  readonly id?: string | null | undefined
  readonly type?: string | undefined
  readonly function: { readonly name: string; readonly arguments?: string | object | null | undefined }
}

type Fields = Readonly<Record<string, unknown>>

const ROLES = ['user', 'assistant', 'system', 'developer', 'tool', 'function'] as const satisfies readonly MessageRole[]
const MAX_PARTS = 1_024
const MAX_TOOL_CALLS = 1_024
/** Empty where they say nothing. */
const LISTS = ['tool_calls', 'annotations', 'images', 'reasoning_details'] as const

/** Parts of other APIs, which say what a chat message says in fields of its own. */
const CONVERTERS: Readonly<Record<string, string>> = {
  tool_use: 'fromAnthropic',
  tool_result: 'fromAnthropic',
  server_tool_use: 'fromAnthropic',
  input_text: 'fromResponses',
  input_image: 'fromResponses',
  input_file: 'fromResponses',
  output_text: 'fromResponses',
  'tool-call': 'fromAiSdk',
  'tool-result': 'fromAiSdk',
  'tool-approval-response': 'fromAiSdk',
}

export type MessageLimits = Pick<Config, 'maxMessageBytes' | 'maxInlineBytes'>

/** Without fields that are `null`: who prints an answer field by field prints those as well that it does not have. */
function withoutNulls(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== null))
}

function fieldsOf<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.preprocess(withoutNulls, z.looseObject(shape))
}

const part = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('text'), text: z.string() }),
  z.looseObject({
    type: z.literal('image_url'),
    image_url: z.union([
      z.string().transform((url) => ({ url })),
      fieldsOf({ url: z.string(), detail: z.string().optional() }),
    ]),
  }),
  z.looseObject({
    type: z.literal('input_audio'),
    input_audio: fieldsOf({ data: z.string(), format: z.string() }),
  }) satisfies z.ZodType<AudioPart>,
  z.looseObject({
    type: z.literal('file'),
    file: fieldsOf({
      file_data: z.string().optional(),
      file_id: z.string().optional(),
      filename: z.string().optional(),
    }),
  }),
  z.looseObject({ type: z.literal('refusal'), refusal: z.string() }),
])
const KNOWN_PARTS: ReadonlySet<string> = new Set(['text', 'image_url', 'input_audio', 'file', 'refusal'])
const otherPart = z.looseObject({ type: z.string().min(1) })

/** As models, or the servers around them, write them: empty, or with a signature of kilobytes in them. */
const callId = z
  .string()
  .nullish()
  .transform((id) => id ?? '')
const called = z.looseObject({
  name: z.string(),
  arguments: z
    .union([z.string(), z.record(z.string(), z.unknown()), z.array(z.unknown()), z.null()])
    .optional()
    .transform((given) => (typeof given === 'string' ? given : given ? JSON.stringify(given) : '')),
})
/** A function of the server itself has a type of its own, as `builtin_function`. */
const toolCall = z.preprocess(
  withoutNulls,
  z.union(
    [
      z.looseObject({
        id: callId,
        type: z.literal('custom'),
        custom: z.looseObject({ name: z.string(), input: z.string() }),
      }),
      z.looseObject({ id: callId, type: z.string().default('function'), function: called }),
    ],
    'expected a call of a function or of a custom tool, with its name',
  ),
)

/** Text, parts, or nothing; not a union, whose faults would lose their paths. */
const content = z.unknown().transform((given, context): ConversationMessage['content'] => {
  if (given === undefined || given === null) return given
  const refuse = (path: PropertyKey[], message: string) =>
    context.issues.push({ code: 'custom', path, message, input: undefined })
  if (typeof given === 'string') return given
  if (!Array.isArray(given)) {
    refuse([], `expected text or a list of parts, got ${typeof given === 'object' ? 'an object' : `a ${typeof given}`}`)
    return null
  }
  if (given.length > MAX_PARTS) refuse([], `expected at most ${MAX_PARTS} parts, got ${given.length}`)
  return given.slice(0, MAX_PARTS).map((one, index): ContentPart => {
    if (typeof one === 'string') return { type: 'text', text: one }
    const isKnown = KNOWN_PARTS.has((one as { type?: string } | null)?.type ?? '')
    const result = (isKnown ? part : otherPart).safeParse(one)
    if (!result.success) for (const issue of result.error.issues) refuse([index, ...issue.path], issue.message)
    return result.data as ContentPart
  })
})

const fields = z.looseObject({
  role: z.enum(ROLES, {
    error: ({ input }) => `expected one of ${ROLES.join(', ')}, got ${describeValue(input)}`,
  }),
  name: idSchema.optional(),
  content: content.optional(),
  refusal: z.string().optional(),
  audio: fieldsOf({ id: z.string().optional(), transcript: z.string().optional() }).optional(),
  tool_calls: z.array(toolCall).max(MAX_TOOL_CALLS).optional(),
  tool_call_id: callId.optional(),
  function_call: called.optional(),
})

/** The schema of one message, within the limits; `count` is told its bytes. */
export function messageSchema(
  { maxMessageBytes, maxInlineBytes }: MessageLimits,
  count: (bytes: number) => void,
): z.ZodType<ConversationMessage> {
  return z.unknown().transform((given, context): ConversationMessage => {
    const refuse = (path: PropertyKey[], message: string) => {
      context.issues.push({ code: 'custom', path, message, input: undefined })
      return z.NEVER
    }
    const reading = readJson(omitLargeData(given, maxInlineBytes))
    for (const { path, message } of reading.faults) refuse([...path], message)
    if (typeof reading.value !== 'object' || reading.value === null || Array.isArray(reading.value))
      return refuse([], 'expected a message with a role, got none')
    const foreign = remedyOf(reading.value)
    if (foreign) return refuse([], `expected a message of OpenAI's chat API, got one of another; ${foreign}`)
    const result = fields.safeParse(withoutEmpty(reading.value))
    if (!result.success) {
      for (const { path, message } of result.error.issues) refuse([...path], message)
      return z.NEVER
    }
    const message = result.data as ConversationMessage
    if ((message.tool_calls || message.function_call) && message.role !== 'assistant')
      refuse(['tool_calls'], `expected calls in messages of an assistant, got some of ${message.role}`)
    if (message.tool_call_id !== undefined && message.role !== 'tool')
      refuse(['tool_call_id'], `expected it in messages of a tool, got one of ${message.role}`)
    const bytes = reading.bytes - Buffer.byteLength(message.role) - Buffer.byteLength(message.name ?? '')
    count(bytes)
    const isSilent = message.content === undefined && reading.faults.length === 0
    if (isSilent && !isResult(message) && message.role !== 'assistant')
      refuse(['content'], 'expected text, parts, or null, got none')
    if (bytes > maxMessageBytes)
      refuse(['content'], `expected at most ${maxMessageBytes} bytes, got ${bytes}; MAX_MESSAGE_BYTES sets the limit`)
    return message
  })
}

/** Parts of other APIs that a field tells from parts of the chat API which have the same name. */
const TOLD_BY_FIELD: readonly { types: readonly string[]; field: string; converter: string }[] = [
  { types: ['image', 'document'], field: 'source', converter: 'fromAnthropic' },
  { types: ['image'], field: 'image', converter: 'fromAiSdk' },
  { types: ['file'], field: 'data', converter: 'fromAiSdk' },
]

const OTHER_API = 'record it as its OpenAI-compatible endpoint has it'
const OF_LANGCHAIN = 'convertMessagesToCompletionsMessageParams of @langchain/openai makes it one'
/** The marks of instances of LangChain's messages, and of the same in JSON. */
const LANGCHAIN_FIELDS = ['lc_kwargs', 'lc_namespace', 'kwargs', 'data']
/** LangChain's words for who speaks, as a role or as the type of a message. */
const LANGCHAIN_ROLES: readonly unknown[] = ['human', 'ai']
const LANGCHAIN_TYPES: readonly unknown[] = [...LANGCHAIN_ROLES, 'system', 'tool', 'function', 'generic', 'chat']

/** The remedy for a message of another API than the chat API; undefined for one of this API. */
function remedyOf(message: object): string | undefined {
  const { role, type, content, parts, choices, output, tool_calls: calls, message: inner } = message as Fields
  if (LANGCHAIN_ROLES.includes(role)) return OF_LANGCHAIN
  if (role === undefined) {
    const [choice] = Array.isArray(choices) ? choices : [message]
    if (LANGCHAIN_TYPES.includes(type)) return OF_LANGCHAIN
    if (LANGCHAIN_FIELDS.some((field) => Object.hasOwn(message, field))) return OF_LANGCHAIN
    if (choice?.delta) return 'it is a piece of a streamed answer: record the message that all its pieces make'
    if (Array.isArray(choices)) return 'it is a whole answer: record its `choices[0].message`'
    if (Array.isArray(output)) return 'it is a whole answer: fromResponses makes messages of its `output`'
    if (typeof inner === 'object') return 'it is a choice of an answer: record its `message`'
    if (typeof type === 'string') return 'fromResponses makes it one'
  }
  if (role === 'model') return 'fromGemini makes it one'
  if (Array.isArray(calls) && calls.some((call) => call?.type === 'tool_call')) return OF_LANGCHAIN
  const listed = content === undefined && Array.isArray(parts) ? parts : content
  const pieces = (Array.isArray(listed) ? listed : []) as (Fields | null)[]
  // The pieces of Gemini and Bedrock have no type.
  if (pieces.some((one) => typeof one === 'object' && one?.type === undefined && Object.keys(one ?? {}).length > 0))
    return listed === parts ? 'fromGemini makes it one' : OTHER_API
  if (listed === parts && parts !== undefined) return 'fromAiSdk makes it one'
  const converter = pieces.map(converterOf).find((name) => name !== undefined)
  return converter && `${converter} makes it one`
}

/** The converter of a part that is no part of the chat API. */
function converterOf(part: Fields | null): string | undefined {
  const type = String(part?.type)
  if (Object.hasOwn(CONVERTERS, type)) return CONVERTERS[type]
  return TOLD_BY_FIELD.find((one) => one.types.includes(type) && Object.hasOwn(part ?? {}, one.field))?.converter
}

/** Without what APIs name and leave empty: a `null` says no more than no field, and no call is no list of calls. */
function withoutEmpty(message: object): object {
  const isEmptyList = (key: string, value: unknown) =>
    (LISTS as readonly string[]).includes(key) && Array.isArray(value) && value.length === 0
  return Object.fromEntries(
    Object.entries(message).filter(([key, value]) => (value !== null || key === 'content') && !isEmptyList(key, value)),
  )
}
