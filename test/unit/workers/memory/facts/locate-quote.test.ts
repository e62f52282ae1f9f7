import { expect, test } from 'vitest'
import { quoteLocator } from '../../../../../workers/memory/facts/locate-quote.ts'
import { foreignSpans } from '../../../../../workers/memory/facts/own-words.ts'
import { cpuMsOf } from '../../../../helpers/cpu-time.ts'

const plain = (content: string) => ({ content, foreign: foreignSpans(content) })
const locateQuote = (message: string, quote: string, fact?: string) => quoteLocator([plain(message)])(quote, fact)?.text
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

test.each(['I moved to Porto', 'MOVED TO LISBON', '', ' ', 'I', 'Yes', 'Lisbon in March', '…'])(
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
  const locate = quoteLocator(['Hello there.', 'x'.repeat(200_000), 'I’ve moved to Lisbon.'].map(plain))
  expect(locate("I've moved to Lisbon")?.text).toBe('I’ve moved to Lisbon')
  const ms = await cpuMsOf(() => {
    for (let number = 0; number < 200; number += 1) expect(locate(`never said, ${number}`)).toBeUndefined()
  })
  expect(ms).toBeLessThan(500)
})

test.each([
  ["I'm vegan, so please suggest recipes. I like tea.", "I'm vegan", "I'm vegan, so please suggest recipes."],
  ['No nuts. I like tea.', 'No nuts', 'No nuts.'],
  ['Hola, soy Luz. ¿Qué tal?', 'soy Luz', 'Hola, soy Luz.'],
  ['मैं वीगन हूँ। और चाय पसंद है।', 'मैं वीगन हूँ', 'मैं वीगन हूँ'],
  ['我不吃肉。我喜欢茶。', '不吃', '我不吃肉。'],
])('a short quote is widened to its sentence: %s', (message, quote, piece) => {
  expect(locateQuote(message, quote)).toBe(piece)
})

test('a single word proves only a fact that has it', () => {
  expect(locateQuote('We went vegan in May.', 'vegan', 'Maya is vegan.')).toBe('We went vegan in May.')
  expect(locateQuote('We went vegan in May.', 'May', 'Maya hates Lisbon.')).toBeUndefined()
})

test('a quote that ends inside a word or number is widened to its end', () => {
  expect(locateQuote('My number is +351 912 345 678, call me.', 'My number is +351 912 34')).toBe(
    'My number is +351 912 345 678',
  )
  expect(locateQuote('I moved to Newcastle today.', 'I moved to Newc')).toBe('I moved to Newcastle')
})

test('of two places the speaker’s own one counts', () => {
  const message = '> I moved to Lisbon\n\nSame here: I moved to Lisbon'
  expect(quoteLocator([plain(message)])('I moved to Lisbon')?.start).toBeGreaterThan(20)
})
