import { extractFacts, turnLine } from './extract-facts.ts'
import type { TurnText } from './facts.ts'
import { type CountTokens, emptyQuestionTokens, MAX_OVERHEAD_TOKENS } from './question-bounds.ts'
import { clipped, roughTokens } from './readable-text.ts'

/**
 * Owns how much of what was said goes into one question for a model. Guarantees, whatever people say and are called: a question has at most
 * `MAX_OVERHEAD_TOKENS` beside their words and `MAX_SAID_TOKENS` of these; each line is asked about once, in order, and is cut only where it
 * fits into no question alone.
 */

/** The words of a question. Batches hold some 3,000: this bounds one long message, and a turn of many. */
export const MAX_SAID_TOKENS = 5_000
/** Fewer make no sense of what was said. */
export const MIN_SAID_TOKENS = 250
/** The part of a short context that is left for the answer. */
const ANSWER_SHARE = 0.3

/** The words that a question may have in a context of so many tokens, beside the org's own instructions. */
export function saidTokensWithin(contextTokens = Number.POSITIVE_INFINITY, instructionTokens = 0): number {
  const room = contextTokens * (1 - ANSWER_SHARE) - MAX_OVERHEAD_TOKENS - instructionTokens
  return Math.floor(Math.min(MAX_SAID_TOKENS, Math.max(MIN_SAID_TOKENS, room)))
}

type Question = { readonly lines: readonly TurnText[]; readonly overhead: number; readonly said: number }

/** Cuts the lines of a batch into questions: between turns, and within a turn only where it is too long for one. */
export function cutTurns(
  lines: readonly TurnText[],
  countTokens: CountTokens,
  maxSaidTokens = MAX_SAID_TOKENS,
): readonly (readonly TurnText[])[] {
  const overhead = emptyQuestionTokens(extractFacts, { turns: [] }, countTokens)
  const empty: Question = { lines: [], overhead, said: 0 }
  const questions: Question[] = []
  for (const ofTurn of Map.groupBy(lines, ({ turn }) => turn).values()) {
    const last = questions.at(-1)
    const longer = last && ofTurn.reduce(withLine, last)
    if (longer && isWithin(longer)) {
      questions[questions.length - 1] = longer
      continue
    }
    questions.push(empty)
    for (const line of ofTurn) {
      const next = withLine(questions.at(-1) as Question, line)
      if (isWithin(next)) questions[questions.length - 1] = next
      else questions.push(withLine(empty, fitted(line)))
    }
  }
  return questions.map((question) => question.lines).filter(({ length }) => length > 0)

  function withLine(question: Question, line: TurnText): Question {
    const words = countTokens(line.text)
    return {
      lines: [...question.lines, line],
      overhead: question.overhead + countTokens(`${turnLine(line, question.lines)}\n`) - words,
      said: question.said + words,
    }
  }

  /** Escapes may cost more than the words: nothing but counting tells how much of such a message fits. */
  function fitted(line: TurnText): TurnText {
    let text = line.text
    for (let tokens = roughTokens(text); !isWithin(withLine(empty, { ...line, text })) && tokens > 1; ) {
      tokens /= 2
      text = clipped(line.text, tokens)
    }
    return { ...line, text }
  }

  function isWithin({ overhead, said }: Question): boolean {
    return overhead <= MAX_OVERHEAD_TOKENS && said <= maxSaidTokens
  }
}
