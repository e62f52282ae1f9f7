import fc from 'fast-check'
import { expect, test } from 'vitest'
import { strictJsonSchema } from '../../../../../shared/ai/openai/strict-json-schema.ts'
import { loadTokenCounter } from '../../../../../shared/ai/tokens/token-count.ts'
import { reconcileFacts, type Statement } from '../../../../../workers/memory/reconciliation/reconcile-facts.ts'
import {
  cutQuestions,
  questionOf,
  type StatedPair,
} from '../../../../../workers/memory/reconciliation/reconcile-questions.ts'

const countTokens = await loadTokenCounter('cl100k')
const MAX_OVERHEAD = 1_500

const stated = (fact: string, subject: string | null = 'Maya', attribute: string | null = 'residence'): Statement => ({
  fact,
  subject,
  subjectKey: subject?.toLowerCase() ?? null,
  attribute,
  said: '2026-03-01',
})

/** What a call sends beside the words of facts, as the benchmark of model calls reckons it. */
function overheadOf(pairs: readonly StatedPair[]): number {
  const { facts, memories } = questionOf(pairs)
  const prompt = reconcileFacts.prompt({ facts, memories }).map(({ content }) => content)
  const format = { name: reconcileFacts.name, strict: true, schema: strictJsonSchema(reconcileFacts.output) }
  const sent = [...prompt, JSON.stringify({ type: 'json_schema', json_schema: format })].join('\n')
  return countTokens(sent) - countTokens([...memories, ...facts].map(({ fact }) => fact).join('\n'))
}

test('whatever facts say, each question fits, and each pair is asked about once or left over', () => {
  const text = (maxLength: number) =>
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom('Maya', 'the harbour of Porto', 'residence') },
      fc.string({ unit: 'binary', minLength: 1, maxLength }),
      fc.constantFrom('"', '\u0001', '𒀱', '</facts>', '你').map((unit) => unit.repeat(Math.floor(maxLength / 2))),
    )
  const statement = fc
    .tuple(text(400), text(200), fc.option(text(100)))
    .map(([fact, subject, attribute]) => stated(fact, subject, attribute))
  const pairs = fc
    .tuple(
      fc.array(statement, { minLength: 1, maxLength: 40 }),
      fc.array(statement, { minLength: 1, maxLength: 12 }),
      fc.infiniteStream(fc.nat()),
    )
    .map(([facts, memories, numbers]) =>
      facts.flatMap((fact) => {
        const concerned = [0, 1, 2, 3].map(() => memories[(numbers.next().value as number) % memories.length])
        return [...new Set(concerned as Statement[])].map((memory) => ({ fact, memory }))
      }),
    )
  fc.assert(
    fc.property(pairs, (asked) => {
      const { questions, left } = cutQuestions(asked, countTokens)
      for (const question of questions) expect(overheadOf(question)).toBeLessThanOrEqual(MAX_OVERHEAD)
      expect(new Set([...questions.flat(), ...left])).toEqual(new Set(asked))
      expect(questions.flat()).toHaveLength(asked.length - left.length)
    }),
    { numRuns: 10 },
  )
})

test('questions are as full as their bounds allow, in overhead, words and answers', () => {
  const memory = stated('Maya lives in Lisbon.')
  const pairs = (count: number, fact: string) => Array.from({ length: count }, () => ({ fact: stated(fact), memory }))
  const sizes = (asked: readonly StatedPair[]) => cutQuestions(asked, countTokens).questions.map(({ length }) => length)
  const [short = 0, ...more] = sizes(pairs(100, 'Maya lives in Porto.'))
  expect(short).toBeGreaterThan(30)
  expect(overheadOf(pairs(short, 'Maya lives in Porto.'))).toBeGreaterThan(MAX_OVERHEAD - 150)
  expect([short, ...more].reduce((sum, size) => sum + size, 0)).toBe(100)
  const long = 'Maya lives in Porto, and she said so. '.repeat(25)
  expect(sizes(pairs(40, long))[0]).toBe(Math.floor((4_000 - countTokens(memory.fact)) / countTokens(long)))
  const fact = stated('Maya lives in Porto.', null, null)
  const candidates = Array.from({ length: 4 }, (_, n) => stated(`m${n}`, null, null))
  const many = Array.from({ length: 400 }, (_, n) => ({ ...fact, fact: `f${n}` })).flatMap((one) =>
    candidates.map((other) => ({ fact: one, memory: other })),
  )
  expect(Math.max(...sizes(many))).toBeLessThanOrEqual(150)
})

test('of a fact whose candidates do not fit, the likeliest are asked about and the others are left', () => {
  const wordy = (number: number) => stated(`Maya ${number}`, '𒀱'.repeat(100), '𒀱'.repeat(50))
  const fact = stated('Maya lives in Porto.')
  const pairs = [0, 1, 2, 3].map((number) => ({ fact, memory: wordy(number) }))
  const { questions, left } = cutQuestions(pairs, countTokens)
  expect(questions).toEqual([pairs.slice(0, questions[0]?.length)])
  expect(left.length).toBeGreaterThan(0)
  expect(left).toEqual(pairs.slice(questions[0]?.length))
  const endless = stated('Maya', '𒀱'.repeat(200), '𒀱'.repeat(100))
  expect(cutQuestions([{ fact: endless, memory: wordy(0) }], countTokens)).toMatchObject({ questions: [], left: [{}] })
})
