import { expect, test } from 'vitest'
import {
  MAX_CHARS_READ,
  MAX_SENTENCE_CHARS,
  sentencesOf as sentencesIn,
} from '../../../../../workers/memory/local-rules/fact-sentences.ts'

const sentencesOf = (message: string) => sentencesIn(message, 'Maya').map(({ text }) => text)

test('sentences are cut where people end them', () => {
  expect(sentencesOf('We met Dr. Vos at 9:30. She said yes! The rest, e.g. Tom, waits…')).toEqual([
    'We met Dr. Vos at 9:30.',
    'She said yes!',
    'The rest, e.g. Tom, waits…',
  ])
})

test('a wrapped line joins the one before; the break stays in the text', () => {
  const text =
    'The permit for the boathouse was approved by the city\r\nyesterday, with conditions.\nThe tent is booked.'
  const sentences = sentencesOf(text)
  expect(sentences).toHaveLength(2)
  expect(text).toContain(sentences[0])
})

test('list markers are not part of the sentence', () => {
  expect(sentencesOf('- [ ] Call the insurance\n2. Order the posters')).toEqual([
    'Call the insurance',
    'Order the posters',
  ])
})

test('what machines wrote is left out, and what people wrote around it is kept', () => {
  const text = [
    'It fails since the update.',
    '```ts',
    'throw new Error("I moved")',
    '```',
    '<context source="memory">',
    'Maya lives in Utrecht.',
    '</context>',
    '2026-03-02T10:00:00 worker started',
    '{"city": "Lisbon"}',
    '> I said so before.',
    'The old version still runs.',
  ].join('\n')
  expect(sentencesOf(text)).toEqual(['It fails since the update.', 'The old version still runs.'])
})

test('a tag that never closes hides only its own line', () => {
  expect(sentencesOf('<details>\nThe tent is booked.')).toEqual(['The tent is booked.'])
})

test('what is read is bounded', () => {
  expect(sentencesOf('word '.repeat(400))[0]?.length).toBeLessThanOrEqual(MAX_SENTENCE_CHARS)
  expect(sentencesOf('The tent is booked. '.repeat(10_000)).join(' ').length).toBeLessThanOrEqual(MAX_CHARS_READ)
})

test.each([
  'My birthday is on 3. May 1990.',
  'Mein Geburtstag ist am 3. Mai 1990.',
  'I work for the U.S. Army in Bonn.',
  'My favourite framework is .NET by far.',
  'J. S. Bach is my favourite composer.',
  'Vivo en la Calle Mayor no. 5 de Lugo.',
  'It costs approx. 40 euros.',
])('one sentence: %s', (text) => {
  expect(sentencesOf(`${text} We met here.`)).toEqual([text, 'We met here.'])
})

test.each([
  ['I have no time for that. My list has 3. I need 4.', 3],
  ['I am vegan. My wife is Eva. I have two sons.', 3],
])('several sentences: %s', (text, count) => {
  expect(sentencesOf(text)).toHaveLength(count)
})

test('nothing is cut inside a word or a number, wherever the limit falls', () => {
  for (let words = 60; words < 85; words += 1) {
    const text = `${'word '.repeat(words)}my phone number is +351 912 345 678 so call me when you are at Newcastle upon Tyne tonight`
    const [first] = sentencesOf(text)
    expect(first).not.toMatch(/\+351(?! 912 345 678)/)
    expect(text.charAt(first?.length ?? 0)).toMatch(/^[ ,.]?$/)
  }
})

test('of what others wrote the sentence is not the speaker’s, and a title is no statement', () => {
  const own = (message: string) => sentencesIn(message, 'Maya').map((sentence) => sentence.own)
  expect(own('Anna said: "I work at Siemens now."')).toEqual([''])
  expect(own('My favourite book is "The Old Man and the Sea".')).toEqual([
    'My favourite book is "The Old Man and the Sea".',
  ])
})
