import type OpenAI from 'openai'
import { AfterturnError } from '../../errors.ts'
import { usageOfAnswer } from '../answers/answer-usage.ts'
import { refuseUnembeddable } from '../embeddable-texts.ts'
import { addUsage, type EmbeddingModel, type Embeddings, NO_USAGE } from '../model-provider.ts'
import type { OpenAiConnection } from './openai-connection.ts'
import { isRefusedInput, type ModelFailure } from './openai-errors.ts'

/**
 * Owns how texts become vectors: batches, their halving when a server finds them too big, and the checks of what comes back.
 * Guarantees: one vector a text, in order, finite, of the model's length, unit length. Cuts no text: `token-count.ts` helps callers to.
 */

const MAX_BATCH_TEXTS = 128
/** OpenAI takes 300,000 tokens a request. A token is at least one byte, so bytes bound them without a tokenizer. */
const MAX_BATCH_BYTES = 250_000

/**
 * Embeds texts. When one batch fails, the others are stopped and their vectors are lost.
 * @throws INPUT_INVALID for a text that cannot be embedded, before any request; MODEL_OUTPUT_INVALID for vectors that cannot be used; and as `request`.
 */
export async function embedTexts(
  connection: OpenAiConnection,
  model: EmbeddingModel,
  texts: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Embeddings> {
  refuseUnembeddable(texts)
  const siblings = new AbortController()
  const stop = signal === undefined ? siblings.signal : AbortSignal.any([signal, siblings.signal])
  const batches = splitBySize(texts).map((batch) => embedBatch(connection, model, batch, stop))
  try {
    return join(await Promise.all(batches))
  } catch (error) {
    siblings.abort(error)
    await Promise.allSettled(batches)
    throw error
  }
}

async function embedBatch(
  connection: OpenAiConnection,
  model: EmbeddingModel,
  texts: readonly string[],
  signal: AbortSignal,
): Promise<Embeddings> {
  try {
    return await requestVectors(connection, model, texts, signal)
  } catch (error) {
    if (!isRefusedInput(error)) throw error
    const [text] = texts
    if (texts.length === 1 && text !== undefined) throw describeRefusedText(error as AfterturnError, text)
    // One half after the other: a server that refuses everything has said so after log2(n) requests, not after 2n.
    const middle = Math.ceil(texts.length / 2)
    const first = await embedBatch(connection, model, texts.slice(0, middle), signal)
    const second = await embedBatch(connection, model, texts.slice(middle), signal)
    return join([first, second])
  }
}

async function requestVectors(
  connection: OpenAiConnection,
  model: EmbeddingModel,
  texts: readonly string[],
  signal: AbortSignal,
): Promise<Embeddings> {
  const answer = await connection.request<OpenAI.CreateEmbeddingResponse>(
    {
      call: 'embed',
      model: model.model,
      uses: ['dimensions'],
      texts: () => texts,
      tokensOf: (given: Partial<OpenAI.CreateEmbeddingResponse> | undefined) =>
        usageOfAnswer(given).inputTokens || undefined,
      send: (client, features, stop) =>
        client.embeddings.create(
          {
            model: model.model,
            input: [...texts],
            // The SDK would ask for base64, which many local servers refuse or get wrong.
            encoding_format: 'float',
            ...(features.has('dimensions') ? { dimensions: model.dims } : {}),
          },
          { signal: stop },
        ),
    },
    signal,
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
  for (const [position, { embedding, index = position }] of data.entries()) {
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
