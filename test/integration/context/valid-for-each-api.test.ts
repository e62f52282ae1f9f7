import { isDeepStrictEqual } from 'node:util'
import { expect, it } from 'vitest'
import type { LoadInput } from '../../../shared/context/load-context.ts'
import type { ConversationMessage } from '../../../shared/conversation.ts'
import { fromAiSdk } from '../../../shared/formats/from-ai-sdk.ts'
import { fromAnthropic } from '../../../shared/formats/from-anthropic.ts'
import { fromGemini } from '../../../shared/formats/from-gemini.ts'
import { fromResponses } from '../../../shared/formats/from-responses.ts'
import type { MessageInput } from '../../../shared/memory/recording/turn-messages.ts'
import { faultsOfRequest } from '../../helpers/memory/conversations.ts'
import { faultsForAnthropic, faultsForGemini, type GivenRequest } from '../../helpers/memory/faults-by-api.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'

/** Whatever API a conversation was recorded from, each other one takes it, and its words (`w1`, `w2`, …) are all there. */

const runtimes = useRuntimes(useStore())
const PNG = 'iVBORw0KGgo='
const csv = Buffer.from('day,boats\nw2,3').toString('base64')
const user = (content: unknown) => ({ role: 'user', content })
const answer = (content: unknown) => ({ role: 'assistant', content })
const marked = (text: string) => [{ type: 'text', text, cache_control: { type: 'ephemeral' } }]
const picture = (url: string) => ({ type: 'image_url', image_url: { url } })
const shot = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PNG } }
const ui = (...parts: object[]) =>
  fromAiSdk([
    { id: '1', role: 'user', parts: [{ type: 'text', text: 'w1' }] },
    { id: '2', role: 'assistant', parts },
  ])

const CONVERSATIONS: Record<string, object[]> = {
  'pictures of every name': [
    user([
      { type: 'text', text: 'w1' },
      picture(`data:IMAGE/JPG;charset=x;base64,${PNG}`),
      picture('data:image/jpg;base64,AAAA'),
    ]),
    answer('w2 '),
  ],
  'an answer that is only a thought, and one that is nothing': fromAnthropic([
    user('w1'),
    answer([{ type: 'thinking', thinking: 'hm', signature: 'S' }]),
    user('w2'),
    answer([]),
    user('w3'),
  ]),
  'a mark of the cache in each turn': fromAnthropic({
    system: marked('w0'),
    messages: ['w1', 'w2', 'w3', 'w4', 'w5', 'w6', 'w7'].flatMap((word) => [user(marked(word)), answer('yes')]),
  }),
  'files and sounds of Gemini': fromGemini([
    {
      role: 'user',
      parts: [
        { text: 'w1' },
        { inlineData: { mimeType: 'text/csv', data: csv } },
        { inlineData: { mimeType: 'audio/ogg', data: 'T2dnUw==' } },
        { inlineData: { mimeType: 'video/mp4', data: 'AAAA' } },
        { inlineData: { mimeType: 'image/heic', data: 'AAAA' } },
        { inlineData: { mimeType: 'application/pdf', data: 'JVBERi0=' } },
      ],
    },
  ]),
  'Gemini as REST prints it': fromGemini({
    system_instruction: { parts: [{ text: 'w0' }] },
    contents: [
      { role: 'user', parts: [{ text: 'w1' }, { inline_data: { mime_type: 'image/png', data: PNG } }] },
      { role: 'model', parts: [{ function_call: { name: 'run', args: { a_b: 'w2' } }, thought_signature: 'S' }] },
      { role: 'user', parts: [{ function_response: { name: 'run', response: { a_b: 'w3' } } }] },
      { role: 'model', parts: [{ text: 'w4' }, { text: '', thought_signature: 'S' }] },
    ],
  } as never),
  'a custom call of the Responses API': fromResponses([
    user('w1'),
    { type: 'custom_tool_call', id: 'ctc_1', call_id: 'c1', name: 'sql', input: 'w2' },
    { type: 'custom_tool_call_output', call_id: 'c1', output: 'w3' },
  ]),
  'calls that a user did not allow': ui(
    { type: 'tool-run', toolCallId: 'c1', state: 'output-denied', input: {}, approval: { id: 'a', reason: 'w2' } },
    { type: 'tool-run', toolCallId: 'c2', state: 'output-error', rawInput: '{"w3', errorText: 'w4' },
  ),
  'calls and files of version 4 of the AI SDK': fromAiSdk([
    {
      role: 'user',
      content: 'w1',
      experimental_attachments: [{ url: 'https://a.example/1.png', contentType: 'image/png' }],
    },
    {
      role: 'assistant',
      content: 'w2',
      toolInvocations: [{ state: 'result', toolCallId: 'c', toolName: 'run', args: { q: 'w3' }, result: 'w4' }],
    },
  ]),
  'pictures that tools gave back': fromAnthropic([
    user('w1'),
    answer([
      { type: 'tool_use', id: 'c1', name: 'look', input: {} },
      { type: 'tool_use', id: 'c2', name: 'look', input: {} },
    ]),
    user([
      { type: 'tool_result', tool_use_id: 'c1', content: [shot, { type: 'text', text: 'w2' }] },
      { type: 'tool_result', tool_use_id: 'c2', content: [shot] },
    ]),
    answer('w3'),
    answer([{ type: 'tool_use', id: 'c3', name: 'look', input: {} }]),
    user([{ type: 'tool_result', tool_use_id: 'c3', content: [shot] }]),
  ]),
  'pictures of tools of the AI SDK': fromAiSdk([
    user('w1'),
    answer([{ type: 'tool-call', toolCallId: 'c1', toolName: 'look', input: {} }]),
    {
      role: 'tool',
      content: [
        {
          type: 'tool-result',
          toolCallId: 'c1',
          toolName: 'look',
          output: { type: 'content', value: [{ type: 'image-data', data: PNG, mediaType: 'image/png' }] },
        },
      ],
    },
  ]),
  'a document of another server': [
    user([
      { type: 'text', text: 'w1' },
      { type: 'document_url', document_url: 'w2' },
    ]),
  ],
  'two answers in a row, of which the second calls': [
    user('w1'),
    answer('w2'),
    {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: 'c', type: 'function', function: { name: 'run', arguments: '{}' } }],
    },
    { role: 'tool', tool_call_id: 'c', content: 'w3' },
  ],
}
const FAULTS: Record<string, (request: GivenRequest) => string[]> = {
  openai: ({ messages }) => faultsOfRequest(messages as ConversationMessage[]),
  'strict-alternation': ({ messages }) => faultsOfRequest(messages as ConversationMessage[]),
  anthropic: faultsForAnthropic,
  gemini: faultsForGemini,
  responses: () => [],
  'ai-sdk': () => [],
  'ai-sdk-ui': () => [],
}

it.each(Object.entries(CONVERSATIONS))('%s', async (name, messages) => {
  const runtime = await runtimes.start()
  const key = { orgId: 'o', workstreamId: name }
  await runtime.memory.recordTurn({ ...key, turnId: 't', messages: messages as MessageInput[] })
  const words = [...new Set(JSON.stringify(messages).match(/\bw\d\b/g))]
  for (const [target, faultsOf] of Object.entries(FAULTS)) {
    const loaded = await runtime.context.load({ ...key, budgetTokens: 20_000, target } as LoadInput & {
      target: 'openai'
    })
    const { system } = loaded as typeof loaded & { system?: unknown }
    const told = JSON.stringify({ system, messages: loaded.messages })
    expect(faultsOf({ messages: loaded.messages, system }), `${target}: ${told}`).toEqual([])
    for (const word of words) expect(told, target).toContain(word)
    // A screen shows what a tool gave back as JSON.
    if (name.startsWith('pictures of tools') || name.startsWith('pictures that'))
      expect(told.includes(PNG), target).toBe(target !== 'ai-sdk-ui')
    if (target === 'openai' || target === 'responses')
      expect(told).not.toMatch(/"origin"|image\/heic|audio\/ogg|video\//)
    if (target === 'openai')
      for (const file of told.match(/"file":\{[^}]*\}/g) ?? []) expect(file).toContain('filename')
  }
})

it.each(['openai', 'strict-alternation'] as const)('pictures of tools are shown by the user for %s', async (target) => {
  const runtime = await runtimes.start()
  const key = { orgId: 'o', workstreamId: target }
  const messages = CONVERSATIONS['pictures that tools gave back'] as MessageInput[]
  await runtime.memory.recordTurn({ ...key, turnId: 't', messages })
  const { messages: loaded, parts, tokens } = await runtime.context.load({ ...key, budgetTokens: 9_000, target })
  const shown = { type: 'image_url', image_url: { url: `data:image/png;base64,${PNG}` } }
  const roles = loaded.filter(({ content }) => JSON.stringify(content ?? null).includes(PNG)).map(({ role }) => role)
  expect(new Set(roles)).toEqual(new Set(['user']))
  const listed = loaded.flatMap(({ content }): unknown[] => (Array.isArray(content) ? content : []))
  expect(listed.filter((part) => isDeepStrictEqual(part, shown))).toHaveLength(3)
  expect(loaded.at(-1)).toMatchObject({ role: 'user', content: [{ type: 'text' }, shown] })
  expect(parts.map(({ message }) => loaded[message as number]?.role)).toContain('tool')
  if (target === 'openai') expect(parts.reduce((sum, part) => sum + part.tokens, 3)).toBe(tokens)
  // Without room for them there are words.
  const { messages: few } = await runtime.context.load({ ...key, budgetTokens: 400, target })
  expect(JSON.stringify(few)).not.toContain(PNG)
})

it('results without ids go to the calls of their tools', async () => {
  const runtime = await runtimes.start()
  const key = { orgId: 'o', workstreamId: 'ollama' }
  const call = (name: string) => ({ function: { name, arguments: {} } })
  await runtime.memory.recordTurn({
    ...key,
    turnId: 't',
    messages: [
      { role: 'user', content: 'Look.', images: [PNG] } as MessageInput,
      { role: 'assistant', content: '', tool_calls: [call('sun'), call('tide')] },
      { role: 'tool', tool_name: 'tide', content: 'high' } as MessageInput,
      { role: 'tool', tool_name: 'sun', content: 'bright' } as MessageInput,
    ],
  })
  const { messages } = await runtime.context.load({ ...key, budgetTokens: 9_000 })
  const [, calls] = messages
  const ids = calls?.role === 'assistant' ? calls.tool_calls?.map(({ id }) => id) : []
  expect(messages).toMatchObject([
    { content: [{ text: 'Look.' }, { image_url: { url: `data:image/png;base64,${PNG}` } }] },
    {},
    { role: 'tool', tool_call_id: ids?.[0], content: 'bright' },
    { role: 'tool', tool_call_id: ids?.[1], content: 'high' },
  ])
})
