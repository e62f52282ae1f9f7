import { z } from 'zod'
import type { Config } from '../../config.ts'
import { type ConversationMessage, textOf } from '../../conversation.ts'
import { idSchema, isStorable, STORABLE } from '../../parse-input.ts'

/** Owns what a message of a turn may be: which parts each role has, and how large they are. Guarantees: every fault is told with its path. */

const ROLES = ['user', 'assistant', 'system', 'tool'] as const
const MAX_PARTS = 256
/** What OpenAI's API takes. */
const MAX_TOOL_CALLS = 128
const MAX_URL_BYTES = 2_048
const NO_TEXT = 'expected some text, got none'

type Limits = Pick<Config, 'maxMessageBytes'>

const storable = z.string().refine(isStorable, STORABLE)
const part = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text'), text: storable }),
  z.strictObject({
    type: z.literal('image_url'),
    image_url: z.strictObject({
      url: storable
        .regex(/^https?:\/\/\S+$/i, 'expected an address http(s)://…: images are recorded by reference, not as data')
        .refine((url) => Buffer.byteLength(url) <= MAX_URL_BYTES, `expected at most ${MAX_URL_BYTES} bytes`),
      detail: z.enum(['auto', 'low', 'high']).optional(),
    }),
  }),
])
const parts = z.array(part).min(1).max(MAX_PARTS)
const toolCall = z.strictObject({
  id: idSchema,
  type: z.literal('function'),
  function: z.strictObject({ name: idSchema, arguments: storable }),
})

/** Text, parts, or nothing; not a union, whose faults would lose their paths. */
const content = z.unknown().transform((given, context): ConversationMessage['content'] => {
  if (given === undefined || given === null) return null
  const result = (typeof given === 'string' ? storable : parts).safeParse(given)
  if (result.success) return result.data
  for (const { path, message } of result.error.issues)
    context.issues.push({ code: 'custom', path, message, input: undefined })
  return null
})

/** The schema of one message, within the limits. */
export function messageSchema(limits: Limits): z.ZodType<ConversationMessage> {
  const message = z.strictObject({
    role: z.enum(ROLES),
    name: idSchema.optional(),
    content: content.optional(),
    tool_calls: z.array(toolCall).min(1).max(MAX_TOOL_CALLS).optional(),
    tool_call_id: idSchema.optional(),
  })
  return message.superRefine((given, context) => {
    for (const [path, fault] of faultsOf(given, limits))
      context.addIssue({ code: 'custom', path: [path], message: fault })
  })
}

function faultsOf(message: ConversationMessage, { maxMessageBytes }: Limits): [path: string, fault: string][] {
  const { role, tool_calls, tool_call_id } = message
  const faults: [string, string][] = []
  const hasImage = Array.isArray(message.content) && message.content.some(({ type }) => type === 'image_url')
  // A tool may print nothing, and an assistant may call without a word.
  const isWordless = (role === 'tool' && tool_call_id !== undefined) || (role === 'assistant' && tool_calls)
  if (hasImage && role !== 'user') faults.push(['content', `expected images in messages of a user, got one of ${role}`])
  if (!isWordless && !hasImage && textOf(message).trim() === '') faults.push(['content', NO_TEXT])
  if (role === 'tool' && message.content === null) faults.push(['content', 'expected text, got none'])
  if (tool_calls && role !== 'assistant')
    faults.push(['tool_calls', `expected calls in messages of an assistant, got some of ${role}`])
  if (tool_call_id !== undefined && role !== 'tool')
    faults.push(['tool_call_id', `expected it in messages of a tool, got one of ${role}`])
  if (new Set(tool_calls?.map(({ id }) => id)).size !== (tool_calls?.length ?? 0))
    faults.push(['tool_calls', 'expected ids that differ, got one twice'])
  const bytes = bytesOf(message)
  if (bytes > maxMessageBytes)
    faults.push([
      'content',
      `expected at most ${maxMessageBytes} bytes, got ${bytes}; MAX_MESSAGE_BYTES sets the limit`,
    ])
  return faults
}

function bytesOf({ content, tool_calls = [] }: ConversationMessage): number {
  const texts = Array.isArray(content)
    ? content.map((one) => (one.type === 'text' ? one.text : one.image_url.url))
    : [content ?? '']
  for (const call of tool_calls) texts.push(call.id, call.function.name, call.function.arguments)
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0)
}
