import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { meanRecall, readLocomo, recallByCategory } from '../../../bench/inputs/locomo-questions.ts'
import { createBaseline } from '../../../bench/peers/locomo-baseline.ts'
import { BARE_ENVIRONMENT } from '../../helpers/bare-environment.ts'

/** The figures of `npm run bench -- locomo FILE` on a conversation made here, against a BM25 written here from its formula. */

const MAIN = fileURLToPath(new URL('../../../bench/main.ts', import.meta.url))
const TIMEOUT_MS = 120_000

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'afterturn-bench-'))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

// No stop word and no suffix among them: what is compared is the ranking, not the stemmer.
const WORDS = ['kite', 'boat', 'lemon', 'piano', 'tram', 'clock', 'tent', 'poem', 'rope', 'lamp', 'goat']
/** Two sessions of fourteen turns; each turn says three to seven words, some of them often. */
const TURNS = Array.from({ length: 28 }, (_, n) => ({
  id: `D${n < 14 ? 1 : 2}:${(n % 14) + 1}`,
  session: n < 14 ? 'session_1' : 'session_2',
  speaker: n % 2 === 0 ? 'Ada' : 'Bo',
  words: Array.from({ length: 3 + (n % 5) }, (_, k) => WORDS[(n * n + 3 * n * k + k * k) % WORDS.length] as string),
}))
const QUESTIONS = [
  { question: 'kite lemon', category: 1, evidence: ['D1:3', 'D2:9'] },
  { question: 'piano', category: 2, evidence: ['D1:7; D2:12'] },
  { question: 'tram clock Bo', category: 2, evidence: ['D2:2', 'D9:9'] },
  { question: 'goat rope tent', category: 4, evidence: ['D1:14'] },
  { question: 'an unanswerable one about a kite', category: 5, evidence: ['D1:1'] },
  { question: 'one without evidence', category: 1, evidence: [] },
]
/** By hand: what is left of the above. */
const ASKED = [
  { text: 'kite lemon', category: 1, evidence: ['D1:3', 'D2:9'] },
  { text: 'piano', category: 2, evidence: ['D1:7', 'D2:12'] },
  { text: 'tram clock Bo', category: 2, evidence: ['D2:2'] },
  { text: 'goat rope tent', category: 4, evidence: ['D1:14'] },
]

async function writeFixture(): Promise<string> {
  const session = (name: string) =>
    TURNS.filter((turn) => turn.session === name).map(({ id, speaker, words }) => ({
      dia_id: id,
      speaker,
      text: words.join(' '),
    }))
  const file = join(directory, 'locomo.json')
  const conversation = {
    session_1_date_time: '1:56 pm on 8 May, 2023',
    session_1: session('session_1'),
    session_2_date_time: '1:56 pm on 9 May, 2023',
    session_2: session('session_2'),
  }
  await writeFile(file, JSON.stringify([{ sample_id: 'c-1', conversation, qa: QUESTIONS }]))
  return file
}

/** Robertson and Zaragoza's BM25 (2009, equation 3.15, with the idf that is never negative), k1 1.5, b 0.75; a document is a turn with its neighbours. */
function rankByFormula(query: string): string[] {
  const documents = TURNS.map((turn, n) =>
    [TURNS[n - 1], turn, TURNS[n + 1]]
      .filter((one) => one?.session === turn.session)
      .flatMap((one) => [one?.speaker.toLowerCase(), ...(one?.words ?? [])]),
  )
  const meanLength = documents.flat().length / documents.length
  const scores = documents.map((document) => {
    let score = 0
    for (const term of query.toLowerCase().split(' ')) {
      const frequency = document.filter((word) => word === term).length
      const having = documents.filter((other) => other.includes(term)).length
      const idf = Math.log(1 + (documents.length - having + 0.5) / (having + 0.5))
      score += (idf * frequency * 2.5) / (frequency + 1.5 * (0.25 + (0.75 * document.length) / meanLength))
    }
    return score
  })
  return TURNS.map(({ id }, n) => ({ id, score: scores[n] as number }))
    .sort((a, b) => b.score - a.score)
    .map(({ id }) => id)
}

const shareAt = (k: number, asked: typeof ASKED) =>
  asked.reduce((sum, { text, evidence }) => {
    const first = rankByFormula(text).slice(0, k)
    return sum + evidence.filter((id) => first.includes(id)).length / evidence.length
  }, 0) / asked.length
const rounded = (value: number) => Math.round(value * 1_000) / 1_000
const expectedRecall = (asked: typeof ASKED) => ({
  recallAt5: rounded(shareAt(5, asked)),
  recallAt10: rounded(shareAt(10, asked)),
  recallAt20: rounded(shareAt(20, asked)),
})

it('the baseline ranks as the formula does', async () => {
  const [conversation] = await readLocomo(await writeFixture())
  expect(conversation?.questions).toEqual(ASKED)
  const rank = createBaseline(conversation?.turns ?? [])
  for (const { text } of ASKED) expect(rank(text)).toEqual(rankByFormula(text))
  // Stop words do not count, and a plural is its singular.
  expect(rank('where are the boats and the lemons?')).toEqual(rankByFormula('boat lemon'))
})

it('recall is the mean share of the evidence that is found', () => {
  const ranked = Array.from({ length: 30 }, (_, n) => `t${n + 1}`)
  const questions = [
    { category: 1, evidence: ['t1', 't7'], ranked },
    { category: 2, evidence: ['t20', 't21', 't5'], ranked },
  ]
  expect(meanRecall(questions)).toEqual({
    recallAt5: (1 / 2 + 1 / 3) / 2,
    recallAt10: (1 + 1 / 3) / 2,
    recallAt20: (1 + 2 / 3) / 2,
  })
  expect(recallByCategory(questions)['2']).toEqual({ recallAt5: 1 / 3, recallAt10: 1 / 3, recallAt20: 2 / 3 })
})

it('the benchmark gives these figures, and its own beside them', { timeout: TIMEOUT_MS }, async () => {
  const run = promisify(execFile)
  const { stdout } = await run(process.execPath, [MAIN, 'locomo', await writeFixture(), '--json'], {
    env: BARE_ENVIRONMENT,
  })
  const figures = JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
  const byCategory = (category: number) => expectedRecall(ASKED.filter((one) => one.category === category))
  expect(figures).toEqual({
    recallAt5: expect.any(Number),
    recallAtTokens: { 500: expect.any(Number), 1000: expect.any(Number), 2000: expect.any(Number) },
    recallAt10: expect.any(Number),
    recallAt20: expect.any(Number),
    byCategory: { 1: expect.any(Object), 2: expect.any(Object), 4: expect.any(Object) },
    baseline: { ...expectedRecall(ASKED), byCategory: { 1: byCategory(1), 2: byCategory(2), 4: byCategory(4) } },
    turns: 28,
    questions: 4,
  })
  expect(figures.baseline.recallAt5).toBeLessThan(figures.baseline.recallAt20)
})
