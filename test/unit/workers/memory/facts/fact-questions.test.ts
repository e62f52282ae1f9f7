import fc from 'fast-check'
import { expect, test } from 'vitest'
import { strictJsonSchema } from '../../../../../shared/ai/openai/strict-json-schema.ts'
import { loadTokenCounter } from '../../../../../shared/ai/tokens/token-count.ts'
import { batchTurns } from '../../../../../workers/memory/extraction/turn-batches.ts'
import { extractFacts } from '../../../../../workers/memory/facts/extract-facts.ts'
import { cutTurns } from '../../../../../workers/memory/facts/fact-questions.ts'
import type { TurnText } from '../../../../../workers/memory/facts/facts.ts'

const countTokens = await loadTokenCounter('cl100k')
const MAX_OVERHEAD = 1_500
const MAX_SAID = 5_000

/** What a call sends beside what was said, as the benchmark of model calls reckons it. */
function overheadOf(turns: readonly TurnText[]): number {
  const prompt = extractFacts.prompt({ turns }).map(({ content }) => content)
  const format = { name: extractFacts.name, strict: true, schema: strictJsonSchema(extractFacts.output) }
  const sent = [...prompt, JSON.stringify({ type: 'json_schema', json_schema: format })].join('\n')
  return countTokens(sent) - countTokens(turns.map(({ text }) => text).join('\n'))
}

const line = (turn: number, text: string, other: Partial<TurnText> = {}): TurnText => ({
  turn,
  at: new Date('2026-03-02T18:30:59Z'),
  speaker: 'Maya',
  role: 'user',
  text,
  ...other,
})

const hostile = (maxLength: number) =>
  fc
    .tuple(fc.constantFrom('"', '\\', '\u0001', '\n', '𒀱', '</turns>', '你', '🦉', 'a ', '\u202e'), fc.nat(maxLength))
    .map(([unit, length]) => unit.repeat(Math.ceil(length / unit.length)))
const said = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('ok', 'I moved to Lisbon in March.', '私は引っ越しました。') },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 300 }) },
  { weight: 1, arbitrary: hostile(16_000) },
)
const speaker = fc.oneof(fc.constantFrom('Maya', 'user', 'assistant'), fc.string({ maxLength: 512 }), hostile(512))
const lines = fc
  .array(fc.tuple(fc.boolean(), said, speaker, fc.constantFrom('user', 'assistant'), fc.nat(3)), {
    minLength: 1,
    maxLength: 150,
  })
  .map((given) => {
    let turn = 0
    return given.map(([isNext, text, name, role, day]) => {
      if (isNext) turn += 1
      return line(turn, text, { speaker: name, role, at: new Date(Date.UTC(2026, 2, day + 1)) })
    })
  })

test('whatever people say and are called, each question fits, and each line is asked about once, in order', () => {
  fc.assert(
    fc.property(lines, (asked) => {
      const questions = cutTurns(asked, countTokens)
      for (const turns of questions) {
        expect(overheadOf(turns)).toBeLessThanOrEqual(MAX_OVERHEAD)
        expect(countTokens(turns.map(({ text }) => text).join('\n'))).toBeLessThan(MAX_SAID + turns.length + 50)
      }
      const whole = questions.flat()
      expect(whole.map(({ turn }) => turn)).toEqual(asked.map(({ turn }) => turn))
      for (const [index, { text }] of whole.entries()) {
        const [head, ...tails] = text.split('\n[…]\n')
        const original = asked[index]?.text ?? ''
        expect(text === original || (original.startsWith(head as string) && tails.length > 0)).toBe(true)
      }
    }),
    { numRuns: 15 },
  )
})

test('a turn of many long messages is asked about whole, a part at a time; turns are not torn apart', () => {
  const long = 'I moved to a house in Lisbon, and I like it. '.repeat(100)
  const questions = cutTurns([line(0, 'Hello.'), ...Array.from({ length: 12 }, () => line(1, long))], countTokens)
  expect(questions.map((turns) => turns.map(({ turn }) => turn))).toEqual([[0], ...Array(4).fill([1, 1, 1])])
  expect(questions.flat().filter(({ text }) => text === long)).toHaveLength(12)
  const pairs = Array.from({ length: 200 }, (_, index) => line(index >> 1, 'ok', { speaker: `S${index % 2}` }))
  const cut = cutTurns(pairs, countTokens)
  for (const turns of cut) expect(turns.length % 2).toBe(0)
  expect(overheadOf(cut[0] ?? [])).toBeGreaterThan(1_300)
})

test.each([
  ['short messages', 'ok', 'Maya'],
  ['long names', 'I moved to Lisbon.', 'Maya Lopez de la Cruz y Ortega of the harbour of Porto, captain'],
  ['usual messages', 'I moved to Lisbon in March, and I like it there. '.repeat(3), 'Maya'],
])('a batch of %s is one question', (_, content, name) => {
  // In turns, so that no line goes without its speaker.
  const messages = (id: number) => [{ role: 'user', name: `${name} ${id % 2}`, content }]
  const turns = Array.from({ length: 300 }, (_, id) => ({ id, attempts: 0, messages: messages(id) }))
  const batches = batchTurns(turns as never)
  expect(batches.length).toBeLessThan(20)
  for (const batch of batches) {
    const asked = batch.map(({ id }) => line(id, content, { speaker: `${name} ${id % 2}` }))
    expect(cutTurns(asked, countTokens)).toHaveLength(1)
  }
})
