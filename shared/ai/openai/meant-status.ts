/** Owns what servers mean where they answer another HTTP status than the API has for it. Must be given messages without the users' words. */

type ToldFailure = {
  readonly status: number
  readonly code?: string | null | undefined
  /** Some servers put into it what others put into the code. */
  readonly type?: string | null | undefined
  readonly message: string
}

export const UNAUTHORIZED = 401
export const SPENT = 402
export const FORBIDDEN = 403
export const UNKNOWN = 404
export const TOO_LARGE = 413
export const LIMITED = 429
export const AWAY = 503
export const REFUSED = 400

/** Unlike other 429s these do not pass: the account is empty. */
const SPENT_CODES = new Set([
  ...['insufficient_quota', 'billing_hard_limit_reached', 'billing_not_active', 'credit_balance_exhausted'],
  ...['exceeded_current_quota_error', 'budget_exceeded', 'Arrearage'],
])
const TOO_LONG_CODES = new Set([
  ...['context_length_exceeded', 'exceed_context_size_error', 'string_above_max_length', 'max_tokens_per_request'],
])
const UNKNOWN_MODEL_CODES = new Set(['model_decommissioned', 'model_not_found', 'invalid_model'])
/** Anthropic and DashScope with 400, xAI with 403 and 429, Fireworks with 412, MiniMax with 500, Moonshot and Zhipu with 429, LiteLLM for a budget of its own. */
const SPENT_WORDS =
  /credit balance is too low|insufficient (?:balance|credits|funds|quota)|balance is insufficient|not enough balance|overdue balance|free tier .{0,40}exhausted|quota of tokens .{0,40}reached|(?:used all|any|out of) (?:available )?credits|spending limit|specified api usage limits|budget has been exceeded|account (?:is|be|.{1,40} is) (?:not active|in good standing|suspended)|余额不足|额度不足/i
/** Gemini, xAI and LiteLLM with 400, Databricks with 403. */
const KEY_WORDS =
  /api[ _-]?key.{0,40}(?:not valid|invalid|incorrect|expired|missing|not found)|(?:invalid|incorrect|expired|missing) api[ _-]?key|expired key|(?:invalid|expired) access token|(?:access|security) token .{0,40}(?:invalid|expired)/i
/** LM Studio, with 400 and 404. */
const NOT_LOADED_WORDS =
  /no models? (?:is |are )?(?:currently )?loaded|model (?:has )?(?:crashed|unloaded)|model (?:is )?(?:not loaded|loading|unloading)/i
/** Gemini, Groq and Anthropic, with 400. */
const FORBIDDEN_WORDS = /user location is not supported|organization has been (?:restricted|disabled)/i
/** DeepSeek, Mistral, Groq, GitHub, Bedrock, SiliconFlow, LiteLLM and Zhipu, with 400. */
const UNKNOWN_MODEL_WORDS =
  /^(?:\d{3} )?(?:model not exist|(?:invalid|unknown|unavailable) model\b)|invalid model name|unable to access model|\bmodel:? (?:\S{1,100} )?(?:(?:does )?not exist|(?:is |was )?not found|identifier is invalid|is not supported by any)|模型不存在/i
/** OpenRouter, with 403: of this input alone. */
const FLAGGED_WORDS = /\binput was flagged\b|requires moderation/i
/** Bedrock, with 400. */
const LIMITED_WORDS = /\btoo many requests\b/i
const TOO_LONG_WORDS =
  /(?:context|(?<!stop )sequence) (?:length|size|window|limit)|prompt is too long|maximum (?:context|allowed|input|number of) .{0,40}tokens|maximum (?:prompt|model|request) (?:length|size)|(?:input|prompt|request|text).{0,60}(?:is|are) too (?:long|large)|tokens? .{0,60}exceed|exceed.{0,60}tokens?|max allowed tokens|too many (?:input )?tokens|n_ctx|max_tokens must be at least 1|\binputs[`'"]? .{0,40}must (?:be <=|have less than)|range of input length|(?:length of (?:the )?(?:input|prompt|token)|(?:input|prompt|token)s? length).{0,40}(?:greater than|must be less than)|payload size exceeds|超长|过长/i
/** OpenAI, with 429: more in one request than the account may use in a minute. */
const TOO_LARGE_FOR_ACCOUNT = /^(?:\d{3} )?request too large/i

/** The status that the API has for a failure. */
export function meantStatus({ status, code, type, message }: ToldFailure): number {
  const isOf = (codes: ReadonlySet<string>) => codes.has(code ?? '') || codes.has(type ?? '')
  const isSpent = isOf(SPENT_CODES) || SPENT_WORDS.test(message)
  if (status === LIMITED) {
    if (isSpent) return SPENT
    return TOO_LARGE_FOR_ACCOUNT.test(message) ? TOO_LARGE : status
  }
  // Groq: no room in the flexible tier.
  if (status === 498) return LIMITED
  // Hugging Face answers 424 where the server behind it failed.
  if (status === 424 || status === 425 || status === 499) return AWAY
  if ((status === 412 || status === 500) && isSpent) return SPENT
  if (status === REFUSED || status === FORBIDDEN || status === UNKNOWN) {
    if (code === 'API_KEY_INVALID' || KEY_WORDS.test(message)) return UNAUTHORIZED
    if (isSpent) return SPENT
    if (NOT_LOADED_WORDS.test(message)) return AWAY
    if (FLAGGED_WORDS.test(message)) return REFUSED
    if (LIMITED_WORDS.test(message)) return LIMITED
    if (FORBIDDEN_WORDS.test(message)) return FORBIDDEN
    if (isOf(UNKNOWN_MODEL_CODES) || UNKNOWN_MODEL_WORDS.test(message)) return UNKNOWN
  }
  // llama.cpp and Ollama answer 500 to a text that is longer than the model takes.
  const mayBeTooLong = status === REFUSED || status === 422 || status === 500
  return mayBeTooLong && (isOf(TOO_LONG_CODES) || TOO_LONG_WORDS.test(message)) ? TOO_LARGE : status
}
