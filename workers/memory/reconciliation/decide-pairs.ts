import { addUsage, NO_USAGE } from '../../../shared/ai/model-provider.ts'
import { loadTokenCounter } from '../../../shared/ai/tokens/token-count.ts'
import { isAfterturnError } from '../../../shared/errors.ts'
import type { NewMemory } from '../../../shared/store/memories/memories.ts'
import { answerOnce, type CachedUsage } from '../extraction/checkpointed-answer.ts'
import { isoDay } from '../facts/dates/fact-dates.ts'
import type { MemoryServices } from '../memory-services.ts'
import type { ComparedFact, Relation } from './reconcile.ts'
import { type ReconcileFactsOutput, reconcileFacts } from './reconcile-facts.ts'
import { cutQuestions, questionOf, type StatedPair } from './reconcile-questions.ts'

/**
 * Owns how a model decides what no hash and no cosine can. Guarantees: only pairs that were asked about are answered; what a model leaves out, or
 * answers in two ways, changes nothing; where its answer is none, or a pair fits into no question, the rules decide.
 */

/** A new fact, by its place, and a memory or a fact that it may concern. */
export type Pair = { readonly fact: number; readonly other: ComparedFact }
type DecidedPair = Pair & { readonly relation: Relation }

type Undecided = {
  readonly orgId: string
  /** In the order of their facts, the likeliest of a fact first. */
  readonly pairs: readonly Pair[]
  readonly facts: readonly NewMemory[]
  /** Row ids of the turns that the facts come from. */
  readonly turns: readonly number[]
  readonly signal: AbortSignal
}
type AskedPair = StatedPair & { readonly pair: Pair }

/** Decides pairs, in as few questions as their bounds allow. Throws what the provider throws, but for an answer that is none. */
export async function decidePairs(
  services: Pick<MemoryServices, 'database' | 'provider' | 'completer' | 'clock'>,
  { orgId, pairs, facts, turns, signal }: Undecided,
): Promise<{ readonly decided: readonly DecidedPair[]; readonly usage: CachedUsage }> {
  const { questions, left } = await questionsFor(services, statedPairs(pairs, facts))
  const decided = decisionsOn(left, reconcileFacts.rules(questionOf(left)))
  let [usage, cacheHits] = [NO_USAGE, 0]
  for (const asked of questions) {
    const input = questionOf(asked)
    // Decisions hold numbers and no words.
    const clean = (output: ReconcileFactsOutput) => output
    const answer = await answerOnce(services, { orgId, task: reconcileFacts, input, turns, clean, signal }).catch(
      (error) => {
        if (!isAfterturnError(error) || error.code !== 'MODEL_OUTPUT_INVALID') throw error
        return { output: reconcileFacts.rules(input), usage: NO_USAGE, cacheHits: 0 }
      },
    )
    decided.push(...decisionsOn(asked, answer.output))
    usage = addUsage(usage, answer.usage)
    cacheHits += answer.cacheHits
  }
  return { decided, usage: { usage, cacheHits } }
}

/** The rules read no prompt: nothing bounds what they are asked at once. */
async function questionsFor({ provider }: Pick<MemoryServices, 'provider'>, pairs: readonly AskedPair[]) {
  if (pairs.length === 0) return { questions: [], left: [] }
  if (!provider.readsPrompts) return { questions: [], left: pairs }
  return cutQuestions(pairs, await loadTokenCounter('cl100k'))
}

/** The same fact or memory is the same object: that is how a question knows to name it once. */
function statedPairs(pairs: readonly Pair[], facts: readonly NewMemory[]): AskedPair[] {
  const statements = new Map<unknown, StatedPair['fact']>()
  const statementOf = (of: NewMemory | ComparedFact) => {
    const { fact, subject, subjectKey, attribute, observedAt } = of
    const statement = statements.get(of) ?? { fact, subject, subjectKey, attribute, said: isoDay(observedAt) ?? '' }
    statements.set(of, statement)
    return statement
  }
  return pairs.map((pair) => ({
    pair,
    fact: statementOf(facts[pair.fact] as NewMemory),
    memory: statementOf(pair.other),
  }))
}

function decisionsOn(asked: readonly AskedPair[], { decisions }: ReconcileFactsOutput): DecidedPair[] {
  const answers = Map.groupBy(decisions, ({ fact, memory }) => `${fact} ${memory}`)
  // As the question numbers them: by first mention.
  const factPlaces = placesOf(asked.map(({ fact }) => fact))
  const memoryPlaces = placesOf(asked.map(({ memory }) => memory))
  return asked.flatMap(({ pair, fact, memory }) => {
    const [first, ...others] = answers.get(`${factPlaces.get(fact)} ${memoryPlaces.get(memory)}`) ?? []
    const isClear = others.every(({ relation }) => relation === first?.relation)
    return first && isClear && first.relation !== 'unrelated' ? [{ ...pair, relation: first.relation }] : []
  })
}

function placesOf<T>(mentioned: readonly T[]): ReadonlyMap<T, number> {
  return new Map([...new Set(mentioned)].map((one, place) => [one, place]))
}
