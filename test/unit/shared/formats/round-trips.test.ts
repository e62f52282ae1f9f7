import fc, { type Arbitrary } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { requestMessage } from '../../../../shared/context/requests/request-message.ts'
import { type ConversationMessage, messageOf, partsOf, textOf } from '../../../../shared/conversation.ts'
import { fromAiSdk } from '../../../../shared/formats/from-ai-sdk.ts'
import { fromAnthropic } from '../../../../shared/formats/from-anthropic.ts'
import { fromGemini } from '../../../../shared/formats/from-gemini.ts'
import { fromResponses } from '../../../../shared/formats/from-responses.ts'
import { toAiSdk } from '../../../../shared/formats/to-ai-sdk.ts'
import { toAiSdkUi } from '../../../../shared/formats/to-ai-sdk-ui.ts'
import { toAnthropic } from '../../../../shared/formats/to-anthropic.ts'
import { toGemini } from '../../../../shared/formats/to-gemini.ts'
import { toResponses } from '../../../../shared/formats/to-responses.ts'
import { parseTurn } from '../../../../shared/memory/recording/turn-input.ts'

/** What holds for random conversations of each API: they come back as they were, also from the store. */

const RUNS = 100
const LIMITS = { maxMessageBytes: 1e6, maxMessagesPerTurn: 1_000, maxInlineBytes: 1e6, maxTurnBytes: 1e8 }

/** What the store makes of messages: a check, a row and back. */
function recorded(messages: readonly ConversationMessage[]): ConversationMessage[] {
  if (messages.length === 0) return []
  const turn = { orgId: 'o', workstreamId: 'w', turnId: 't', messages }
  return parseTurn(turn, LIMITS, new Date()).messages.map((message) => {
    const parts = partsOf(message)
    const row = { role: message.role, name: message.name ?? null, content: textOf(message) }
    return messageOf({ ...row, parts: parts ? JSON.parse(JSON.stringify(parts)) : null })
  })
}

const text = fc.constantFrom('', 'hi', 'two\nlines', '猫が好き', '{"a":1}', '[1]', '😀')
const id = fc.constantFrom('call_1', 'toolu_2', 'call_3')
const json = fc.jsonValue({ noUnicodeString: true, maxDepth: 2 }).map((value) => JSON.parse(JSON.stringify(value)))
const object = fc.dictionary(fc.constantFrom('path', 'n', 'z'), json, { noNullPrototype: true })
const maybe = <T>(value: Arbitrary<T>) => fc.option(value, { nil: undefined })
const record = (fields: Record<string, unknown>) =>
  fc
    .record(
      Object.fromEntries(
        Object.entries(fields).map(([key, value]) => [key, isArbitrary(value) ? value : fc.constant(value)]),
      ),
    )
    .map((made) => Object.fromEntries(Object.entries(made).filter(([, value]) => value !== undefined)))
const isArbitrary = (value: unknown): value is Arbitrary<unknown> => value instanceof fc.Arbitrary
const list = (...kinds: Arbitrary<unknown>[]) => fc.array(fc.oneof(...kinds), { maxLength: 5 })

function holds<T>(
  given: Arbitrary<T>,
  from: (given: T) => ConversationMessage[],
  to: (messages: readonly ConversationMessage[]) => unknown,
) {
  const property = fc.property(given, (one) => {
    expect(to(from(one))).toStrictEqual(one)
    expect(to(recorded(from(one)))).toStrictEqual(one)
  })
  fc.assert(property, { numRuns: RUNS })
}

describe('what one makes, the other makes undone', () => {
  it('of Anthropic', () => {
    const cache = maybe(fc.constant({ type: 'ephemeral' }))
    const words = record({ type: 'text', text, cache_control: cache, citations: maybe(fc.constant(null)) })
    const source = fc.constantFrom(
      { type: 'base64', media_type: 'image/png', data: 'AAAA' },
      { type: 'url', url: 'https://i/1' },
      { type: 'file', file_id: 'f' },
    )
    const image = record({ type: 'image', source, cache_control: cache })
    const document = record({
      type: 'document',
      source: fc.constantFrom(
        { type: 'text', media_type: 'text/plain', data: 'x' },
        { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0=' },
        { type: 'url', url: 'https://d/1.pdf' },
      ),
      title: maybe(text),
      citations: maybe(fc.constant({ enabled: true })),
    })
    const thinking = record({ type: 'thinking', thinking: text, signature: 'EqQB+/=' })
    const use = record({ type: 'tool_use', id, name: 'run', input: object, cache_control: cache })
    const server = record({ type: 'server_tool_use', id, name: 'web_search', input: object })
    const content = fc.oneof(text, list(words, image))
    const result = record({
      type: 'tool_result',
      tool_use_id: id,
      content: maybe(content),
      is_error: maybe(fc.boolean()),
    })
    const message = fc.oneof(
      record({ role: 'user', content: fc.oneof(text, list(words, image, document, result)) }),
      record({ role: 'assistant', content: fc.oneof(text, list(words, thinking, use, server)) }),
      record({ role: 'system', content: fc.oneof(text, list(words)) }),
    )
    const request = record({
      system: maybe(fc.oneof(text, list(words))),
      messages: fc.array(message, { maxLength: 6 }),
    })
    holds(request, (one) => fromAnthropic(one as never), toAnthropic)
  })

  it('of Gemini', () => {
    const signature = maybe(fc.constant('EqQB+/='))
    const free = fc.constant({ trace_id: 'a', of: { span_id: 1 } })
    const words = record({ text, thoughtSignature: signature, videoMetadata: maybe(object), partMetadata: maybe(free) })
    const thought = record({ text, thought: true, thoughtSignature: signature })
    const data = record({
      inlineData: record({
        mimeType: fc.constantFrom('image/png', 'application/pdf', 'audio/wav', 'audio/x-wav', 'video/mp4'),
        data: 'AAAA',
        displayName: maybe(fc.constant('a')),
      }),
      mediaResolution: maybe(object),
    })
    const file = record({ fileData: record({ fileUri: 'https://f/1', mimeType: 'image/png' }) })
    const call = record({
      functionCall: record({ id: maybe(id), name: fc.constantFrom('run', 'stop'), args: maybe(object) }),
      thoughtSignature: signature,
    })
    const result = record({
      functionResponse: record({
        id: maybe(id),
        name: fc.constantFrom('run', 'stop'),
        response: maybe(object),
        willContinue: maybe(fc.boolean()),
      }),
    })
    const code = record({ executableCode: record({ code: text, language: 'PYTHON' }) })
    const content = fc.oneof(
      record({ role: fc.constantFrom('user', 'function'), parts: maybe(list(words, data, file, result)) }),
      record({ role: maybe(fc.constant('user')), parts: list(words, data) }),
      record({ role: 'model', parts: maybe(list(words, thought, call, data, code)) }),
    )
    const request = record({
      systemInstruction: maybe(fc.oneof(text, record({ role: maybe(fc.constant('user')), parts: list(words) }))),
      contents: fc.array(content, { maxLength: 6 }),
    })
    holds(request, (one) => fromGemini(one as never), toGemini)
  })

  it('of the Responses API', () => {
    const about = {
      id: maybe(fc.constant('msg_1')),
      status: maybe(fc.constant('completed')),
      type: maybe(fc.constant('message')),
    }
    const input = list(
      record({ type: 'input_text', text }),
      record({ type: 'input_image', image_url: 'https://i/1', detail: fc.constantFrom('auto', 'low', null) }),
      record({ type: 'input_image', file_id: 'f', detail: 'auto' }),
      record({
        type: 'input_file',
        filename: maybe(text),
        file_data: maybe(fc.constant('data:a/b;base64,AA')),
        file_url: maybe(text),
      }),
    )
    const output = list(
      record({ type: 'output_text', text, annotations: maybe(fc.constant([])), logprobs: maybe(fc.constant([])) }),
      record({ type: 'refusal', refusal: text }),
      record({ type: 'reasoning_text', text }),
    )
    const item = fc.oneof(
      record({ role: fc.constantFrom('user', 'system', 'developer'), content: fc.oneof(text, input), ...about }),
      record({
        role: 'assistant',
        content: fc.oneof(
          text.filter((one) => one !== ''),
          output,
        ),
        ...about,
      }),
      record({ type: 'function_call', call_id: id, name: 'run', arguments: text, id: maybe(fc.constant('fc_1')) }),
      record({ type: 'custom_tool_call', call_id: id, name: 'run', input: text, id: maybe(fc.constant('ct_1')) }),
      record({
        type: 'function_call_output',
        call_id: id,
        output: fc.oneof(text, input),
        status: maybe(fc.constant('completed')),
      }),
      record({ type: 'custom_tool_call_output', call_id: id, output: text }),
      record({ type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: maybe(fc.constant('gAAAA+/==')) }),
      record({ type: 'web_search_call', id: 'ws_1', status: 'completed', action: object }),
      record({ type: 'item_reference', id: 'x' }),
    )
    holds(fc.array(item, { maxLength: 8 }), fromResponses, toResponses)
  })

  it('of the AI SDK for a model', () => {
    const options = { providerOptions: maybe(fc.constant({ openai: { itemId: 'a' } })) }
    const words = record({ type: 'text', text, ...options })
    const data = fc.constantFrom(
      'https://i/1',
      'data:image/png;base64,AA==',
      'AAAA',
      new URL('https://i/2'),
      new Uint8Array([1, 2]),
      new Uint8Array([1, 2]).buffer,
      { openai: 'file-1' },
    )
    const image = record({ type: 'image', image: data, mediaType: maybe(fc.constant('image/png')), ...options })
    const tagged = fc.constantFrom(
      { type: 'data', data: 'AAAA' },
      { type: 'data', data: new Uint8Array([1, 2]) },
      { type: 'url', url: new URL('https://i/2') },
      { type: 'reference', reference: { openai: 'file-1' } },
      { type: 'text', text: 'words' },
    )
    const file = record({
      type: 'file',
      data: fc.oneof(data, tagged),
      mediaType: fc.constantFrom('application/pdf', 'image/gif', 'image', 'image/*', 'audio/wav', 'audio/mpeg'),
      filename: maybe(text),
    })
    const call = record({ type: 'tool-call', toolCallId: id, toolName: 'run', input: maybe(json), ...options })
    const media = record({
      type: fc.constantFrom('media', 'image-data', 'file-data'),
      data: 'AAAA',
      mediaType: fc.constantFrom('image/png', 'application/pdf', 'audio/wav'),
      ...options,
    })
    const linked = record({ type: fc.constantFrom('image-url', 'file-url'), url: 'https://i/3', ...options })
    const value = fc.oneof(
      record({ type: fc.constantFrom('text', 'error-text'), value: text }),
      record({ type: fc.constantFrom('json', 'error-json'), value: json }),
      record({ type: 'content', value: list(words, media, linked) }),
      record({ type: 'execution-denied', reason: maybe(text) }),
    )
    const result = record({ type: 'tool-result', toolCallId: id, toolName: 'run', output: value, ...options })
    const oldCall = record({ type: 'tool-call', toolCallId: id, toolName: 'run', args: maybe(json), ...options })
    const oldResult = record({
      type: 'tool-result',
      toolCallId: id,
      toolName: 'run',
      result: json,
      isError: maybe(fc.boolean()),
    })
    const approval = record({ type: 'tool-approval-response', approvalId: 'a', approved: true })
    const message = fc.oneof(
      record({ role: 'system', content: text, ...options }),
      record({ role: 'user', content: fc.oneof(text, list(words, image, file)), ...options }),
      record({
        role: 'assistant',
        content: fc.oneof(text, list(words, file, call, oldCall, record({ type: 'reasoning', text, ...options }))),
        ...options,
      }),
      record({ role: 'tool', content: list(result, oldResult, approval), ...options }),
    )
    holds(fc.array(message, { maxLength: 6 }), fromAiSdk, toAiSdk)
  })

  it('of a user interface of the AI SDK', () => {
    const state = fc.oneof(
      record({ state: 'output-available', output: json }),
      record({ state: 'output-error', errorText: text }),
      record({ state: 'output-denied', approval: record({ id: 'a', approved: false, reason: maybe(text) }) }),
      record({ state: fc.constantFrom('input-available', 'input-streaming') }),
    )
    const tool = fc
      .tuple(
        fc.oneof(record({ type: 'tool-run' }), record({ type: 'dynamic-tool', toolName: 'run' })),
        fc.nat(1_000),
        maybe(json),
        state,
      )
      .map(([kind, nth, input, rest]) => ({
        ...kind,
        toolCallId: `c${nth}`,
        ...(input !== undefined && { input }),
        ...rest,
      }))
    const oldTool = fc
      .tuple(fc.nat(1_000), maybe(json), fc.oneof(record({ state: 'call' }), record({ state: 'result', result: json })))
      .map(([nth, args, rest]) => ({
        type: 'tool-invocation',
        toolInvocation: { toolCallId: `o${nth}`, toolName: 'run', ...(args !== undefined && { args }), ...rest },
      }))
    const words = record({ type: 'text', text, state: maybe(fc.constant('done')) })
    const file = record({
      type: 'file',
      mediaType: fc.constantFrom('image/png', 'application/pdf', 'audio/wav'),
      url: fc.constantFrom('https://f/1', 'data:application/pdf;base64,AAAA', 'data:audio/wav;base64,AAAA', 'data:,x'),
      filename: maybe(text),
    })
    const parts = list(
      words,
      file,
      tool,
      oldTool,
      fc.constant({ type: 'step-start' }),
      record({ type: 'reasoning', text }),
      record({ type: 'data-x', data: object }),
    )
    const attachments = list(
      record({ url: fc.constantFrom('https://f/1', 'data:image/png;base64,AA=='), name: maybe(text) }),
    )
    const invocation = oldTool.map(({ toolInvocation }) => toolInvocation)
    const bare = fc.oneof(
      record({ id: 'm', role: 'user', content: text, experimental_attachments: attachments }),
      record({ id: 'm', role: 'assistant', content: text, toolInvocations: fc.tuple(invocation) }),
    )
    const message = fc.oneof(
      bare,
      record({ id: 'm', role: 'user', parts: list(words), experimental_attachments: attachments }),
      record({ id: 'm', role: fc.constantFrom('user', 'system'), parts: list(words, file), metadata: maybe(object) }),
      record({ id: 'm', role: 'assistant', parts, metadata: maybe(object) }),
    )
    type Part = { toolCallId?: string; toolInvocation?: { toolCallId: string } }
    const ids = (one: Record<string, unknown>) =>
      ((one.parts as Part[]) ?? []).flatMap((part) => part.toolCallId ?? part.toolInvocation?.toolCallId ?? [])
    const distinct = message.filter((one) => new Set(ids(one)).size === ids(one).length)
    holds(fc.array(distinct, { maxLength: 4 }), fromAiSdk, toAiSdkUi)
  })
})

it('what one API says of its pieces never gets into a request of another', () => {
  const call = { type: 'tool-call', toolCallId: 'c', toolName: 'run', input: {}, providerOptions: { x: { y: 1 } } }
  const text = { type: 'text', text: 'hi', providerOptions: { x: { y: 1 } } }
  const messages = fromAiSdk([
    { role: 'user', content: [text] },
    { role: 'assistant', content: [text, call] },
  ])
  for (const made of [toAnthropic(messages), toResponses(messages), toAiSdkUi(messages)])
    expect(JSON.stringify(made)).not.toContain('providerOptions')
  const cached = { type: 'text', text: 'hi', cache_control: { type: 'ephemeral' } }
  const ofAnthropic = fromAnthropic([{ role: 'user', content: [cached] }])
  for (const made of [toAiSdk(ofAnthropic), toResponses(ofAnthropic)])
    expect(JSON.stringify(made)).not.toContain('cache_control')
})

describe('what one API is given of another', () => {
  const ofUser = (messages: readonly ConversationMessage[]) =>
    messages.map((message) => requestMessage(message).content)

  it('are pictures, documents and sounds that it takes, however they were given', () => {
    const png = 'iVBORw0KGgo='
    const url = `data:image/png;base64,${png}`
    const bytes = new Uint8Array(Buffer.from(png, 'base64'))
    const picture = (data: unknown, mediaType: string) =>
      ofUser(fromAiSdk([{ role: 'user', content: [{ type: 'file', data, mediaType }] }]))
    const images = [
      [png, 'image/png'],
      [bytes, 'image'],
      [bytes.buffer, 'image/*'],
      [{ type: 'data', data: png }, 'image'],
      [{ type: 'url', url: new URL(url) }, 'image/png'],
    ] as const
    for (const [data, mediaType] of images)
      expect(picture(data, mediaType)).toEqual([[{ type: 'image_url', image_url: { url } }]])
    expect(picture('AAAA', 'audio/mpeg')).toEqual([
      [{ type: 'input_audio', input_audio: { data: 'AAAA', format: 'mp3' } }],
    ])
    const source = { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0=' }
    const pdf = fromAnthropic([{ role: 'user', content: [{ type: 'document', source, title: 'a.pdf' }] }])
    const file_data = 'data:application/pdf;base64,JVBERi0='
    expect(ofUser(pdf)).toEqual([[{ type: 'file', file: { file_data, filename: 'a.pdf' } }]])
    expect(toAiSdk(pdf)).toMatchObject([
      { content: [{ type: 'file', mediaType: 'application/pdf', data: 'JVBERi0=' }] },
    ])
    const heard = [{ type: 'input_audio' as const, input_audio: { data: 'AAAA', format: 'wav' } }]
    expect(toAiSdkUi([{ role: 'user', content: heard }])).toMatchObject([
      { parts: [{ type: 'file', mediaType: 'audio/wav', url: 'data:audio/wav;base64,AAAA' }] },
    ])
  })

  it('are the words of what it has no form for, without what is for its maker only', () => {
    const block = (value: object) => ofUser(fromAnthropic([{ role: 'user', content: [value] }]))[0]
    const said = (value: object) => textOf({ content: block(value) })
    const source = { type: 'text', media_type: 'text/plain', data: 'The harbour opens at 8.' }
    expect(said({ type: 'document', source })).toContain('The harbour opens at 8.')
    const found = { type: 'web_search_result', url: 'https://h/1', title: 'Boats', encrypted_content: 'EqQB' }
    const result = said({ type: 'web_search_tool_result', tool_use_id: 'srv_1', content: [found] })
    expect(result).toContain('https://h/1')
    expect(result).not.toMatch(/EqQB|srv_1/)
    expect(said({ type: 'container_upload', file_id: 'f_1' })).toBe(
      '[container_upload of anthropic, which has no form here]',
    )
    expect(said({ type: 'document', source: { ...source, data: 'a b '.repeat(10_000) } }).length).toBeLessThan(21_000)
  })
})
