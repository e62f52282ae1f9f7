import { AfterturnError } from '../errors.ts'

/**
 * Owns how a state travels as JSON: bytes as `{"$base64": "…"}`. Guarantees: what arrives equals what was sent; an object that has such a key of its own
 * gets one more `$` on its way. Runs in browsers too.
 */

const BYTES_KEY = '$base64'
/** The one key of an object that stands for bytes, or that would be taken for them. */
const ESCAPED = /^\$+base64$/
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/
/** As many arguments as any engine takes. */
const CHARS_AT_ONCE = 8_192

/**
 * A state as JSON; values that are neither bytes nor JSON stay as they are.
 * @throws INPUT_INVALID for what JSON would turn into something else: objects of classes, and what is missing in a list
 */
export function stateToJson(state: unknown): unknown {
  if (state instanceof Uint8Array) return { [BYTES_KEY]: toBase64(state) }
  if (Array.isArray(state) && state.includes(undefined)) throw refused('expected JSON, got undefined in a list')
  if (isOfClass(state)) throw refused(`expected a plain object, got one of the class ${state.constructor?.name}`)
  return mapState(state, stateToJson, (key) => `$${key}`)
}

/**
 * The state that JSON stands for.
 * @throws INPUT_INVALID for bytes that are not base64
 */
export function stateFromJson(json: unknown): unknown {
  if (typeof json === 'object' && json !== null && soleKeyOf(json) === BYTES_KEY)
    return fromBase64((json as Record<string, unknown>)[BYTES_KEY])
  return mapState(json, stateFromJson, (key) => key.slice(1))
}

function mapState(value: unknown, map: (item: unknown) => unknown, rename: (key: string) => string): unknown {
  if (Array.isArray(value)) return value.map(map)
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value
  const sole = soleKeyOf(value)
  const isEscaped = sole !== undefined && ESCAPED.test(sole)
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [isEscaped ? rename(key) : key, map(item)]))
}

function soleKeyOf(value: object): string | undefined {
  const keys = Object.keys(value)
  return keys.length === 1 ? keys[0] : undefined
}

function toBase64(bytes: Uint8Array): string {
  const parts: string[] = []
  for (let at = 0; at < bytes.length; at += CHARS_AT_ONCE)
    parts.push(String.fromCharCode(...bytes.subarray(at, at + CHARS_AT_ONCE)))
  return btoa(parts.join(''))
}

function fromBase64(text: unknown): Uint8Array {
  if (typeof text !== 'string' || text.length % 4 !== 0 || !BASE64.test(text))
    throw refused(`${BYTES_KEY}: expected base64, got another value`)
  const chars = atob(text)
  const bytes = new Uint8Array(chars.length)
  for (let at = 0; at < chars.length; at++) bytes[at] = chars.charCodeAt(at)
  return bytes
}

/** An object of another realm is as plain as one of this. */
function isOfClass(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype = Object.getPrototypeOf(value)
  return prototype !== null && Object.getPrototypeOf(prototype) !== null
}

function refused(fault: string): AfterturnError {
  return new AfterturnError('INPUT_INVALID', `The state is not valid: ${fault}.`, { recorded: 'no' })
}
