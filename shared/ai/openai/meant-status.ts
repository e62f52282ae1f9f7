/** Owns what servers mean where they answer another HTTP status than the API has for it. Must be given messages without the users' words. */

type ToldFailure = {
  readonly status: number
  readonly code?: string | null | undefined
  readonly message: string
}

export const UNAUTHORIZED = 401
export const SPENT = 402
export const TOO_LARGE = 413
export const LIMITED = 429
export const AWAY = 503

/** Unlike other 429s these do not pass: the account is empty. */
const SPENT_CODES = new Set(['insufficient_quota', 'billing_hard_limit_reached', 'credit_balance_exhausted'])
const TOO_LONG_CODES = new Set(['context_length_exceeded', 'exceed_context_size_error', 'string_above_max_length'])
/** Anthropic, with 400. */
const SPENT_WORDS = /credit balance is too low|insufficient (?:balance|credits|funds|quota)/i
/** Gemini and xAI, with 400. */
const KEY_WORDS =
  /api[ _-]?key.{0,40}(?:not valid|invalid|incorrect|expired|missing|not found)|(?:invalid|incorrect|expired|missing) api[ _-]?key/i
/** LM Studio, with 400 and 404. */
const NOT_LOADED_WORDS =
  /no models? (?:is |are )?(?:currently )?loaded|model (?:has )?(?:crashed|unloaded)|model is (?:not loaded|loading|unloading)/i
const TOO_LONG_WORDS =
  /context (?:length|size|window)|prompt is too long|maximum (?:context|allowed|input|number of) .{0,40}tokens|(?:input|prompt|request|text).{0,60}(?:is|are) too (?:long|large)|tokens? .{0,60}exceeds?|exceeds? .{0,60}tokens?|too many (?:input )?tokens|n_ctx|max_tokens must be at least 1/i
/** OpenAI, with 429: more in one request than the account may use in a minute. */
const TOO_LARGE_FOR_ACCOUNT = /^(?:\d{3} )?request too large/i

/** The status that the API has for a failure. */
export function meantStatus({ status, code, message }: ToldFailure): number {
  if (status === LIMITED) {
    if (SPENT_CODES.has(code ?? '')) return SPENT
    return TOO_LARGE_FOR_ACCOUNT.test(message) ? TOO_LARGE : status
  }
  // Groq: no room in the flexible tier.
  if (status === 498) return LIMITED
  if (status === 425 || status === 499) return AWAY
  if (status === 400 || status === 403 || status === 404) {
    if (code === 'API_KEY_INVALID' || KEY_WORDS.test(message)) return UNAUTHORIZED
    if (SPENT_CODES.has(code ?? '') || SPENT_WORDS.test(message)) return SPENT
    if (NOT_LOADED_WORDS.test(message)) return AWAY
  }
  // llama.cpp and Ollama answer 500 to a text that is longer than the model takes.
  const mayBeTooLong = status === 400 || status === 422 || status === 500
  return mayBeTooLong && (TOO_LONG_CODES.has(code ?? '') || TOO_LONG_WORDS.test(message)) ? TOO_LARGE : status
}
