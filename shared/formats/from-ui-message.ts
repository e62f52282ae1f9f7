import type { ContentPart, ConversationMessage, FunctionCall } from '../conversation.ts'
import { fileAddressOf, fileOf, isImageType } from './file-data.ts'
import { asJson } from './json-data.ts'
import { type AnswerPiece, type ForeignFields, isFields, notOf, opaque, originsOf, without } from './origin.ts'

/** Owns how a message of an AI SDK user interface becomes messages of the chat API: of one answer with tools several, in the order of its steps. */

const { assistantOf, withOrigin } = originsOf('ai-sdk-ui')

const TOOL = 'tool-'
/** The words by which a model learns that a user did not allow a call. */
export const DENIED = 'Tool execution denied.'
/** How version 4 has a call: as a field of the part. */
const VERSION4 = 'tool-invocation'

/** The messages of one `UIMessage`. @throws INPUT_INVALID */
export function fromUiMessage(message: ForeignFields, index: number): ConversationMessage[] {
  const { role } = message
  const parts = partsIn(message)
  if (!parts) throw notOf('the AI SDK', index, 'a list of parts')
  const isBare = message.parts === undefined
  const kept = without(message, 'role', 'parts', 'experimental_attachments', ...(isBare ? ['toolInvocations'] : []))
  const attached = attachmentsOf(message)?.map((one) => without(one, 'url'))
  const ui = {
    ui: asJson({ ...kept, ...(attached && { experimental_attachments: attached }) }),
    ...(isBare && { isBare }),
  }
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

/** True for a message of the AI SDK that is one of a user interface; before version 4.2 such a message had no parts. */
export function isUiMessage(message: ForeignFields): boolean {
  const { parts, toolInvocations } = message
  return Array.isArray(parts) || Array.isArray(toolInvocations) || attachmentsOf(message) !== undefined
}

/** The parts; of version 4 also the files that are listed beside them, and the words and the calls where no parts are. */
function partsIn(message: ForeignFields): ForeignFields[] | undefined {
  const { parts, content, toolInvocations } = message
  const files = (attachmentsOf(message) ?? []).map(({ url, name, contentType }) => {
    return { type: 'file', url, mediaType: contentType, filename: name, isAttachment: true }
  })
  if (parts !== undefined)
    return Array.isArray(parts) && parts.every(isFields) ? [...(parts as ForeignFields[]), ...files] : undefined
  const calls = Array.isArray(toolInvocations) ? toolInvocations : []
  const text = typeof content === 'string' && content !== '' ? [{ type: 'text', text: content }] : []
  return [...text, ...files, ...calls.map((one) => ({ type: VERSION4, toolInvocation: one as unknown }))]
}

function attachmentsOf({ experimental_attachments: attached }: ForeignFields): ForeignFields[] | undefined {
  return Array.isArray(attached) && attached.every(isFields) ? attached : undefined
}

function callOf(part: ForeignFields): FunctionCall | undefined {
  if (part.type === VERSION4) return callOfVersion4(part)
  const { type, toolCallId: id, toolName, input } = part
  const name = type === 'dynamic-tool' ? toolName : String(type).startsWith(TOOL) ? String(type).slice(TOOL.length) : ''
  if (typeof id !== 'string' || typeof name !== 'string' || name === '' || part.providerExecuted === true)
    return undefined
  // What could not be read as its input is kept as the model wrote it.
  const { rawInput } = part
  const raw = typeof rawInput === 'string' ? rawInput : JSON.stringify(rawInput)
  const written = (input === undefined ? raw : JSON.stringify(input)) ?? ''
  const call: FunctionCall = { id, type: 'function', function: { name, arguments: written } }
  const taken = ['toolCallId', 'toolName', 'input', ...(hasResult(part) ? ['output', 'errorText'] : [])]
  const rest = without(asJson(part) as ForeignFields, ...taken)
  return withOrigin(call, { ...rest, ...(input === undefined && { hasNoInput: true }) })
}

function callOfVersion4(part: ForeignFields): FunctionCall | undefined {
  const { toolInvocation: invocation } = part
  if (!isFields(invocation) || typeof invocation.toolCallId !== 'string' || typeof invocation.toolName !== 'string')
    return undefined
  const { toolCallId: id, toolName: name, args, result } = invocation
  const call: FunctionCall = { id, type: 'function', function: { name, arguments: JSON.stringify(args) ?? '' } }
  const kept = asJson(without(invocation, ...(result === undefined ? [] : ['result']))) as ForeignFields
  return withOrigin(call, { ...(asJson(part) as ForeignFields), toolInvocation: kept })
}

function hasResult({ state, output, errorText }: ForeignFields): boolean {
  if (state === 'output-available') return output !== undefined && errorText === undefined
  return state === 'output-error' && typeof errorText === 'string' && output === undefined
}

function resultOf(part: ForeignFields, id: string): ConversationMessage | undefined {
  const { toolInvocation } = part
  const { output, errorText } =
    isFields(toolInvocation) && part.type === VERSION4 ? { output: toolInvocation.result, errorText: undefined } : part
  if (part.state === 'output-denied') {
    const { reason } = (part.approval ?? {}) as ForeignFields
    const content = typeof reason === 'string' ? reason : DENIED
    return withOrigin({ role: 'tool', tool_call_id: id, content }, { continues: true, is: 'denied' })
  }
  if (part.type === VERSION4 ? output === undefined : !hasResult(part)) return undefined
  if (typeof errorText === 'string')
    return withOrigin({ role: 'tool', tool_call_id: id, content: errorText }, { continues: true, is: 'error' })
  const isText = typeof output === 'string'
  const content = isText ? output : JSON.stringify(output)
  return withOrigin({ role: 'tool', tool_call_id: id, content }, { continues: true, is: isText ? 'text' : 'json' })
}

function partOf(part: ForeignFields): ContentPart {
  const { type, text, url, mediaType, filename } = part
  if (type === 'text' && typeof text === 'string')
    return withOrigin({ type, text }, without(asJson(part) as ForeignFields, 'type', 'text'))
  if (type === 'file' && typeof url === 'string') {
    const made = isImageType(String(mediaType))
      ? ({ type: 'image_url', image_url: { url } } as const)
      : fileOf(url, filename)
    if (made && (made.type === 'image_url' || fileAddressOf(made) === url))
      return withOrigin(made, without(asJson(part) as ForeignFields, 'type', 'url'))
  }
  return opaque('ai-sdk-ui', asJson(part))
}
