import { createHash } from 'node:crypto'
import type { OmittedPart } from '../../conversation.ts'

/**
 * Owns what becomes of images, audio and files that travel inside a message: above a limit a description stands for them. Guarantees: linear time;
 * words, thoughts and their signatures are left alone; the same data always has the same description.
 */

type Fields = Readonly<Record<string, unknown>>

/** Made by a maker for itself: without them the message is worth nothing to it. */
const KEPT_KEYS = new Set(['text', 'thinking', 'signature', 'thought_signature', 'encrypted_content'])
const KEPT_TYPES = new Set(['text', 'refusal', 'thinking', 'redacted_thinking', 'reasoning'])
const MEDIA_TYPE_KEYS = new Set(['media_type', 'mediaType', 'mimeType', 'mime_type', 'format'])
const MAX_LEVELS = 8
const SAMPLED_CHARS = 256
const BASE64 = /^[\w+/=-]+$/

/** A message whose parts and texts hold no data of more than so many bytes. What is no message comes back as it is. */
export function omitLargeData(given: unknown, maxBytes: number): unknown {
  if (!isFields(given)) return given
  const message: Record<string, unknown> = { ...given }
  for (const key of ['content', 'images']) {
    const value = message[key]
    if (typeof value === 'string') message[key] = omitFromText(value, maxBytes)
    else if (Array.isArray(value)) message[key] = value.map((part) => omitFromPart(part, maxBytes))
  }
  const { audio } = message
  if (isFields(audio) && typeof audio.data === 'string' && audio.data.length > maxBytes) {
    const { data, ...rest } = audio
    message.audio = { ...rest, omitted: describe('audio', data as string, undefined) }
  }
  return message
}

function omitFromPart(part: unknown, maxBytes: number): unknown {
  // Ollama lists pictures as base64 alone.
  if (typeof part === 'string')
    return part.length > maxBytes && isData(part) && isMixed(part.slice(0, SAMPLED_CHARS))
      ? describe('image', part, undefined)
      : omitFromText(part, maxBytes)
  if (!isFields(part)) return part
  const { type } = part
  if (type === 'text' && typeof part.text === 'string') {
    const text = omitFromText(part.text, maxBytes)
    return text === part.text ? part : { ...part, text }
  }
  if (KEPT_TYPES.has(String(type))) return part
  const found = findData(part, maxBytes)
  return found ? describe(String(type ?? 'part'), found.data, found.mediaType) : part
}

/** The first large data in a part, and what the fields beside it say that it is. */
function findData(
  value: Fields,
  maxBytes: number,
  levels = MAX_LEVELS,
): { data: string; mediaType: string | undefined } | undefined {
  if (levels === 0 || KEPT_TYPES.has(String(value.type))) return undefined
  const named = Object.entries(value).find(([key, item]) => MEDIA_TYPE_KEYS.has(key) && typeof item === 'string')
  for (const [key, item] of Object.entries(value)) {
    if (KEPT_KEYS.has(key)) continue
    if (typeof item === 'string' && item.length > maxBytes && isData(item))
      return { data: item, mediaType: named?.[1] as string | undefined }
    const inner = isFields(item) || Array.isArray(item) ? findData(item as Fields, maxBytes, levels - 1) : undefined
    if (inner) return inner
  }
  return undefined
}

function isData(text: string): boolean {
  return text.startsWith('data:') || BASE64.test(text.slice(0, SAMPLED_CHARS))
}

function describe(of: string, data: string, named: string | undefined): OmittedPart {
  const comma = data.startsWith('data:') ? data.indexOf(',') : -1
  const mediaType = comma === -1 ? named : data.slice('data:'.length, comma).split(';', 1)[0] || named
  const bytes = Buffer.from(data.slice(comma + 1), 'base64')
  return {
    type: 'omitted',
    of,
    ...(mediaType && mediaType.length <= SAMPLED_CHARS && { mediaType }),
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  }
}

/** Long runs of base64 in a text become a note; what stands around them stays. */
function omitFromText(text: string, maxBytes: number): string {
  if (text.length <= maxBytes) return text
  const pieces: string[] = []
  let kept = 0
  for (let start = 0; start < text.length; ) {
    const end = endOfRun(text, start)
    if (end - start > maxBytes && isMixed(text.slice(start, start + SAMPLED_CHARS))) {
      const { bytes, sha256 } = describe('text', text.slice(start, end), undefined)
      pieces.push(text.slice(kept, start), `[${bytes} bytes of data are left out here; SHA-256 ${sha256}]`)
      kept = end
    }
    start = end + 1
  }
  return kept === 0 ? text : [...pieces, text.slice(kept)].join('')
}

function endOfRun(text: string, start: number): number {
  let end = start
  while (end < text.length && isBase64Code(text.charCodeAt(end))) end++
  return end
}

function isBase64Code(code: number): boolean {
  const isLetter = (code >= 97 && code <= 122) || (code >= 65 && code <= 90)
  return (
    isLetter || (code >= 48 && code <= 57) || code === 43 || code === 47 || code === 61 || code === 45 || code === 95
  )
}

/** Data has all kinds of characters; a line of dashes or a long name has not. */
function isMixed(sample: string): boolean {
  return /[a-z]/.test(sample) && /[A-Z]/.test(sample) && /\d/.test(sample)
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
