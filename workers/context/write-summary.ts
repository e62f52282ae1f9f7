import { createHash } from 'node:crypto'
import type { ModelUsage } from '../../shared/ai/model-provider.ts'
import { REPLY_TOKENS } from '../../shared/ai/tokens/message-tokens.ts'
import type { CachedCallOptions } from '../../shared/cache/engine/result-cache.ts'
import { sumOf } from '../../shared/context/load-context.ts'
import { QUOTES_HEADING, type Quote, type Summary } from '../../shared/context/summary.ts'
import { coveredBy, summaryMessage } from '../../shared/context/summary-message.ts'
import { createTokenCounter, type TokenCounter } from '../../shared/context/token-counter.ts'
import type { Compaction } from '../../shared/store/conversations/compactions.ts'
import type { ContextWorkServices } from './context-services.ts'
import { pinnedIdentifiers } from './identifiers.ts'
import { textsOf } from './message-texts.ts'
import type { FoldPlan } from './plan-compaction.ts'
import { provenInstructions } from './standing-instructions.ts'
import { summariseMessages } from './summarise-messages.ts'
import { faultOfSummary, MIN_SAVED_SHARE } from './summary-guard.ts'
import type { SECTION_NAMES, SummaryInput, SummaryOutput } from './summary-input.ts'

/** Owns one try at a summary: what the task is given, its answer, and the guard's verdict. Holds no lock and no transaction. */

export type SummaryTry = {
  readonly summary: Summary
  readonly summaryTokens: number
  readonly usage: ModelUsage
  readonly isCached: boolean
  readonly inputHash: Buffer
  /** Why it must not be used; undefined when it may. */
  readonly fault: string | undefined
  /** What we count of the question, over what the provider counted; undefined when it did not say. */
  readonly countRatio: number | undefined
}

/** A model's summary takes at most so much of its room: it is paid for again in each later call. */
const MODEL_SHARE = 0.5

/** Asks for a summary of what a plan folds. Throws what the provider throws. */
export async function writeSummary(
  { config, completer, provider }: Pick<ContextWorkServices, 'config' | 'completer' | 'provider'>,
  orgId: string,
  { previous, plan, rejected }: { previous: Compaction | undefined; plan: FoldPlan; rejected: string | undefined },
  options: CachedCallOptions,
): Promise<SummaryTry> {
  const { counter } = plan.showing
  const old = previous?.summary as Summary | undefined
  const isByRules = !provider.readsPrompts
  const replacedTokens = plan.foldedTokens + (previous?.summaryTokens ?? 0)
  const maxTokens = Math.floor(
    Math.min(plan.maxSummaryTokens * (isByRules ? 1 : MODEL_SHARE), replacedTokens * (1 - MIN_SAVED_SHARE)),
  )
  const { texts, quotes } = textsOf(plan, old?.quotes ?? [], config.compactionInputTokens)
  const identifiers = pinnedIdentifiers(texts, old?.identifiers ?? [])
  const input: SummaryInput = {
    previous: old && { goal: old.goal, ...sectionsOf(old) },
    messages: texts,
    identifiers,
    quoteTokens: maxTokens,
    rejected,
  }
  const { output, usage, isCached } = await completer.complete(orgId, summariseMessages, input, options)

  const covered = coveredBy(
    { compaction: { cut: plan.cut, totalMessages: (previous?.totalMessages ?? 0) + plan.messages.length } },
    plan.pins,
  )
  if (!covered) throw new Error('Expected a plan that folds messages, got none.')
  const sections = sectionsOf(output)
  const instructions = provenInstructions(sections.instructions ?? [], texts, old?.instructions)
  const told: Summary = { goal: output.goal, ...sections, instructions, identifiers, quotes: [] }
  const tokensOf = (summary: Summary) => {
    const asCounted: TokenCounter = { ...counter, isAsRecorded: false }
    return summaryMessage({ summary, summaryTokens: 0 }, covered, Number.POSITIVE_INFINITY, asCounted)?.tokens ?? 0
  }
  const headingTokens = counter.text(`${QUOTES_HEADING}\n`)
  const summary = { ...told, quotes: fittingQuotes(output, quotes, maxTokens - tokensOf(told) - headingTokens) }
  const summaryTokens = tokensOf(summary)
  return {
    summary,
    summaryTokens,
    usage,
    isCached,
    inputHash: createHash('sha256')
      .update(JSON.stringify([summariseMessages.name, summariseMessages.version, previous?.id ?? 0, plan.cut, texts]))
      .digest(),
    fault: faultOfSummary({ summary, identifiers, summaryTokens, replacedTokens, isQuoting: isByRules }),
    countRatio:
      usage.inputTokens > 0 ? (await countOf(input, provider.completionModel)) / usage.inputTokens : undefined,
  }
}

/** Those that the answer names, in its order, as far as they fit; a number that names nothing quotable is passed over. */
function fittingQuotes({ keep }: SummaryOutput, quotes: ReadonlyMap<number, Quote>, roomTokens: number): Quote[] {
  let left = roomTokens
  return [...new Set(keep)].flatMap((number) => {
    const quote = quotes.get(number)
    if (!quote || quote.tokens > left) return []
    left -= quote.tokens
    return [quote]
  })
}

function sectionsOf(
  from: Pick<Summary, (typeof SECTION_NAMES)[number]>,
): Pick<Summary, (typeof SECTION_NAMES)[number]> {
  const { instructions = [], openTasks, decisions, facts, errors, files, lookups } = from
  return { instructions, openTasks, decisions, facts, errors, files, lookups }
}

/** As the model that was asked counts, as far as that is known. */
async function countOf(input: SummaryInput, model: string): Promise<number> {
  const counter = await createTokenCounter(model)
  return REPLY_TOKENS + sumOf(summariseMessages.prompt(input), (message) => counter.message(message))
}
