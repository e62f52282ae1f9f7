import { expect, it } from 'vitest'
import type { Summary } from '../../../../shared/context/summary.ts'
import { faultOfSummary, type Judged } from '../../../../workers/context/summary-guard.ts'

const EMPTY: Summary = {
  goal: '',
  decisions: [],
  facts: [],
  files: [],
  openTasks: [],
  errors: [],
  lookups: [],
  identifiers: [],
  quotes: [],
}
const GOOD: Summary = { ...EMPTY, goal: 'Ship the export.', facts: ['The ticket is INV-4711.'] }
const QUOTE = { place: [1, 0] as const, speaker: 'user', text: 'Ship it.', tokens: 5 }

const fault = (over: Partial<Judged>) =>
  faultOfSummary({
    summary: GOOD,
    identifiers: ['INV-4711'],
    summaryTokens: 500,
    replacedTokens: 1_000,
    isQuoting: false,
    ...over,
  })

it('lets through what says something and saves a tenth', () => {
  expect(fault({})).toBeUndefined()
  expect(fault({ summaryTokens: 900 })).toBeUndefined()
})

it.each([
  ['nothing', EMPTY, 'it was empty'],
  ['blank items', { ...EMPTY, goal: ' ', facts: ['\n'] }, 'it was empty'],
  // An error text in the form of an answer.
  ['a goal alone', { ...EMPTY, goal: 'Error 500: the server is overloaded.' }, 'it held nothing but a goal'],
])('rejects %s', (_, summary, reason) => {
  expect(fault({ summary, identifiers: [] })).toBe(reason)
})

it.each([
  [901, 'it takes 901 of 1000 tokens, which saves less than a tenth'],
  [1_000, 'it takes 1000 tokens, and what it replaces only 1000'],
])('rejects what takes %i of 1000 tokens', (summaryTokens, reason) => {
  expect(fault({ summaryTokens })).toBe(reason)
})

it('asks no maker for identifiers, which stand beside', () => {
  expect(fault({ identifiers: ['INV-4711', 'src/export.ts', '#12'] })).toBeUndefined()
})

it('asks of a maker that only quotes for a quote or an identifier, which stand beside', () => {
  expect(fault({ summary: EMPTY, identifiers: [], isQuoting: true })).toBe('it was empty')
  expect(fault({ summary: EMPTY, isQuoting: true })).toBeUndefined()
  expect(fault({ summary: { ...EMPTY, quotes: [QUOTE] }, identifiers: [], isQuoting: true })).toBeUndefined()
})
