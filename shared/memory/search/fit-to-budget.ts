import { countTokens } from '../../ai/token-count.ts'

/** Hits in the order in which a budget is spent: the best memory, the best turn, the second memory, and so on. */
export function inTurns<A, B>(memories: readonly A[], turns: readonly B[]): ({ memory: A } | { turn: B })[] {
  return Array.from({ length: Math.max(memories.length, turns.length) }, (_, index) => {
    const memory = memories[index]
    const turn = turns[index]
    return [...(memory === undefined ? [] : [{ memory }]), ...(turn === undefined ? [] : [{ turn }])]
  }).flat()
}

/** What of a search fits into a number of tokens, memories and turns by turns: whole hits; one that is too long makes room for the next. */
export async function fitToBudget<Memory extends { readonly fact: string }, Turn extends { readonly text: string }>(
  found: { readonly memories: readonly Memory[]; readonly turns: readonly Turn[] },
  budgetTokens: number | undefined,
): Promise<typeof found> {
  if (budgetTokens === undefined) return found
  const memories: Memory[] = []
  const turns: Turn[] = []
  let left = budgetTokens
  for (const hit of inTurns(found.memories, found.turns)) {
    const text = 'memory' in hit ? hit.memory.fact : hit.turn.text
    // A token has a few bytes: what is far too long need not be counted.
    if (Buffer.byteLength(text) > left * MAX_BYTES_PER_TOKEN) continue
    const tokens = await countTokens(text)
    if (tokens > left) continue
    left -= tokens
    if ('memory' in hit) memories.push(hit.memory)
    else turns.push(hit.turn)
  }
  return { memories, turns }
}

/** The longest token of cl100k is 128 spaces. */
const MAX_BYTES_PER_TOKEN = 128
