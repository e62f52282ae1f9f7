/** Some 40 MB at most, of what the embedder keeps. */
const MAX_KNOWN_WORDS = 50_000

/** A function of one word that keeps what it answered: words come again and again, in code above all. When it knows too many it begins anew. */
export function perWord<Answer extends object | string>(answerFor: (word: string) => Answer): (word: string) => Answer {
  const known = new Map<string, Answer>()
  return (word) => {
    const kept = known.get(word)
    if (kept !== undefined) return kept
    if (known.size >= MAX_KNOWN_WORDS) known.clear()
    const answer = answerFor(word)
    known.set(word, answer)
    return answer
  }
}
