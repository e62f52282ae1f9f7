import { AfterturnError, isAfterturnError } from '../shared/errors.ts'
import { stateToJson } from '../shared/state/state-json.ts'

/** Owns how a call travels. Guarantees: it ends within its time or with the caller's signal; every other failure is an error of the runtime. */

export type ClientOptions = {
  /** Where the API is: `https://memory.internal`. */
  readonly url: string
  readonly apiKey: string
  /** The most that a call may take; of a stream, each part of it. @default 30,000 */
  readonly timeoutMs?: number
  /** @default the global one */
  readonly fetch?: typeof fetch
}

type Sending = {
  readonly method: string
  /** With its query. */
  readonly path: string
  /** JSON. */
  readonly body?: string
  readonly signal?: AbortSignal | undefined
}

/** A request, and the time that it has. */
export type Exchange = {
  /** The head of the answer. */
  send(): Promise<Response>
  /** Does a part of the exchange within its time. @throws REQUEST_TIMEOUT, the signal's reason, and what the work throws as AfterturnError */
  within<T>(work: () => Promise<T>): Promise<T>
}

const DEFAULT_TIMEOUT_MS = 30_000

/** Prepares a request; nothing is sent yet. */
export function openExchange(options: ClientOptions, { method, path, body, signal: given }: Sending): Exchange {
  const { url, apiKey, timeoutMs = DEFAULT_TIMEOUT_MS } = options
  const request = options.fetch ?? fetch
  const late = new AbortController()
  const signal = given ? AbortSignal.any([late.signal, given]) : late.signal
  return {
    send: () =>
      request(`${url.replace(/\/$/, '')}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${apiKey}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body }),
        redirect: 'error',
        signal,
      }),
    async within(work) {
      given?.throwIfAborted()
      const timer = setTimeout(() => late.abort(new Error(`nothing came for ${timeoutMs} ms`)), timeoutMs)
      try {
        return await work()
      } catch (cause) {
        given?.throwIfAborted()
        if (isAfterturnError(cause)) throw cause
        throw new AfterturnError('REQUEST_TIMEOUT', `The API at ${url} did not answer: ${(cause as Error).message}`, {
          cause,
          recorded: method === 'GET' ? 'no' : 'unknown',
        })
      } finally {
        clearTimeout(timer)
      }
    },
  }
}

/** Fields as they travel; a state may hold bytes. @throws INPUT_INVALID for what JSON would change in silence */
export function writeBody(fields: Readonly<Record<string, unknown>>, hasState = false): string {
  try {
    const given = hasState ? { ...fields, state: stateToJson(fields.state) } : fields
    return JSON.stringify(given, unchanged)
  } catch (cause) {
    if (isAfterturnError(cause)) throw cause
    throw new AfterturnError('INPUT_INVALID', `The request is not valid: expected JSON: ${(cause as Error).message}`, {
      cause,
      recorded: 'no',
    })
  }
}

/** A field as a query holds it. @throws INPUT_INVALID for what would become another text there: `null` the user `null` */
export function queryText(name: string, value: unknown): string {
  if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) return String(value)
  if (typeof value === 'string' && value.isWellFormed()) return value
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString()
  throw refused(name, `expected a well-formed text, a number, true, false or a date, got ${wordOf(value)}`)
}

/** JSON writes `null` for NaN, `{}` for a Map and a list for a Buffer: what was stored would not be what was given. */
function unchanged(this: Readonly<Record<string, unknown>>, name: string, written: unknown): unknown {
  const given = this[name]
  const value = ArrayBuffer.isView(given) ? given : written
  const isChanged =
    (typeof value === 'number' && !Number.isFinite(value)) ||
    typeof value === 'function' ||
    typeof value === 'symbol' ||
    value instanceof Map ||
    value instanceof Set ||
    ArrayBuffer.isView(value)
  if (!isChanged) return value
  throw refused(name, `expected JSON, got ${wordOf(value)}`)
}

function wordOf(value: unknown): string {
  if (typeof value === 'object' && value !== null) return `a ${value.constructor?.name ?? 'value'}`
  return typeof value === 'number' || value === null ? String(value) : `a ${typeof value}`
}

function refused(name: string, expected: string): AfterturnError {
  return new AfterturnError('INPUT_INVALID', `The request is not valid: ${name}: ${expected}.`, {
    recorded: 'no',
    faults: [{ path: name, expected }],
  })
}
