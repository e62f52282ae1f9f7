import type { MemoryKind } from '../../../shared/memory/memory-kinds.ts'
import { statesSecret } from '../../../shared/redact/states-secret.ts'
import { wallClock } from '../../../shared/time-zone.ts'
import { besideProperty } from '../facts/beside-property.ts'
import { dayNamed, isoDay } from '../facts/dates/fact-dates.ts'
import { isOneOffArranged } from '../facts/dates/one-off-events.ts'
import { isToldLater } from '../facts/dates/told-later.ts'
import {
  type ExtractedFact,
  type ExtractFactsInput,
  type ExtractFactsOutput,
  MAX_FACTS,
  type TurnText,
} from '../facts/facts.ts'
import { isInstructionLike } from '../facts/injection/prompt-injection.ts'
import { naturalLanguageOf } from '../facts/natural-language.ts'
import { OWN, saysNoLonger } from '../reconciliation/no-longer.ts'
import { isAtHand } from './at-hand.ts'
import { withCapitals } from './capitals.ts'
import { saysWhatChanged } from './changes-told.ts'
import { correctedFact } from './corrections.ts'
import { attributeIn } from './fact-attributes.ts'
import { type Sentence, sentencesOf } from './fact-sentences.ts'
import {
  importanceOf,
  isVital,
  MIN_SCORE,
  MIN_STATED_SCORE,
  memoryKindOf,
  pointsBack,
  scoreOf,
} from './fact-signals.ts'
import { quoteFact, speakerName, statementOf, withApostrophes, withContractions, wordFact } from './fact-wording.ts'
import { besideRequest } from './forget-requests.ts'
import { hasSignalWords, MIN_RANK, rankSentence, saysAge, saysWhoHolds } from './sentence-ranker.ts'
import { speakerPlaceIn } from './speaker-place.ts'
import { splitSentence } from './split-sentence.ts'
import { isEncouragement, isStandingOrder } from './standing-orders.ts'

/**
 * The offline extractor: rules and extractive ranking over sentences, no model and no claim to be one. English is worded, other languages are quoted.
 * Guarantees: deterministic; every quote is a substring of its turn; no secrets; orders to models are given as such, to be held; bounded time on any text.
 */

/** The best of a turn; none is left out for being near another. */
const MAX_FACTS_PER_TURN = 8

type Candidate = { readonly fact: ExtractedFact; readonly score: number }

/** The facts of some turns, in the order in which they were said. System prompts and tool output are not read. */
export function factsByRules(input: ExtractFactsInput): ExtractFactsOutput {
  const candidates = input.turns.flatMap((turn) => best(candidatesOf(turn), MAX_FACTS_PER_TURN))
  return { facts: best(candidates, MAX_FACTS).map(({ fact }) => fact) }
}

function candidatesOf(turn: TurnText): Candidate[] {
  if (turn.role === 'system' || turn.role === 'tool') return []
  const byFact = new Map<string, Candidate>()
  const sentences = sentencesOf(turn.text, turn.speaker)
  const ofTurn = naturalLanguageOf(turn.text)
  let last: Stated | undefined
  let from = 0
  for (const whole of sentences) {
    const start = turn.text.indexOf(whole.text, from)
    from = start + whole.text.length
    const before = last
    last = undefined
    const sentence = beside(whole)
    if (sentence.text === '' || statesSecret(sentence.text) || sentence.text.includes('[redacted ')) continue
    const corrected = before && correctedBy(turn, before, { start, text: whole.text, own: sentence.own })
    if (before && corrected) {
      for (const { fact } of before.candidates) byFact.delete(fact.fact)
      for (const one of corrected.candidates) byFact.set(one.fact.fact, one)
      last = corrected
      continue
    }
    const language = languageOf(sentence.text) ?? ofTurn ?? 'en'
    const candidates: Candidate[] = []
    for (const part of language === 'en' ? splitSentence(sentence, turn.role, saidAt(turn)) : [sentence]) {
      const candidate = candidateOf(turn, part, language)
      if (!candidate) continue
      candidates.push(candidate)
      if (!byFact.has(candidate.fact.fact)) byFact.set(candidate.fact.fact, candidate)
    }
    last = { start, text: whole.text, candidates }
  }
  return [...byFact.values()]
}

/** A sentence of a message, from where it starts, and what it states. */
type Stated = { readonly start: number; readonly text: string; readonly candidates: readonly Candidate[] }

/** A sentence with the one right behind it, if that corrects one of its facts; the quote is both. */
function correctedBy(
  turn: TurnText,
  { start, text, candidates }: Stated,
  next: { readonly start: number; readonly text: string; readonly own: string },
): Stated | undefined {
  const quote = turn.text.slice(start, next.start + next.text.length)
  const isNext = turn.text.slice(start + text.length, next.start).trim() === ''
  // What stands beside a property is kept in the words of its sentence.
  const isWhole = besideProperty(text, languageOf(text) ?? 'en') === undefined
  if (turn.role !== 'user' || !isNext || !isWhole || next.own !== next.text || quote.length > MAX_CORRECTED_CHARS)
    return undefined
  const whole = candidates.map((one): Candidate => {
    const fact = correctedFact(one.fact, text, next.text)
    return fact === undefined ? one : { ...one, fact: { ...one.fact, fact, when: null, quote } }
  })
  const count = whole.filter((one) => !candidates.includes(one)).length
  return count === 1 ? { start, text: quote, candidates: whole } : undefined
}

const MAX_CORRECTED_CHARS = 1_000

/** Typed in a hurry, English is taken for its neighbours. */
function languageOf(sentence: string): string | undefined {
  const text = withContractions(sentence)
  return ENGLISH_DENIAL.test(text) ? 'en' : naturalLanguageOf(text)
}
const ENGLISH_DENIAL = /(?<!\p{L})(?:do|does|did|is|was|ca|wo|are|have|has)n['’]t(?!\p{L})/iu

function candidateOf(turn: TurnText, sentence: Sentence, language: string): Candidate | undefined {
  if (isInstructionLike(sentence.text)) return candidate(turn, sentence, { score: MIN_SCORE, kind: 'fact' })
  if (sentence.own === '') return undefined
  const statement = language === 'en' ? withApostrophes(statementIn(sentence)) : statementIn(sentence)
  if (isEncouragement(statement)) return undefined
  const isOrder = turn.role === 'user' && isStandingOrder(statement, language)
  if (isOrder) return candidate(turn, sentence, { score: ORDER_SCORE, kind: 'instruction' })
  if (turn.role === 'user' && saysAge(statementIn(sentence)))
    return candidate(turn, sentence, { score: AGE_SCORE, kind: 'fact' })
  const found =
    language !== 'en' && hasSignalWords(language)
      ? rankedCandidate(turn, sentence, language)
      : englishCandidate(turn, sentence)
  if (found || turn.role !== 'user') return found
  const isOver = OWN.test(statement) && saysNoLonger(statement) && !isAtHand(statement)
  if (!isOver && !saysWhatChanged(statementIn(sentence))) return undefined
  return candidate(turn, sentence, { score: MIN_SCORE, kind: 'event' })
}

const ORDER_SCORE = 3
const AGE_SCORE = 2
const ORDER_IMPORTANCE = 0.8
const VITAL_IMPORTANCE = 0.9

type Found = Pick<Candidate, 'score'> & Pick<ExtractedFact, 'kind'> & Partial<ExtractedFact>

/** Quoted, unless `found` says how it is worded. */
function candidate(turn: TurnText, { text, own }: Sentence, { score, ...found }: Found): Candidate {
  const at = saidAt(turn)
  const speaker = speakerName(turn.speaker, turn.role)
  const fact = {
    fact: quoteFact(statementOf(text), speaker, at),
    subject: speaker,
    attribute: null,
    importance: found.kind === 'instruction' ? ORDER_IMPORTANCE : importanceOf(text, found.kind, score),
    when: dayNamed(own, at) ?? null,
    quote: text,
    turn: turn.turn,
    ...found,
  }
  return { fact, score }
}

/** An assistant repeats and offers; what it says in other languages is not told from that. */
function rankedCandidate(turn: TurnText, sentence: Sentence, language: string): Candidate | undefined {
  const ranked = turn.role === 'assistant' ? undefined : rankSentence(sentence.own, language)
  if (!ranked || ranked.score < MIN_RANK) return undefined
  const { kind } = ranked
  const score = ranked.isVital ? ranked.score + MAX_FACTS_PER_TURN : ranked.score
  const stated = sentence.isCut ? undefined : speakerPlaceIn(statementOf(sentence.text))
  return candidate(turn, sentence, {
    score,
    kind,
    attribute: stated?.attribute ?? null,
    ...(ranked.isVital && { importance: VITAL_IMPORTANCE }),
  })
}

function englishCandidate(turn: TurnText, sentence: Sentence): Candidate | undefined {
  const at = saidAt(turn)
  const statement = withCapitals(withApostrophes(statementIn(sentence)))
  const isNow = !sentence.isCut && !isToldLater(statement, at)
  const stated = isNow ? attributeIn(statement) : undefined
  // What states a property is worth keeping however little else it says; a question states none.
  const signals = scoreOf(statement, turn.role)
  const score = stated && signals >= MIN_STATED_SCORE ? Math.max(signals, MIN_SCORE) : signals
  if (pointsBack(statement)) return undefined
  if (score < MIN_SCORE)
    return turn.role === 'user' && score >= 0 && saysWhoHolds(statement)
      ? candidate(turn, sentence, { score: MIN_SCORE, kind: 'fact' })
      : undefined
  const speaker = speakerName(turn.speaker, turn.role)
  const isDated = stated?.attribute === 'date' || isOneOffArranged(statement)
  const kind = kindOf(memoryKindOf(statement), isDated && (dayNamed(statement, at) ?? '') > (isoDay(at) ?? ''))
  return candidate(turn, sentence, {
    score: isVital(statement) ? score + MAX_FACTS_PER_TURN : score,
    kind,
    fact: wordFact(withCapitals(withApostrophes(statementIn(sentence, sentence.text))), speaker, at),
    subject: stated?.subject ?? speaker,
    attribute: stated?.attribute ?? null,
    importance: importanceOf(statement, kind, score),
  })
}

/** A thing arranged for a day ahead is an event, whoever it is with: it ends with its day, and can be called off. */
function kindOf(kind: MemoryKind, isArranged: boolean): MemoryKind {
  return isArranged && ['fact', 'relationship', 'decision'].includes(kind) ? 'event' : kind
}

/** What it says beside a wish to forget. */
function beside(sentence: Sentence): Sentence {
  const text = besideRequest(sentence.text)
  return text === sentence.text ? sentence : { ...sentence, text, own: besideRequest(sentence.own) }
}

function statementIn({ own, subject }: Sentence, text = own): string {
  return subject === undefined ? statementOf(text) : `${subject} ${text}`
}

function saidAt({ at, timeZone }: TurnText): Date {
  return wallClock(at, timeZone ?? 'UTC')
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
