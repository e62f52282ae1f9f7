import { type ContentPart, type ConversationMessage, isResult, type ToolCall } from '../conversation.ts'
import { describePart } from './describe-part.ts'
import { type ForeignFields, isFields, listPieces, originsOf, type Placed, without } from './origin.ts'

/** Owns how messages of the chat API become items of OpenAI's Responses API: those that `fromResponses` made, as they were. */

const { originOf } = originsOf('responses')

export type ResponsesItem = Record<string, unknown>

/**
 * Makes messages the `input` of the Responses API. In TypeScript name its type: `toResponses<OpenAI.Responses.ResponseInputItem>(…)`.
 */
export function toResponses<Item = ResponsesItem>(messages: readonly ConversationMessage[]): Item[] {
  return placedInResponses(messages).messages as Item[]
}

/** The items, and the first of each message. */
export function placedInResponses(messages: readonly ConversationMessage[]): Placed<ResponsesItem> {
  const out: ResponsesItem[] = []
  const indexOf = messages.map((message) => {
    const items = itemsOf(message)
    out.push(...items)
    return items.length === 0 ? null : out.length - items.length
  })
  return { messages: out, indexOf }
}

function itemsOf(message: ConversationMessage): ResponsesItem[] {
  if (message.role === 'assistant') return answerItems(message)
  const { content } = message
  const given = typeof content === 'string' ? content : (content ?? []).map(inputPart)
  if (isResult(message)) {
    const { type = 'function_call_output', ...rest } = originOf(message)
    return [{ type, call_id: message.tool_call_id ?? '', output: given, ...rest }]
  }
  return [{ role: message.role, content: given, ...originOf(message) }]
}

function answerItems(message: ConversationMessage): ResponsesItem[] {
  if (typeof message.content === 'string' && !message.tool_calls)
    return message.content === '' ? [] : [{ role: 'assistant', content: message.content }]
  const items: ResponsesItem[] = []
  for (const entry of listPieces(message)) {
    if ('call' in entry) items.push(callItem(entry.call))
    else if (entry.part.type === 'opaque') addOpaque(items, entry.part)
    else addPart(items, entry.part)
  }
  return items
}

/** A piece of an item of this API, an item of it, or words for a piece of another. */
function addOpaque(items: ResponsesItem[], part: ContentPart & { readonly type: 'opaque' }): void {
  const { item, continues } = originOf(part)
  if (part.format !== 'responses') {
    const text = describePart(part)
    if (text !== '') items.push({ role: 'assistant', content: text })
  } else if (isFields(item)) items.push({ ...item, content: [part.value] })
  else if (continues === true) addToLast(items, part.value as ForeignFields)
  else items.push(part.value as ResponsesItem)
}

function addPart(items: ResponsesItem[], part: ContentPart): void {
  const { item, isText, continues, ...rest } = originOf(part)
  const isOwn = isFields(item) || continues === true
  if (!isOwn && describePart(part) === '') return
  const output =
    part.type === 'refusal'
      ? { type: 'refusal', refusal: part.refusal, ...rest }
      : { type: 'output_text', text: describePart(part), ...rest }
  if (isText === true && isFields(item) && part.type === 'text') items.push({ ...item, content: part.text })
  else if (isFields(item)) items.push({ ...item, content: [output] })
  else if (continues === true) addToLast(items, output)
  else items.push({ role: 'assistant', content: describePart(part) })
}

function addToLast(items: ResponsesItem[], part: ForeignFields): void {
  const last = items.at(-1)
  if (Array.isArray(last?.content)) last.content.push(part)
}

function callItem(call: ToolCall): ResponsesItem {
  const origin = originOf(call)
  return call.type === 'custom'
    ? { type: 'custom_tool_call', call_id: call.id, name: call.custom.name, input: call.custom.input, ...origin }
    : {
        type: 'function_call',
        call_id: call.id,
        name: call.function.name,
        arguments: call.function.arguments,
        ...origin,
      }
}

function inputPart(part: ContentPart): ResponsesItem {
  const origin = originOf(part)
  switch (part.type) {
    case 'text':
      return { type: 'input_text', text: part.text, ...origin }
    case 'image_url':
      return { type: 'input_image', image_url: part.image_url.url, ...without(part.image_url, 'url'), ...origin }
    case 'file':
      return { type: 'input_file', ...part.file, ...origin }
    case 'opaque':
      if (part.format === 'responses') return part.value as ResponsesItem
      break
    default:
  }
  return { type: 'input_text', text: describePart(part) }
}
