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
import { readJson } from '../../json-value.ts'
import { idSchema, MAX_ID_BYTES } from '../../parse-input.ts'
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

const ROLES = ['user', 'assistant', 'system', 'developer', 'tool', 'function'] as const satisfies readonly MessageRole[]
const MAX_PARTS = 1_024
const MAX_TOOL_CALLS = 1_024
/** Empty where they say nothing. */
const LISTS = ['tool_calls', 'annotations', 'images', 'reasoning_details'] as const

/** Parts of other APIs, which say what a chat message says in fields of its own. */
const CONVERTERS: Readonly<Record<string, string>> = {
  tool_use: 'fromAnthropic',
  tool_result: 'fromAnthropic',
  input_text: 'fromResponses',
  output_text: 'fromResponses',
  'tool-call': 'fromAiSdk',
  'tool-result': 'fromAiSdk',
}

export type MessageLimits = Pick<Config, 'maxMessageBytes' | 'maxInlineBytes'>

const part = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('text'), text: z.string() }),
  z.looseObject({
    type: z.literal('image_url'),
    image_url: z.union([
      z.string().transform((url) => ({ url })),
      z.looseObject({ url: z.string(), detail: z.enum(['auto', 'low', 'high', 'original']).optional() }),
    ]),
  }),
  z.looseObject({
    type: z.literal('input_audio'),
    input_audio: z.looseObject({ data: z.string(), format: z.string() }),
  }) satisfies z.ZodType<AudioPart>,
  z.looseObject({
    type: z.literal('file'),
    file: z.looseObject({
      file_data: z.string().optional(),
      file_id: z.string().optional(),
      filename: z.string().optional(),
    }),
  }),
  z.looseObject({ type: z.literal('refusal'), refusal: z.string() }),
])
const KNOWN_PARTS: ReadonlySet<string> = new Set(['text', 'image_url', 'input_audio', 'file', 'refusal'])
const otherPart = z.looseObject({ type: z.string().min(1) })

/** As models, or the servers around them, write them. */
const callId = z
  .string()
  .nullish()
  .transform((id) => id ?? '')
  .refine((id) => Buffer.byteLength(id) <= MAX_ID_BYTES, `expected at most ${MAX_ID_BYTES} bytes of UTF-8, got more`)
const called = z.looseObject({
  name: idSchema,
  arguments: z
    .union([z.string(), z.record(z.string(), z.unknown()), z.null()])
    .optional()
    .transform((given) => (typeof given === 'string' ? given : given ? JSON.stringify(given) : '')),
})
const toolCall = z.union(
  [
    z.looseObject({
      id: callId,
      type: z.literal('custom'),
      custom: z.looseObject({ name: idSchema, input: z.string() }),
    }),
    z.looseObject({ id: callId, type: z.literal('function').default('function'), function: called }),
  ],
  'expected a call of a function or of a custom tool, with its name',
)

/** Text, parts, or nothing; not a union, whose faults would lose their paths. */
const content = z.unknown().transform((given, context): ConversationMessage['content'] => {
  if (given === undefined || given === null) return given
  const refuse = (path: PropertyKey[], message: string) =>
    context.issues.push({ code: 'custom', path, message, input: undefined })
  if (typeof given === 'string') return given
  if (!Array.isArray(given)) {
    refuse([], `expected text or a list of parts, got a ${typeof given}`)
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
  role: z.enum(ROLES),
  name: idSchema.optional(),
  content: content.optional(),
  refusal: z.string().optional(),
  audio: z.looseObject({ id: z.string().optional(), transcript: z.string().optional() }).optional(),
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
    const foreign = converterOf(reading.value)
    if (foreign)
      return refuse([], `expected a message of OpenAI's chat API, got one of another; ${foreign} makes it one`)
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
    if (message.content === undefined && !isResult(message) && message.role !== 'assistant')
      refuse(['content'], 'expected text, parts, or null, got none')
    if (bytes > maxMessageBytes)
      refuse(['content'], `expected at most ${maxMessageBytes} bytes, got ${bytes}; MAX_MESSAGE_BYTES sets the limit`)
    return message
  })
}

/** The function that makes a message of another API one of the chat API; undefined for one of this API. */
function converterOf(message: object): string | undefined {
  const { role, type, content, parts } = message as Record<string, unknown>
  if (role === undefined) return typeof type === 'string' ? 'fromResponses' : undefined
  if (content === undefined && Array.isArray(parts)) return 'fromAiSdk'
  const types = Array.isArray(content) ? content.map((one) => (one as { type?: unknown } | null)?.type) : []
  return CONVERTERS[String(types.find((one) => Object.hasOwn(CONVERTERS, String(one))))]
}

/** Without what APIs name and leave empty: a `null` says no more than no field, and no call is no list of calls. */
function withoutEmpty(message: object): object {
  const isEmptyList = (key: string, value: unknown) =>
    (LISTS as readonly string[]).includes(key) && Array.isArray(value) && value.length === 0
  return Object.fromEntries(
    Object.entries(message).filter(([key, value]) => (value !== null || key === 'content') && !isEmptyList(key, value)),
  )
}
