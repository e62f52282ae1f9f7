import { type CountTokens, emptyQuestionTokens, MAX_OVERHEAD_TOKENS } from '../facts/question-bounds.ts'
import { type ReconcileFactsInput, reconcileFacts, type Statement, statementLine } from './reconcile-facts.ts'

/**
 * Owns how many pairs of facts go into one question for a model. Guarantees, whatever facts say: beside the facts' own words a question has at most
 * `MAX_OVERHEAD_TOKENS`, and room for its whole answer. A pair that fits into none is left over.
 */

export type StatedPair = { readonly fact: Statement; readonly memory: Statement }

/** The words of facts; those of a single fact and its candidates may be more. */
const MAX_SAID_TOKENS = 4_000
/** A decision has some 20 tokens, and an answer 4,000. */
const MAX_PAIRS = 150

/** For the numbers in a line: up to three digits are one token. */
const ANY_NUMBER = 999

/** The pairs as a question, in which each statement stands once. */
export function questionOf(pairs: readonly StatedPair[]): ReconcileFactsInput {
  const memories = [...new Set(pairs.map(({ memory }) => memory))]
  const places = new Map(memories.map((memory, place) => [memory, place]))
  const facts = [...Map.groupBy(pairs, ({ fact }) => fact)].map(([statement, of]) => ({
    ...statement,
    candidates: of.map(({ memory }) => places.get(memory) as number),
  }))
  return { facts, memories }
}

/** Cuts pairs into questions. They come fact by fact, and of each fact the likeliest first: those are asked about if not all can be. */
export function cutQuestions<Pair extends StatedPair>(
  pairs: readonly Pair[],
  countTokens: CountTokens,
): { readonly questions: readonly (readonly Pair[])[]; readonly left: readonly Pair[] } {
  const empty = emptyQuestion<Pair>(countTokens)
  const questions: Question<Pair>[] = []
  const left: Pair[] = []
  for (const ofFact of Map.groupBy(pairs, ({ fact }) => fact).values()) {
    let kept: readonly Pair[] = ofFact
    while (kept.length > 0 && withPairs(empty, kept, countTokens).overhead > MAX_OVERHEAD_TOKENS)
      kept = kept.slice(0, -1)
    left.push(...ofFact.slice(kept.length))
    if (kept.length === 0) continue
    const last = questions.at(-1)
    const longer = last && withPairs(last, kept, countTokens)
    if (longer && isWithin(longer)) questions[questions.length - 1] = longer
    else questions.push(withPairs(empty, kept, countTokens))
  }
  return { questions: questions.map((question) => question.pairs), left }
}

type Question<Pair> = {
  readonly pairs: readonly Pair[]
  readonly memories: ReadonlySet<Statement>
  readonly overhead: number
  readonly said: number
}

function isWithin({ pairs, overhead, said }: Question<unknown>): boolean {
  return overhead <= MAX_OVERHEAD_TOKENS && said <= MAX_SAID_TOKENS && pairs.length <= MAX_PAIRS
}

function emptyQuestion<Pair>(countTokens: CountTokens): Question<Pair> {
  const overhead = emptyQuestionTokens(reconcileFacts, { facts: [], memories: [] }, countTokens)
  return { pairs: [], memories: new Set(), overhead, said: 0 }
}

/** A question with another fact and its candidates. */
function withPairs<Pair extends StatedPair>(
  question: Question<Pair>,
  added: readonly Pair[],
  countTokens: CountTokens,
): Question<Pair> {
  const memories = new Set(question.memories)
  let { overhead, said } = question
  const add = (line: string, { fact }: Statement) => {
    const words = countTokens(fact)
    said += words
    overhead += countTokens(`${line}\n`) - words
  }
  for (const { memory } of added) {
    if (memories.has(memory)) continue
    memories.add(memory)
    add(statementLine('memory', ANY_NUMBER, memory), memory)
  }
  const [first] = added
  const candidates = added.map(() => ANY_NUMBER)
  if (first) add(statementLine('fact', ANY_NUMBER, { ...first.fact, candidates }), first.fact)
  return { pairs: [...question.pairs, ...added], memories, overhead, said }
}
