import { termsOf } from '../../shared/ai/local/terms.ts'
import type { MessageText } from './summary-input.ts'

/**
 * Owns which messages are worth quoting whole, without a model. Greedy: the message that adds the most for what it takes comes next, and what it said
 * counts less in the others. `npm run bench -- compaction FILE` measures what that keeps, beside the newest messages alone.
 */

/** A term that is quoted already is worth so much of its first time. */
const REPEATED_WORTH = 0.5
/** Signs of importance and their weight, found on LoCoMo's dev conversations: times and own doings are what is asked for later. */
const SIGNS: readonly (readonly [RegExp, number])[] = [
  [/\?\s*$/, 0.5],
  [/\b(?:I|my|we|our|me)\b/i, 1.2],
  [/\d/, 1.15],
  [
    /\b(?:yesterday|last|week|month|year|ago|tomorrow|next|today|since|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b/i,
    1.5,
  ],
  [/\b(?:decided?|agreed?|must|never|always|prefer|deadline|important|remember)\b/i, 1.2],
]
/** Whoever asks is to be answered: what users say weighs more than what agents do. */
const ROLE_WEIGHT: Record<string, number> = { user: 1.2, assistant: 1, tool: 0.3, system: 0.5 }

type Candidate = { readonly text: MessageText; readonly terms: readonly string[]; readonly weight: number }

/** The messages that fit in so many tokens, the most worth quoting first. */
export function rankQuotes(messages: readonly MessageText[], roomTokens: number): MessageText[] {
  const candidates = messages
    .filter(({ isWhole, text, tokens }) => isWhole && text.trim() !== '' && tokens <= roomTokens)
    .map((text): Candidate => ({ text, terms: [...new Set(termsOf(text.text))], weight: weightOf(text) }))
  const frequency = new Map<string, number>()
  for (const { terms } of candidates) for (const term of terms) frequency.set(term, (frequency.get(term) ?? 0) + 1)
  const worth = (term: string) => Math.log((candidates.length + 1) / ((frequency.get(term) ?? 0) + 0.5))
  const quoted = new Set<string>()
  const scoreOf = ({ terms, weight, text }: Candidate) => {
    const sum = terms.reduce((total, term) => total + worth(term) * (quoted.has(term) ? REPEATED_WORTH : 1), 0)
    return (sum * weight) / text.tokens
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

function weightOf({ text, role }: MessageText): number {
  return SIGNS.reduce((weight, [sign, by]) => (sign.test(text) ? weight * by : weight), ROLE_WEIGHT[role] ?? 1)
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
