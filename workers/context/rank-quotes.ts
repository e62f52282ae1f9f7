import { termsOf } from '../../shared/ai/local/terms.ts'
import type { MessageText } from './summary-input.ts'

/**
 * Owns which messages are worth quoting whole, without a model. Greedy: the message that adds the most for what it takes comes next, and what it said
 * counts less in the others. `npm run bench -- compaction FILE` measures what that keeps, beside the newest messages alone.
 */

/** A term that is quoted already is worth so much of its first time. */
const REPEATED_WORTH = 0.75
/** Of two messages whose words are worth the same by the token the shorter one comes first: more others fit beside it. */
const LENGTH_POWER = 1.2

type Candidate = { readonly text: MessageText; readonly terms: readonly string[] }

/** The messages that fit in so many tokens, the most worth quoting first. */
export function rankQuotes(messages: readonly MessageText[], roomTokens: number): MessageText[] {
  const candidates = messages
    .filter(({ isWhole, text, tokens }) => isWhole && text.trim() !== '' && tokens <= roomTokens)
    .map((text): Candidate => ({ text, terms: [...new Set(termsOf(text.text))] }))
  const frequency = new Map<string, number>()
  for (const { terms } of candidates) for (const term of terms) frequency.set(term, (frequency.get(term) ?? 0) + 1)
  const worth = (term: string) => Math.log((candidates.length + 1) / ((frequency.get(term) ?? 0) + 0.5))
  const quoted = new Set<string>()
  const scoreOf = ({ terms, text }: Candidate) => {
    const sum = terms.reduce((total, term) => total + worth(term) * (quoted.has(term) ? REPEATED_WORTH : 1), 0)
    return (sum * text.worth) / text.tokens ** LENGTH_POWER
  }
  // Scores only fall as more is quoted: one that is still the best after it was reckoned anew is the best of all.
  const queue = candidates.map((candidate) => ({ candidate, score: scoreOf(candidate) }))
  queue.sort((a, b) => a.score - b.score)
  const chosen: MessageText[] = []
  let left = roomTokens
  for (let best = queue.pop(); best; best = queue.pop()) {
    const { candidate } = best
    if (candidate.text.tokens > left || best.score <= 0) continue
    const score = scoreOf(candidate)
    const runnerUp = queue.at(-1)
    if (runnerUp && score < runnerUp.score) {
      queue.splice(placeIn(queue, score), 0, { candidate, score })
      continue
    }
    left -= candidate.text.tokens
    chosen.push(candidate.text)
    for (const term of candidate.terms) quoted.add(term)
  }
  return chosen
}

/** The first index whose score is higher. */
function placeIn(queue: readonly { readonly score: number }[], score: number): number {
  let low = 0
  let high = queue.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((queue[middle] as { score: number }).score <= score) low = middle + 1
    else high = middle
  }
  return low
}
