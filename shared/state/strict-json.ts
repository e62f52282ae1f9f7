import { AfterturnError } from '../errors.ts'
import { isStorable, STORABLE } from '../parse-input.ts'

/**
 * Owns the form of states: JSON as it is strictly, and `Uint8Array` beside it. Keys keep their order. Guarantees: what is read equals what was given; what
 * would not is refused with its path; no class is ever revived. `-0` becomes `0`; a field that is undefined is left out.
 */

/** What a state may be. */
export type StateValue =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | readonly StateValue[]
  | { readonly [key: string]: StateValue | undefined }

const MAX_DEPTH = 512
/** Stands for bytes in the text; no key of a caller's may hold it. */
const BYTES_KEY = '\0'
const BYTES_MARK = '{"\\u0000":"'
/** A value has at least this many bytes with what stands around it. */
const VALUE_BYTES = 2
/** Up to which multiple of the limit a state is measured, to name its largest part. */
const MEASURED_LIMITS = 4

/**
 * The bytes of a state.
 * @throws INPUT_INVALID with the path of what is no strict JSON; STATE_TOO_LARGE naming the largest field
 */
export function encodeState(state: unknown, maxBytes: number): Buffer {
  const fieldBytes = new Map<string, number>()
  const path: (string | number)[] = []
  const open = new Set<object>()
  let bytes = 0
  let textBytes = 0
  let fieldStart = 0

  const add = (count: number, isText = false) => {
    bytes += count
    if (isText) textBytes += count
    // Text is measured further than values are, since it takes no time to.
    if (bytes <= MEASURED_LIMITS * maxBytes && bytes - textBytes <= maxBytes) return
    endField()
    throw tooLarge(bytes, maxBytes, fieldBytes, 'more than ')
  }
  const endField = () => {
    if (path[0] !== undefined) fieldBytes.set(String(path[0]), bytes - fieldStart)
  }
  const inside = (key: string | number, value: unknown): unknown => {
    if (path.length === 0) fieldStart = bytes
    path.push(key)
    const copy = copyOf(value)
    if (path.length === 1) endField()
    path.pop()
    return copy
  }
  const copyOf = (value: unknown): unknown => {
    if (typeof value === 'string') {
      if (!isStorable(value)) throw refused(path, STORABLE)
      add(VALUE_BYTES)
      add(value.length, true)
      return value
    }
    add(VALUE_BYTES)
    if (value === null || typeof value === 'boolean') return value
    if (typeof value === 'number') {
      if (!Number.isFinite(value)) throw refused(path, `expected a finite number, got ${value}`)
      return value
    }
    if (typeof value !== 'object') throw refused(path, `expected JSON or bytes, got ${wordOf(value)}`)
    if (value instanceof Uint8Array) {
      add(Math.ceil(value.length / 3) * 4, true)
      return { [BYTES_KEY]: Buffer.from(value.buffer, value.byteOffset, value.length).toString('base64') }
    }
    if (open.has(value)) throw refused(path, 'expected a tree, got a cycle')
    if (path.length >= MAX_DEPTH) throw refused(path, `expected at most ${MAX_DEPTH} levels, got more`)
    open.add(value)
    const copy = Array.isArray(value) ? copyOfArray(value) : copyOfObject(value)
    open.delete(value)
    return copy
  }
  const copyOfArray = (value: readonly unknown[]): unknown[] => {
    const copy: unknown[] = []
    for (let index = 0; index < value.length; index++) copy.push(inside(index, value[index]))
    return copy
  }
  const copyOfObject = (value: object): object => {
    const prototype = Object.getPrototypeOf(value)
    // An object of another realm is as plain as one of this.
    if (prototype !== null && Object.getPrototypeOf(prototype) !== null)
      throw refused(path, `expected a plain object, got one of the class ${prototype.constructor?.name || '(unnamed)'}`)
    if (Object.getOwnPropertySymbols(value).length > 0) throw refused(path, 'expected keys of text, got a symbol')
    const copy: Record<string, unknown> = {}
    for (const [key, item] of Object.entries(value)) {
      if (key === '__proto__') throw refused([...path, key], 'expected another key, got __proto__')
      if (!isStorable(key)) throw refused([...path, key], STORABLE)
      if (item === undefined) continue
      add(VALUE_BYTES)
      add(key.length, true)
      copy[key] = inside(key, item)
    }
    return copy
  }

  const raw = Buffer.from(JSON.stringify(copyOf(state)))
  if (raw.length > maxBytes) throw tooLarge(raw.length, maxBytes, fieldBytes)
  return raw
}

/**
 * The state that bytes hold.
 * @throws STATE_CORRUPT when they hold none
 */
export function decodeState(raw: Buffer): StateValue {
  let state: StateValue
  try {
    state = JSON.parse(raw.toString('utf8'))
  } catch (cause) {
    throw new AfterturnError('STATE_CORRUPT', 'Expected the JSON of a state, got other bytes.', { cause })
  }
  return raw.includes(BYTES_MARK) ? withBytes(state) : state
}

function withBytes(value: StateValue): StateValue {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  if (Array.isArray(value)) return value.map(withBytes)
  const fields = value as { [key: string]: StateValue }
  const text = fields[BYTES_KEY]
  if (typeof text === 'string') return new Uint8Array(Buffer.from(text, 'base64'))
  for (const [key, item] of Object.entries(fields)) fields[key] = withBytes(item)
  return fields
}

function wordOf(value: unknown): string {
  return typeof value === 'undefined' ? 'undefined' : `a ${typeof value}`
}

function refused(path: readonly (string | number)[], fault: string): AfterturnError {
  const place = path.length > 8 ? [...path.slice(0, 4), '…', ...path.slice(-3)] : path
  return new AfterturnError('INPUT_INVALID', `The state is not valid: ${['state', ...place].join('.')}: ${fault}.`, {
    recorded: 'no',
  })
}

function tooLarge(bytes: number, maxBytes: number, fields: ReadonlyMap<string, number>, about = ''): AfterturnError {
  const [largest] = [...fields].sort(([, a], [, b]) => b - a)
  const named = largest ? ` The largest field is ${largest[0]}, with about ${largest[1]} bytes.` : ''
  return new AfterturnError(
    'STATE_TOO_LARGE',
    `Expected a state of at most ${maxBytes} bytes, got ${about}${bytes}.${named}`,
    { recorded: 'no' },
  )
}
