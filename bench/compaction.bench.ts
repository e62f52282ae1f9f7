import { playTranscript } from '../demo/play-transcript.ts'
import { readTranscript, type Transcript } from '../demo/transcript.ts'
import { createRuntime, type Runtime } from '../runtime.ts'
import type { LoadedContext } from '../shared/context/loaded-context.ts'
import { createTokenCounter } from '../shared/context/token-counter.ts'
import { type Benchmark, round, withServices } from './benchmark.ts'
import { readLocomo } from './inputs/locomo-questions.ts'

/**
 * What a context keeps of the evidence that LoCoMo's questions need, with the local summariser: the share of evidence turns whose whole text stands
 * in the loaded context, beside plain truncation, the newest turns that fit. Nobody looks at the questions before.
 */

const BUDGETS = [8_000, 4_000, 2_000] as const

type Kept = { questions: number; shares: number; loads: number; withinBudget: number }

const benchmark: Benchmark = {
  usage: ['FILE'],
  run: ([file = '']) =>
    withServices(async ({ addresses }) => {
      // One conversation is one workstream: its sessions go on from each other.
      const transcripts = (await readTranscript(file)).map(asOneWorkstream)
      const conversations = await readLocomo(file)
      const figures: Record<string, Record<string, number>> = {
        withinBudget: {},
        evidenceKept: {},
        evidenceKeptByTruncation: {},
        tokens: {},
      }
      console.log('budget   within   kept   by truncation   tokens')
      for (const budgetTokens of BUDGETS) {
        // Compactions begin at half of the window: then a load has all of the budget.
        const runtime = createRuntime({
          ...addresses,
          redisKeyPrefix: `bench-${budgetTokens}`,
          contextWindowTokens: 2 * budgetTokens,
          logLevel: 'warn',
        })
        await runtime.connect()
        await runtime.startWorkers(['context-compaction'])
        const [ours, plain] = [newKept(), newKept()]
        let tokens = 0
        try {
          for (const [index, given] of transcripts.entries()) {
            const transcript = { ...given, conversationId: `${given.conversationId} ${budgetTokens}` }
            await playTranscript(runtime.memory, transcript)
            const loaded = await loadSettled(runtime, transcript.conversationId, budgetTokens)
            const texts = new Map(transcript.turns.map((turn) => [turn.turnId, turn.messages[0]?.content ?? '']))
            const whole = loaded.messages.map(({ content }) => (typeof content === 'string' ? content : '')).join('\n')
            const newest = await newestTurns(transcript, budgetTokens)
            ours.loads += 1
            if (loaded.tokens <= budgetTokens) ours.withinBudget += 1
            tokens += loaded.tokens
            for (const { evidence } of conversations[index]?.questions ?? []) {
              add(ours, evidence, (id) => whole.includes(texts.get(id) as string))
              add(plain, evidence, (id) => newest.has(id))
            }
          }
        } finally {
          await runtime.disconnect()
        }
        const row = {
          withinBudget: ours.withinBudget / ours.loads,
          evidenceKept: ours.shares / ours.questions,
          evidenceKeptByTruncation: plain.shares / plain.questions,
          tokens: tokens / ours.loads,
        }
        for (const [key, value] of Object.entries(row))
          (figures[key] as Record<string, number>)[budgetTokens] = round(value)
        const cells = [row.withinBudget, row.evidenceKept, row.evidenceKeptByTruncation].map((cell) => cell.toFixed(3))
        console.log([String(budgetTokens), ...cells, row.tokens.toFixed(0)].map((cell) => cell.padStart(8)).join(''))
      }
      return figures
    }),
}
export default benchmark

function newKept(): Kept {
  return { questions: 0, shares: 0, loads: 0, withinBudget: 0 }
}

function add(kept: Kept, evidence: readonly string[], isKept: (id: string) => boolean): void {
  kept.questions += 1
  kept.shares += evidence.filter(isKept).length / evidence.length
}

function asOneWorkstream(transcript: Transcript): Transcript {
  return { ...transcript, turns: transcript.turns.map((turn) => ({ ...turn, sessionId: 'conversation' })) }
}

/** Loads once no compaction is wanted any more. */
async function loadSettled(runtime: Runtime, orgId: string, budgetTokens: number): Promise<LoadedContext> {
  for (;;) {
    const { compaction_target: target } = await runtime.database
      .selectFrom('workstreams')
      .select('compaction_target')
      .where('org_id', '=', orgId)
      .executeTakeFirstOrThrow()
    if (target === null) return runtime.context.load({ orgId, workstreamId: 'conversation', budgetTokens })
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

/** Plain truncation: the newest turns that fit, counted as ours are. */
async function newestTurns({ turns }: Transcript, budgetTokens: number): Promise<Set<string>> {
  const counter = await createTokenCounter('gpt-5')
  const kept = new Set<string>()
  let left = budgetTokens - 3
  for (const turn of turns.toReversed()) {
    left -= turn.messages.reduce((sum, message) => sum + counter.message(message), 0)
    if (left < 0) break
    kept.add(turn.turnId)
  }
  return kept
}
