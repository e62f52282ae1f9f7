import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { readOutput } from '../../../../../shared/ai/answers/read-output.ts'
import type { ModelTask } from '../../../../../shared/ai/model-task.ts'
import { isAfterturnError } from '../../../../../shared/errors.ts'
import { extractFacts } from '../../../../../workers/memory/facts/extract-facts.ts'
import { cpuMsOf } from '../../../../helpers/cpu-time.ts'

const fact = (text: string) => ({ fact: text, kind: 'fact', quote: text, turn: 0 })
const RIGHT = { facts: [fact('Ana keeps bees.'), fact('Ana lives in Faro.')] }
const JSON_RIGHT = JSON.stringify(RIGHT)
const DRAFT = JSON.stringify({ facts: [fact('Ana hates Faro.')] })
const EMPTY = '{ "facts": [] }'
const turn = { turn: 0, at: new Date(0), speaker: 'Ana', role: 'user', text: 'I keep bees.' }

const answer = (content: unknown, finish_reason = 'stop') =>
  ({ choices: [{ finish_reason, message: { role: 'assistant', content } }] }) as never
const factsIn = (content: unknown, finish?: string) =>
  readOutput(extractFacts, { turns: [turn, { ...turn, turn: 1 }] }, answer(content, finish)).facts.map(
    ({ fact }) => fact,
  )

it('an answer before an end that ends nothing is the answer', () => {
  for (const end of ['</think>', ' </ think>\n', '&lt;/think&gt;']) {
    expect(factsIn(`${JSON_RIGHT}${end}`)).toEqual(RIGHT.facts.map(({ fact }) => fact))
    expect(factsIn(`\`\`\`json\n${JSON_RIGHT}\n\`\`\`${end}`)).toHaveLength(2)
    expect(factsIn(`${DRAFT}${end}${JSON_RIGHT}`)).toHaveLength(2)
  }
})

it('an answer is found where servers put it: parsed already, as a call, or alone among the thoughts', () => {
  const told = (message: object) =>
    readOutput(extractFacts, { turns: [turn] }, { choices: [{ finish_reason: 'stop', message }] } as never).facts.length
  expect(told({ content: RIGHT })).toBe(2)
  expect(told({ content: null, tool_calls: [{ function: { name: 'f', arguments: RIGHT } }] })).toBe(2)
  expect(told({ content: null, reasoning_content: JSON_RIGHT })).toBe(2)
  expect(() => told({ content: '', reasoning: `Maybe ${DRAFT}` })).toThrow('expected a chat completion with content')
})

it('an answer is read in whatever object or text it is wrapped', () => {
  const wrapped = [
    { name: 'extract', arguments: RIGHT },
    { type: 'object', properties: RIGHT },
    { tool: { name: 'extract' }, result: RIGHT, done: true },
  ].map((one) => JSON.stringify(one))
  for (const text of [...wrapped, `<tool_call>\n${wrapped[0]}\n</tool_call>`, JSON.stringify(JSON_RIGHT)])
    expect(factsIn(text), text).toHaveLength(2)
})

const BLOCKS: readonly (readonly [string, string])[] = [
  ['<think>', '</think>'],
  ['<THINK>\n', '\n</think >'],
  ['<think type="deep">', '</think>'],
  ['<thinking>', '</thinking>'],
  ['<thought>', '</thought>'],
  ['<seed:think>', '</seed:think>'],
  ['<thinking_process>', '</thinking_process>'],
  ['<reasoning_content>', '</reasoning_content>'],
  ['<internal_monologue>', '</internal_monologue>'],
  ['<think\n  id="1">', '</think\n>'],
  ['<|begin_of_thought|>', '<|end_of_thought|>'],
  ['<|think|>', '<|/think|>'],
  ['<|channel>thought\n', '<channel|>'],
  ['<reasoning>', '</reasoning>'],
  ['[THINK]', '[/THINK]'],
  ['[thinking]', '[/thinking]'],
  ['< think >', '< / think >'],
  ['<reasoning>', '<\\/reasoning>'],
  ['&lt;think&gt;', '&lt;/think&gt;'],
  ['＜think＞', '＜/think＞'],
  ['◁think▷', '◁/think▷'],
  ['<|START_THINKING|>', '<|END_THINKING|>'],
  ['<|channel|>analysis<|message|>', '<|end|><|start|>assistant<|channel|>final<|message|>'],
]

describe.each(BLOCKS)('thoughts between %s and %s', (open, close) => {
  it.each([
    ['an empty list', EMPTY],
    ['a rejected draft', `Perhaps ${DRAFT}? No, he loves it.`],
    ['a draft that was given up', 'Let me write {"facts": [{"fact": "Ana'],
    ['the question in braces', 'The user {Ana} says [bees], so "facts" must'],
  ])('with %s are no answer', (_, thought) => {
    const right = ['Ana keeps bees.', 'Ana lives in Faro.']
    expect(factsIn(`${open}${thought}${close}\n${JSON_RIGHT}`)).toEqual(right)
    expect(factsIn(`${open}${open}a${close}${thought}${close}\`\`\`json\n${JSON_RIGHT}\n\`\`\``)).toEqual(right)
    // Templates that open the block in the prompt.
    if (!open.includes('channel')) expect(factsIn(`${thought}${close}${JSON_RIGHT}`)).toEqual(right)
  })

  it('that do not end hold no answer', () => {
    expect(() => factsIn(`${open}It could be ${EMPTY}, or ${DRAFT}, or`, 'length')).toThrow('cut off')
    expect(() => factsIn(`${open}It could be ${EMPTY}, or`)).toThrow('expected JSON')
  })

  it('are a word like any other inside a string', () => {
    const told = { facts: [fact(`Ana writes ${open} before ${close} in her prompts.`)] }
    expect(factsIn(`Here: ${JSON.stringify(told)}`)).toEqual([told.facts[0]?.fact])
  })
})

describe('the answer', () => {
  const right = ['Ana keeps bees.', 'Ana lives in Faro.']
  it.each([
    ['after a draft in prose', `First: ${DRAFT}\nBetter: ${JSON_RIGHT}`],
    ['after an empty draft in prose', `${EMPTY} would be too little.\n${JSON_RIGHT}`],
    ['in a fence, with words around it', `Sure!\n\`\`\`json\n${JSON_RIGHT}\n\`\`\`\nAnything else?`],
    ['as a list alone', JSON.stringify(RIGHT.facts)],
    [
      'as a list alone, with brackets of prose around it',
      `As asked [1]: ${JSON.stringify(RIGHT.facts)} (see [1]; none left: [])`,
    ],
    ['under another name', JSON.stringify({ memories: RIGHT.facts })],
    ['inside another object', JSON.stringify({ answer: RIGHT })],
    ['with commas at the end', JSON_RIGHT.replaceAll('}]', '},]')],
    ['as Python writes it', JSON_RIGHT.replaceAll('"', "'")],
    ['with comments', JSON_RIGHT.replace('[', "[ // Ana's\n/* two */ # so\n").replace('}]', '}, // done\n]')],
    ['with numbers as text', JSON_RIGHT.replaceAll('"turn":0', '"turn":"0"')],
    [
      'as parts, of which one is thoughts',
      [
        { type: 'thinking', thinking: [{ text: DRAFT }] },
        { type: 'text', text: JSON_RIGHT },
      ],
    ],
  ])('counts %s', (_, content) => {
    expect(factsIn(content)).toEqual(right)
  })

  it('of one item without its list counts', () => {
    expect(factsIn(JSON.stringify(RIGHT.facts[0]))).toEqual(right.slice(0, 1))
  })

  it('with a line break inside a string counts', () => {
    expect(factsIn('{"facts":[{"fact":"Two\nlines","kind":"fact","quote":"","turn":0}]}')).toEqual(['Two\nlines'])
  })

  it('in Python keeps what its strings hold, and is none where an apostrophe ends one too early', () => {
    const python = (fact: string) =>
      `{'facts': [{'fact': ${fact}, 'kind': 'fact', 'quote': '', 'turn': 0, 'when': None},]}`
    expect(factsIn(python(`'Ana\\'s "bee" is # 1, None // else'`))).toEqual([`Ana's "bee" is # 1, None // else`])
    expect(factsIn(python(`"Ana's bees"`))).toEqual(["Ana's bees"])
    expect(() => factsIn(python(`'Ana's bees'`))).toThrow('expected JSON')
  })

  it('that has a fault is saved by its parts, and no draft takes its place', () => {
    const faulty = JSON.stringify({ facts: [{ fact: 7 }, ...RIGHT.facts] })
    expect(factsIn(`${EMPTY}\n${faulty}`)).toEqual(right)
    expect(() => factsIn(`${EMPTY}\n${JSON.stringify({ facts: [{ fact: 7 }] })}`)).toThrow('facts.0')
  })

  it('that is cut off after a draft is not the draft', () => {
    expect(() => factsIn(`${EMPTY} Or rather: ${JSON_RIGHT.slice(0, -30)}`, 'length')).toThrow('cut off')
  })
})

it('goes past the border only without what no database takes', () => {
  const shape = z.object({ goal: z.string(), items: z.array(z.string()), turn: z.number().optional() })
  const task = { name: 'x', version: 1, output: shape, maxOutputTokens: 9 } as unknown as ModelTask<string, object>
  const content = String.raw`{"goal":"a\u0000b \ud83d","items":["a\u0000","b \udc00","fine"]}`
  expect(readOutput(task, '', answer(content))).toEqual({ goal: 'ab \ufffd', items: ['fine'] })
})

it('of a server that speaks no chat completions is the fault of all requests', () => {
  for (const other of [undefined, '<html>', {}, { error: { message: 'no' } }]) {
    try {
      readOutput(extractFacts, { turns: [turn] }, other as never)
      expect.unreachable()
    } catch (error) {
      expect(isAfterturnError(error, 'MODEL_OUTPUT_INVALID') && error.cause).toMatchObject({ isForAll: true })
    }
  }
})

it('without a choice is the fault of the question', () => {
  try {
    readOutput(extractFacts, { turns: [turn] }, { object: 'chat.completion', choices: [] } as never)
    expect.unreachable()
  } catch (error) {
    expect(isAfterturnError(error, 'MODEL_OUTPUT_INVALID') && error.cause).not.toHaveProperty('isForAll')
  }
})

it.each([
  { tool_calls: [{ id: 'a', type: 'function', function: { name: 'json_tool_call', arguments: JSON_RIGHT } }] },
  { tool_calls: [{ id: 'a', type: 'custom', custom: { name: 'json', input: JSON_RIGHT } }] },
  { function_call: { name: 'json', arguments: JSON_RIGHT } },
])('in the arguments of a call counts: %j', (called) => {
  const choices = [{ finish_reason: 'tool_calls', message: { role: 'assistant', content: null, ...called } }]
  const { facts } = readOutput(extractFacts, { turns: [turn] }, { choices } as never)
  expect(facts).toHaveLength(RIGHT.facts.length)
})

it('is read in linear time, whatever a model writes', async () => {
  for (const piece of [
    '{',
    '[',
    '"',
    '{"a":',
    '<think>',
    '</think>',
    '<',
    '[[{',
    ',}',
    '\\"',
    '{"facts":[',
    '<|channel|>analysis<|message|>',
  ]) {
    const read = () => expect(() => factsIn(piece.repeat(Math.ceil(200_000 / piece.length)))).toThrow()
    expect(await cpuMsOf(read), piece).toBeLessThan(1_500)
  }
}, 30_000)

it('is found behind any words without brackets', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[^<{[◁"]{0,80}$/u), (prose) => {
      expect(factsIn(`${prose}${JSON_RIGHT}${prose}`)).toHaveLength(2)
    }),
    { numRuns: 100 },
  )
})
