import { describe, expect, it } from 'vitest'
import { readOutput } from '../../../../shared/ai/answers/read-output.ts'
import { identifiersIn } from '../../../../workers/context/identifiers.ts'
import { summariseMessages } from '../../../../workers/context/summarise-messages.ts'

const GOOD = {
  goal: 'Ship the export.',
  instructions: [],
  decisions: ['CSV it is.'],
  facts: ['The ticket is INV-4711.'],
  files: [],
  openTasks: [],
  errors: [],
  lookups: [],
  keep: [2],
}
const INPUT = { previous: undefined, messages: [], identifiers: [], quoteTokens: 0, rejected: undefined }
const read = (content: unknown, finish_reason = 'stop') =>
  readOutput(summariseMessages, INPUT, {
    choices: [{ finish_reason, message: { content: typeof content === 'string' ? content : JSON.stringify(content) } }],
  } as never)

describe('a summary with a flaw of form', () => {
  const long = `${'The column comes next. '.repeat(60)}end`
  it.each([
    ['an empty item', { errors: [''] }, { errors: [] }],
    ['a list that is null', { files: null }, { files: [] }],
    ['numbers as text', { keep: ['1', '2'] }, { keep: [1, 2] }],
    ['a text in place of a list', { openTasks: 'Tomasz reviews it.' }, { openTasks: ['Tomasz reviews it.'] }],
    ['items with fields', { files: [{ path: 'a.ts', what: 'made' }] }, { files: ['a.ts: made'] }],
    ['more items than it may have', { facts: Array(61).fill('One.') }, { facts: Array(60).fill('One.') }],
  ])('keeps all else: %s', (_, flaw, right) => {
    expect(read({ ...GOOD, ...flaw })).toEqual({ ...GOOD, ...right })
  })

  it('cuts an item that is too long between two words', () => {
    const [fact] = read({ ...GOOD, facts: [long] }).facts
    expect(fact?.length).toBeLessThanOrEqual(1_000)
    expect(fact).toMatch(/(The|column|comes|next\.) …$/)
    expect(read({ ...GOOD, facts: ['x'.repeat(1_200), 'Kept.'] }).facts).toEqual(['Kept.'])
  })

  it('is taken out of its fence, and from after the thoughts', () => {
    const { facts, ...half } = GOOD
    expect(read(`<think>${JSON.stringify(half)}</think>\`\`\`json\n${JSON.stringify(GOOD)}\n\`\`\``)).toEqual(GOOD)
  })

  it('that was cut off is no summary', () => {
    expect(() => read(JSON.stringify(GOOD).slice(0, -20), 'length')).toThrow('cut off')
    expect(() => read(JSON.stringify(GOOD).slice(0, -20))).toThrow('expected JSON')
  })
})

describe('an identifier', () => {
  it.each([
    ['看看 https://example.com/docs/setup，然后回复我。了吗', ['https://example.com/docs/setup']],
    ['https://example.com/a-b?c=1#dを見て', ['https://example.com/a-b?c=1#d']],
    ['Смотри https://example.com/путь', ['https://example.com/']],
  ])('ends where another script begins: %s', (text, right) => {
    expect([...identifiersIn(text)]).toEqual(right)
  })

  it('is no secret, and nothing that looks like a key', () => {
    const key = '0123456789abcdef0123456789abcdef'
    expect([...identifiersIn(`The key is ${key} and sk-proj-${key}${key}, the commit 62bfe7f.`)]).toEqual(['62bfe7f'])
  })
})
