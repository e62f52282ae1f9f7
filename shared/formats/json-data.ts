import { type ForeignFields, isFields } from './origin.ts'

/** Owns values that JSON has no form for and messages may hold: addresses as objects, bytes, times. They come back as what they were. */

const KEY = '$afterturn'

/** The value as JSON. */
export function asJson(value: unknown): unknown {
  if (value instanceof URL) return { [KEY]: 'url', value: value.href }
  if (value instanceof Date) return { [KEY]: 'date', value: value.toISOString() }
  if (value instanceof Uint8Array) return { [KEY]: 'bytes', value: Buffer.from(value).toString('base64') }
  if (value instanceof ArrayBuffer) return { [KEY]: 'buffer', value: Buffer.from(value).toString('base64') }
  if (Array.isArray(value)) return value.map(asJson)
  if (!isFields(value)) return value
  const given = Object.entries(value).filter(([, item]) => item !== undefined)
  return Object.fromEntries(given.map(([key, item]) => [key, asJson(item)]))
}

/** The value that `asJson` was given. */
export function fromJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromJson)
  if (!isFields(value)) return value
  const { [KEY]: kind, value: text } = value as ForeignFields
  if (kind === 'url') return new URL(String(text))
  if (kind === 'date') return new Date(String(text))
  if (kind === 'bytes') return new Uint8Array(Buffer.from(String(text), 'base64'))
  if (kind === 'buffer') return new Uint8Array(Buffer.from(String(text), 'base64')).buffer
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fromJson(item)]))
}
