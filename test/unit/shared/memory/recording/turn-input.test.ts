import { createHash } from 'node:crypto'
import { HumanMessage, SystemMessage, ToolMessage } from '@langchain/core/messages'
import { describe, expect, it } from 'vitest'
import { type ConversationMessage, messageOf, partsOf, textOf } from '../../../../../shared/conversation.ts'
import { AfterturnError } from '../../../../../shared/errors.ts'
import { contentHashOf, parseTurn, scopeOf, type TurnInput } from '../../../../../shared/memory/recording/turn-input.ts'

const LIMITS = { maxMessageBytes: 16, maxMessagesPerTurn: 3, maxInlineBytes: 64, maxTurnBytes: 1_000 }
const NOW = new Date('2026-03-02T18:00:00Z')
const TURN: TurnInput = { orgId: 'o', workstreamId: 'w', turnId: 't', messages: [{ role: 'user', content: 'hi' }] }

function faultOf(input: unknown): AfterturnError {
  try {
    parseTurn(input, LIMITS, NOW)
  } catch (error) {
    if (error instanceof AfterturnError) return error
    throw error
  }
  throw new Error('expected a fault')
}

const message = (over: object) => ({ ...TURN, messages: [{ role: 'user', content: 'hi', ...over }] })

describe('a turn', () => {
  it('is taken as it is: nothing is trimmed or normalised', () => {
    const turn = { ...TURN, orgId: ' o:1 😀', messages: [{ role: 'tool', content: ' e\u0301 ' }] }
    expect(parseTurn(turn, LIMITS, NOW)).toEqual(turn)
  })

  it.each([
    ['no content', message({ content: undefined }), 'messages.0.content'],
    ['NUL', message({ content: 'a\0' }), 'messages.0.content'],
    ['a lone surrogate', message({ content: 'a\ud83d' }), 'messages.0.content'],
    ['a lone surrogate in a name', message({ name: '\udc00' }), 'messages.0.name'],
    ['an empty name', message({ name: '' }), 'messages.0.name'],
    ['an unknown role', message({ role: 'admin' }), 'messages.0.role'],
    ['NUL in an unknown field', message({ thought: { signature: ['a\0'] } }), 'messages.0.thought.signature.0'],
    ['a field that is no JSON', message({ at: new Date(0) }), 'messages.0.at'],
    [
      'an Anthropic message',
      message({ content: [{ type: 'tool_use', id: 'a', name: 'f', input: {} }] }),
      'fromAnthropic',
    ],
    ['an item of the Responses API', { ...TURN, messages: [{ type: 'function_call', name: 'f' }] }, 'fromResponses'],
    ['a message of a user interface', { ...TURN, messages: [{ role: 'user', id: 'a', parts: [] }] }, 'fromAiSdk'],
    ['content that is no text', message({ content: { a: 1 } }), 'messages.0.content'],
    ['no messages', { ...TURN, messages: [] }, 'messages'],
    ['too many messages', { ...TURN, messages: Array(4).fill(TURN.messages[0]) }, 'messages'],
    ['no org', { ...TURN, orgId: undefined }, 'orgId'],
    ['an org that is a number', { ...TURN, orgId: 7 }, 'orgId'],
    ['an id that is too long', { ...TURN, turnId: 'x'.repeat(513) }, 'turnId'],
    ['an id with NUL', { ...TURN, workstreamId: 'a\0' }, 'workstreamId'],
    ['a time that is text', { ...TURN, at: '2024-01-01' }, 'at'],
    ['a time without its zone', { ...TURN, at: '2024-01-01T10:00:00' }, 'at'],
    ['no time', { ...TURN, at: new Date(Number.NaN) }, 'at'],
    ['a time before what PostgreSQL holds', { ...TURN, at: new Date(-8.64e15) }, 'at'],
    ['a time of five digits', { ...TURN, at: new Date(8.64e15) }, 'at'],
    ['a time in seconds', { ...TURN, at: new Date(1_772_474_400) }, 'at'],
    ['a time in microseconds', { ...TURN, at: new Date(1_772_474_400_000_000) }, 'at'],
    ['a time ahead of now', { ...TURN, at: new Date('2026-03-04T18:00:00Z') }, 'at'],
    ['a zone that is none', { ...TURN, timeZone: 'Europe/Atlantis' }, 'timeZone'],
    ['a zone that is empty', { ...TURN, timeZone: '' }, 'timeZone'],
    ['a scope that is none', { ...TURN, scope: 'team' }, 'scope'],
    ['the scope of a user that is not named', { ...TURN, scope: 'user' }, 'userId'],
    ['the scope of an agent that is not named', { ...TURN, scope: 'agent', userId: 'u' }, 'agentId'],
    ['nothing', undefined, 'turn'],
    ['null', null, 'turn'],
    ['a list', [], 'turn'],
  ])('with %s is refused, and nothing is recorded', (_, input, path) => {
    const fault = faultOf(input)
    expect(fault).toMatchObject({ code: 'INPUT_INVALID', recorded: 'no', retryable: false })
    expect(fault.message).toContain(/[ :]|^from/.test(path) ? path : `${path}: `)
  })

  it('is refused at 50 MB, and keeps a description of 20 MB of base64', () => {
    const limits = {
      maxMessagesPerTurn: 500,
      maxMessageBytes: 256 * 1_024,
      maxInlineBytes: 64 * 1_024,
      maxTurnBytes: 4 * 1_024 * 1_024,
    }
    const many = Array.from({ length: 200 }, () => ({ role: 'user', content: 'x'.repeat(250 * 1_024) }))
    expect(() => parseTurn({ ...TURN, messages: many }, limits, NOW)).toThrow(/INPUT_INVALID|bytes/)
    const url = `data:image/png;base64,${'A'.repeat(20 * 1_024 * 1_024)}`
    const image = { role: 'user', content: [{ type: 'image_url', image_url: { url } }] }
    const kept = JSON.stringify(parseTurn({ ...TURN, messages: [image] }, limits, NOW).messages)
    expect(kept).toContain('omitted')
    expect(kept.length).toBeLessThan(1_000)
  })

  it('takes a time as text that names its zone', () => {
    for (const at of ['2026-03-01T18:30:00+01:00', '2026-03-01T17:30:00Z'])
      expect(parseTurn({ ...TURN, at }, LIMITS, NOW).at).toEqual(new Date('2026-03-01T17:30:00Z'))
  })

  it('names every fault at once, and no content', () => {
    const fault = faultOf({
      ...TURN,
      orgId: '',
      messages: [{ role: 'x', content: 'private\0' }, { role: 'user' }],
    })
    for (const path of ['orgId', 'messages.0.role', 'messages.0.content', 'messages.1.content'])
      expect(fault.message).toContain(path)
    expect(fault.message).not.toContain('private')
  })

  it('is measured in bytes of UTF-8', () => {
    expect(parseTurn(message({ content: '😀'.repeat(4) }), LIMITS, NOW).messages).toHaveLength(1)
    const fault = faultOf(message({ content: 'é'.repeat(9) }))
    expect(fault.message).toContain('at most 16 bytes, got 18; MAX_MESSAGE_BYTES')
  })
})

describe('a message in parts', () => {
  const call = { id: 'c', type: 'function', function: { name: 'f', arguments: '' } }
  const image = { type: 'image_url', image_url: { url: 'https://i/1', detail: 'low' } }

  it('is kept as it came, with what its text does not say beside its text', () => {
    const messages = [
      { role: 'user', content: [{ type: 'text', text: 'a' }, image] },
      { role: 'assistant', content: null, tool_calls: [call] },
      { role: 'tool', tool_call_id: 'c', content: '' },
    ]
    const parsed = parseTurn({ ...TURN, messages }, { ...LIMITS, maxMessageBytes: 64 }, NOW).messages
    expect(parsed).toEqual(messages)
    for (const one of parsed) {
      const row = { role: one.role, name: null, content: textOf(one), parts: partsOf(one) ?? null }
      expect(messageOf(row)).toEqual(one)
    }
    expect(parsed.map(textOf)).toEqual(['a', '', ''])
  })

  it.each([
    [
      'a part without what its type promises',
      { content: [{ type: 'input_audio' }] },
      'messages.0.content.0.input_audio: ',
    ],
    ['a part without a type', { content: [{}] }, 'messages.0.content.0.type: '],
    ['parts of Bedrock', { content: [{ toolUse: { name: 'f' } }] }, 'its OpenAI-compatible endpoint'],
    ['other parts of Bedrock', { content: [{ cachePoint: { type: 'default' } }] }, 'its OpenAI-compatible endpoint'],
    ['code of Gemini', { content: undefined, parts: [{ executableCode: {} }] }, 'fromGemini makes it one'],
    ['a role of Gemini', { role: 'model', content: undefined, parts: [{ text: 'a' }] }, 'fromGemini makes it one'],
    [
      'parts of a user interface',
      { content: undefined, parts: [{ type: 'text', text: 'a' }] },
      'fromAiSdk makes it one',
    ],
    ['NUL in a part', { content: [{ type: 'text', text: '\0' }] }, 'messages.0.content.0.text: expected well-formed'],
    ['calls of a user', { tool_calls: [call] }, 'messages.0.tool_calls: expected calls in messages of an assistant'],
    ['a call of nothing', { role: 'assistant', tool_calls: [{ id: 'a' }] }, 'messages.0.tool_calls.0: expected a call'],
    ['a result of a user', { tool_call_id: 'c' }, 'messages.0.tool_call_id: '],
    ['more bytes in its calls', callOf('x'.repeat(15)), 'at most 16 bytes, got 17; MAX_MESSAGE_BYTES'],
  ])('with %s is refused', (_, over, fault) => {
    expect(faultOf(message(over)).message).toContain(fault)
  })

  it('with a fault in its content is refused for that alone', () => {
    expect(faultOf(message({ content: 'a\0' })).message).not.toContain('got none')
  })

  it.each([
    ['of LangChain', new HumanMessage('a'), '@langchain/openai makes it one'],
    ['of a tool of LangChain', new ToolMessage({ content: 'a', tool_call_id: 'c' }), '@langchain/openai makes it one'],
    ['of LangChain in JSON', JSON.parse(JSON.stringify(new SystemMessage('a'))), '@langchain/openai makes it one'],
    ['of LangChain as its stores have it', new HumanMessage('a').toDict(), '@langchain/openai makes it one'],
    ['of LangChain as another language prints it', { type: 'ai', content: 'a' }, '@langchain/openai makes it one'],
    [
      'with the calls of LangChain',
      { role: 'assistant', tool_calls: [{ name: 'f', args: {}, id: 'c', type: 'tool_call' }] },
      '@langchain/openai',
    ],
    ['of Gemini without parts', { role: 'model', content: 'a' }, 'fromGemini'],
    ['with a picture of Anthropic', { role: 'user', content: [{ type: 'image', source: {} }] }, 'fromAnthropic'],
    [
      'with a file of the AI SDK',
      { role: 'user', content: [{ type: 'file', data: 'AA', mediaType: 'a/b' }] },
      'fromAiSdk',
    ],
    ['that is a whole answer of the Responses API', { object: 'response', output: [] }, 'fromResponses'],
    ['that is a piece of a stream', { choices: [{ delta: { content: 'a' } }] }, 'all its pieces'],
    ['with a role of nobody', { role: 'bot', content: 'a' }, 'got "bot"'],
    ['that is a whole answer', { id: 'chatcmpl', choices: [{ message: {} }] }, 'record its `choices[0].message`'],
    ['that is a choice of an answer', { index: 0, message: { role: 'assistant' } }, 'record its `message`'],
  ])('%s is refused with what to do', (_, given, remedy) => {
    expect(faultOf({ ...TURN, messages: [given] }).message).toContain(remedy)
  })

  function callOf(text: string) {
    return { role: 'assistant', content: null, tool_calls: [{ ...call, function: { name: 'f', arguments: text } }] }
  }
})

describe('a message as APIs answer it', () => {
  const wide = { ...LIMITS, maxMessageBytes: 4_000, maxInlineBytes: 600, maxTurnBytes: 10_000 }
  const parsed = (given: object) =>
    parseTurn({ ...TURN, messages: [given] }, wide, NOW).messages[0] as ConversationMessage
  const stored = (one: ConversationMessage) =>
    messageOf({ role: one.role, name: one.name ?? null, content: textOf(one), parts: partsOf(one) ?? null })
  const SIGNED_ID = `call_1__thought__${'Ab/+'.repeat(500)}`
  const call = { id: '', index: 0, type: 'function', function: { name: 'f', arguments: { a: 1 } } }

  it.each([
    [
      {
        role: 'assistant',
        content: 'a',
        refusal: null,
        annotations: [],
        audio: null,
        function_call: null,
        tool_calls: [],
        name: null,
      },
      { role: 'assistant', content: 'a' },
    ],
    [
      {
        role: 'assistant',
        content: null,
        tool_calls: [call, { ...call, function: { name: 'f' } }],
        reasoning_content: 'hm',
      },
      {
        role: 'assistant',
        content: null,
        tool_calls: [
          { ...call, function: { name: 'f', arguments: '{"a":1}' } },
          { ...call, function: { name: 'f', arguments: '' } },
        ],
        reasoning_content: 'hm',
      },
    ],
    [
      { role: 'tool', tool_call_id: null, content: '' },
      { role: 'tool', content: '' },
    ],
    [
      { role: 'user', content: [{ type: 'image_url', image_url: 'https://i/1' }] },
      { role: 'user', content: [{ type: 'image_url', image_url: { url: 'https://i/1' } }] },
    ],
    [
      { role: 'user', content: [{ type: 'image_url', image_url: { url: 'https://i/1', detail: null } }] },
      { role: 'user', content: [{ type: 'image_url', image_url: { url: 'https://i/1' } }] },
    ],
    [
      { role: 'user', content: [{ type: 'file', file: { file_id: 'f', file_data: null, filename: null } }] },
      { role: 'user', content: [{ type: 'file', file: { file_id: 'f' } }] },
    ],
    [
      {
        role: 'assistant',
        content: null,
        audio: { id: 'a', transcript: null },
        tool_calls: [{ id: null, type: null, custom: null, function: { name: 'f', arguments: [] } }],
      },
      {
        role: 'assistant',
        content: null,
        audio: { id: 'a' },
        tool_calls: [{ id: '', type: 'function', function: { name: 'f', arguments: '[]' } }],
      },
    ],
    [
      { role: 'user', content: ['Hi.', 'There?'] },
      { role: 'user', content: ['Hi.', 'There?'].map((text) => ({ type: 'text', text })) },
    ],
  ])('%j is recorded without what says nothing', (given, expected) => {
    expect(parsed(given)).toEqual(expected)
    expect(stored(parsed(given))).toEqual(expected)
  })

  it.each([
    { role: 'developer', content: 'Be brief.' },
    { role: 'user', content: '' },
    { role: 'user', content: [] },
    { role: 'assistant', content: null },
    { role: 'assistant', content: '', refusal: 'No.' },
    { role: 'assistant', content: [{ type: 'refusal', refusal: 'No.' }] },
    { role: 'assistant', content: null, tool_calls: [{ id: 'a', type: 'custom', custom: { name: 'f', input: 'x' } }] },
    { role: 'assistant', content: null, function_call: { name: 'f', arguments: '{}' } },
    { role: 'function', name: 'f', content: 'x' },
    { role: 'user', content: [{ type: 'text', text: 'x', cache_control: { type: 'ephemeral' } }] },
    { role: 'user', content: [{ type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } }] },
    {
      role: 'user',
      content: [{ type: 'file', file: { file_data: 'data:application/pdf;base64,AA', filename: 'a.pdf' } }],
    },
    { role: 'user', content: [{ type: 'video_url', video_url: { url: 'https://v/1' } }] },
    { role: 'assistant', content: 'x', extra_content: { google: { thought_signature: 'AbC/+=' } } },
    { role: 'assistant', content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] }] },
    { role: 'user', content: [{ type: 'image_url', image_url: { url: 'https://i/1', detail: 'medium' } }] },
    {
      role: 'assistant',
      content: '',
      tool_calls: [{ id: 'a', type: 'builtin_function', function: { name: '$web_search', arguments: '{}' } }],
    },
    {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: SIGNED_ID, type: 'function', function: { name: '', arguments: '' } }],
    },
    { role: 'tool', tool_call_id: SIGNED_ID, content: 'x' },
  ])('%j is kept as it came', (given) => {
    expect(parsed(given)).toEqual(given)
    expect(stored(parsed(given))).toEqual(given)
  })

  it('is refused with all that it is too much with, and counted after data was replaced', () => {
    const turn = (content: string) => ({ ...TURN, messages: Array(3).fill({ role: 'tool', content }) })
    expect(() => parseTurn(turn('x'.repeat(3_400)), wide, NOW)).toThrow('got 10200; MAX_TURN_BYTES sets the limit')
    expect(() => parseTurn(turn('x'.repeat(3_000)), wide, NOW)).not.toThrow()
    expect(() => parseTurn(turn(`Ab0${'Ab0'.repeat(300_000)}`), wide, NOW)).not.toThrow()
  })

  it('reads refusals and what was said aloud as words', () => {
    expect(textOf(parsed({ role: 'assistant', content: null, refusal: 'No.' }))).toBe('No.')
    expect(textOf(parsed({ role: 'assistant', content: null, audio: { id: 'a', transcript: 'Hi.' } }))).toBe('Hi.')
  })

  it('keeps a description of data that is too large, and all words around it', () => {
    const bytes = Buffer.from(Array.from({ length: 900 }, (_, index) => (index * 7) % 256))
    const base64 = bytes.toString('base64')
    const described = { type: 'omitted', bytes: 900, sha256: createHash('sha256').update(bytes).digest('hex') }
    const content = [
      { type: 'text', text: `before data:image/png;base64,${base64}) after` },
      { type: 'image_url', image_url: { url: `data:image/png;base64,${base64}` } },
      { type: 'input_audio', input_audio: { data: base64, format: 'wav' } },
      { type: 'image', source: { type: 'base64', media_type: 'image/gif', data: base64 } },
      { type: 'redacted_thinking', data: base64 },
    ]
    expect(parsed({ role: 'user', content }).content).toEqual([
      {
        type: 'text',
        text: `before data:image/png;base64,[900 bytes of data are left out here; SHA-256 ${described.sha256}]) after`,
      },
      { ...described, of: 'image_url', mediaType: 'image/png' },
      { ...described, of: 'input_audio', mediaType: 'wav' },
      { ...described, of: 'image', mediaType: 'image/gif' },
      { type: 'redacted_thinking', data: base64 },
    ])
    expect(parsed({ role: 'user', content: 'See.', images: [base64, 'AAAA'] })).toMatchObject({
      images: [{ ...described, of: 'image' }, 'AAAA'],
    })
    expect(parsed({ role: 'tool', content: 'x'.repeat(900) }).content).toHaveLength(900)
  })
})

describe('the content hash', () => {
  const hash = (messages: TurnInput['messages'], over: Partial<TurnInput> = {}) =>
    contentHashOf({ ...TURN, ...over, messages: messages as readonly ConversationMessage[] }).toString('hex')

  it('is of the messages, not of the time or the ids', () => {
    expect(hash(TURN.messages, { at: new Date(0), turnId: 'x' })).toBe(hash(TURN.messages))
    expect(hash([{ role: 'user', content: 'a', name: undefined }])).toBe(hash([{ role: 'user', content: 'a' }]))
  })

  it('tells apart what a careless join would not', () => {
    const different: TurnInput['messages'][] = [
      [{ role: 'user', content: 'ab' }],
      [{ role: 'assistant', content: 'ab' }],
      [{ role: 'user', name: 'ab', content: 'ab' }],
      [
        { role: 'user', content: 'a' },
        { role: 'user', content: 'b' },
      ],
      [
        { role: 'user', content: 'b' },
        { role: 'user', content: 'a' },
      ],
      [{ role: 'user', content: 'ab ' }],
      [{ role: 'user', name: 'a', content: 'b' }],
      [{ role: 'user', content: [{ type: 'text', text: 'ab' }] }],
      [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'ab' } }] }],
      [{ role: 'assistant', tool_calls: [{ id: 'a', type: 'function', function: { name: 'b', arguments: '' } }] }],
      [{ role: 'assistant', tool_calls: [{ id: 'a', type: 'function', function: { name: '', arguments: 'b' } }] }],
      [{ role: 'tool', content: 'ab' }],
      [{ role: 'tool', content: 'ab', tool_call_id: 'a' }],
      [{ role: 'tool', content: 'ab', tool_call_id: 'b' }],
    ]
    expect(new Set(different.map((messages) => hash(messages))).size).toBe(different.length)
  })
})

describe('the scope of a turn', () => {
  it.each([
    [{}, 'workstream'],
    [{ messages: [{ role: 'user', name: 'User', content: 'hi' }] }, 'workstream'],
    [{ messages: [{ role: 'user', name: 'Maya', content: 'hi' }] }, 'org'],
    [{ userId: 'u', agentId: 'a' }, 'user'],
    [{ agentId: 'a' }, 'agent'],
    [{ userId: 'u', scope: 'workstream' }, 'workstream'],
    [{ userId: 'u', scope: 'org' }, 'org'],
  ] as const)('%j is seen by: %s', (named, scope) => {
    expect(scopeOf(parseTurn({ ...TURN, ...named }, LIMITS, NOW))).toBe(scope)
  })
})
