import type { ContentPart, ConversationMessage, FunctionCall } from '../conversation.ts'
import { asJson } from './json-data.ts'
import { type AnswerPiece, type ForeignFields, isFields, notOf, opaque, originsOf, without } from './origin.ts'

/** Owns how a message of an AI SDK user interface becomes messages of the chat API: of one answer with tools several, in the order of its steps. */

const { assistantOf, withOrigin } = originsOf('ai-sdk-ui')

const TOOL = 'tool-'

/** The messages of one `UIMessage`. @throws INPUT_INVALID */
export function fromUiMessage(message: ForeignFields, index: number): ConversationMessage[] {
  const { role, parts } = message
  if (!Array.isArray(parts) || !parts.every(isFields)) throw notOf('the AI SDK', index, 'a list of parts')
  const ui = { ui: asJson(without(message, 'role', 'parts')) }
  if (role === 'user' || role === 'system') return [withOrigin({ role, content: parts.map(partOf) }, ui)]
  if (role !== 'assistant') throw notOf('the AI SDK', index, 'a message with a role')
  const out: ConversationMessage[] = []
  let entries: AnswerPiece[] = []
  let results: ConversationMessage[] = []
  const endStep = () => {
    if (entries.length > 0 || out.length === 0)
      out.push(assistantOf(entries, out.length === 0 ? ui : { continues: true }), ...results)
    entries = []
    results = []
  }
  for (const part of parts) {
    const call = callOf(part)
    // What comes after results is the next step.
    if (!call && results.length > 0) endStep()
    entries.push(call ? { call } : { part: partOf(part) })
    const result = call && resultOf(part, call.id)
    if (result) results.push(result)
  }
  endStep()
  return out
}

function callOf(part: ForeignFields): FunctionCall | undefined {
  const { type, toolCallId: id, toolName, input } = part
  const name = type === 'dynamic-tool' ? toolName : String(type).startsWith(TOOL) ? String(type).slice(TOOL.length) : ''
  if (typeof id !== 'string' || typeof name !== 'string' || name === '') return undefined
  const call: FunctionCall = { id, type: 'function', function: { name, arguments: JSON.stringify(input) ?? '' } }
  const taken = ['toolCallId', 'toolName', 'input', ...(hasResult(part) ? ['output', 'errorText'] : [])]
  const rest = without(asJson(part) as ForeignFields, ...taken)
  return withOrigin(call, { ...rest, ...(input === undefined && { hasNoInput: true }) })
}

function hasResult({ state, output, errorText }: ForeignFields): boolean {
  if (state === 'output-available') return output !== undefined && errorText === undefined
  return state === 'output-error' && typeof errorText === 'string' && output === undefined
}

function resultOf(part: ForeignFields, id: string): ConversationMessage | undefined {
  if (!hasResult(part)) return undefined
  const { output, errorText } = part
  if (typeof errorText === 'string')
    return withOrigin({ role: 'tool', tool_call_id: id, content: errorText }, { continues: true, is: 'error' })
  const isText = typeof output === 'string'
  const content = isText ? output : JSON.stringify(output)
  return withOrigin({ role: 'tool', tool_call_id: id, content }, { continues: true, is: isText ? 'text' : 'json' })
}

function partOf(part: ForeignFields): ContentPart {
  const { type, text, url, mediaType } = part
  if (type === 'text' && typeof text === 'string')
    return withOrigin({ type, text }, without(asJson(part) as ForeignFields, 'type', 'text'))
  if (type === 'file' && typeof url === 'string' && String(mediaType).startsWith('image/'))
    return withOrigin({ type: 'image_url', image_url: { url } }, without(asJson(part) as ForeignFields, 'type', 'url'))
  return opaque('ai-sdk-ui', asJson(part))
}
