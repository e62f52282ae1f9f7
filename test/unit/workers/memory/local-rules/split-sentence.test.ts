import { expect, it } from 'vitest'
import { factsByRules } from '../../../../../workers/memory/local-rules/fact-rules.ts'
import { splitSentence } from '../../../../../workers/memory/local-rules/split-sentence.ts'

const parts = (text: string) =>
  splitSentence({ text, own: text, isCut: false }, 'user', new Date('2026-03-18')).map((part) => part.text)

it.each([
  ['I live in Berlin with my wife Lena and our two kids.', 'I live in Berlin', 'my wife Lena and our two kids.'],
  ['I work at Siemens and my brother Tom runs a bakery.', 'I work at Siemens', 'my brother Tom runs a bakery.'],
  ['I work as a nurse, and I have three cats at home.', 'I work as a nurse', 'I have three cats at home.'],
  ['I moved to Porto together with our dog Rex and two cats.', 'I moved to Porto', 'our dog Rex and two cats.'],
])('%s states a property and something beside it', (text, ...both) => {
  expect(parts(text)).toEqual(both)
  for (const part of both) expect(text).toContain(part)
})

it.each([
  'I live in Berlin.',
  'I live in Berlin with my own flat.',
  'I used to live in Berlin with my wife Lena and our two kids.',
  'My wife Lena and our two kids love skiing.',
  'I moved to Lisbon with my wife Lena on 5 March 2025.',
])('%s stays whole', (text) => {
  expect(parts(text)).toEqual([text])
})

it.each([
  [
    'Noor owns the search page and Levi owns the mail worker.',
    'Noor owns the search page',
    'Levi owns the mail worker.',
  ],
  ['The gateway listens on port 9000 and uses Redis 8.', 'The gateway listens on port 9000', 'uses Redis 8.'],
  ['I live in Tampere and work for Nokian.', 'I live in Tampere', 'work for Nokian.'],
])('%s has clauses of its own', (text, ...both) => {
  expect(parts(text)).toEqual(both)
})

it('a part that shares its subject is worded with it, and another owner replaces the first', () => {
  const turn = { turn: 0, at: new Date('2026-03-18'), speaker: 'Maya', role: 'user' }
  const text = 'The gateway listens on port 9000 and uses Valkey. Noor handed the search page over to Levi.'
  expect(factsByRules({ turns: [{ ...turn, text }] }).facts).toMatchObject([
    { quote: 'The gateway listens on port 9000' },
    { fact: expect.stringContaining('The gateway uses Valkey.'), quote: 'uses Valkey.' },
    { subject: 'search page', attribute: 'owner' },
  ])
})

it('makes two facts, of which a later value of the property replaces one only', () => {
  const turn = { turn: 0, at: new Date('2026-03-18'), speaker: 'Maya', role: 'user' }
  const { facts } = factsByRules({ turns: [{ ...turn, text: 'I live in Berlin with my wife Lena and our two kids.' }] })
  expect(facts).toMatchObject([
    { fact: 'Maya lives in Berlin.', attribute: 'residence', quote: 'I live in Berlin' },
    { fact: 'Maya said: "My wife Lena and our two kids."', attribute: null, kind: 'relationship' },
  ])
})
