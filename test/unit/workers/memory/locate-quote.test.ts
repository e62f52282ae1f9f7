import { expect, test } from 'vitest'
import { locateQuote } from '../../../../workers/memory/locate-quote.ts'

const SAID = 'Well, I’ve moved to\n  Lisbon — in March. “Yes”, it rains. 私は引っ越しました。'

test.each([
  ['moved to\n  Lisbon', 'moved to\n  Lisbon'],
  [' moved to Lisbon ', 'moved to\n  Lisbon'],
  ["I've moved to Lisbon - in March.", 'I’ve moved to\n  Lisbon — in March.'],
  ['"Yes", it rains', '“Yes”, it rains'],
  ['引っ越し', '引っ越し'],
  [SAID, SAID],
])('%s is a piece of what was said', (quote, piece) => {
  expect(locateQuote(SAID, quote)).toBe(piece)
  expect(SAID).toContain(piece)
})

test.each(['I moved to Porto', 'MOVED TO LISBON', '', ' ', 'I', 'March', 'Lisbon in March', '…'])(
  '%s is not',
  (quote) => {
    expect(locateQuote(SAID, quote)).toBeUndefined()
  },
)

test('a short message is a quote as a whole', () => {
  expect(locateQuote(' Yes. ', 'Yes.')).toBe('Yes.')
  expect(locateQuote('🦉', '🦉')).toBe('🦉')
})
