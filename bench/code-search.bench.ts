import { mkdir, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { createRuntime, type Runtime } from '../runtime.ts'
import { loadTokenCounter } from '../shared/ai/tokens/token-count.ts'
import { programmingLanguageOf } from '../shared/repo/languages.ts'
import { type CodeParser, createCodeParser, type ParsedFile } from '../workers/repo/parsing/code-parser.ts'
import { languageOfContent } from '../workers/repo/parsing/content-language.ts'
import { type Benchmark, round, scratchDirectory, withServices } from './benchmark.ts'
import { type AskedQuestion, type DocumentedFile, joinSame, takeDocComments } from './inputs/doc-comments.ts'
import { readRepository } from './inputs/read-repository.ts'
import { createBm25, createNearest, type Passage, windowsOf } from './peers/code-baselines.ts'

/**
 * How well code search finds the function that a doc comment describes, end to end: repositories without their doc comments are indexed by the
 * fleet on PGlite with the local embedder and searched through the runtime, whole: with their tests, documents and data. A question is asked
 * in the language of its function, since repositories hold ports of the same function to others, and once more in any language, where such a
 * port counts as wrong. Only functions of files that the index holds are asked for. Functions of one language whose comments say the same are asked for once, and each is right. Beside it, over the same files, BM25 over the same chunks and windows of 2,500 characters by the same vectors.
 */

const DEPTH = 10
const TOP = 5
/** As the skip rules have it. */
const MAX_FILE_BYTES = 1_500_000
const POLL_MS = 50

type Scores = { readonly mrrAt10: number; readonly recallAt5: number; readonly tokensTop5: number }
/** What one question got: the rank of its function, 0 for none, and the tokens of the first five. */
type Answer = { readonly rank: number; readonly tokens: number }
type Place = Pick<Passage, 'path' | 'startLine' | 'endLine' | 'tokens'>
type StrippedFile = DocumentedFile & { readonly language: string }
type Arm = 'search' | 'anyLanguage' | 'bm25' | 'windows'
type Answers = Record<Arm, Answer[]>

const noAnswers = (): Answers => ({ search: [], anyLanguage: [], bm25: [], windows: [] })

const benchmark: Benchmark = {
  usage: ['REPO [REPO...]'],
  run: (repositories) =>
    withServices(async ({ addresses }, stack) => {
      const dir = await scratchDirectory(stack)
      const runtime = createRuntime({ ...addresses, logLevel: 'warn' })
      const parser = createCodeParser()
      try {
        await runtime.connect()
        await runtime.startWorkers(['repo-indexing'])
        const all = noAnswers()
        const figures: Record<string, unknown> = {}
        console.log(`${''.padEnd(34)}    MRR@10      R@5  tokens@5  questions`)
        for (const [index, repository] of repositories.entries()) {
          const answers = await measure(runtime, parser, repository, join(dir, String(index)))
          for (const arm of Object.keys(all) as Arm[]) all[arm].push(...answers[arm])
          figures[nameOf(repository)] = report(nameOf(repository), answers)
        }
        const total = report('all', all)
        return { ...total, repositories: figures }
      } finally {
        await parser.close()
        await runtime.disconnect()
      }
    }),
}
export default benchmark

async function measure(runtime: Runtime, parser: CodeParser, repository: string, dir: string): Promise<Answers> {
  const written = await stripped(repository, parser)
  for (const { path, text } of written) {
    await mkdir(dirname(join(dir, path)), { recursive: true })
    await writeFile(join(dir, path), text)
  }
  const repoId = basename(dir)
  const skipped = await index(runtime, repoId, dir)
  const files = written.filter(({ path }) => !skipped.has(path))
  const countTokens = await loadTokenCounter('cl100k')
  const chunks = await Promise.all(
    files.map(async ({ path, language, text }) => {
      const parsed = await parse(parser, language, text)
      return parsed.chunks.map((chunk) => ({ ...chunk, path, text: chunk.embeddedText }))
    }),
  )
  const languages = new Map(files.map(({ path, language }) => [path, language]))
  const isIn = (language: string) => (passage: Passage) => languages.get(passage.path) === language
  const windows = files.flatMap(({ path, text }) => windowsOf(path, text, countTokens))
  const answers = noAnswers()
  const questions = joinSame(
    files.flatMap(({ questions, language }) => questions.map((question) => ({ ...question, language }))),
  )
  for (const [language, asked] of Map.groupBy(questions, ({ path }) => languages.get(path) as string)) {
    const rankByBm25 = createBm25(chunks.flat().filter(isIn(language)))
    const rankWindows = createNearest(windows.filter(isIn(language)))
    for (const question of asked) {
      const search = { orgId: 'bench', repoIds: [repoId], query: question.text, limit: DEPTH }
      answers.search.push(answerOf(question, (await runtime.repos.search({ ...search, language })).hits))
      answers.anyLanguage.push(answerOf(question, (await runtime.repos.search(search)).hits))
      answers.bm25.push(answerOf(question, rankByBm25(question.text)))
      answers.windows.push(answerOf(question, rankWindows(question.text)))
    }
  }
  return answers
}

/** The text files of a repository without the doc comments of their functions, and the questions that these make. */
async function stripped(repository: string, parser: CodeParser): Promise<StrippedFile[]> {
  const found = await readRepository(repository, (path) => programmingLanguageOf(path) !== null)
  const texts = found.filter(({ content }) => content.length <= MAX_FILE_BYTES && !content.includes(0))
  return Promise.all(
    texts.map(async ({ path, content }) => {
      const text = content.toString('utf8')
      // As the index has it: a header has the language of its content.
      const language = languageOfContent(path, programmingLanguageOf(path), text) as string
      const { symbols } = await parse(parser, language, text)
      return { ...takeDocComments(path, language, text, symbols), language }
    }),
  )
}

async function parse(parser: CodeParser, language: string, text: string): Promise<ParsedFile> {
  const read = await parser.read({ language, path: '', content: Buffer.from(text), isHandWritten: true })
  return 'skipReason' in read ? { chunks: [], symbols: [], fallback: null } : read.parsed
}

/** Indexes a directory; returns the paths that the index leaves out, as those of generated files. */
async function index(runtime: Runtime, repoId: string, dir: string): Promise<ReadonlySet<string>> {
  const { jobId } = await runtime.repos.index({ orgId: 'bench', repoId, source: dir, ref: ':worktree' })
  const queue = runtime.queues.queue('repo-indexing')
  for (;;) {
    const job = await queue.getJob(jobId)
    if (job?.failedReason) throw new Error(job.failedReason)
    if ((await job?.getState()) === 'completed') break
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
  const [status] = await runtime.repos.status({ orgId: 'bench', repoId })
  return new Set(status?.skippedFiles.map(({ path }) => path))
}

function answerOf({ answers }: AskedQuestion, places: readonly Place[]): Answer {
  const at = places.findIndex((place) =>
    answers.some(({ path, line }) => place.path === path && place.startLine <= line && line <= place.endLine),
  )
  return { rank: at + 1, tokens: places.slice(0, TOP).reduce((sum, { tokens }) => sum + tokens, 0) }
}

function scoresOf(answers: readonly Answer[]): Scores {
  const mean = (pick: (answer: Answer) => number) =>
    round(answers.reduce((sum, answer) => sum + pick(answer), 0) / (answers.length || 1))
  return {
    mrrAt10: mean(({ rank }) => (rank > 0 && rank <= DEPTH ? 1 / rank : 0)),
    recallAt5: mean(({ rank }) => (rank > 0 && rank <= TOP ? 1 : 0)),
    tokensTop5: Math.round(mean(({ tokens }) => tokens)),
  }
}

function report(name: string, { search, anyLanguage, bm25, windows }: Answers) {
  const baselines = { bm25: scoresOf(bm25), windows: scoresOf(windows) }
  const figures = { ...scoresOf(search), queries: search.length, anyLanguage: scoresOf(anyLanguage), baselines }
  const row = (label: string, { mrrAt10, recallAt5, tokensTop5 }: Scores) =>
    `${label.padEnd(34)}${mrrAt10.toFixed(3).padStart(10)}${recallAt5.toFixed(3).padStart(9)}${String(tokensTop5).padStart(10)}`
  console.log(`${row(name, figures)}${String(search.length).padStart(11)}`)
  console.log(row('  in any language', figures.anyLanguage))
  console.log(
    `${row('  BM25, same chunks', baselines.bm25)}\n${row('  windows of 2,500 characters', baselines.windows)}`,
  )
  return figures
}

/** `.../owner+name/repo` is a bare repository of that name. */
function nameOf(repository: string): string {
  return (
    repository
      .split('/')
      .filter((part) => !['', 'repo', '.git'].includes(part))
      .at(-1) ?? repository
  )
}
