import { z } from 'zod'
import { isStorable, STORABLE } from './parse-input.ts'

/** Owns how a value of unknown shape is taken in as JSON. Guarantees: a copy, of bounded depth and size; cycles and classes do no harm. */

type JsonReading = {
  readonly value: unknown
  /** The bytes of its texts in UTF-8, those under `type` left out: they are names, not content. */
  readonly bytes: number
  readonly faults: readonly JsonFault[]
}
type JsonFault = { readonly path: readonly (string | number)[]; readonly message: string }

const MAX_DEPTH = 64
/** In events and messages. */
const MAX_TEXT_DEPTH = 32
const MAX_VALUES = 100_000
const SCALAR_BYTES = 8
const MAX_FAULTS = 20

/**
 * Copies a value as JSON, without what is undefined; the faults say where it is none, or has what the store does not hold.
 * @default maxDepth 64
 */
export function readJson(given: unknown, maxDepth = MAX_DEPTH): JsonReading {
  let bytes = 0
  let values = 0
  const faults: JsonFault[] = []
  const refuse = (path: readonly (string | number)[], message: string): undefined => {
    if (faults.length < MAX_FAULTS) faults.push({ path, message })
    return undefined
  }
  const copy = (value: unknown, path: readonly (string | number)[]): unknown => {
    if (++values > MAX_VALUES)
      return values > MAX_VALUES + 1 ? undefined : refuse([], `expected at most ${MAX_VALUES} values, got more`)
    if (path.length > maxDepth) return refuse([], `expected at most ${maxDepth} levels, got more`)
    if (typeof value === 'string') {
      if (!isStorable(value)) return refuse(path, STORABLE)
      if (path.at(-1) !== 'type') bytes += Buffer.byteLength(value)
      return value
    }
    if (value === null || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) {
      if (value !== null) bytes += SCALAR_BYTES
      return value
    }
    if (Array.isArray(value)) return Array.from(value, (item, index) => copy(item ?? null, [...path, index]))
    const kind = kindOf(value)
    if (kind !== 'object') return refuse(path, `expected JSON, got ${kind}`)
    const entries = Object.entries(value as object).filter(([, item]) => item !== undefined)
    for (const [key] of entries) if (!isStorable(key)) return refuse(path, STORABLE)
    return Object.fromEntries(entries.map(([key, item]) => [key, copy(item, [...path, key])]))
  }
  const value = copy(given, [])
  return { value, bytes, faults }
}

/** The text of JSON that has at most `maxBytes` bytes and 32 levels; no value gives `{}`. */
export function jsonTextSchema(maxBytes: number) {
  return z
    .unknown()
    .optional()
    .transform((given, context) => {
      const { value, faults } = readJson(given === undefined ? {} : given, MAX_TEXT_DEPTH)
      for (const { path, message } of faults) context.addIssue({ code: 'custom', path: [...path], message })
      if (faults.length > 0) return z.NEVER
      const text = JSON.stringify(value)
      const bytes = Buffer.byteLength(text)
      if (bytes <= maxBytes) return text
      context.addIssue({
        code: 'custom',
        message: `expected at most ${maxBytes} bytes of JSON, got ${bytes}; MAX_EVENT_BYTES sets the limit`,
      })
      return z.NEVER
    })
}

/** `object` for a plain one, else what it is in words. */
function kindOf(value: unknown): string {
  if (typeof value !== 'object' || value === null)
    return typeof value === 'number' ? String(value) : `a ${typeof value}`
  const prototype = Object.getPrototypeOf(value)
  // Classes of SDKs hold plain fields; what has an inner state of its own does not come back from JSON.
  const isOpaque = value instanceof Date || ArrayBuffer.isView(value) || value instanceof Map || value instanceof Set
  return isOpaque ? `a ${prototype?.constructor?.name ?? 'value'}` : 'object'
}
