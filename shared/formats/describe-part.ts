import type { ContentPart, FilePart, OpaquePart } from '../conversation.ts'
import { readDataUrl } from './data-urls.ts'

/** Owns the words that stand for a part which an API has no form for; none for thoughts, which are nobody else's, nor for what only a screen shows. */

const SILENT = /thinking|reasoning|^step-start$|^source|^data-|^item_reference$|^compaction$/
/** Fields that say nothing to anybody but the API that made them. */
const OWN_FIELDS =
  /^(?:type|id|status|logprobs|cache_control|provider(?:Options|Metadata)|callProviderMetadata)$|(?:_id|Id)$|encrypted|signature/i
const MAX_CHARS = 20_000
/** Longer texts without a space are data. */
const MAX_WORD_CHARS = 512

/** The part in words; empty where it needs none. */
export function describePart(part: ContentPart): string {
  switch (part.type) {
    case 'text':
      return part.text
    case 'refusal':
      return part.refusal
    case 'omitted': {
      const { of, mediaType, bytes, sha256 } = part
      return `[${mediaType ?? of.replace('_url', '')} of ${bytes} bytes, which were not recorded; SHA-256 ${sha256}]`
    }
    case 'opaque':
      return describeOpaque(part)
    case 'image_url':
      return /^https?:/.test(part.image_url.url) ? `[image ${part.image_url.url}]` : '[image]'
    case 'file':
      return describeFile(part.file)
    case 'input_audio':
      return '[input_audio, which has no form here]'
    default:
      return describeOpaque({ type: 'opaque', format: 'another server', value: part })
  }
}

/** A file with its text, where it is one. */
function describeFile({ file_data: data = '', filename = '' }: FilePart['file']): string {
  const { mediaType = '', base64 = '' } = readDataUrl(data) ?? {}
  const name = ['file', filename].filter(Boolean).join(' ')
  if (!TEXT_TYPE.test(mediaType)) return `[${name}, which has no form here]`
  const text = Buffer.from(base64.slice(0, MAX_CHARS * 4), 'base64').toString('utf8')
  return `[${name}: ${clipped(text)}]`
}
const TEXT_TYPE = /^text\/|^application\/(?:json|xml|yaml|sql|javascript|typescript)|\+(?:json|xml)/

/** A piece of another API with what it says, such as the text of a document or the query of a search. */
function describeOpaque({ format, value }: OpaquePart): string {
  const { type = 'part', thought } = (value ?? {}) as { readonly type?: unknown; readonly thought?: unknown }
  if (thought === true || SILENT.test(String(type))) return ''
  let isSilent = true
  const words = JSON.stringify(value, (key, item) => {
    if (OWN_FIELDS.test(key) || isData(item)) return undefined
    isSilent &&= typeof item === 'object'
    return item
  })
  if (isSilent) return `[${type} of ${format}, which has no form here]`
  return `[${type} of ${format}: ${clipped(words)}]`
}

function clipped(text: string): string {
  return text.length > MAX_CHARS ? `${text.slice(0, MAX_CHARS).toWellFormed()}…` : text
}

function isData(value: unknown): boolean {
  return (
    value === null ||
    (typeof value === 'string' && value.length > MAX_WORD_CHARS && !/\s/.test(value.slice(0, MAX_WORD_CHARS)))
  )
}
