import type { ModelTask } from './model-task.ts'

/**
 * The one interface between the fleet and a model. Implementations: `openai-provider.ts` (any server that speaks the OpenAI API) and `local/`.
 * Guarantees: answers have the task's shape; failures are AfterturnErrors whose `retryable` and `retryAfterMs` the queues obey.
 */
export type ModelProvider = {
  /** For people and logs; behaviour depends on the traits below. */
  readonly name: 'local' | 'openai'
  /** Whether it computes in this process at no cost, so that caching or checkpointing its answers would save nothing. */
  readonly isFree: boolean
  /** Whether a language model reads its tasks as prompts; otherwise rules answer them. */
  readonly readsPrompts: boolean
  /** What the closeness of two of its vectors expresses: shared words only, or meaning. Ranking weighs them accordingly. */
  readonly similarity: 'words' | 'meaning'
  /** The model behind `complete`, as shown to people. */
  readonly completionModel: string
  readonly embeddingModel: EmbeddingModel
  /** Completes one task. @throws MODEL_RATE_LIMITED, MODEL_UNAVAILABLE, MODEL_REFUSED, MODEL_OUTPUT_INVALID */
  complete<Input, Output>(
    task: ModelTask<Input, Output>,
    input: Input,
    options: CallOptions,
  ): Promise<Completion<Output>>
  /** One vector a text, in order, each of `embeddingModel.dims` numbers and unit length. Throws as `complete`, and INPUT_INVALID for a text that is empty, too long, or not well-formed. */
  embed(texts: readonly string[], options: EmbedOptions): Promise<Embeddings>
}

/** What identifies a space of vectors: vectors of different models are never compared. */
export type EmbeddingModel = {
  /** The server, and a digest of the prefixes if there are any. */
  readonly provider: string
  readonly model: string
  readonly dims: number
  /** Written in front of texts, by what they are embedded for. @default nothing */
  readonly prefixes?: EmbeddingPrefixes | undefined
}

/** What a text is embedded for: to be found, or to find. Many models tell the two apart by a prefix. */
type EmbeddingPurpose = 'document' | 'query'
export type EmbeddingPrefixes = Readonly<Record<EmbeddingPurpose, string>>

export type CallOptions = {
  readonly signal?: AbortSignal
  /** For whom: an org may have a key of its own. */
  readonly orgId?: string
}
export type EmbedOptions = CallOptions & {
  /** @default 'document' */
  readonly purpose?: EmbeddingPurpose
}

/** What calls cost. `calls` counts requests that reached a model; the local provider's are free but counted. */
export type ModelUsage = { readonly calls: number; readonly inputTokens: number; readonly outputTokens: number }

export type Completion<Output> = { readonly output: Output; readonly usage: ModelUsage }
export type Embeddings = { readonly vectors: Float32Array[]; readonly usage: ModelUsage }

export const NO_USAGE: ModelUsage = { calls: 0, inputTokens: 0, outputTokens: 0 }

/** The sum of two usages. */
export function addUsage(a: ModelUsage, b: ModelUsage): ModelUsage {
  return {
    calls: a.calls + b.calls,
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
  }
}
