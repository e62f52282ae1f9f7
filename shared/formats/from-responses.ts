import type { ContentPart, ConversationMessage, MessageRole, ToolCall } from '../conversation.ts'
import { type AnswerPiece, type ForeignFields, isFields, notOf, opaque, originsOf, without } from './origin.ts'

/** Owns how items of OpenAI's Responses API become messages of the chat API. `toResponses` gives them back as they were. */

const { assistantOf, withOrigin } = originsOf('responses')

const DETAILS: readonly unknown[] = ['auto', 'low', 'high', 'original']
const RESULTS: readonly unknown[] = ['function_call_output', 'custom_tool_call_output']

/**
 * Makes items of the Responses API, what was sent as `input` and what came as `output`, messages that `recordTurn` takes.
 * @throws INPUT_INVALID
 */
export function fromResponses(items: string | readonly object[]): ConversationMessage[] {
  if (typeof items === 'string') return [{ role: 'user', content: items }]
  const out: ConversationMessage[] = []
  // What a model answers until somebody else speaks is one message: thoughts, words, calls.
  let answer: ForeignFields[] = []
  const endAnswer = () => {
    if (answer.length > 0) out.push(answerOf(answer))
    answer = []
  }
  for (const [index, item] of items.entries()) {
    if (!isFields(item)) throw notOf('the Responses API', index, 'an item')
    const other = asSpoken(item) ?? asResult(item)
    if (other) endAnswer()
    if (other) out.push(other)
    else answer.push(item)
  }
  endAnswer()
  return out
}

/** A message of the user or the system; undefined for any other item. */
function asSpoken(item: ForeignFields): ConversationMessage | undefined {
  const { role, content } = item
  if (role !== 'user' && role !== 'system' && role !== 'developer') return undefined
  const given = typeof content === 'string' ? content : listOf(content)?.map(partOf)
  if (given === undefined) return undefined
  return withOrigin({ role: role satisfies MessageRole, content: given }, without(item, 'role', 'content'))
}

function asResult(item: ForeignFields): ConversationMessage | undefined {
  const { type, call_id: id, output } = item
  const content = typeof output === 'string' ? output : listOf(output)?.map(partOf)
  if (!RESULTS.includes(type) || typeof id !== 'string' || content === undefined) return undefined
  const own = type === 'function_call_output' ? without(item, 'type') : item
  return withOrigin({ role: 'tool', tool_call_id: id, content }, without(own, 'call_id', 'output'))
}

function answerOf(items: readonly ForeignFields[]): ConversationMessage {
  const [only] = items
  if (
    items.length === 1 &&
    only?.role === 'assistant' &&
    typeof only.content === 'string' &&
    Object.keys(only).length === 2
  )
    return { role: 'assistant', content: only.content }
  return assistantOf(items.flatMap(entriesOfItem))
}

function entriesOfItem(item: ForeignFields): AnswerPiece[] {
  const call = callOf(item)
  if (call) return [{ call }]
  const { role, content } = item
  const about = { item: without(item, 'content') }
  if (role !== 'assistant') return [{ part: opaque('responses', item) }]
  if (typeof content === 'string')
    return [{ part: withOrigin({ type: 'text', text: content }, { ...about, isText: true }) }]
  const parts = listOf(content)?.map(answerPart) ?? []
  if (parts.length === 0) return [{ part: opaque('responses', item) }]
  return parts.map((part, nth) => ({
    part: withOrigin(part, {
      ...(part as { origin?: ForeignFields }).origin,
      ...(nth === 0 ? about : { continues: true }),
    }),
  }))
}

function callOf(item: ForeignFields): ToolCall | undefined {
  const { type, call_id: id, name, arguments: given, input } = item
  if (typeof id !== 'string' || typeof name !== 'string') return undefined
  if (type === 'function_call' && typeof given === 'string') {
    const call: ToolCall = { id, type: 'function', function: { name, arguments: given } }
    return withOrigin(call, without(item, 'type', 'call_id', 'name', 'arguments'))
  }
  if (type !== 'custom_tool_call' || typeof input !== 'string') return undefined
  const call: ToolCall = { id, type: 'custom', custom: { name, input } }
  return withOrigin(call, without(item, 'type', 'call_id', 'name', 'input'))
}

function answerPart(part: ForeignFields): ContentPart {
  const { type, text, refusal } = part
  if (type === 'output_text' && typeof text === 'string')
    return withOrigin({ type: 'text', text }, without(part, 'type', 'text'))
  if (type === 'refusal' && typeof refusal === 'string')
    return withOrigin({ type, refusal }, without(part, 'type', 'refusal'))
  return opaque('responses', part)
}

function partOf(part: ForeignFields): ContentPart {
  const { type, text, image_url: url, detail, file_data: data, file_id: id, filename } = part
  if (type === 'input_text' && typeof text === 'string')
    return withOrigin({ type: 'text', text }, without(part, 'type', 'text'))
  if (type === 'input_image' && typeof url === 'string') {
    const known = DETAILS.includes(detail) ? { detail: detail as 'auto' } : {}
    const rest = without(part, 'type', 'image_url', ...Object.keys(known))
    return withOrigin({ type: 'image_url', image_url: { url, ...known } }, rest)
  }
  const file = { file_data: data, file_id: id, filename }
  const given = Object.entries(file).filter(([, value]) => typeof value === 'string')
  if (type === 'input_file' && given.length > 0 && part.file_url === undefined) {
    const rest = without(part, 'type', ...given.map(([key]) => key))
    return withOrigin({ type: 'file', file: Object.fromEntries(given) }, rest)
  }
  return opaque('responses', part)
}

function listOf(value: unknown): ForeignFields[] | undefined {
  return Array.isArray(value) && value.every(isFields) ? value : undefined
}
