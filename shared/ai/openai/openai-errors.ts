import { AfterturnError, type ErrorCode, isAfterturnError } from '../../errors.ts'
import type { ModelUsage } from '../model-provider.ts'
import { LIMITED, meantStatus, SPENT, TOO_LARGE, UNAUTHORIZED } from './meant-status.ts'
import { isApiError, isSdkTimeout } from './openai-sdk.ts'
import { retryAfterIn } from './retry-times.ts'

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
  /** Whether what was sent was more than the model or the account takes at once. */
  readonly isTooLong?: boolean
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
const FOR_ALL_STATUSES = new Set([301, 302, 303, 307, 308, UNAUTHORIZED, SPENT, 403, 404, 405, 407, 410, 501])
const REFUSED_INPUT_STATUSES = new Set([400, TOO_LARGE, 422])

/** The AfterturnError for anything that the SDK threw: MODEL_RATE_LIMITED, MODEL_UNAVAILABLE, MODEL_REFUSED or MODEL_OUTPUT_INVALID. */
export function toModelError(error: unknown, context: FailureContext): AfterturnError {
  const server = `The model server at ${context.origin}`
  if (error instanceof AfterturnError) return error
  // What is wrong with a body the SDK takes for trouble on the way to it.
  if (error instanceof Error && error.cause instanceof AfterturnError) return error.cause
  if (isSdkTimeout(error)) return modelTimeout(context)
  if (error instanceof SyntaxError)
    return new AfterturnError('MODEL_OUTPUT_INVALID', `${server} sent a body that is not JSON`)
  if (!isApiError(error) || error.status === undefined) {
    return new AfterturnError('MODEL_UNAVAILABLE', `${server} could not be reached: ${networkReason(error)}`)
  }
  const retryAfterMs = retryAfterIn(error.headers, context.now)
  const told = quoteFailure(error.message, context)
  const status = meantStatus({ status: error.status, code: error.code, type: error.type, message: told })
  const cause: ModelFailure = {
    status: error.status,
    call: context.call,
    ...(FOR_ALL_STATUSES.has(status) ? { isForAll: true } : {}),
    ...(status === TOO_LARGE ? { isTooLong: true } : {}),
    ...(error.code ? { code: String(error.code) } : {}),
    ...(error.requestID ? { requestId: error.requestID } : {}),
  }
  // Groq: what the model wrote did not fit the schema, and may the next time.
  const isOutput = error.code === 'json_validate_failed'
  return new AfterturnError(isOutput ? 'MODEL_OUTPUT_INVALID' : codeOf(status), `${server} answered ${told}`, {
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

/** Whether the server refused what it was sent, so that less of it may pass. */
export function isRefusedInput(error: unknown): boolean {
  const { status, isTooLong = false } = failureOf(error)
  // A limit that a server tells with 400 is none of the input.
  if (isAfterturnError(error, 'MODEL_RATE_LIMITED')) return false
  return isTooLong || (status !== undefined && REFUSED_INPUT_STATUSES.has(status))
}

function codeOf(status: number): ErrorCode {
  if (status === LIMITED) return 'MODEL_RATE_LIMITED'
  // 408 and 409 are the server's own trouble: a time-out, a resource that is being changed.
  const isAway = (status >= 500 && status !== 501) || status === 408 || status === 409
  return isAway ? 'MODEL_UNAVAILABLE' : 'MODEL_REFUSED'
}

/** The system's code (ECONNREFUSED) from the chain of causes; never a message, for those of `fetch` quote headers and URLs. */
function networkReason(error: unknown): string {
  for (let link = error; link instanceof Error; link = link.cause) {
    const code = (link as NodeJS.ErrnoException).code
    if (typeof code === 'string') return code
  }
  return error instanceof Error ? error.name : 'unknown failure'
}

/** A message without secrets, and without what it quotes of the request. */
export function quoteFailure(message: string, { secrets, texts }: FailureContext): string {
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
