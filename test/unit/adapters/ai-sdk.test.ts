import { generateText, simulateReadableStream, stepCountIs, tool, wrapLanguageModel } from 'ai'
import { MockLanguageModelV4 } from 'ai/test'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { memoryMiddleware } from '../../../adapters/ai-sdk/memory-middleware.ts'
import type { MemoryMiddlewareOptions } from '../../../adapters/ai-sdk/middleware-options.ts'
import type { TurnInput } from '../../../shared/memory/recording/turn-input.ts'
import { cpuMsOf } from '../../helpers/cpu-time.ts'

/** Memory in a model of the AI SDK: what the model is given, what is recorded, and that nothing of it changes an answer. */

const WHOSE = { orgId: 'acme', workstreamId: 'support-42', userId: 'maya' }
const usage = {
  inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 1, text: 1, reasoning: 0 },
}

function memoryUnderTest(text: string | (() => Promise<string>) = 'MEMORY') {
  const calls = { searches: [] as string[], turns: [] as TurnInput[], errors: [] as unknown[] }
  const recorded = Promise.withResolvers<void>()
  const memory = {
    async promptBlock({ query }: { query: string }) {
      calls.searches.push(query)
      const found = typeof text === 'string' ? text : await text()
      return { text: found, tokens: 1, memoryIds: [], turns: [], isWordsOnly: false }
    },
    async recordTurn(turn: TurnInput) {
      calls.turns.push(turn)
      recorded.resolve()
      return { recorded: 'yes' as const, deduplicated: false, digestDueAt: null, contextTokens: 1 }
    },
  }
  const middlewareOf = (options: Partial<MemoryMiddlewareOptions> = {}) =>
    memoryMiddleware({ memory }, { ...WHOSE, onError: (error) => calls.errors.push(error), ...options })
  return { calls, recorded: recorded.promise, middlewareOf }
}

type Answer = Awaited<ReturnType<MockLanguageModelV4['doGenerate']>>
const textAnswer = (text: string): Answer =>
  ({
    content: [{ type: 'text', text }],
    finishReason: { unified: 'stop', raw: 'stop' },
    usage,
    warnings: [],
  }) as unknown as Answer
const callAnswer = (id: string): Answer =>
  ({
    content: [{ type: 'tool-call', toolCallId: id, toolName: 'weather', input: '{"city":"Lisbon"}' }],
    finishReason: { unified: 'tool-calls', raw: 'tool_calls' },
    usage,
    warnings: [],
  }) as unknown as Answer

const weather = tool({
  description: 'Weather',
  inputSchema: z.object({ city: z.string() }),
  execute: async () => 'sunny',
})

describe('a turn of several steps', () => {
  it('is searched once and recorded once, with its calls and results, and nothing that was put in', async () => {
    const { calls, recorded, middlewareOf } = memoryUnderTest()
    const answers = [callAnswer('a'), callAnswer('b'), textAnswer('It is sunny.')]
    const mock = new MockLanguageModelV4({ doGenerate: async () => answers.shift() as Answer })
    const model = wrapLanguageModel({ model: mock, middleware: middlewareOf() })
    const { text } = await generateText({
      model,
      system: 'Be brief.',
      messages: [{ role: 'user', content: 'How is Lisbon?' }],
      tools: { weather },
      stopWhen: stepCountIs(5),
    })
    expect(text).toBe('It is sunny.')
    await recorded
    expect(calls.searches).toEqual(['How is Lisbon?'])
    expect(calls.turns).toHaveLength(1)
    expect(calls.turns[0]).toMatchObject({
      ...WHOSE,
      messages: [
        { role: 'user' },
        { role: 'assistant', tool_calls: [{ id: 'a' }] },
        { role: 'tool', tool_call_id: 'a' },
        { role: 'assistant', tool_calls: [{ id: 'b' }] },
        { role: 'tool', tool_call_id: 'b' },
        { role: 'assistant', content: [{ text: 'It is sunny.' }] },
      ],
    })
    expect(JSON.stringify(calls.turns)).not.toContain('MEMORY')
    expect(JSON.stringify(calls.turns)).not.toContain('Be brief.')
    const prompts = mock.doGenerateCalls.map(({ prompt }) => prompt)
    for (const prompt of prompts) {
      expect(prompt[0]).toMatchObject({ role: 'system', content: 'Be brief.' })
      expect(prompt.slice(0, 3)).toEqual(prompts[0]?.slice(0, 3))
      expect(prompt[1]).toMatchObject({ role: 'user', content: [{ text: 'MEMORY' }] })
    }
  })

  it.each(['kept', 'newest'] as const)('leaves what stood before as it was: %s', async (blocks) => {
    const { middlewareOf } = memoryUnderTest()
    const mock = new MockLanguageModelV4({ doGenerate: async () => textAnswer('Yes.') })
    const model = wrapLanguageModel({ model: mock, middleware: middlewareOf({ blocks }) })
    const messages: { role: 'user' | 'assistant'; content: string }[] = []
    for (const content of ['One?', 'Two?', 'Three?']) {
      messages.push({ role: 'user', content })
      const { text } = await generateText({ model, messages })
      messages.push({ role: 'assistant', content: text })
    }
    const [, before = [], after = []] = mock.doGenerateCalls.map(({ prompt }) => prompt)
    const same = blocks === 'kept' ? before.length : before.length - 2
    expect(after.slice(0, same)).toEqual(before.slice(0, same))
    expect(after.filter((message) => JSON.stringify(message).includes('MEMORY'))).toHaveLength(
      blocks === 'kept' ? 3 : 1,
    )
  })
})

it('a long question is cut between characters, and an image costs no more than its bytes', async () => {
  const { calls, middlewareOf } = memoryUnderTest()
  const data = new Uint8Array(1_000_000)
  const content = [
    { type: 'text', text: `a${'😀'.repeat(4_000)}` },
    { type: 'file', mediaType: 'image/png', data },
  ]
  // The first call compiles what it runs, and a busy machine stretches any of them.
  const leastMsOf = async (run: () => unknown) => Math.min(await cpuMsOf(run), await cpuMsOf(run), await cpuMsOf(run))
  const plainMs = await leastMsOf(() => JSON.stringify(content))
  const params = { prompt: [{ role: 'user', content }] } as never
  const middleware = middlewareOf()
  const ownMs = await leastMsOf(() =>
    middleware.transformParams?.({ type: 'generate', params, model: new MockLanguageModelV4() }),
  )
  expect(ownMs).toBeLessThan(plainMs / 2)
  const [query = ''] = calls.searches
  expect([query.isWellFormed(), query.length <= 4_000]).toEqual([true, true])
})

it('the same image is the same question, however its bytes are held', async () => {
  const { calls, middlewareOf } = memoryUnderTest()
  const middleware = middlewareOf()
  for (const data of [new Uint8Array([1, 2, 255]), Buffer.from([1, 2, 255])]) {
    const text = { type: 'text', text: 'What is this?' }
    const file = { type: 'file', mediaType: 'image/png', data: { type: 'data', data } }
    const params = { prompt: [{ role: 'user', content: [text, file] }] } as never
    await middleware.transformParams?.({ type: 'generate', params, model: new MockLanguageModelV4() })
  }
  expect(calls.searches).toHaveLength(1)
})

it('what is remembered is said once in a conversation', async () => {
  const found = ['Facts:\n- one', 'Facts:\n- one\nTurns:\n- two', 'Facts:\n- one\nTurns:\n- two']
  const { middlewareOf } = memoryUnderTest(async () => found.shift() as string)
  const mock = new MockLanguageModelV4({ doGenerate: async () => textAnswer('Yes.') })
  const model = wrapLanguageModel({ model: mock, middleware: middlewareOf() })
  const messages: { role: 'user' | 'assistant'; content: string }[] = []
  for (const content of ['One?', 'Two?', 'Three?']) {
    messages.push({ role: 'user', content })
    messages.push({ role: 'assistant', content: (await generateText({ model, messages })).text })
  }
  const texts = mock.doGenerateCalls
    .at(-1)
    ?.prompt.flatMap(({ role, content }) =>
      role === 'user' && typeof content !== 'string' ? content.map((part) => ('text' in part ? part.text : '')) : [],
    )
  expect(texts).toEqual(['Facts:\n- one', 'One?', 'Turns:\n- two', 'Two?', 'Three?'])
})

describe('a stream', () => {
  it('passes every chunk as it is, and is recorded when it ends whole', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 8 }), async (deltas) => {
        const { calls, recorded, middlewareOf } = memoryUnderTest()
        const chunks = [
          { type: 'stream-start', warnings: [] },
          { type: 'text-start', id: '1' },
          ...deltas.map((delta) => ({ type: 'text-delta', id: '1', delta })),
          { type: 'text-end', id: '1' },
          { type: 'finish', finishReason: { unified: 'stop', raw: 'stop' }, usage },
        ]
        const mock = new MockLanguageModelV4({
          doStream: {
            stream: simulateReadableStream({ chunks, initialDelayInMs: null, chunkDelayInMs: null }),
          } as never,
        })
        const model = wrapLanguageModel({ model: mock, middleware: middlewareOf() })
        const params = { prompt: [{ role: 'user', content: [{ type: 'text', text: 'Hello?' }] }] }
        const { stream } = await model.doStream(params as never)
        const passed: unknown[] = []
        for await (const chunk of stream as unknown as AsyncIterable<unknown>) passed.push(chunk)
        expect(passed).toEqual(chunks)
        await recorded
        expect(calls.turns[0]?.messages.at(-1)).toMatchObject({
          role: 'assistant',
          content: [{ text: deltas.join('') }],
        })
      }),
      { numRuns: 20 },
    )
  })

  it('that is left is not recorded', async () => {
    const { calls, middlewareOf } = memoryUnderTest()
    const chunks = Array.from({ length: 9 }, (_, id) => ({ type: 'text-delta', id: '1', delta: `${id}` }))
    const mock = new MockLanguageModelV4({
      doStream: { stream: simulateReadableStream({ chunks, initialDelayInMs: null, chunkDelayInMs: null }) } as never,
    })
    const model = wrapLanguageModel({ model: mock, middleware: middlewareOf() })
    const { stream } = await model.doStream({
      prompt: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
    } as never)
    const reader = stream.getReader()
    await reader.read()
    await reader.cancel()
    expect(calls.turns).toEqual([])
  })
})

describe('memory that fails', () => {
  it.each([
    ['throws', () => Promise.reject(new Error('away'))],
    ['hangs', () => new Promise<string>(() => {})],
  ])('and %s changes nothing of the answer', async (_, find) => {
    const { calls, middlewareOf } = memoryUnderTest(find)
    const mock = new MockLanguageModelV4({ doGenerate: async () => textAnswer('Yes.') })
    const model = wrapLanguageModel({ model: mock, middleware: middlewareOf({ searchTimeoutMs: 20 }) })
    const { text } = await generateText({ model, messages: [{ role: 'user', content: 'Well?' }] })
    expect(text).toBe('Yes.')
    expect(mock.doGenerateCalls[0]?.prompt).toHaveLength(1)
    expect(calls.errors).toHaveLength(1)
  })

  it('to read a message of the prompt leaves the answer as it is', async () => {
    const { calls, middlewareOf } = memoryUnderTest()
    const mock = new MockLanguageModelV4({ doGenerate: async () => textAnswer('Yes.') })
    const model = wrapLanguageModel({ model: mock, middleware: middlewareOf() })
    const cycle: Record<string, unknown> = {}
    cycle.self = cycle
    const content = [{ type: 'text' as const, text: 'Well?', providerOptions: { acme: cycle as never } }]
    const { content: answer } = await model.doGenerate({ prompt: [{ role: 'user', content }] })
    expect(answer).toEqual([{ type: 'text', text: 'Yes.' }])
    expect(calls.errors).toHaveLength(1)
  })

  it('to record is told to who listens, and to nobody else', async () => {
    const errors: unknown[] = []
    let recording: Promise<unknown> = Promise.resolve()
    const fail = (message: string) => async () => {
      throw new Error(message)
    }
    const middleware = memoryMiddleware(
      { memory: { promptBlock: fail('away'), recordTurn: fail('full') } },
      {
        ...WHOSE,
        onError: (error) => errors.push(error),
        waitUntil(one) {
          recording = one
        },
      },
    )
    const mock = new MockLanguageModelV4({ doGenerate: async () => textAnswer('Yes.') })
    const model = wrapLanguageModel({ model: mock, middleware })
    expect((await generateText({ model, messages: [{ role: 'user', content: 'Well?' }] })).text).toBe('Yes.')
    await recording
    expect(errors.map(String)).toEqual(['Error: away', 'Error: full'])
  })
})
