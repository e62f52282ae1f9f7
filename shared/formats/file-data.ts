import type { AudioPart, FilePart } from '../conversation.ts'
import { dataUrl, imageTypeOf, readDataUrl } from './data-urls.ts'
import { type ForeignFields, isFields } from './origin.ts'

/** Owns the data of files and images in the AI SDK: an address, bytes, base64, bare or tagged. What was given comes back. */

/** How data was given. */
type Given = 'url' | 'text' | 'bytes' | 'buffer' | 'base64'
/** An address, or a data URL; and how it was given, also within a tag of version 7. */
type FileData = { readonly address: string; readonly as: Given; readonly tag?: 'url' | 'data' }

const AUDIO_FORMATS: Readonly<Record<string, string>> = { 'audio/wav': 'wav', 'audio/mpeg': 'mp3' }

/** The field that holds the data, by the type of the part; the types with a dash are those of results of tools. */
const MEDIA_KEYS: Readonly<Record<string, string>> = {
  image: 'image',
  file: 'data',
  media: 'data',
  'image-data': 'data',
  'file-data': 'data',
  'image-url': 'url',
  'file-url': 'url',
}

/** The field of a part in which its data is; undefined for a part that is no image and no file. */
export function mediaKeyOf(type: unknown): string | undefined {
  return typeof type === 'string' && Object.hasOwn(MEDIA_KEYS, type) ? MEDIA_KEYS[type] : undefined
}

/** True for a media type of an image: whole, or its first half, as version 7 takes it. */
export function isImageType(mediaType: string): boolean {
  return mediaType === 'image' || mediaType.startsWith('image/')
}

/** The data as an address; undefined for a reference to a provider's file, and for text. */
export function readFileData(data: unknown, mediaType: string): FileData | undefined {
  if (data instanceof URL) return { address: data.href, as: 'url' }
  if (data instanceof Uint8Array)
    return { address: encoded(Buffer.from(data).toString('base64'), mediaType), as: 'bytes' }
  if (data instanceof ArrayBuffer)
    return { address: encoded(Buffer.from(data).toString('base64'), mediaType), as: 'buffer' }
  if (typeof data === 'string') {
    const isAddress = /^(?:https?:|data:)/.test(data)
    return isAddress ? { address: data, as: 'text' } : { address: encoded(data, mediaType), as: 'base64' }
  }
  if (!isFields(data) || Object.keys(data).length !== 2 || (data.type !== 'url' && data.type !== 'data'))
    return undefined
  const inner = readFileData(data[data.type], mediaType)
  return inner && inner.tag === undefined ? { ...inner, tag: data.type } : undefined
}

/** The data as it was given. */
export function writeFileData(address: string, { as, tag }: ForeignFields): unknown {
  const value = bareData(address, as)
  return typeof tag === 'string' ? { type: tag, [tag]: value } : value
}

function bareData(address: string, as: unknown): unknown {
  if (as === 'url' && URL.canParse(address)) return new URL(address)
  const base64 = readDataUrl(address)?.base64 ?? ''
  if (as === 'base64') return base64
  if (as !== 'bytes' && as !== 'buffer') return address
  const bytes = new Uint8Array(Buffer.from(base64, 'base64'))
  return as === 'bytes' ? bytes : bytes.buffer
}

function encoded(base64: string, mediaType: string): string {
  const isWhole = mediaType.includes('/') && !mediaType.endsWith('/*')
  return dataUrl(isWhole || !isImageType(mediaType) ? mediaType : imageTypeOf(base64), base64)
}

/** The part of the chat API for a file of a data URL, or for a sound that it hears; undefined for an address, which it fetches of images only. */
export function fileOf(address: string, filename: unknown): AudioPart | FilePart | undefined {
  const data = readDataUrl(address)
  if (!data) return undefined
  const format = AUDIO_FORMATS[data.mediaType]
  if (format !== undefined) return { type: 'input_audio', input_audio: { data: data.base64, format } }
  return { type: 'file', file: { file_data: address, ...(typeof filename === 'string' && { filename }) } }
}

/** The data URL of a file or a sound; undefined for a file that only its id names. */
export function fileAddressOf(part: AudioPart | FilePart): string | undefined {
  if (part.type === 'file') return part.file.file_data
  const { data, format } = part.input_audio
  return dataUrl(format === 'mp3' ? 'audio/mpeg' : `audio/${format}`, data)
}
