import { expect, it } from 'vitest'
import { quoteWorth } from '../../../../workers/context/quote-worth.ts'

const said = (content: string, name = 'anna', role: 'user' | 'assistant' = 'user') => ({ role, name, content })
const plain = quoteWorth(said('that was a lovely evening'), undefined)

it.each([
  ['a time', 'I started at the bakery last week'],
  ['a time in another language', 'ich habe gestern in der bäckerei angefangen'],
  ['a number', 'the rent is 940 a month'],
  ['a name', 'we flew there with Maria'],
])('what holds %s is worth more', (_, text) => {
  expect(quoteWorth(said(text), undefined)).toBeGreaterThan(plain)
})

it('an answer of a person is worth more, and a question less', () => {
  const text = 'that was a lovely evening'
  for (const question of ['how was it?', '怎么样？', 'كيف كان؟'])
    expect(quoteWorth(said(text), said(question, 'ben'))).toBeGreaterThan(plain)
  expect(quoteWorth(said(text), said('how was it?', 'agent', 'assistant'))).toBeGreaterThan(plain)
  expect(quoteWorth(said(text), said('how was it?'))).toBe(plain)
  expect(quoteWorth(said('was that a lovely evening? '), undefined)).toBeLessThan(plain)
})

it('nearly all that an agent says is an answer, and its words weigh less', () => {
  const answer = quoteWorth(said('that was a lovely evening', 'agent', 'assistant'), said('how was it?'))
  expect(answer).toBeLessThan(plain)
})
