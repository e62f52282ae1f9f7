import OpenAI from 'openai'
import { AfterturnError, type ErrorCode } from '../../errors.ts'
import type { ModelUsage } from '../model-provider.ts'

/**
 * Owns the meaning of what an OpenAI-compatible server or the way to it does wrong.
 * Guarantees: every failure becomes an AfterturnError; neither the API key, nor credentials in the URL, nor the SDK's error object (it holds headers) get
 * into it, nor what a server quotes of the request: failures are kept, shown and logged, where users' words have no place.
 */

/** The two kinds of calls, which may go to two models. */
export type ModelCall = 'complete' | 'embed'

/** What a failure tells beside its message; the `cause` of the AfterturnError, safe to log. */
export type ModelFailure = {
  readonly status?: number
  readonly code?: string
  readonly requestId?: string
  /** Whether every request meets it, whatever it says: the key, the account, the name of the model, the address. */
  readonly isForAll?: boolean
  /** Whether an answer came whole that is not of the shape that was asked for. */
  readonly isOfOtherShape?: boolean
  /** Whether the model read only a part of the question. */
  readonly isPromptCut?: boolean
  /** Which kind of call met it. */
  readonly call?: ModelCall
  /** What an answer cost that came and was none. */
  readonly usage?: ModelUsage
}

/** Where the failure happened. `secrets` are struck out of every message. */
export type FailureContext = {
  readonly origin: string
  readonly call: ModelCall
  readonly timeoutMs: number
  readonly secrets: readonly string[]
  /** What the request said. */
  readonly texts: readonly string[]
  readonly now: Date
}

// A server may quote the request: enough to see what it means, no more.
const MAX_QUOTED_CHARS = 200
/** So many characters that stand in the request as well are a quotation of it. */
const MIN_REPEATED_CHARS = 10
const MAX_READ_CHARS = 2_000
/** The key, the account, the right to a model, its name or the address: no other request fares better. */
const FOR_ALL_STATUSES = new Set([301, 302, 307, 308, 401, 402, 403, 404, 405, 407, 410])
const REFUSED_INPUT_STATUSES = new Set([400, 413, 422])
// Unlike other 429s these do not pass: the account is empty.
const SPENT_ACCOUNT_CODES = new Set(['insufficient_quota', 'billing_hard_limit_reached'])

/** The AfterturnError for anything that the SDK threw: MODEL_RATE_LIMITED, MODEL_UNAVAILABLE, MODEL_REFUSED or MODEL_OUTPUT_INVALID. */
export function toModelError(error: unknown, context: FailureContext): AfterturnError {
  const server = `The model server at ${context.origin}`
  if (error instanceof AfterturnError) return error
  if (error instanceof OpenAI.APIConnectionTimeoutError) return modelTimeout(context)
  if (error instanceof SyntaxError)
    return new AfterturnError('MODEL_OUTPUT_INVALID', `${server} sent a body that is not JSON`)
  if (!(error instanceof OpenAI.APIError) || error.status === undefined) {
    return new AfterturnError('MODEL_UNAVAILABLE', `${server} could not be reached: ${networkReason(error)}`)
  }
  const retryAfterMs = parseRetryAfter(error.headers, context.now)
  const isForAll = FOR_ALL_STATUSES.has(error.status) || isSpentAccount(error.status, error.code)
  const cause: ModelFailure = {
    status: error.status,
    call: context.call,
    ...(isForAll ? { isForAll } : {}),
    ...(error.code ? { code: String(error.code) } : {}),
    ...(error.requestID ? { requestId: error.requestID } : {}),
  }
  const message = `${server} answered ${quote(error.message, context)}`
  // Groq: what the model wrote did not fit the schema, and may the next time.
  const isOutput = error.code === 'json_validate_failed'
  return new AfterturnError(isOutput ? 'MODEL_OUTPUT_INVALID' : codeOf(error.status, error.code), message, {
    cause,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  })
}

/** The failure of a request that took longer than it may. */
export function modelTimeout(context: FailureContext): AfterturnError {
  return new AfterturnError(
    'MODEL_UNAVAILABLE',
    `The model server at ${context.origin} did not answer within ${context.timeoutMs} ms`,
  )
}

/** What an error tells of a model's failure; nothing of any other error. */
export function failureOf(error: unknown): ModelFailure {
  const isOfModel = error instanceof AfterturnError && error.code.startsWith('MODEL_')
  return isOfModel ? ((error.cause as ModelFailure | undefined) ?? {}) : {}
}

/** Whether the server refused what it was sent (400, 413, 422), so that less of it may pass. */
export function isRefusedInput(error: unknown): boolean {
  const { status } = failureOf(error)
  return status !== undefined && REFUSED_INPUT_STATUSES.has(status)
}

/** The milliseconds that a response asks to wait: `retry-after-ms`, or `Retry-After` in seconds or as a date. Undefined if it asks for nothing. */
function parseRetryAfter(headers: Headers | undefined, now: Date): number | undefined {
  const ms = readNumber(headers?.get('retry-after-ms'))
  if (ms !== undefined) return Math.ceil(ms)
  const header = headers?.get('retry-after')
  const seconds = readNumber(header)
  if (seconds !== undefined) return Math.ceil(seconds * 1_000)
  const until = Date.parse(header ?? '')
  return Number.isNaN(until) ? undefined : Math.max(0, until - now.getTime())
}

function readNumber(header: string | null | undefined): number | undefined {
  const number = header ? Number(header) : Number.NaN
  return Number.isFinite(number) && number >= 0 ? number : undefined
}

function isSpentAccount(status: number, code: string | null | undefined): boolean {
  return status === 429 && SPENT_ACCOUNT_CODES.has(code ?? '')
}

function codeOf(status: number, code: string | null | undefined): ErrorCode {
  if (status === 429) return isSpentAccount(status, code) ? 'MODEL_REFUSED' : 'MODEL_RATE_LIMITED'
  // 408 and 409 are the server's own trouble: a time-out, a resource that is being changed.
  if (status >= 500 || status === 408 || status === 409) return 'MODEL_UNAVAILABLE'
  return 'MODEL_REFUSED'
}

/** The system's code (ECONNREFUSED) from the chain of causes; never a message, for those of `fetch` quote headers and URLs. */
function networkReason(error: unknown): string {
  for (let link = error; link instanceof Error; link = link.cause) {
    const code = (link as NodeJS.ErrnoException).code
    if (typeof code === 'string') return code
  }
  return error instanceof Error ? error.name : 'unknown failure'
}

function quote(message: string, { secrets, texts }: FailureContext): string {
  const masked = secrets.reduce((text, secret) => text.replaceAll(secret, '***'), message)
  const told = withoutRepeated(oneSpaced(masked).slice(0, MAX_READ_CHARS), oneSpaced(texts.join('\n')))
  return told.length > MAX_QUOTED_CHARS ? `${told.slice(0, MAX_QUOTED_CHARS)}…` : told
}

/** Each piece of a message that stands in a text as well, letter by letter, becomes an ellipsis. */
function withoutRepeated(message: string, text: string): string {
  let told = ''
  for (let at = 0; at < message.length; ) {
    let end = at + MIN_REPEATED_CHARS
    if (end > message.length || !text.includes(message.slice(at, end))) {
      told += message[at++]
      continue
    }
    while (end < message.length && text.includes(message.slice(at, end + 1))) end += 1
    told += '…'
    at = end
  }
  return told
}

function oneSpaced(text: string): string {
  return text.replace(/\s+/g, ' ')
}
