import {
  type ContentPart,
  type ConversationMessage,
  isResult,
  isSystem,
  type ToolCall,
  textOf,
} from '../conversation.ts'
import { argumentsObject } from './arguments-object.ts'
import { readDataUrl } from './data-urls.ts'
import { describePart } from './describe-part.ts'
import { fileAddressOf } from './file-data.ts'
import { type ForeignFields, isFields, listPieces, originsOf, type Placed, parsedJson } from './origin.ts'

/** Owns how messages of the chat API become a request of Gemini's API: those that `fromGemini` made, as they were. */

const { originOf } = originsOf('gemini')

export type GeminiContent = { role?: string; parts?: ForeignFields[]; [field: string]: unknown }
/** `systemInstruction`, a field of `config` in its SDK, is absent where no system message is. */
export type GeminiRequest<Content = GeminiContent> = {
  systemInstruction?: string | GeminiContent
  contents: Content[]
}

/** Makes messages a request of Gemini's API. In TypeScript name its type: `toGemini<Content>(…)`. */
export function toGemini<Content = GeminiContent>(messages: readonly ConversationMessage[]): GeminiRequest<Content> {
  const { messages: contents, system } = placedInGemini(messages)
  return { ...(system !== undefined && { systemInstruction: system }), contents: contents as Content[] }
}

/** The contents, and where each message is; null for one of the system. */
export function placedInGemini(
  messages: readonly ConversationMessage[],
): Placed<GeminiContent> & { readonly system?: string | GeminiContent } {
  const out: GeminiContent[] = []
  const indexOf: (number | null)[] = []
  const systems = messages.filter(isSystem)
  const names = new Map<string, string>()
  let isAfterResult = false
  for (const message of messages) {
    if (isSystem(message)) {
      indexOf.push(null)
      continue
    }
    for (const call of message.tool_calls ?? []) names.set(call.id, nameOf(call))
    const { continues, content } = originOf(message)
    const { hasNoParts, ...own } = isFields(content)
      ? content
      : { role: message.role === 'assistant' ? 'model' : 'user' }
    const isOfTool = isResult(message)
    const parts = isOfTool ? [resultPart(message, names), ...mediaIn(message)] : partsFor(message)
    const last = out.at(-1)
    // The responses to one answer stand in one content.
    const isModel = message.role === 'assistant'
    // It takes no two contents of a model in a row of which the second calls.
    const isMore = isModel || (isOfTool && isAfterResult)
    const isJoined = continues === true || (isMore && !isFields(content))
    if (isJoined && last?.parts && (last.role === 'model') === isModel) last.parts.push(...parts)
    else out.push({ ...own, ...(hasNoParts !== true && { parts }) })
    indexOf.push(out.length - 1)
    isAfterResult = isOfTool
  }
  return { messages: out, indexOf, ...(systems.length > 0 && { system: systemOf(systems) }) }
}

function systemOf(systems: readonly ConversationMessage[]): string | GeminiContent {
  const [only] = systems
  if (systems.length > 1 || !only) return systems.map(textOf).join('\n\n')
  const { system } = originOf(only)
  return isFields(system) ? { ...system, parts: partsFor(only) } : textOf(only)
}

function partsFor(message: ConversationMessage): ForeignFields[] {
  return listPieces(message).flatMap((piece) => ('part' in piece ? partOf(piece.part) : [callPart(piece.call)]))
}

function nameOf(call: ToolCall): string {
  return call.type === 'custom' ? call.custom.name : call.function.name
}

function callPart(call: ToolCall): ForeignFields {
  const { part, call: fields, hasNoId, hasNoArgs } = originOf(call)
  const args =
    call.type === 'custom' ? { input: call.custom.input } : parsedJson(argumentsObject(call.function.arguments))
  return {
    functionCall: {
      ...(hasNoId !== true && { id: call.id }),
      name: nameOf(call),
      ...(hasNoArgs !== true && { args }),
      ...(fields as ForeignFields | undefined),
    },
    ...(part as ForeignFields | undefined),
  }
}

function resultPart(message: ConversationMessage, names: ReadonlyMap<string, string>): ForeignFields {
  const { part, response, hasNoId } = originOf(message)
  const id = message.tool_call_id ?? ''
  const value = parsedJson(textOf(message))
  // It takes objects only.
  const given = isFields(value) ? value : { output: textOf(message) }
  const isAbsent = isFields(response) && textOf(message) === ''
  return {
    functionResponse: {
      ...(hasNoId !== true && { id }),
      name: names.get(id) ?? message.name ?? '',
      ...(!isAbsent && { response: given }),
      ...(response as ForeignFields | undefined),
    },
    ...(part as ForeignFields | undefined),
  }
}

/** Beside the text of a result of another API: older models take it beside the response only, not in it. */
function mediaIn({ content }: ConversationMessage): ForeignFields[] {
  return Array.isArray(content) ? content.filter(({ type }) => type !== 'text').flatMap(partOf) : []
}

function partOf(part: ContentPart): ForeignFields[] {
  const { inlineData: about, ...origin } = originOf(part)
  if (part.type === 'text') return [{ text: part.text, ...origin }]
  if (part.type === 'opaque' && part.format === 'gemini') return [part.value as ForeignFields]
  const isFile = part.type === 'file' || part.type === 'input_audio'
  const data = readDataUrl((part.type === 'image_url' ? part.image_url.url : isFile ? fileAddressOf(part) : '') ?? '')
  if (data)
    return [
      {
        inlineData: { mimeType: data.mediaType, data: data.base64, ...(about as ForeignFields | undefined) },
        ...origin,
      },
    ]
  const text = describePart(part)
  return text === '' ? [] : [{ text }]
}
