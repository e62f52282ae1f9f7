import { describe, expect, it } from 'vitest'
import { vectorOf } from '../../helpers/models/model-answers.ts'
import { startModelServer } from '../../helpers/models/model-server.ts'
import { useModelServer } from '../../helpers/models/model-under-test.ts'
import { DIMS, failureOf, providersOf, SECRET, task } from '../../helpers/models/openai-under-test.ts'

const server = await useModelServer()
const createProvider = providersOf(server)

describe('embed', () => {
  it('asks a server of its own, which never gets the key of the other, and whose vectors are a space of their own', async () => {
    const other = await startModelServer()
    try {
      const provider = createProvider({ embeddingBaseUrl: other.url })
      await provider.embed(['a'], {})
      expect([server.requestCount(), other.requestCount('/embeddings')]).toEqual([0, 1])
      expect(other.requests[0]?.headers.authorization).not.toContain(SECRET)
      expect(provider.embeddingModel.provider).not.toBe(createProvider().embeddingModel.provider)
      await createProvider({ embeddingBaseUrl: other.url, embeddingApiKey: 'other-key' }).embed(['a'], {})
      expect(other.requests[1]?.headers.authorization).toBe('Bearer other-key')
    } finally {
      await other.stop()
    }
  })

  it('answers unit vectors in the order of the texts, whatever the order of the server', async () => {
    const { vectors, usage } = await createProvider().embed(['a', 'b', 'c'], {})
    expect(vectors.map((vector) => [...vector])).toEqual(
      ['a', 'b', 'c'].map((text) => [...vectorOf(text, DIMS)].map((number) => expect.closeTo(number, 6))),
    )
    for (const vector of vectors) expect(Math.hypot(...vector)).toBeCloseTo(1, 6)
    expect(usage).toEqual({ calls: 1, inputTokens: 1, outputTokens: 0 })
    expect(server.requests[0]?.body).toMatchObject({ dimensions: DIMS, encoding_format: 'float' })
  })

  it('takes vectors in base64, of a server that refuses to be asked for numbers', async () => {
    const detail = "Value 'float' supplied for argument 'encoding_format' is not valid -- accepted values are 'base64'"
    const provider = createProvider()
    const base64 = Buffer.from(new Float32Array(DIMS).fill(0.5).buffer).toString('base64')
    server.fault({ status: 400, body: { detail } })
    server.fault({ status: 400, body: { detail: "Argument 'dimensions' is not supported by our API" } })
    server.fault({ status: 200, body: { data: [{ embedding: base64 }], usage: { total_tokens: 4 } } })
    const { vectors, usage } = await provider.embed(['one'], {})
    expect(vectors).toEqual([new Float32Array(DIMS).fill(Math.sqrt(1 / DIMS))])
    expect(usage).toEqual({ calls: 1, inputTokens: 4, outputTokens: 0 })
    expect(server.requests.at(-1)?.body).toEqual({ model: 'test-embedding', input: ['one'] })
  })

  it('asks nothing for no texts', async () => {
    expect((await createProvider().embed([], {})).vectors).toEqual([])
    expect(server.requestCount()).toBe(0)
  })

  it('sends a task’s temperature, but not to a reasoning model, nor to a server that refuses it', async () => {
    server.completionFor(() => ({ words: ['one'] }))
    const cold = { ...task, temperature: 0 }
    await createProvider().complete(cold, 'x', {})
    expect(server.requests.at(-1)?.body).toMatchObject({ temperature: 0 })
    await createProvider().complete(task, 'x', {})
    await createProvider({ completionModel: 'gpt-5-mini' }).complete(cold, 'x', {})
    server.fault({ status: 400, message: "Unsupported value: 'temperature' does not support 0 with this model." })
    await createProvider().complete(cold, 'x', {})
    for (const { body } of server.requests.slice(1).filter((_, index) => index !== 2))
      expect(body).not.toHaveProperty('temperature')
    expect(server.requestCount()).toBe(5)
  })

  it('refuses an empty text before any request', async () => {
    const failure = await failureOf(createProvider().embed(['a', ' \n', 'c'], {}))
    expect(failure).toMatchObject({ code: 'INPUT_INVALID', message: expect.stringContaining('Text 2 of 3') })
    expect(server.requestCount()).toBe(0)
  })

  it('bounds batches by the number of texts and by their size', async () => {
    const many = Array.from({ length: 300 }, (_, index) => `text ${index}`)
    const { vectors, usage } = await createProvider().embed(many, {})
    expect(vectors[299]).toEqual((await createProvider().embed(['text 299'], {})).vectors[0])
    expect(usage.calls).toBe(3)
    server.reset()
    await createProvider().embed(
      [1, 2, 3].map((digit) => String(digit).repeat(120_000)),
      {},
    )
    expect(server.requestCount()).toBe(2)
  })

  it('writes the prefix of the purpose in front of each part, and has a space of its own with it', async () => {
    const prefixed = createProvider({
      embeddingPrefixes: { query: 'query: ', document: 'passage: ' },
      embeddingMaxTokens: 100,
    })
    await prefixed.embed(['a', 'word '.repeat(150)], {})
    await prefixed.embed(['a'], { purpose: 'query' })
    const sent = server.requests.flatMap(({ body }) => [body.input].flat().map(String))
    expect(sent.map((text) => text.split(' ')[0])).toEqual(['passage:', 'passage:', 'passage:', 'query:'])
    const spaces = [{}, { query: 'query: ', document: '' }, { query: '', document: 'query: ' }].map(
      (prefixes) => createProvider({ embeddingPrefixes: { query: '', document: '', ...prefixes } }).embeddingModel,
    )
    expect(new Set([prefixed.embeddingModel, ...spaces].map(({ provider }) => provider)).size).toBe(4)
    expect(spaces[0]).toEqual(createProvider().embeddingModel)
    expect(await failureOf(prefixed.embed([' '], {}))).toMatchObject({ code: 'INPUT_INVALID' })
  })

  it('halves a batch that the server finds too big', async () => {
    server.behave({ maxTextsPerRequest: 3 })
    const texts = Array.from({ length: 10 }, (_, index) => `text ${index}`)
    const { vectors, usage } = await createProvider().embed(texts, {})
    expect(vectors).toHaveLength(10)
    expect(vectors[7]).toEqual((await createProvider().embed(['text 7'], {})).vectors[0])
    // 10 -> 5 + 5 -> 3 + 2 + 3 + 2: refusals are no calls.
    expect(usage.calls).toBe(4)
  })

  it('gives up when one text alone is refused, without asking for all others', async () => {
    server.fault({ status: 400, times: 100 })
    const failure = await failureOf(
      createProvider().embed(
        Array.from({ length: 64 }, (_, index) => `text ${index}`),
        {},
      ),
    )
    expect(failure).toMatchObject({ code: 'MODEL_REFUSED', message: expect.stringContaining('one text of 6 bytes') })
    expect(server.requestCount()).toBe(7)
  })

  describe('of a long text', () => {
    const words = (count: number, from = 0) => Array.from({ length: count }, (_, index) => `w${from + index}`).join(' ')
    /** As a server whose model takes so many words of a text. */
    const takeWords = (most: number) =>
      server.fault({
        status: 400,
        message: "This model's maximum context length is 512 tokens",
        path: '/embeddings',
        times: 1_000,
        when: ({ input }) => [input].flat().some((text) => String(text).split(' ').length > most),
      })
    /** A direction for each hundred words, so that a vector tells which of them were read. */
    const byHundreds = (text: string) => {
      const vector = new Float32Array(DIMS)
      for (const word of text.match(/w\d+/g) ?? []) vector[Math.floor(Number(word.slice(1)) / 100) % DIMS] = 1
      return vector
    }

    it('embeds it in parts, so that its end is found as well', async () => {
      server.vectorFor(byHundreds)
      const { vectors } = await createProvider({ embeddingMaxTokens: 200 }).embed([words(800), 'w0'], {})
      expect(vectors).toHaveLength(2)
      expect(Math.min(...(vectors[0] as Float32Array))).toBeGreaterThan(0.1)
      expect(Math.hypot(...(vectors[0] as Float32Array))).toBeCloseTo(1)
      expect([...(vectors[1] as Float32Array)]).toEqual([1, 0, 0, 0, 0, 0, 0, 0])
    })

    it('halves what the server refuses, and cuts the next before it is refused', async () => {
      server.vectorFor(byHundreds)
      takeWords(120)
      const provider = createProvider()
      const { vectors } = await provider.embed(['w0', words(800), 'w100'], {})
      expect(vectors).toHaveLength(3)
      expect(Math.min(...(vectors[1] as Float32Array))).toBeGreaterThan(0.1)
      expect(vectors[2]?.[1]).toBe(1)
      const asked = server.requestCount()
      await provider.embed([words(800, 1)], {})
      expect(server.requestCount() - asked).toBeLessThan(asked / 2)
    })

    it('reads the beginning and the end of one without bounds', async () => {
      const { usage } = await createProvider().embed([`${'start '.repeat(100_000)}${'end '.repeat(100_000)}`], {})
      const sent = server.requests.flatMap(({ body }) => [body.input].flat()).join('')
      expect(sent.length).toBeLessThan(140_000)
      expect([sent.startsWith('start'), sent.endsWith('end ')]).toEqual([true, true])
      expect(usage.calls).toBeLessThan(4)
    })
  })

  it('stops the other batches when one fails', async () => {
    server.fault({ status: 500 })
    const texts = Array.from({ length: 1_000 }, (_, index) => `text ${index}`)
    expect(await failureOf(createProvider({ concurrency: 1 }).embed(texts, {}))).toMatchObject({
      code: 'MODEL_UNAVAILABLE',
    })
    expect(server.requestCount()).toBe(1)
  })

  it('does without `dimensions` where the model has one length only', async () => {
    server.behave({ refuseDimensions: true, dims: DIMS })
    const provider = createProvider()
    await provider.embed(['a'], {})
    await provider.embed(['b'], {})
    expect(server.requestCount()).toBe(3)
    expect(server.requests.at(-1)?.body).not.toHaveProperty('dimensions')
  })

  it('refuses vectors of another length, naming both', async () => {
    server.behave({ dims: 5 })
    const failure = await failureOf(createProvider().embed(['a'], {}))
    expect(failure).toMatchObject({
      code: 'MODEL_OUTPUT_INVALID',
      message: expect.stringContaining('expected 8 dimensions, got 5'),
    })
  })
})
