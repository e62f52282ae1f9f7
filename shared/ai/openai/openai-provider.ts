import { createHash } from 'node:crypto'
import { type Clock, systemClock } from '../../clock.ts'
import { EMBEDDING_MAX_TOKENS } from '../../settings/model-settings.ts'
import { type CallPacer, UNPACED } from '../call-pacer.ts'
import type { EmbeddingPrefixes, ModelProvider } from '../model-provider.ts'
import { type ServerQuirks, UNKEPT } from '../server-quirks.ts'
import { completeTask } from './openai-completion.ts'
import { createOpenAiConnection, type OrgKey } from './openai-connection.ts'
import { embedTexts } from './openai-embedding.ts'

/**
 * Owns the provider for every server that speaks the OpenAI API: OpenAI, Azure (its /openai/v1 address), vLLM, Ollama, LM Studio.
 * Guarantees: one attempt a call, retries belong to the queues; completions and embeddings of one server share one limit of requests at once.
 */

/** The address of OpenAI itself. */
export const OPENAI_BASE_URL = 'https://api.openai.com/v1'

export type OpenAiProviderOptions = {
  /** Many local servers need none. Never part of an error or a log. */
  readonly apiKey?: string | undefined
  /** @default OPENAI_BASE_URL */
  readonly baseUrl?: string | undefined
  readonly completionModel: string
  readonly embeddingModel: string
  readonly embeddingDims: number
  /** Where the embedding model is, if it has a server of its own. @default baseUrl */
  readonly embeddingBaseUrl?: string | undefined
  /** The key of that server. @default apiKey where both are one server, else none */
  readonly embeddingApiKey?: string | undefined
  /** What the embedding model takes of one text, in tokens; a longer text is embedded in parts. @default EMBEDDING_MAX_TOKENS */
  readonly embeddingMaxTokens?: number | undefined
  /** Written in front of texts that are embedded. Part of the space of vectors. @default nothing */
  readonly embeddingPrefixes?: EmbeddingPrefixes | undefined
  /** The time one request may take, from when it is sent. */
  readonly timeoutMs: number
  /** Requests at once, of both kinds together. */
  readonly concurrency: number
  /** When each request may be sent. @default UNPACED */
  readonly pacer?: CallPacer
  /** For Retry-After dates. @default systemClock */
  readonly clock?: Clock
  /** What is known of the servers. @default UNKEPT */
  readonly quirks?: ServerQuirks
  /** The keys of orgs that have their own, for the server of `baseUrl`. @default none has */
  readonly keyOf?: OrgKey | undefined
}

/** A model provider over HTTP. It opens nothing before its first call and needs no closing. */
export function createOpenAiProvider(options: OpenAiProviderOptions): ModelProvider {
  const { apiKey, baseUrl = OPENAI_BASE_URL, completionModel, timeoutMs, concurrency } = options
  const { clock = systemClock, pacer = UNPACED, quirks = UNKEPT, keyOf } = options
  const { embeddingBaseUrl = baseUrl } = options
  const shared = { timeoutMs, concurrency, pacer, quirks, clock }
  const connection = createOpenAiConnection({ apiKey, keyOf, baseUrl, ...shared })
  const isOneServer = embeddingBaseUrl === baseUrl && options.embeddingApiKey === undefined
  // A key never goes to a server that it was not given for.
  const embeddingKey = options.embeddingApiKey ?? (embeddingBaseUrl === baseUrl ? apiKey : undefined)
  const embedding = isOneServer
    ? connection
    : createOpenAiConnection({ apiKey: embeddingKey, baseUrl: embeddingBaseUrl, ...shared })
  const prefixes = Object.values(options.embeddingPrefixes ?? {}).some(Boolean) ? options.embeddingPrefixes : undefined
  const embeddingModel = {
    provider: serverName(embeddingBaseUrl) + (prefixes ? `+${digestOf(prefixes)}` : ''),
    model: options.embeddingModel,
    dims: options.embeddingDims,
    ...(prefixes && { prefixes }),
  }
  const target = {
    connection: embedding,
    model: embeddingModel,
    limit: { maxTokens: options.embeddingMaxTokens ?? EMBEDDING_MAX_TOKENS },
  }
  return {
    name: 'openai',
    isFree: false,
    readsPrompts: true,
    similarity: 'meaning',
    completionModel,
    embeddingModel,
    complete: (task, input, callOptions) => completeTask(connection, completionModel, task, input, callOptions),
    embed: (texts, embedOptions) => embedTexts(target, texts, embedOptions),
  }
}

/** Vectors of texts with other prefixes are never compared. */
function digestOf({ query, document }: EmbeddingPrefixes): string {
  return createHash('sha256')
    .update(JSON.stringify([query, document]))
    .digest('hex')
    .slice(0, 8)
}

/** Two servers may call two models by one name: their vectors are never compared. Credentials in an address are no part of it. */
function serverName(baseUrl: string): string {
  if (baseUrl.startsWith(OPENAI_BASE_URL)) return 'openai'
  const { host, pathname } = new URL(baseUrl)
  return `openai@${host}${pathname}`
}
