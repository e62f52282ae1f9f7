import { statesSecret } from '../../../shared/redact/states-secret.ts'
import { dayNamed } from '../facts/fact-dates.ts'
import {
  type ExtractedFact,
  type ExtractFactsInput,
  type ExtractFactsOutput,
  MAX_FACTS,
  type TurnText,
} from '../facts/facts.ts'
import { isInstructionLike } from '../facts/instruction-like.ts'
import { attributeIn } from './fact-attributes.ts'
import { sentencesOf } from './fact-sentences.ts'
import { importanceOf, kindOf, MIN_SCORE, pointsBack, scoreOf } from './fact-signals.ts'
import { speakerName, statementOf, wordFact } from './fact-wording.ts'

/**
 * Owns the offline extractor: rules and extractive ranking over sentences, no model and no claim to be one.
 * Guarantees: deterministic; every quote is a substring of its turn; no secrets; orders to models are given as such, to be held; bounded time on any text.
 */

/** A chat message gives one or two facts; a long one another for every so many characters. */
const CHARS_PER_FACT = 100
const MAX_FACTS_PER_TURN = 8

type Candidate = { readonly fact: ExtractedFact; readonly score: number }

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
  const byFact = new Map<string, Candidate>()
  for (const quote of sentencesOf(turn.text)) {
    if (statesSecret(quote) || quote.includes('[redacted ')) continue
    const candidate = candidateOf(turn, quote)
    if (candidate && !byFact.has(candidate.fact.fact)) byFact.set(candidate.fact.fact, candidate)
  }
  return [...byFact.values()]
}

function candidateOf(turn: TurnText, quote: string): Candidate | undefined {
  const speaker = speakerName(turn.speaker, turn.role)
  const statement = statementOf(quote)
  const isOrder = isInstructionLike(quote)
  const stated = isOrder ? undefined : attributeIn(statement)
  // What states a property is worth keeping however little else it says; a question states none.
  const signals = scoreOf(statement, turn.role)
  const score = isOrder || (stated && signals > 0) ? Math.max(signals, MIN_SCORE) : signals
  if (score < MIN_SCORE || (!isOrder && pointsBack(statement))) return undefined
  const kind = kindOf(statement)
  const fact = {
    fact: wordFact(statement, speaker, turn.at),
    kind,
    subject: stated?.subject ?? speaker,
    attribute: stated?.attribute ?? null,
    importance: importanceOf(statement, kind, score),
    when: dayNamed(statement, turn.at) ?? null,
    quote,
    turn: turn.turn,
  }
  return { fact, score }
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
