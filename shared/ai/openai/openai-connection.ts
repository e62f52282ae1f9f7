import type OpenAI from 'openai'
import pLimit from 'p-limit'
import type { Clock } from '../../clock.ts'
import { untilAborted } from '../../deadline.ts'
import { AfterturnError } from '../../errors.ts'
import type { CallPacer, CallTurn } from '../call-pacer.ts'
import type { CallOptions } from '../model-provider.ts'
import { type ServerQuirks, serverOf } from '../server-quirks.ts'
import { boundedFetch } from './bounded-fetch.ts'
import { errorInAnswer } from './error-bodies.ts'
import { meantStatus, TOO_LARGE } from './meant-status.ts'
import { type FailureContext, type ModelCall, modelTimeout, quoteFailure, toModelError } from './openai-errors.ts'
import { apiError, isApiError, openClient } from './openai-sdk.ts'
import { toldStatus } from './told-status.ts'

/**
 * Owns the way to one OpenAI-compatible server: how many requests at once, how long each may take, and what the server has shown not to understand.
 * Guarantees: never retries a failure (the queues do); an abort rejects at once with the signal's reason, also while a request waits for its turn.
 */
export type OpenAiConnection = {
  /**
   * Sends one request. A server that refuses a feature by name is asked again without it, and never with it again.
   * @throws MODEL_RATE_LIMITED, MODEL_UNAVAILABLE, MODEL_REFUSED, MODEL_OUTPUT_INVALID
   */
  request<Answer>(request: ModelRequest<Answer>, options: CallOptions): Promise<Answer>
  /** Of the server. */
  readonly host: string
  /** Whether the server has not shown yet that it does without a feature with a model. */
  understands(model: string, feature: Feature): boolean
  /** Never uses a feature again with this server and model. */
  doWithout(model: string, feature: Feature): void
}

export type ModelRequest<Answer> = {
  readonly call: ModelCall
  readonly model: string
  readonly send: Send<Answer>
  /** The optional features in it. */
  readonly uses: readonly Feature[]
  /** What it says, for the counting of tokens. */
  texts(): readonly string[]
  /** The tokens that its answer says were used, of both directions; undefined if it does not say. */
  tokensOf(answer: Answer): number | undefined
}

export type Send<Answer> = (client: OpenAI, features: ReadonlySet<Feature>, signal: AbortSignal) => Promise<Answer>

/** What a request can do without. Many servers know only a part of the API. */
export type Feature = keyof typeof FEATURES

type OpenAiConnectionOptions = {
  /** Many local servers need none. */
  readonly apiKey: string | undefined
  /** The key of an org that has its own, asked for before each of its requests. Neither kept nor part of any error. */
  readonly keyOf?: OrgKey | undefined
  readonly baseUrl: string
  /** The time one request may take, its answer included, the waiting for its turn not. */
  readonly timeoutMs: number
  readonly concurrency: number
  /** Asked before each request. */
  readonly pacer: CallPacer
  readonly quirks: ServerQuirks
  readonly clock: Clock
}

export type OrgKey = (orgId: string) => string | undefined | Promise<string | undefined>

const FEATURES = {
  jsonSchema: /response[_ .]format|json[_ ]schema|structured output|grammar|guided/i,
  /** Asked for once schemas are refused. */
  jsonObject: /response[_ .]format|json[_ ]object|structured output|grammar|guided/i,
  /** The schema is obeyed as it is sent: it need not stand in the prompt too. */
  unpromptedSchema: /$^/,
  /** The answer in one piece, not as a stream. */
  wholeAnswer: /\bstream(?:ing)?\b/i,
  dimensions: /dimensions|matryoshka/i,
  /** Vectors asked for as lists of numbers. Voyage and Gemini through LiteLLM refuse the parameter. */
  encodingFormat: /encoding_format/i,
  reasoningEffort: /reasoning/i,
  temperature: /temperature/i,
  /** A limit of the output at all: with one the context, or what the server takes for a limit, is too short. */
  outputLimit:
    /max_(?:completion_)?tokens['"]? (?:or .{0,30})?(?:is too large|must be less|must be at most)|valid range of max_tokens|in the completion/i,
  /** The older name of the limit, beside the newer. */
  maxTokens: /max_tokens/i,
  maxCompletionTokens: /max_completion_tokens/i,
}
const NO_KEY = 'none'
/** 128 vectors of 3,072 numbers as text are some 8 MB. */
const MAX_ANSWER_BYTES = 32 * 1_024 * 1_024

/** A connection to one server; it opens nothing before the first request and needs no closing. */
export function createOpenAiConnection(options: OpenAiConnectionOptions): OpenAiConnection {
  const { apiKey, baseUrl, timeoutMs } = options
  let client: Promise<OpenAI> | undefined
  const clientOptions = {
    apiKey: apiKey ?? NO_KEY,
    baseURL: baseUrl,
    timeout: timeoutMs,
    maxRetries: 0,
    // The SDK would take each of these from the environment, which only doors read.
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    logLevel: 'off' as const,
    fetch: boundedFetch(MAX_ANSWER_BYTES),
  }
  const limit = pLimit(options.concurrency)
  const { origin, hostname } = new URL(baseUrl)
  const server = serverOf(baseUrl)
  const lacking = new Map<string, Set<string>>()

  /** What is known of the server, read once by model. */
  async function lackingWith(model: string): Promise<Set<string>> {
    const known = lacking.get(model) ?? new Set(await options.quirks.read(server, model).catch(() => []))
    // Another request may have read, or learned, meanwhile.
    const kept = lacking.get(model) ?? known
    for (const feature of known) kept.add(feature)
    lacking.set(model, kept)
    return kept
  }
  function doWithout(model: string, feature: Feature): void {
    lacking.set(model, (lacking.get(model) ?? new Set()).add(feature))
    options.quirks.keep(server, model, feature).catch(() => {})
  }

  const failureContext = (call: ModelCall, texts: readonly string[], ownKey?: string): FailureContext => ({
    call,
    origin,
    timeoutMs,
    secrets: [apiKey, ownKey].flatMap((key) => key ?? []),
    texts,
    now: options.clock.now(),
  })

  async function exchange<Answer>(
    { call, model, send, uses, texts, tokensOf }: ModelRequest<Answer>,
    { signal, orgId }: CallOptions,
  ): Promise<Answer> {
    client ??= openClient(clientOptions)
    const [lacks, shared] = await Promise.all([lackingWith(model), client])
    for (;;) {
      signal?.throwIfAborted()
      const turn = await options.pacer.enter(model, texts, signal)
      signal?.throwIfAborted()
      // A copy: a request that runs beside this one may learn something meanwhile, and this one must still be asked again.
      const features = new Set(uses.filter((feature) => !lacks.has(feature)))
      // The SDK's own timer stops at the headers of a failure: measured, a 500 whose body never ends hung ten times its timeout and on.
      const stop = new AbortController()
      const timer = setTimeout(() => stop.abort(), timeoutMs)
      const forwardAbort = () => stop.abort(signal?.reason)
      signal?.addEventListener('abort', forwardAbort, { once: true })
      let ownKey: string | undefined
      try {
        ownKey = orgId && options.keyOf && (await untilAborted(askKey(options.keyOf, orgId), stop.signal))
        const asked = ownKey ? shared.withOptions({ apiKey: ownKey }) : shared
        const answer = await untilAborted(send(asked, features, stop.signal), stop.signal)
        refuseErrorAsAnswer(answer, () => failureContext(call, texts(), ownKey))
        const usedTokens = tokensOf(answer)
        if (usedTokens !== undefined) turn.used(usedTokens)
        return answer
      } catch (error) {
        signal?.throwIfAborted()
        if (stop.signal.aborted) throw modelTimeout(failureContext(call, []))
        const refused = featureNamed(error, features)
        if (refused === undefined)
          throw await withFleetPause(toModelError(error, failureContext(call, texts(), ownKey)), turn)
        doWithout(model, refused)
      } finally {
        clearTimeout(timer)
        signal?.removeEventListener('abort', forwardAbort)
      }
    }
  }

  return {
    host: hostname,
    understands: (model, feature) => !lacking.get(model)?.has(feature),
    doWithout,
    async request(request, callOptions) {
      callOptions.signal?.throwIfAborted()
      return untilAborted(
        limit(() => exchange(request, callOptions)),
        callOptions.signal,
      )
    },
  }
}

/** The org's key. What the host's function says of a failure may hold one: none of it is passed on. */
async function askKey(keyOf: OrgKey, orgId: string): Promise<string | undefined> {
  try {
    return await keyOf(orgId)
  } catch {
    throw new AfterturnError('MODEL_UNAVAILABLE', `The option modelKey failed for the org ${JSON.stringify(orgId)}`)
  }
}

/** Some servers answer 200 to what failed, with an error in place of the answer. */
function refuseErrorAsAnswer(answer: unknown, context: () => FailureContext): void {
  const told = errorInAnswer(answer)
  if (!told) return
  const { code, type, retryAfterMs } = told
  const status = told.status ?? toldStatus({ code, type, message: quoteFailure(told.message, context()) })
  const headers = new Headers(retryAfterMs === undefined ? {} : { 'retry-after-ms': String(retryAfterMs) })
  throw apiError(status, told, headers)
}

/** A failure that asks for a pause holds the others too; this call comes back in its turn after it. */
async function withFleetPause(failure: AfterturnError, turn: CallTurn): Promise<AfterturnError> {
  if (failure.retryAfterMs === undefined) return failure
  const retryAfterMs = await turn.refused(failure.retryAfterMs)
  return new AfterturnError(failure.code, failure.message, { cause: failure.cause, retryAfterMs })
}

/** The feature that a server refuses by name: of several the one that it names first, as in "'max_tokens' is not supported, use 'max_completion_tokens'". */
function featureNamed(error: unknown, features: ReadonlySet<Feature>): Feature | undefined {
  if (!isApiError(error) || (error.status !== 400 && error.status !== 422)) return undefined
  // "maximum context length … (90 in the response_format schemas)" names the feature and means the prompt.
  const { status, code, type, message } = error
  if (features.has('outputLimit') && FEATURES.outputLimit.test(message)) return 'outputLimit'
  if (meantStatus({ status, code, type, message }) === TOO_LARGE) return undefined
  const told = error.param || error.message
  const named = [...features]
    .map((feature) => ({ feature, at: told.search(FEATURES[feature]) }))
    .filter(({ at }) => at >= 0)
  return named.sort((a, b) => a.at - b.at)[0]?.feature
}
