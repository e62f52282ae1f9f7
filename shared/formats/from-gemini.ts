import type { ContentPart, ConversationMessage, FunctionCall } from '../conversation.ts'
import { dataUrl } from './data-urls.ts'
import { fileAddressOf, fileOf, isImageType } from './file-data.ts'
import { type AnswerPiece, type ForeignFields, isFields, notOf, opaque, originsOf, without } from './origin.ts'

/** Owns how contents of Gemini's API become messages of the chat API. `toGemini` gives them back as they were. */

const { assistantOf, withOrigin } = originsOf('gemini')

/** A request of Gemini's API, as far as it is a conversation. */
export type GeminiInput = { readonly systemInstruction?: unknown; readonly contents: unknown }
/** A call that waits for its response, which may name its function only. */
type OpenCall = { readonly id: string; readonly name: string }

/**
 * Makes contents of Gemini's API, what was sent and `candidates[0].content`, messages that `recordTurn` takes.
 * @throws INPUT_INVALID
 */
export function fromGemini(given: GeminiInput | readonly object[]): ConversationMessage[] {
  const { systemInstruction: system, contents } = Array.isArray(given)
    ? { systemInstruction: undefined, contents: given as unknown }
    : (inCamelCase({ ...given }) as GeminiInput)
  const out: ConversationMessage[] = system === undefined || system === null ? [] : [fromSystem(system)]
  if (typeof contents === 'string') return [...out, { role: 'user', content: contents }]
  if (!Array.isArray(contents)) throw notOf('Gemini', 0, 'text or a list of contents')
  let open: OpenCall[] = []
  for (const [index, content] of contents.entries()) {
    if (!isFields(content)) throw notOf('Gemini', index, 'a content')
    const parts = partsIn(content.parts ?? [])
    if (!parts) throw notOf('Gemini', index, 'a list of parts')
    const place = {
      content: { ...without(content, 'parts'), ...(content.parts === undefined && { hasNoParts: true }) },
    }
    if (content.role !== 'model') out.push(...fromUser(parts, place, open))
    else {
      open = []
      const pieces = parts.map((part, nth): AnswerPiece => {
        const call = callOf(part, `gemini_${index}_${nth}`)
        if (call) open.push({ id: call.id, name: call.function.name })
        return call ? { call } : { part: partOf(part) }
      })
      out.push(assistantOf(pieces, place))
    }
  }
  return out
}

function fromSystem(system: unknown): ConversationMessage {
  if (typeof system === 'string') return { role: 'system', content: system }
  const parts = isFields(system) ? partsIn(system.parts) : undefined
  if (!isFields(system) || !parts) throw notOf('Gemini', 0, 'text or a content as its system instruction')
  return withOrigin({ role: 'system', content: parts.map(partOf) }, { system: without(system, 'parts') })
}

/** The field of a part whose own fields are the caller's, of any name. */
const FREE_FORM = 'partMetadata'

/** Parts, with their fields as the SDK for JavaScript names them: the API takes `inline_data` as well as `inlineData`. */
function partsIn(given: unknown): ForeignFields[] | undefined {
  if (!Array.isArray(given) || !given.every(isFields)) return undefined
  return given.map((part) =>
    Object.fromEntries(
      Object.entries(inCamelCase(part)).map(([key, value]) => [
        key,
        isFields(value) && key !== FREE_FORM ? inCamelCase(value) : value,
      ]),
    ),
  )
}

function inCamelCase(fields: ForeignFields): ForeignFields {
  const named = Object.entries(fields).map(([key, value]) => {
    return [key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()), value]
  })
  return Object.fromEntries(named)
}

/** Responses are messages of their own; the pieces of one content say that they belong to the one before. */
function fromUser(
  parts: readonly ForeignFields[],
  place: ForeignFields,
  open: readonly OpenCall[],
): ConversationMessage[] {
  const left = [...open]
  const pieces: { isResult: boolean; parts: ForeignFields[] }[] = []
  for (const part of parts) {
    const { functionResponse: given } = part
    const isResult = isFields(given) && typeof given.name === 'string' && isOptionalObject(given.response)
    const last = pieces.at(-1)
    if (last && !isResult && !last.isResult) last.parts.push(part)
    else pieces.push({ isResult, parts: [part] })
  }
  if (pieces.length === 0) return [withOrigin({ role: 'user', content: [] }, place)]
  return pieces.map(({ isResult, parts: own }, nth) => {
    const here = nth > 0 ? { continues: true } : place
    return isResult ? resultOf(own[0] ?? {}, left, here) : withOrigin({ role: 'user', content: own.map(partOf) }, here)
  })
}

function resultOf(part: ForeignFields, open: OpenCall[], place: ForeignFields): ConversationMessage {
  const given = part.functionResponse as ForeignFields
  const at = open.findIndex(({ id, name }) => (given.id === undefined ? name === given.name : id === given.id))
  const [call] = at === -1 ? [] : open.splice(at, 1)
  const id = typeof given.id === 'string' ? given.id : (call?.id ?? '')
  return withOrigin(
    { role: 'tool', tool_call_id: id, content: given.response === undefined ? '' : JSON.stringify(given.response) },
    {
      ...place,
      part: without(part, 'functionResponse'),
      response: without(given, 'response', ...(id === given.id ? ['id'] : [])),
      ...(id !== given.id && { hasNoId: true }),
    },
  )
}

function callOf(part: ForeignFields, madeId: string): FunctionCall | undefined {
  const { functionCall: given } = part
  if (!isFields(given) || typeof given.name !== 'string' || !isOptionalObject(given.args)) return undefined
  const { name, args } = given
  const id = typeof given.id === 'string' ? given.id : madeId
  const call: FunctionCall = { id, type: 'function', function: { name, arguments: JSON.stringify(args ?? {}) } }
  return withOrigin(call, {
    part: without(part, 'functionCall'),
    call: without(given, 'name', 'args', ...(id === given.id ? ['id'] : [])),
    ...(id !== given.id && { hasNoId: true }),
    ...(args === undefined && { hasNoArgs: true }),
  })
}

function isOptionalObject(value: unknown): boolean {
  return value === undefined || isFields(value)
}

function partOf(part: ForeignFields): ContentPart {
  const { text, thought, inlineData: data } = part
  if (typeof text === 'string' && thought !== true) return withOrigin({ type: 'text', text }, without(part, 'text'))
  if (!isFields(data) || typeof data.mimeType !== 'string' || typeof data.data !== 'string')
    return opaque('gemini', part)
  const url = dataUrl(data.mimeType, data.data)
  const origin = { ...without(part, 'inlineData'), inlineData: without(data, 'data') }
  if (isImageType(data.mimeType)) return withOrigin({ type: 'image_url', image_url: { url } }, origin)
  const made = fileOf(url, data.displayName)
  return made && fileAddressOf(made) === url ? withOrigin(made, origin) : opaque('gemini', part)
}
