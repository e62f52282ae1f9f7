import { playTranscript, untilDigested } from '../demo/play-transcript.ts'
import { readTranscript } from '../demo/transcript.ts'
import { createRuntime, type Runtime } from '../runtime.ts'
import { type Benchmark, round, withServices } from './benchmark.ts'
import {
  meanRecall,
  meanShare,
  type Recall,
  readLocomo,
  recallByCategory,
  type ScoredQuestion,
} from './inputs/locomo-questions.ts'
import { createBaseline } from './peers/locomo-baseline.ts'

/** How well search finds the turns that answer a question: LoCoMo's annotated evidence, the local provider, BM25 beside it. */

const DIGEST_WINDOW_MS = 200
/** Deeper than the deepest figure, so that turns which stand in several results leave enough distinct ones. */
const SEARCH_LIMIT = 50
const TOKEN_BUDGETS = [500, 1_000, 2_000]

const benchmark: Benchmark = {
  usage: ['FILE'],
  run: ([file = '']) =>
    withServices(async ({ addresses }) => {
      const runtime = createRuntime({
        ...addresses,
        digestWindowMs: DIGEST_WINDOW_MS,
        digestMaxWaitMs: 60_000,
        // Recall is measured, on whatever machine: a slow one is no failure.
        enqueueTimeoutMs: 30_000,
        logLevel: 'warn',
      })
      await runtime.connect()
      await runtime.startWorkers()
      try {
        const transcripts = await readTranscript(file)
        const conversations = await readLocomo(file)
        for (const transcript of transcripts) await playTranscript(runtime.memory, transcript)
        const orgIds = transcripts.map((transcript) => transcript.conversationId)
        await untilDigested(runtime.memory, orgIds, () => {})

        const ours: ScoredQuestion[] = []
        const baseline: ScoredQuestion[] = []
        const withinBudget = TOKEN_BUDGETS.map((budget): [number, ScoredQuestion[]] => [budget, []])
        for (const [index, { turns, questions }] of conversations.entries()) {
          const rankByBm25 = createBaseline(turns)
          for (const { text, category, evidence } of questions) {
            const orgId = orgIds[index] as string
            ours.push({ category, evidence, ranked: await rankTurns(runtime, orgId, text) })
            for (const [budget, questions] of withinBudget)
              questions.push({ category, evidence, ranked: await findWithin(runtime, orgId, text, budget) })
            baseline.push({ category, evidence, ranked: rankByBm25(text) })
          }
        }
        return report(
          ours,
          baseline,
          withinBudget,
          conversations.reduce((sum, conversation) => sum + conversation.turns.length, 0),
        )
      } finally {
        await runtime.disconnect()
      }
    }),
}
export default benchmark

async function rankTurns(runtime: Runtime, orgId: string, query: string): Promise<string[]> {
  const { turns } = await runtime.memory.search({ orgId, query, limit: SEARCH_LIMIT })
  return [...new Set(turns.map((turn) => turn.turnId))]
}

/** The turns whose words, or memories drawn from them, a search gives for a number of tokens. */
async function findWithin(runtime: Runtime, orgId: string, query: string, budgetTokens: number): Promise<string[]> {
  const { memories, turns } = await runtime.memory.search({ orgId, query, limit: SEARCH_LIMIT, budgetTokens })
  const sources = memories.flatMap((memory) => memory.sources)
  return [...new Set([...turns, ...sources].map(({ turnId }) => turnId))]
}

function report(
  ours: readonly ScoredQuestion[],
  baseline: readonly ScoredQuestion[],
  withinBudget: readonly (readonly [number, readonly ScoredQuestion[]])[],
  turns: number,
): Record<string, unknown> {
  const rounded = (recall: Recall): Recall => ({
    recallAt5: round(recall.recallAt5),
    recallAt10: round(recall.recallAt10),
    recallAt20: round(recall.recallAt20),
  })
  const byCategory = (questions: readonly ScoredQuestion[]) =>
    Object.fromEntries(
      Object.entries(recallByCategory(questions)).map(([category, recall]) => [category, rounded(recall)]),
    )
  const figures = {
    ...rounded(meanRecall(ours)),
    recallAtTokens: Object.fromEntries(
      withinBudget.map(([budget, questions]) => [budget, round(meanShare(questions))]),
    ),
    byCategory: byCategory(ours),
    baseline: { ...rounded(meanRecall(baseline)), byCategory: byCategory(baseline) },
    turns,
    questions: ours.length,
  }
  const row = (name: string, recall: Recall) =>
    [name.padEnd(24), ...Object.values(recall).map((value: number) => value.toFixed(3).padStart(8))].join('')
  console.log(`${turns} turns, ${ours.length} questions\n${''.padEnd(24)}     R@5    R@10    R@20`)
  console.log(row('memory.search', meanRecall(ours)))
  console.log(row('BM25 baseline', meanRecall(baseline)))
  for (const [budget, questions] of withinBudget)
    console.log(`evidence within ${budget} tokens`.padEnd(28) + meanShare(questions).toFixed(3))
  for (const [category, recall] of Object.entries(recallByCategory(ours))) {
    console.log(row(`category ${category}`, recall))
    console.log(row('  baseline', recallByCategory(baseline)[category] as Recall))
  }
  return figures
}
