import { expect, test } from 'vitest'
import { reconcileFacts } from '../../../../../workers/memory/reconciliation/reconcile-facts.ts'

const about = (fact: string, subject: string | null, attribute: string | null) => ({
  fact,
  subject,
  subjectKey: subject?.toLowerCase() ?? null,
  attribute,
  said: '2026-03-01',
})
const relation = (
  fact: string,
  known: string,
  subject: string | null = 'budget',
  attribute: string | null = 'amount',
) =>
  reconcileFacts
    .rules({
      facts: [{ ...about(fact, subject, attribute), candidates: [0] }],
      memories: [about(known, subject, attribute)],
    })
    .decisions.map((decision) => decision.relation)

test.each([
  ['Ruth said: "Our budget is 2,000 euros."', 'Omar said: "Our budget is 3,500 euros."', ['replaces']],
  // Said by another, in other words of the same frame, on another day: the same.
  ['Ruth said: "Our budget is 2,000 euros."', 'Omar said on 2026-03-02: "Our budget is 2,000 euros."', ['same']],
  ['Ruth said: "The budget is not much."', 'Omar said: "Our budget is 2,000 euros."', ['replaces']],
])('without a model: %s after %s', (fact, known, expected) => {
  expect(relation(fact, known)).toEqual(expected)
})

test('without a model: a home is the same in a frame of its own, and another with a detail', () => {
  const at = (fact: string, known: string) => relation(fact, known, 'Maya', 'residence')
  expect(at('Maya said: "I still live in Utrecht, as you know."', 'Maya lives in Utrecht.')).toEqual(['same'])
  expect(at('Maya said: "I live in Utrecht near the river."', 'Maya lives in Utrecht.')).toEqual([])
  expect(at('Maya lives in Porto.', 'Maya lives in Utrecht.')).toEqual(['replaces'])
  expect(relation('Maya lives in Porto.', 'Maya lives in Utrecht.', null, null)).toEqual([])
})
