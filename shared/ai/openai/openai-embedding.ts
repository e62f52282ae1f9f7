import type OpenAI from 'openai'
import { AfterturnError } from '../../errors.ts'
import { usageOfAnswer } from '../answers/answer-usage.ts'
import { refuseUnembeddable } from '../embeddable-texts.ts'
import {
  addUsage,
  type CallOptions,
  type EmbeddingModel,
  type Embeddings,
  type EmbedOptions,
  NO_USAGE,
} from '../model-provider.ts'
import { countTokens, splitByTokens } from '../tokens/token-count.ts'
import { halvesOf, isAboutLength, meanOf, withoutMiddle } from './embedding-parts.ts'
import type { OpenAiConnection } from './openai-connection.ts'
import { isRefusedInput, type ModelFailure } from './openai-errors.ts'

/**
 * Owns how texts become vectors: parts and batches, their halving when a server finds them too big, and the checks of what comes back.
 * Guarantees: one vector a text, however long it is, in order, finite, of the model's length, unit length.
 */

const MAX_BATCH_TEXTS = 128
/** OpenAI takes 300,000 tokens a request. A token is at least one byte, so bytes bound them without a tokenizer. */
const MAX_BATCH_BYTES = 250_000

/** The embedding model of a server, and what it takes. */
type EmbeddingTarget = {
  readonly connection: OpenAiConnection
  readonly model: EmbeddingModel
  /** What one text may have, in tokens; lowered to what the server has shown to take. */
  readonly limit: { maxTokens: number }
}

/**
 * Embeds texts; one that is too long in parts. When one batch fails, the others are stopped and their vectors are lost.
 * @throws INPUT_INVALID for a text that cannot be embedded, before any request; MODEL_OUTPUT_INVALID for vectors that cannot be used; and as `request`.
 */
export async function embedTexts(
  target: EmbeddingTarget,
  texts: readonly string[],
  { signal, purpose = 'document', ...of }: EmbedOptions,
): Promise<Embeddings> {
  refuseUnembeddable(texts)
  const prefix = target.model.prefixes?.[purpose] ?? ''
  const prefixTokens = prefix === '' ? 0 : await countTokens(prefix)
  const maxTokens = Math.max(1, target.limit.maxTokens - prefixTokens)
  const partsOfTexts = await Promise.all(texts.map((text) => splitByTokens(withoutMiddle(text), maxTokens)))
  const siblings = new AbortController()
  const stop = signal === undefined ? siblings.signal : AbortSignal.any([signal, siblings.signal])
  const batches = splitBySize(partsOfTexts.flat()).map((batch) =>
    embedBatch({ ...target, prefix }, batch, { ...of, signal: stop }),
  )
  try {
    const { vectors, usage } = join(await Promise.all(batches))
    let taken = 0
    return {
      vectors: partsOfTexts.map(({ length }) => {
        taken += length
        return meanOf(vectors.slice(taken - length, taken))
      }),
      usage,
    }
  } catch (error) {
    siblings.abort(error)
    await Promise.allSettled(batches)
    throw error
  }
}

type PrefixedTarget = EmbeddingTarget & { readonly prefix: string }

async function embedBatch(target: PrefixedTarget, texts: readonly string[], options: CallOptions): Promise<Embeddings> {
  try {
    return await requestVectors(target, texts, options)
  } catch (error) {
    if (!isRefusedInput(error)) throw error
    const [text] = texts
    if (texts.length === 1 && text !== undefined) return embedHalves(target, text, error as AfterturnError, options)
    // One half after the other: a server that refuses everything has said so after log2(n) requests, not after 2n.
    const middle = Math.ceil(texts.length / 2)
    const first = await embedBatch(target, texts.slice(0, middle), options)
    const second = await embedBatch(target, texts.slice(middle), options)
    return join([first, second])
  }
}

/** The vector of a text that a server refused, by its halves: models take fewer tokens than is known, or count them in another way. */
async function embedHalves(
  target: PrefixedTarget,
  text: string,
  refusal: AfterturnError,
  options: CallOptions,
): Promise<Embeddings> {
  const halves = halvesOf(text, refusal)
  if (!halves) throw describeRefusedText(refusal, text)
  const embedded: Embeddings[] = []
  for (const half of halves) embedded.push(await embedBatch(target, [half], options))
  const { vectors, usage } = join(embedded)
  // The next texts are cut before they are refused.
  if (isAboutLength(refusal))
    target.limit.maxTokens = Math.min(target.limit.maxTokens, ...(await Promise.all(halves.map(countTokens))))
  return { vectors: [meanOf(vectors)], usage }
}

async function requestVectors(
  { connection, model, prefix }: PrefixedTarget,
  unprefixed: readonly string[],
  options: CallOptions,
): Promise<Embeddings> {
  const texts = unprefixed.map((text) => prefix + text)
  const answer = await connection.request<OpenAI.CreateEmbeddingResponse>(
    {
      call: 'embed',
      model: model.model,
      uses: ['dimensions', 'encodingFormat'],
      texts: () => texts,
      tokensOf: (given: Partial<OpenAI.CreateEmbeddingResponse> | undefined) =>
        usageOfAnswer(given).inputTokens || undefined,
      // The SDK's own call would ask for base64, which many local servers refuse or get wrong.
      send: (client, features, signal) => {
        const body = {
          model: model.model,
          input: [...texts],
          ...(features.has('encodingFormat') ? { encoding_format: 'float' } : {}),
          ...(features.has('dimensions') ? { dimensions: model.dims } : {}),
        }
        return client.post<OpenAI.CreateEmbeddingResponse>('/embeddings', { body, signal })
      },
    },
    options,
  )
  return {
    vectors: readVectors(answer, texts.length, model),
    usage: { ...usageOfAnswer(answer), outputTokens: 0 },
  }
}

function readVectors(answer: OpenAI.CreateEmbeddingResponse, expected: number, model: EmbeddingModel): Float32Array[] {
  const fail = (reason: string, failure: ModelFailure = {}) =>
    new AfterturnError('MODEL_OUTPUT_INVALID', `Embedding model ${model.model}: ${reason}`, {
      cause: { call: 'embed', ...failure } satisfies ModelFailure,
    })
  const data = (answer as Partial<OpenAI.CreateEmbeddingResponse> | undefined)?.data
  if (!Array.isArray(data))
    throw fail(`expected ${expected} vectors, got something else; check the base URL`, { isForAll: true })
  if (data.length !== expected) throw fail(`expected ${expected} vectors, got ${data.length}`)
  const vectors = new Array<Float32Array | undefined>(expected)
  for (const [position, { embedding: given, index = position }] of data.entries()) {
    const embedding = typeof given === 'string' ? numbersIn(given) : given
    if (!(index in data) || vectors[index] !== undefined)
      throw fail(`expected each index from 0 to ${expected - 1} once, got ${index}`)
    const dims = Array.isArray(embedding) ? embedding.length : 0
    if (dims !== model.dims) {
      const reason = `expected ${model.dims} dimensions, got ${dims}; set EMBEDDING_DIMS to what the model returns`
      throw fail(reason, { isForAll: dims > 0 })
    }
    const vector = toUnitLength(embedding)
    if (vector === undefined) throw fail('expected a vector with a direction, got one that is zero or not finite')
    vectors[index] = vector
  }
  return vectors as Float32Array[]
}

/** The numbers of a vector in base64: floats of 32 bits. */
function numbersIn(base64: string): number[] {
  const bytes = Buffer.from(base64, 'base64')
  return Array.from({ length: bytes.length >> 2 }, (_, at) => bytes.readFloatLE(at * 4))
}

function toUnitLength(numbers: readonly number[]): Float32Array | undefined {
  let squares = 0
  for (const number of numbers) squares += number * number
  const norm = Math.sqrt(squares)
  return norm > 0 && Number.isFinite(norm) ? Float32Array.from(numbers, (number) => number / norm) : undefined
}

function splitBySize(texts: readonly string[]): string[][] {
  const batches: string[][] = []
  let bytes = 0
  for (const text of texts) {
    const textBytes = Buffer.byteLength(text)
    const last = batches.at(-1)
    if (last !== undefined && last.length < MAX_BATCH_TEXTS && bytes + textBytes <= MAX_BATCH_BYTES) {
      last.push(text)
      bytes += textBytes
    } else {
      batches.push([text])
      bytes = textBytes
    }
  }
  return batches
}

function join(parts: readonly Embeddings[]): Embeddings {
  return {
    vectors: parts.flatMap((part) => part.vectors),
    usage: parts.map((part) => part.usage).reduce(addUsage, NO_USAGE),
  }
}

function describeRefusedText(error: AfterturnError, text: string): AfterturnError {
  return new AfterturnError(error.code, `${error.message} (for one text of ${Buffer.byteLength(text)} bytes)`, {
    cause: error.cause,
  })
}
