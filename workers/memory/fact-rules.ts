import { statesSecret } from '../../shared/redact/states-secret.ts'
import { sentencesOf } from './fact-sentences.ts'
import { kindOf, MIN_SCORE, scoreOf } from './fact-signals.ts'
import { speakerName, statementOf, wordFact } from './fact-wording.ts'
import type { ExtractFactsInput, ExtractFactsOutput, TurnText } from './facts.ts'
import { isInstructionLike } from './instruction-like.ts'

/**
 * Owns the offline extractor: rules and extractive ranking over sentences, no model and no claim to be one.
 * Guarantees: deterministic; every quote is a substring of its turn; no secrets and no orders to models; bounded time on any text.
 */

/** The output's schema allows no more; of a larger batch the best are kept. */
const MAX_FACTS = 200
/** A chat message gives one or two facts; a long one another for every so many characters. */
const CHARS_PER_FACT = 100
const MAX_FACTS_PER_TURN = 8

type Fact = ExtractFactsOutput['facts'][number]
type Candidate = { readonly fact: Fact; readonly score: number }

/** The facts of some turns, in the order in which they were said. System prompts and tool output are not read. */
export function factsByRules(input: ExtractFactsInput): ExtractFactsOutput {
  const candidates = input.turns.flatMap((turn) => best(candidatesOf(turn), factsAllowed(turn.text)))
  return { facts: best(candidates, MAX_FACTS).map(({ fact }) => fact) }
}

function factsAllowed(text: string): number {
  return Math.min(1 + Math.floor(text.length / CHARS_PER_FACT), MAX_FACTS_PER_TURN)
}

function candidatesOf(turn: TurnText): Candidate[] {
  if (turn.role === 'system' || turn.role === 'tool') return []
  const speaker = speakerName(turn.speaker, turn.role)
  const byFact = new Map<string, Candidate>()
  for (const quote of sentencesOf(turn.text)) {
    if (statesSecret(quote) || isInstructionLike(quote)) continue
    const statement = statementOf(quote)
    const score = scoreOf(statement, turn.role)
    if (score < MIN_SCORE) continue
    const fact = wordFact(statement, speaker, turn.at)
    if (!byFact.has(fact)) byFact.set(fact, { fact: { fact, kind: kindOf(statement), quote, turn: turn.turn }, score })
  }
  return [...byFact.values()]
}

/** The best `count` in their order; of equals the earlier. */
function best(candidates: readonly Candidate[], count: number): Candidate[] {
  if (candidates.length <= count) return [...candidates]
  const ranked = candidates.map((candidate, index) => ({ candidate, index }))
  ranked.sort((a, b) => b.candidate.score - a.candidate.score || a.index - b.index)
  return ranked
    .slice(0, count)
    .sort((a, b) => a.index - b.index)
    .map(({ candidate }) => candidate)
}
