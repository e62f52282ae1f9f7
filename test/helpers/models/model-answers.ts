import { createHash } from 'node:crypto'

/** Owns what the model server answers: completions in the OpenAI form, and vectors that depend on the text alone. */

export type ChatBody = {
  readonly model: string
  readonly messages: readonly { readonly role: string; readonly content: string }[]
  readonly response_format?: {
    readonly type: string
    readonly json_schema?: { readonly name: string; readonly schema: object }
  }
  readonly [field: string]: unknown
}

/** How the server behaves until it is told otherwise. */
export type ModelBehaviour = {
  /** The time before each answer. */
  readonly delayMs: number
  readonly hang: 'never' | 'before-headers' | 'in-body' | 'endless-body'
  /** Those that come after so many to the same path hang. */
  readonly hangAfter: number
  /** Completions end in the middle, as when the output limit is reached. */
  readonly truncateJson: boolean
  /** As a server that knows `json_object` only. */
  readonly refuseJsonSchema: boolean
  /** As a model whose vectors have one length only. */
  readonly refuseDimensions: boolean
  /** More texts in one request are a 413. */
  readonly maxTextsPerRequest: number
  /** The length of vectors whatever is asked. Undefined: what is asked, else `DEFAULT_DIMS`. */
  readonly dims: number | undefined
  /** The context of a server that is imitated. */
  readonly contextTokens: number
  /** Completions in any span of this length; beyond it a 429 says after how long there is room. */
  readonly limit: { readonly calls: number; readonly windowMs: number } | undefined
}

/** A summary as a model answers it, with nothing in it but what is given. */
export const summaryOf = (given: object = {}) => ({
  ...{
    goal: '',
    instructions: [],
    decisions: [],
    facts: [],
    files: [],
    openTasks: [],
    errors: [],
    lookups: [],
    keep: [],
  },
  ...given,
})

export type Reply = { readonly status: number; readonly body: object }

const DEFAULT_DIMS = 1_536
const CHARS_PER_TOKEN = 4

/** A chat completion, or why the server refuses to make one. */
export function answerCompletion(
  body: ChatBody,
  behaviour: ModelBehaviour,
  completion: (body: ChatBody) => unknown,
): Reply {
  if (behaviour.refuseJsonSchema && body.response_format?.type === 'json_schema') {
    return refuse(
      400,
      "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model.",
      'response_format',
    )
  }
  const answer = completion(body)
  const whole = typeof answer === 'string' ? answer : JSON.stringify(answer)
  const content = behaviour.truncateJson ? whole.slice(0, Math.floor(whole.length / 2)) : whole
  const promptTokens = tokensOf(body.messages.map((message) => message.content).join(''))
  const completionTokens = tokensOf(content)
  const finish = behaviour.truncateJson ? 'length' : 'stop'
  return ok({
    id: 'chatcmpl-test',
    object: 'chat.completion',
    created: 0,
    model: body.model,
    choices: [{ index: 0, finish_reason: finish, message: { role: 'assistant', content, refusal: null } }],
    usage: {
      prompt_tokens: promptTokens,
      completion_tokens: completionTokens,
      total_tokens: promptTokens + completionTokens,
    },
  })
}

/** One vector a text, or why the server refuses to make them. */
export function answerEmbeddings(
  body: Record<string, unknown>,
  behaviour: ModelBehaviour,
  vectorFor?: (text: string) => Float32Array,
): Reply {
  const texts = [body.input].flat() as string[]
  if (behaviour.refuseDimensions && body.dimensions !== undefined)
    return refuse(400, 'This model does not support matryoshka representation')
  if (texts.length > behaviour.maxTextsPerRequest)
    return refuse(413, `At most ${behaviour.maxTextsPerRequest} texts a request`)
  if (texts.includes('')) return refuse(400, "'$.input' is invalid")
  const dims = behaviour.dims ?? (body.dimensions as number | undefined) ?? DEFAULT_DIMS
  const data = texts.map((text, index) => {
    const vector = vectorFor ? Float32Array.from(vectorFor(text)) : vectorOf(text, dims)
    return {
      object: 'embedding',
      index,
      embedding: body.encoding_format === 'base64' ? Buffer.from(vector.buffer).toString('base64') : [...vector],
    }
  })
  const promptTokens = tokensOf(texts.join(''))
  const usage = { prompt_tokens: promptTokens, total_tokens: promptTokens }
  // Backwards: the API promises an index with each vector, not an order.
  return ok({ object: 'list', data: data.reverse(), model: body.model, usage })
}

/** The unit vector that the server answers for a text: numbers from a generator that the text's hash seeds. */
export function vectorOf(text: string, dims: number): Float32Array<ArrayBuffer> {
  let state = createHash('sha256').update(text).digest().readUInt32LE(0)
  const vector = Float32Array.from({ length: dims }, () => {
    // Mulberry32.
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 31 - 1
  })
  const norm = Math.hypot(...vector)
  return vector.map((number) => number / norm)
}

const MAX_QUOTE_CHARS = 500

/** The default completion: one fact for each turn, quoting its first message. A turn is a line of the user's prompt that is a JSON object with `turn` and `text`. */
export function factsOfTurns(body: ChatBody): { facts: object[] } {
  const lines = body.messages.filter(({ role }) => role === 'user').flatMap(({ content }) => content.split('\n'))
  const quoteByTurn = new Map<number, string>()
  for (const { turn, text } of lines.map(readObject)) {
    if (typeof turn !== 'number' || typeof text !== 'string' || quoteByTurn.has(turn)) continue
    quoteByTurn.set(turn, Array.from(text).slice(0, MAX_QUOTE_CHARS).join(''))
  }
  return { facts: [...quoteByTurn].map(([turn, quote]) => ({ fact: quote, kind: 'fact', quote, turn })) }
}

function readObject(line: string): Record<string, unknown> {
  try {
    return line.startsWith('{') ? JSON.parse(line) : {}
  } catch {
    return {}
  }
}

function ok(body: object): Reply {
  return { status: 200, body }
}

function refuse(status: number, message: string, param?: string): Reply {
  return { status, body: { error: { message, ...(param === undefined ? {} : { param }) } } }
}

function tokensOf(text: string): number {
  return Math.ceil(text.length / CHARS_PER_TOKEN)
}
