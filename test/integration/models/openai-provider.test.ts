import { describe, expect, it } from 'vitest'
import { AfterturnError } from '../../../shared/errors.ts'
import { extractFacts } from '../../../workers/memory/facts/extract-facts.ts'
import { startModelServer } from '../../helpers/models/model-server.ts'
import { useModelServer } from '../../helpers/models/model-under-test.ts'
import { failureOf, NOW, providersOf, SECRET, task } from '../../helpers/models/openai-under-test.ts'
import { until } from '../../helpers/until.ts'

const server = await useModelServer()
const createProvider = providersOf(server)

describe('complete', () => {
  it('sends the schema in strict form and gives back the checked answer and its cost', async () => {
    server.completionFor(() => ({ words: ['one', 'two'] }))
    const { output, usage } = await createProvider().complete(task, 'one two', {})
    expect(output).toEqual({ words: ['one', 'two'] })
    expect(usage).toEqual({ calls: 1, inputTokens: 6, outputTokens: 6 })
    const [request] = server.requests
    expect(request?.headers.authorization).toBe(`Bearer ${SECRET}`)
    expect(request?.body).toMatchObject({
      model: 'test-chat',
      max_completion_tokens: 100,
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'list-words', strict: true, schema: { required: ['words'], additionalProperties: false } },
      },
    })
    expect(request?.body).not.toHaveProperty('reasoning_effort')
  })

  it('leaves models that reason room for their thoughts', async () => {
    server.completionFor(() => ({ words: [] }))
    await createProvider({ completionModel: 'gpt-5-mini' }).complete(task, 'x', {})
    expect(server.requests[0]?.body).toMatchObject({ reasoning_effort: 'low', max_completion_tokens: 4_196 })
  })

  it('needs no key', async () => {
    server.completionFor(() => ({ words: [] }))
    await createProvider({ apiKey: undefined }).complete(task, 'x', {})
    expect(server.requestCount()).toBe(1)
  })

  it('asks a server without schemas for a JSON object, and remembers it', async () => {
    server.behave({ refuseJsonSchema: true })
    server.completionFor(() => ({ words: ['one'] }))
    const provider = createProvider()
    // Two at once: the second is refused when the first has already taught the provider.
    const both = await Promise.all([provider.complete(task, 'one', {}), provider.complete(task, 'one', {})])
    expect(both.map(({ output }) => output.words)).toEqual([['one'], ['one']])
    expect(server.requestCount()).toBe(4)
    await provider.complete(task, 'one', {})
    expect(server.requestCount()).toBe(5)
    const body = server.requests.at(-1)?.body as { response_format: object; messages: { content: string }[] }
    expect(body.response_format).toEqual({ type: 'json_object' })
    expect(body.messages[0]?.content).toContain('"required":["words"]')
  })

  it('does without the parameters that a server does not know', async () => {
    server.completionFor(() => ({ words: [] }))
    server.fault({
      status: 400,
      error: { message: "Unsupported parameter: 'max_completion_tokens'", param: 'max_completion_tokens' },
    })
    server.fault({ status: 422, message: 'Extra inputs are not permitted: reasoning_effort' })
    await createProvider({ completionModel: 'o3' }).complete(task, 'x', {})
    expect(server.requests.at(-1)?.body).toMatchObject({ max_tokens: 4_196 })
    expect(server.requests.at(-1)?.body).not.toHaveProperty('reasoning_effort')
    expect(server.requestCount()).toBe(3)
  })

  it('asks a server that knows no response format by the prompt alone', async () => {
    for (const message of ["'response_format' is not supported", "'response_format.type' must be 'text'"])
      server.fault({ status: 400, message, times: 2, when: (body) => 'response_format' in body })
    server.completionFor(() => 'Sure:\n{"words":["one"]}')
    const provider = createProvider()
    for (let times = 0; times < 2; times++)
      expect((await provider.complete(task, 'one', {})).output).toEqual({ words: ['one'] })
    expect(server.requestCount()).toBe(4)
    expect(server.requests.at(-1)?.body).not.toHaveProperty('response_format')
    expect(JSON.stringify(server.requests.at(-1)?.body)).toContain('nothing else')
  })

  it('asks a server that answers by streams alone for one, and reads it', async () => {
    const isWhole = (body: Record<string, unknown>) => body.stream !== true
    const message = 'This model only support stream mode, please enable the stream parameter to access the model.'
    server.fault({ status: 400, message, when: isWhole })
    const pieces = ['{"words":', '["one"]}'].map((content) => ({ choices: [{ delta: { content } }] }))
    const events = [...pieces, { choices: [], usage: { prompt_tokens: 3, completion_tokens: 2 } }]
    const body = `${events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('')}data: [DONE]\n\n`
    server.fault({ status: 200, headers: { 'content-type': 'text/event-stream' }, body, times: 2 })
    const provider = createProvider()
    for (let times = 0; times < 2; times++)
      expect(await provider.complete(task, 'one', {})).toEqual({
        output: { words: ['one'] },
        usage: { calls: 1, inputTokens: 3, outputTokens: 2 },
      })
    expect(server.requestCount()).toBe(3)
    expect(server.requests.at(-1)?.body).toMatchObject({ stream: true, stream_options: { include_usage: true } })
  })

  it('tells the schema to a server that takes it and ignores it, and from then on', async () => {
    server.completionFor(({ messages }) =>
      messages.some(({ content }) => content.includes('JSON schema')) ? { words: ['one'] } : 'The words are: one.',
    )
    const provider = createProvider()
    const { output, usage } = await provider.complete(task, 'one', {})
    expect([output, usage.calls]).toEqual([{ words: ['one'] }, 2])
    await provider.complete(task, 'one', {})
    expect(server.requestCount()).toBe(3)
  })

  it.each([
    'openai/gpt-5-mini',
    'openai/o4-mini',
    'gemini-2.5-pro',
    'deepseek-reasoner',
    'gpt-oss-20b',
    'qwen/qwen3:8b',
  ])('knows that %s thinks', async (completionModel) => {
    server.completionFor(() => ({ words: [] }))
    await createProvider({ completionModel }).complete({ ...task, temperature: 0 }, 'x', {})
    expect(server.requests[0]?.body).toMatchObject({ max_completion_tokens: 4_196, max_tokens: 4_196 })
    expect(server.requests[0]?.body).not.toHaveProperty('temperature')
  })

  it('does not take a prompt that is too long for a server without schemas', async () => {
    const message = 'maximum context length is 10 tokens (5 in the messages, 6 in the response_format schemas)'
    server.fault({ status: 400, error: { message, code: 'context_length_exceeded' } })
    expect(await failureOf(createProvider().complete(task, 'x', {}))).toMatchObject({ code: 'MODEL_REFUSED' })
    expect(server.requestCount()).toBe(1)
  })

  it.each([
    ['cut off', () => ({ words: ['one', 'two'] }), true],
    ['not JSON', () => 'Sure! Here are the words', false],
    ['cut JSON that claims to be whole', () => '{"words":["one","tw', false],
    ['of another shape', () => ({ words: ['one', 'x'] }), false],
    ['empty', () => '', false],
  ])('refuses an answer that is %s', async (_, answer, truncateJson) => {
    server.behave({ truncateJson })
    server.completionFor(answer)
    const failure = await failureOf(createProvider().complete(task, 'one two', {}))
    expect(failure).toMatchObject({ code: 'MODEL_OUTPUT_INVALID', retryable: true })
    expect(failure.message).toContain('list-words v1')
    expect(failure.message).not.toContain('two')
  })

  it('runs the task of the fleet against the default answers of the test server', async () => {
    const turn = { at: NOW, speaker: 'Ann', role: 'user' }
    const turns = [
      { ...turn, turn: 1, text: 'I live in Rome.' },
      { ...turn, turn: 1, speaker: 'Bot', role: 'assistant', text: 'Nice.' },
      { ...turn, turn: 2, text: 'Two lines:\nlike "this".' },
    ]
    const { output } = await createProvider().complete(extractFacts, { turns }, {})
    expect(output.facts.map(({ turn, quote }) => [turn, quote])).toEqual([
      [1, 'I live in Rome.'],
      [2, 'Two lines:\nlike "this".'],
    ])
  })

  it('takes what is whole, though the server says that it was cut off or puts nonsense beside it', async () => {
    const told = { prompt_tokens: 7, completion_tokens: -1 }
    const message = { role: 'assistant', content: '{"words":["one"]}   ' }
    for (const usage of [
      told,
      null,
      'much',
      { ...told, completion_tokens: 1e300 },
      { ...told, completion_tokens: '9' },
    ]) {
      server.bodyFor(() => ({ choices: [{ finish_reason: 'length', message }], usage }))
      const { output, usage: read } = await createProvider().complete(task, 'one', {})
      expect(output).toEqual({ words: ['one'] })
      expect(read).toEqual({
        calls: 1,
        inputTokens: (usage as typeof told | null)?.prompt_tokens ?? 0,
        outputTokens: 0,
      })
    }
  })

  it.each([
    ['millions of items', `{"words":[${'7,'.repeat(1_500_000)}7]}`, 1],
    ['a hundred thousand levels', `{"words":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 2],
  ] as const)('refuses %s at once, and tells what was paid', async (_, answer, calls) => {
    server.completionFor(() => answer)
    const failure = await failureOf(createProvider().complete(task, 'one two', {}))
    expect(failure).toMatchObject({
      code: 'MODEL_OUTPUT_INVALID',
      // What is of another shape was asked for once more, with the schema in the prompt.
      cause: { usage: { calls, inputTokens: expect.any(Number), outputTokens: expect.any(Number) } },
    })
    expect(failure.message.length).toBeLessThan(300)
  })

  it.each([
    ['breaks off', '{"choices":[{"finish_reason":"stop","mess', { code: 'MODEL_UNAVAILABLE' }],
    ['breaks off behind a list', '{"choices":[{"message":{"content":"x"}}]\n', { code: 'MODEL_UNAVAILABLE' }],
    ['is a page', '<!doctype html><title>Sign in</title>', { code: 'MODEL_OUTPUT_INVALID', cause: { isForAll: true } }],
    [
      'is a stream of an error',
      'data: {"error":{"message":"Overloaded","code":529}}\n\n',
      { code: 'MODEL_UNAVAILABLE' },
    ],
    [
      'says that the account is empty',
      '{"choices":null,"base_resp":{"status_code":1008,"status_msg":"insufficient balance"}}',
      { code: 'MODEL_REFUSED', cause: { isForAll: true }, message: expect.stringContaining('insufficient balance') },
    ],
    [
      'asks to wait',
      '{"error_code":18,"error_msg":"Open api qps request limit reached"}',
      { code: 'MODEL_RATE_LIMITED' },
    ],
  ])('takes a body under the type of JSON that %s for no fault of the question', async (_, body, failure) => {
    server.fault({ status: 200, headers: { 'content-type': 'application/json' }, body })
    expect(await failureOf(createProvider().complete(task, 'x', {}))).toMatchObject(failure)
  })

  it.each(['{"choices":[{"message":{"content":"say "hi""}}]}\n', '{"choices":[],}', 'OK', '[1,'])(
    'takes %s for what the server makes of the question',
    async (body) => {
      server.fault({ status: 200, headers: { 'content-type': 'application/json' }, body })
      expect(await failureOf(createProvider().complete(task, 'x', {}))).toMatchObject({ code: 'MODEL_OUTPUT_INVALID' })
    },
  )

  it('refuses a 200 that is no completion', async () => {
    server.fault({ status: 200, error: {} })
    expect(await failureOf(createProvider().complete(task, 'x', {}))).toMatchObject({ code: 'MODEL_OUTPUT_INVALID' })
  })
})

describe('failures of the server', () => {
  it.each([
    [429, { 'retry-after': '7' }, 'MODEL_RATE_LIMITED', 7_000],
    [429, { 'retry-after': 'Tue, 01 Jan 2030 00:00:30 GMT' }, 'MODEL_RATE_LIMITED', 30_000],
    [429, { 'retry-after-ms': '1500', 'retry-after': '9' }, 'MODEL_RATE_LIMITED', 1_500],
    [429, { 'retry-after': 'soon' }, 'MODEL_RATE_LIMITED', undefined],
    [500, {}, 'MODEL_UNAVAILABLE', undefined],
    [503, { 'retry-after': '2' }, 'MODEL_UNAVAILABLE', 2_000],
    [408, {}, 'MODEL_UNAVAILABLE', undefined],
    [401, {}, 'MODEL_REFUSED', undefined],
    [403, {}, 'MODEL_REFUSED', undefined],
    [404, {}, 'MODEL_REFUSED', undefined],
    [400, {}, 'MODEL_REFUSED', undefined],
  ] as const)('%i with %o is %s', async (status, headers, code, retryAfterMs) => {
    server.fault({ status, headers, message: `Bad key ${SECRET} of ${'x'.repeat(1_000)}`, times: 2 })
    const provider = createProvider()
    for (const call of [() => provider.complete(task, 'x', {}), () => provider.embed(['x'], {})]) {
      const failure = await failureOf(call())
      expect(failure).toMatchObject({ code, retryAfterMs, cause: { status } })
      expect(failure.message.length).toBeLessThan(400)
    }
    // The queues retry, not the provider.
    expect(server.requestCount()).toBe(2)
  })

  it('takes an empty account for a refusal: waiting fills none', async () => {
    server.fault({ status: 429, error: { message: 'You exceeded your current quota', code: 'insufficient_quota' } })
    expect(await failureOf(createProvider().embed(['x'], {}))).toMatchObject({
      code: 'MODEL_REFUSED',
      retryable: false,
    })
  })

  it('reports a server that does not run', async () => {
    const gone = await startModelServer()
    await gone.stop()
    const failure = await failureOf(createProvider({ baseUrl: gone.url }).complete(task, 'x', {}))
    expect(failure).toMatchObject({ code: 'MODEL_UNAVAILABLE', retryable: true })
    expect(failure.message).toContain('ECONNREFUSED')
  })

  it('shows neither a key that cannot be sent nor credentials in the address', async () => {
    await failureOf(createProvider({ apiKey: `${SECRET}\n` }).complete(task, 'x', {}))
    const withCredentials = server.url.replace('//', `//user:${SECRET}@`)
    await failureOf(createProvider({ baseUrl: withCredentials }).complete(task, 'x', {}))
  })

  it('stops reading an answer that has no end, long before its time is up', async () => {
    server.behave({ hang: 'endless-body' })
    const failures = await Promise.all([
      failureOf(createProvider().complete(task, 'x', {})),
      failureOf(createProvider().embed(['x'], {})),
    ])
    for (const failure of failures) {
      expect(failure).toMatchObject({ code: 'MODEL_OUTPUT_INVALID' })
      expect(failure.message).toContain('bytes')
    }
    await until(
      () => server.openRequests,
      (open) => open === 0,
    )
  })

  it.each([301, 302, 303, 307, 308])('follows no redirect with the words of users (%i)', async (status) => {
    const elsewhere = await startModelServer()
    const location = `${elsewhere.url}/chat/completions`
    server.fault({ status, headers: { location }, body: '', times: 2 })
    for (const call of [() => createProvider().complete(task, 'x', {}), () => createProvider().embed(['x'], {})]) {
      const failure = await failureOf(call())
      expect(failure).toMatchObject({ code: 'MODEL_REFUSED', cause: { status, isForAll: true } })
      expect(failure.message).toContain(`a redirect to ${new URL(location).origin}`)
    }
    expect(elsewhere.requestCount()).toBe(0)
    await elsewhere.stop()
  })

  it.each(['text/plain', 'application/octet-stream', 'text/event-stream', ''])(
    'reads JSON, and a stream, that is called %s',
    async (type) => {
      const message = { role: 'assistant', content: '{"words":["one"]}' }
      const headers = { 'content-type': type }
      server.fault({ status: 200, headers, body: { choices: [{ finish_reason: 'stop', message }] } })
      expect((await createProvider().complete(task, 'one', {})).output).toEqual({ words: ['one'] })
      const chunk = JSON.stringify({ choices: [{ delta: { content: '{"words":["two"]}' } }] })
      server.fault({ status: 200, headers, body: `: ping\n\ndata: ${chunk}\n\ndata: [DONE]\n\n` })
      expect((await createProvider().complete(task, 'two', {})).output).toEqual({ words: ['two'] })
      server.fault({ status: 200, headers, body: 'data: {"choices"' })
      expect(await failureOf(createProvider().complete(task, 'one', {}))).toMatchObject({
        code: 'MODEL_OUTPUT_INVALID',
      })
    },
  )

  it.each(['before-headers', 'in-body'] as const)('gives up on an answer that hangs %s', async (hang) => {
    server.behave({ hang })
    const failure = await failureOf(createProvider({ timeoutMs: 100 }).complete(task, 'x', {}))
    expect(failure).toMatchObject({ code: 'MODEL_UNAVAILABLE' })
    expect(failure.message).toContain('within 100 ms')
  })
})

describe('abort and concurrency', () => {
  it('rejects with the reason of the signal, in flight and while waiting for a turn', async () => {
    server.behave({ hang: 'before-headers' })
    const provider = createProvider({ concurrency: 1 })
    const stop = new AbortController()
    const calls = [
      provider.complete(task, 'x', { signal: stop.signal }),
      provider.complete(task, 'x', { signal: stop.signal }),
      provider.embed(['x'], { signal: stop.signal }),
    ].map((call) => call.catch((reason: unknown) => reason))
    await server.received(1)
    const reason = new AfterturnError('SHUTTING_DOWN', 'stop')
    stop.abort(reason)
    expect(await Promise.all(calls)).toEqual([reason, reason, reason])
    await expect(provider.embed(['x'], { signal: stop.signal })).rejects.toBe(reason)
    // The slot is free again.
    server.reset()
    await provider.embed(['x'], {})
    expect(server.requestCount()).toBe(1)
  })

  it('never has more requests open than it may', async () => {
    server.behave({ delayMs: 5 })
    server.completionFor(() => ({ words: [] }))
    const provider = createProvider({ concurrency: 3 })
    await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        index % 2 ? provider.embed(['x'], {}) : provider.complete(task, 'x', {}),
      ),
    )
    expect(server.peakConcurrency).toBe(3)
  })
})
