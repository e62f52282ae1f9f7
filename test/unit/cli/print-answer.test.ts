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
  const lines = printedAt(200, { versions: [{ version: 2 }, { version: 1, label: 'good', tags: ['a', 'b'] }] })
  expect(lines[0]).toMatch(/VERSION +LABEL +TAGS/)
  expect(lines[2]).toMatch(/^1 +good +a, b$/)
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

const place = (line: number) => ({
  repoId: 'shop-of-maya',
  ref: 'HEAD',
  commit: null,
  path: `workers/orders/shipping/cheapest-carrier-${line}.ts`,
  startLine: line,
  endLine: line + 20,
  blobId: 'deadbeef'.repeat(5),
  permalink: `/home/maya/shop/workers/orders/shipping/cheapest-carrier-${line}.ts#L${line}-L${line + 20}`,
})

it('a table of symbols keeps their names and places', () => {
  const kinds = ['function', 'class']
  const symbols = kinds.map((kind, line) => ({ ...place(line + 1), name: `carrierOf${line}`, kind, scope: '' }))
  const [titles, first, , left] = printedAt(80, { symbols })
  expect(titles).toMatch(/PATH +STARTLINE .*NAME +KIND$/)
  expect(first).toMatch(/cheapest-carrier-1\.ts +1 .* carrierOf0 +function$/)
  expect(left).toMatch(/^Not shown: .*BLOBID, PERMALINK; --json has all\.$/)
})

it('a table of hits says where they are, and beside them only what says something', () => {
  const hits = [7, 8].map((line) => ({
    ...place(line),
    text: 'The cheapest carrier of an order wins.',
    why: { words: 1 },
  }))
  const lines = printedAt(80, { hits, notes: [], isWordsOnly: false })
  expect(lines).toHaveLength(4)
  expect(lines[1]).toMatch(/cheapest-carrier-7\.ts +7 +27 +The cheapest carrier/)
  expect(lines[3]).toMatch(/ WHY; --json/)
  expect(printedAt(80, { hits, notes: ['No path.'], isWordsOnly: true }).join('\n')).toMatch(
    /No path.+\nisWordsOnly +true/,
  )
  expect(printedAt(80, { damaged: false, hits: [] })).toEqual(['damaged          false', 'hits             none'])
})

const indexed = (ref: string, failure: unknown, skipped: number) => ({
  repoId: 'shop',
  ref,
  source: '/home/maya/programs/of-the-shop/worktree',
  isPending: false,
  requestedAt: '2026-03-11T09:30:00.000Z',
  failure,
  files: 12,
  bytes: 91_234,
  chunks: 48,
  redacted: 0,
  skipped,
  skippedFiles: Array.from({ length: skipped }, (_, file) => ({ path: `dist/${ref}-${file}.js`, reason: 'generated' })),
})

it('a table of refs tells them apart, why one failed and which files were skipped', () => {
  const failure = { code: 'REPO_NOT_FOUND', message: 'Expected a directory, found none at "/home/maya".' }
  const text = printedAt(80, { refs: [indexed('main', null, 2), indexed('next', failure, 30)] }).join('\n')
  expect(text).toMatch(/ next +REPO_NOT_FOUND: Expected a dir/m)
  expect(text).toMatch(/^skippedFiles\n.*REF +PATH +REASON\n.*main +dist\/main-0\.js +generated$/m)
  expect(text).toMatch(/\nAnd 20 more; --json has all\.$/)
  const whole = printedAt(80, { refs: [indexed('main', null, 0)] }).join('\n')
  expect(whole).not.toMatch(/FAILURE|SKIPPEDFILES/i)
})

it('an object that is too long for a line has lines of its own', () => {
  const outline = { ...place(1), symbols: [{ name: 'carrierOf', kind: 'function' }], pool: { max: 4 } }
  expect(printedAt(80, { outline, of: { max: 4 } })).toEqual(
    expect.arrayContaining([
      'outline',
      `  path             ${place(1).path}`,
      '  symbols',
      'carrierOf  function',
      'of               {"max":4}',
    ]),
  )
})

it('JSON of an app stays whole, and an answer without anything says so', () => {
  const state = { plan: 'x'.repeat(80), steps: [{ tool: { name: 'grep' } }] }
  expect(printedAt(80, { version: 1, state })).toEqual([
    'version          1',
    `state            ${JSON.stringify(state)}`,
  ])
  expect(printedAt(80, { message: null })).toEqual(['None.'])
})

it('no control sequence of a field of an app reaches the terminal', () => {
  const text = printedAt(80, { messages: [{ role: 'user', '\u0007bell': 'a', '\u0007list': [{ a: 1 }] }] }).join('\n')
  expect(text).toMatch(/ROLE +BELL/)
  expect(text).not.toContain('\u0007')
})
