import { expect, test } from 'vitest'
import { quoteLocator } from '../../../../../workers/memory/facts/locate-quote.ts'
import { cpuMsOf } from '../../../../helpers/own-time.ts'

const locateQuote = (message: string, quote: string) => quoteLocator([message])(quote)
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

test.each([
  ['\u201eWir ziehen nach Köln\u201c', '"Wir ziehen nach Ko\u0308ln"'],
  ['Je pars\u00a0à Brest\u202f!', 'Je pars a\u0300 Brest !'],
  ['리스본으로 이사했어요', '리스본으로 이사했어요'.normalize('NFD')],
  ['ｶﾞｽ会社に転職した', 'ガス会社に転職した'],
  ['Wait… I’m mov\u200bing – soon', "Wait... I'm moving - soon"],
  ['It is «warm» ☀\ufe0f here', 'It is "warm" ☀ here'],
])('%s is copied by %s', (message, quote) => {
  expect(locateQuote(`Well. ${message} Ok.`, quote)).toBe(message)
})

test('a quote is looked for in each message of the turn, and a long turn is read loosely once', async () => {
  const locate = quoteLocator(['Hello there.', 'x'.repeat(200_000), 'I’ve moved to Lisbon.'])
  expect(locate("I've moved to Lisbon")).toBe('I’ve moved to Lisbon')
  const ms = await cpuMsOf(() => {
    for (let number = 0; number < 200; number += 1) expect(locate(`never said, ${number}`)).toBeUndefined()
  })
  expect(ms).toBeLessThan(500)
})
