import { expect, it } from 'vitest'
import type { Runtime } from '../../../runtime.ts'
import type { LoadInput } from '../../../shared/context/load-context.ts'
import { expandTool } from '../../../shared/context/requests/expand-tool.ts'
import { fromAiSdk } from '../../../shared/formats/from-ai-sdk.ts'
import { fromAnthropic } from '../../../shared/formats/from-anthropic.ts'
import { fromGemini } from '../../../shared/formats/from-gemini.ts'
import { fromResponses } from '../../../shared/formats/from-responses.ts'
import type { MessageInput } from '../../../shared/memory/recording/turn-messages.ts'
import { faultsOfRequest } from '../../helpers/memory/conversations.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'
import { until } from '../../helpers/until.ts'

/** What agents record comes back in the form that the next call takes, also after a compaction. */

const runtimes = useRuntimes(useStore())
const start = () => runtimes.start({ maxMessagesPerTurn: 10_000, enqueueTimeoutMs: 30_000, contextWindowTokens: 4_000 })

const PNG = 'iVBORw0KGgo='
const ANTHROPIC = {
  system: 'Be brief.',
  messages: [
    { role: 'user', content: 'Go.' },
    {
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'hm', signature: 'EqQB+/==' },
        { type: 'tool_use', id: 'toolu_1', name: 'run', input: { z: 1, a: 2 } },
      ],
    },
    {
      role: 'user',
      content: [
        {
          type: 'tool_result',
          tool_use_id: 'toolu_1',
          content: [{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: PNG } }],
          is_error: false,
        },
      ],
    },
  ],
}
const RESPONSES = [
  { role: 'user', content: 'Go.' },
  { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'EqQB+/==' },
  { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'run', arguments: '{"z":1,"a":2}' },
  {
    type: 'function_call_output',
    call_id: 'call_1',
    output: [{ type: 'input_image', image_url: `data:image/png;base64,${PNG}`, detail: 'auto' }],
  },
]
const signed = { google: { thoughtSignature: 'EqQB+/==' } }
const AI_SDK = [
  { role: 'user', content: [{ type: 'file', mediaType: 'image/png', data: new URL('https://boats.example/1.png') }] },
  {
    role: 'assistant',
    content: [
      { type: 'tool-call', toolCallId: 'ws_1', toolName: 'web_search', input: { query: 'x' }, providerExecuted: true },
      { type: 'tool-result', toolCallId: 'ws_1', toolName: 'web_search', output: { type: 'json', value: [1] } },
      { type: 'text', text: 'One moment.', providerOptions: signed },
      { type: 'tool-call', toolCallId: 'c1', toolName: 'run', input: { z: 1, a: 2 }, providerOptions: signed },
      { type: 'file', mediaType: 'image/png', data: PNG },
    ],
  },
  {
    role: 'tool',
    content: [{ type: 'tool-result', toolCallId: 'c1', toolName: 'run', output: { type: 'text', value: 'done' } }],
  },
]
const UI = [
  { id: 'm1', role: 'user', parts: [{ type: 'text', text: 'Go.' }] },
  {
    id: 'm2',
    role: 'assistant',
    parts: [
      { type: 'reasoning', text: 'hm', providerMetadata: signed },
      { type: 'tool-run', toolCallId: 'c1', state: 'output-available', input: { z: 1 }, output: { a: [2] } },
      { type: 'text', text: 'Done.', state: 'done' },
    ],
  },
]
const GEMINI = {
  system: { parts: [{ text: 'Be brief.' }] },
  messages: [
    { role: 'user', parts: [{ text: 'Go.' }] },
    {
      role: 'model',
      parts: [
        { text: 'hm', thought: true },
        { functionCall: { name: 'run', args: { z: 1, a: 2 } }, thoughtSignature: 'EqQB+/==' },
        { functionCall: { id: 'c2', name: 'run', args: {} } },
      ],
    },
    {
      role: 'user',
      parts: [
        { functionResponse: { name: 'run', response: { output: 'done' } } },
        { functionResponse: { id: 'c2', name: 'run', response: { output: 'too' } } },
      ],
    },
    {
      role: 'model',
      parts: [{ text: '', thoughtSignature: 'EqQC' }, { functionCall: { id: 'c3', name: 'run', args: {} } }],
    },
    { role: 'user', parts: [{ functionResponse: { id: 'c3', name: 'run', response: {} } }] },
    { role: 'model', parts: [{ text: 'Done.' }, { text: '', thoughtSignature: 'EqQD' }] },
    { role: 'user', parts: [{ text: 'And?', partMetadata: { trace_id: 'a' } }] },
    { role: 'model', parts: [{ text: '', thoughtSignature: 'EqQE' }] },
  ],
}
/** By target: what a program sent and got, and that in the form in which it is recorded. */
const CONVERSATIONS = {
  anthropic: { given: ANTHROPIC, recorded: fromAnthropic(ANTHROPIC) },
  responses: { given: { messages: RESPONSES }, recorded: fromResponses(RESPONSES) },
  'ai-sdk': { given: { messages: AI_SDK }, recorded: fromAiSdk(AI_SDK) },
  'ai-sdk-ui': { given: { messages: UI }, recorded: fromAiSdk(UI) },
  gemini: {
    given: GEMINI,
    recorded: fromGemini({ systemInstruction: GEMINI.system, contents: GEMINI.messages }),
  },
}

let turns = 0
const record = (runtime: Runtime, workstreamId: string, messages: readonly MessageInput[], turnId = `t${++turns}`) =>
  runtime.memory.recordTurn({ orgId: 'o', workstreamId, turnId, messages })
const load = (runtime: Runtime, workstreamId: string, over: Partial<LoadInput> = {}) =>
  runtime.context.load({ orgId: 'o', workstreamId, budgetTokens: 3_000, model: 'gpt-5', ...over } as LoadInput & {
    target?: 'openai'
  })
const call = (id: string, given: string) => ({
  id,
  type: 'function' as const,
  function: { name: 'run', arguments: given },
})
const said = Array.from(
  { length: 80 },
  (_, number): MessageInput => ({
    role: number % 2 === 0 ? 'user' : 'assistant',
    content: `On day ${number} we counted ${number} boats in the harbour of the old town.`,
  }),
)

it('calls are whole, paired and named apart, whatever a model wrote', async () => {
  const runtime = await start()
  const broken = ['{"a":1}', '{"path": "a', '', '[]', 'null', '"{\\"a\\":1}"', "{'a':1}"]
  await record(runtime, 'calls', [
    { role: 'developer', content: 'Be brief.' },
    { role: 'user', content: '' },
    { role: 'assistant', content: null, refusal: null, tool_calls: broken.map((given) => call('', given)) },
    ...broken.map((given): MessageInput => ({ role: 'tool', tool_call_id: '', content: `result of ${given}` })),
    { role: 'assistant', content: null, refusal: 'No.', extra_content: { google: { thought_signature: 'A+/=' } } },
    { role: 'tool', tool_call_id: 'nobody', content: 'stray' },
    { role: 'assistant', content: null, tool_calls: [call('open', '{}')] },
  ])
  const { messages, tokens } = await load(runtime, 'calls')
  expect(faultsOfRequest(messages)).toEqual([])
  // The words that it needs where none were said are counted.
  expect((await load(runtime, 'calls', { target: 'gemini' } as never)).tokens).toBeGreaterThan(tokens)
  const [, , calls, ...results] = messages
  const given = calls?.role === 'assistant' ? (calls.tool_calls ?? []) : []
  expect(given.map((one) => one.type === 'function' && JSON.parse(one.function.arguments))).toEqual([
    { a: 1 },
    { unreadable_arguments: '{"path": "a' },
    {},
    { unreadable_arguments: '[]' },
    {},
    { a: 1 },
    { unreadable_arguments: "{'a':1}" },
  ])
  expect(results.slice(0, 7)).toEqual(
    given.map(({ id }, nth) => ({ role: 'tool', tool_call_id: id, content: `result of ${broken[nth]}` })),
  )
  expect(results[7]).toEqual({
    role: 'assistant',
    content: 'No.',
    extra_content: { google: { thought_signature: 'A+/=' } },
  })

  for (const target of ['strict-alternation', 'anthropic'] as const) {
    const { messages: inTurns } = await load(runtime, 'calls', { target } as never)
    // Servers that insist on turns refuse fields that they do not know.
    if (target === 'strict-alternation')
      for (const fields of inTurns.map((message) => Object.keys(message)))
        expect(['role', 'name', 'content', 'tool_calls', 'tool_call_id']).toEqual(expect.arrayContaining(fields))
    // Results are told in the place of the user, however many there are.
    const told = inTurns.map(({ role }) => (role === 'tool' ? 'results' : role))
    const roles = told.filter((role, nth) => role !== 'results' || told[nth - 1] !== 'results')
    const first = roles[0] === 'system' ? 1 : 0
    const spoken = roles.slice(first).map((role) => (role === 'results' ? 'user' : role))
    expect(spoken).toEqual(spoken.map((_, nth) => (nth % 2 === 0 ? 'user' : 'assistant')))
  }
})

it.each(Object.entries(CONVERSATIONS))(
  'what %s wants back comes back byte for byte, and goes to nobody else',
  async (target, { given, recorded }) => {
    const runtime = await start()
    await record(runtime, target, recorded)
    const loaded = await runtime.context.load({
      orgId: 'o',
      workstreamId: target,
      budgetTokens: 6_000,
      target: target as 'responses',
    })
    const { messages, system } = loaded as typeof loaded & { system?: unknown }
    expect({ messages, ...(system !== undefined && { system }) }).toEqual(given)
    for (const { message } of loaded.parts) if (message !== null) expect(messages[message]).toBeDefined()
    expect(JSON.stringify((await load(runtime, target)).messages)).not.toContain('EqQB')
  },
)

it('system messages and what users told the agent hold after a compaction; a long first message is cut', async () => {
  const runtime = await start()
  await runtime.startWorkers(['context-compaction'])
  await record(runtime, 'held', [
    { role: 'system', content: 'You are the harbour desk, version ONE.' },
    { role: 'user', content: `Count the boats. ${'Here is a long log of boats. '.repeat(2_000)} That was all.` },
  ])
  await record(runtime, 'held', [
    { role: 'system', content: 'You are the harbour desk, version TWO: never delete files.' },
    ...said.slice(0, 20),
  ])
  await record(runtime, 'held', [
    { role: 'user', content: 'Never write to the folder migrations.' },
    { role: 'system', content: 'The user is an admin.' },
  ])
  await record(runtime, 'held', said)
  const { messages, tokens, toolTokens } = await until(
    () => load(runtime, 'held', { tools: [expandTool] }),
    ({ compaction }) => compaction !== null,
  )
  const text = messages.map(({ content }) => (typeof content === 'string' ? content : '')).join('\n')
  expect(text).not.toContain('version ONE')
  for (const words of [
    'version TWO',
    'The user is an admin.',
    'Count the boats.',
    'That was all.',
    'The system prompt was replaced',
  ])
    expect(text).toContain(words)
  expect(text).toMatch(/instructions, which hold:\n- Never write to the folder migrations\./)
  expect(toolTokens).toBeGreaterThan(50)
  expect(tokens + toolTokens).toBeLessThanOrEqual(3_000)
})

it('a turn is replaced where it stands, and what was derived from it goes', async () => {
  const runtime = await start()
  await runtime.startWorkers(['memory-extraction'])
  const key = { orgId: 'replaced', workstreamId: 'w' }
  const say = (turnId: string, content: string, replace = false) =>
    runtime.memory.recordTurn({ ...key, turnId, replace, messages: [{ role: 'user', name: 'Maya', content }] })
  await say('1', 'I live in Lisbon.')
  await say('2', 'I keep three bees.')
  await runtime.memory.extractNow({ ...key, turnId: '2' })
  const facts = async () => (await runtime.memory.list({ orgId: 'replaced' })).map(({ fact }) => fact).join('\n')
  await until(facts, (all) => all.includes('Lisbon'))
  await expect(say('1', 'I live in Porto.')).rejects.toMatchObject({ code: 'TURN_CONFLICT' })
  expect(await say('1', 'I live in Porto.', true)).toMatchObject({ deduplicated: false })
  expect(await say('1', 'I live in Porto.', true)).toMatchObject({ deduplicated: true })
  const { messages } = await runtime.context.load({ ...key, budgetTokens: 500 })
  expect(messages.map(({ content }) => content)).toEqual(['I live in Porto.', 'I keep three bees.'])
  await until(facts, (all) => !all.includes('Lisbon'))
  await runtime.memory.extractNow({ ...key, turnId: '1' })
  await until(facts, (all) => all.includes('Porto'))
  expect((await runtime.memory.status({ orgId: 'replaced' })).turns).toMatchObject({ pending: 0, extracted: 2 })
})

it('a turn of 10,000 messages is recorded whole', async () => {
  const runtime = await start()
  const many = Array.from({ length: 10_000 }, (_, nth): MessageInput => ({ role: 'user', content: `Boat ${nth}.` }))
  await record(runtime, 'many', many)
  expect((await load(runtime, 'many')).totalMessages).toBe(10_000)
})
