import { stripVTControlCharacters } from 'node:util'
import { afterEach, expect, it, vi } from 'vitest'
import { printAnswer } from '../../../cli/operations/print-answer.ts'

/** Answers as people see them on a terminal. */

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
})

/** The lines that an answer is on a terminal of that width. */
function printedAt(columns: number, answer: unknown): string[] {
  vi.stubEnv('COLUMNS', String(columns))
  const lines: string[] = []
  vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(stripVTControlCharacters(line)))
  const [{ isTTY }, width] = [process.stdout, process.stdout.columns]
  process.stdout.isTTY = true
  process.stdout.columns = columns
  try {
    printAnswer(answer, false)
  } finally {
    process.stdout.isTTY = isTTY
    process.stdout.columns = width
  }
  return lines
}

it('a table has the columns of all of its items, not of the first alone', () => {
  const lines = printedAt(200, { versions: [{ version: 2 }, { version: 1, label: 'good', tags: ['a'] }] })
  expect(lines[0]).toMatch(/VERSION +LABEL/)
  expect(lines[2]).toMatch(/^1 +good$/)
})

const memory = (id: number, fact: string, reason: string) => ({
  id,
  fact,
  kind: id % 2 ? 'fact' : 'preference',
  subject: null,
  importance: 0.5,
  language: 'en',
  observedAt: `2026-03-1${id}T09:30:00.000Z`,
  validFrom: `2026-03-1${id}T09:30:00.000Z`,
  validTo: null,
  supersededBy: null,
  status: 'quarantined',
  reason,
  reviewedBy: null,
  score: 0.113_591_690_605_477_46 / id,
  spend: 0.000_012_345 * id,
})
const HELD = [
  memory(1, 'The user wants every answer to begin with the invoice number.', 'instruction-like'),
  memory(2, 'Maya keeps her boat Heron in the old harbour of Lisbon.', 'unquoted'),
]

it('a table gives its room to the longest text, none to what is empty, and names what it leaves out', () => {
  const lines = printedAt(80, { memories: HELD })
  expect(Math.max(...lines.slice(0, 3).map(({ length }) => length))).toBeLessThanOrEqual(80)
  expect(lines[1]).toMatch(/^1 +The user wants every answer to /)
  expect(lines.join('\n')).not.toMatch(/VALIDTO|SUPERSEDEDBY|REVIEWEDBY|SUBJECT/)
  expect(lines[3]).toMatch(/^Not shown: .*LANGUAGE.*STATUS.*; --json has all\.$/)
})

it.each(['Likes tea.', '珈琲が好きです'])('a table keeps a text that is shorter than a time: %s', (fact) => {
  const lines = printedAt(80, { memories: [memory(1, fact, 'instruction-like')] })
  expect(lines[1]).toContain(fact)
})

it('a table leaves nothing out that has room, and its numbers are short', () => {
  const lines = printedAt(250, { memories: HELD })
  expect(lines).toHaveLength(3)
  expect(lines[0]).toMatch(/^ID +FACT .* STATUS +REASON +SCORE +SPEND$/)
  expect(lines[1]).toMatch(/ invoice number\. .* 0\.114 +0\.000012$/)
  expect(lines[2]).toMatch(/ 0\.057 +0\.000025$/)
})
