import { expect, test } from 'vitest'
import {
  MAX_CHARS_READ,
  MAX_SENTENCE_CHARS,
  sentencesOf,
} from '../../../../../workers/memory/local-rules/fact-sentences.ts'

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
