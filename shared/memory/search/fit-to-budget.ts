import { countTokens } from '../../ai/tokens/token-count.ts'

type FoundMemory = {
  readonly id: number
  readonly fact: string
  readonly sources: readonly { readonly workstreamId: string; readonly turnId: string }[]
}
type FoundTurn = { readonly workstreamId: string; readonly turnId: string; readonly text: string }
type Place = { readonly workstreamId: string; readonly turnId: string }
export type SpendingOrder<M, T> = readonly ({ readonly memory: M } | { readonly turn: T })[]

/** Of so many turns, one memory beside those that stand for turns. */
const TURNS_PER_MEMORY = 2

/**
 * Hits in the order in which a budget is spent: turns by rank, each replaced by the best memory that was drawn from it where there is one, since the
 * fact says it shorter; other memories between them. Of LoCoMo's evidence .88 instead of .86 fits into 1,000 tokens that way.
 */
export function spendingOrder<M extends FoundMemory, T extends FoundTurn>(
  memories: readonly M[],
  turns: readonly T[],
): SpendingOrder<M, T> {
  const memoryOf = new Map<string, M>()
  for (const memory of memories)
    for (const source of memory.sources) {
      const key = placeKey(source)
      if (!memoryOf.has(key)) memoryOf.set(key, memory)
    }
  const others = memories.values()
  const order: ({ memory: M } | { turn: T })[] = []
  const add = (memory: M | undefined) => memory && order.push({ memory })
  if (turns.length === 0 || memories[0]?.sources.length === 0) add(others.next().value)
  turns.forEach((turn, at) => {
    const memory = memoryOf.get(placeKey(turn))
    if (memory && memory.fact.length < turn.text.length) add(memory)
    else order.push({ turn })
    if (at % TURNS_PER_MEMORY === TURNS_PER_MEMORY - 1) add(others.next().value)
  })
  return [...order, ...[...others].map((memory) => ({ memory }))]
}

/** Says which hits add something to those that were chosen: each memory once, and no turn that a chosen memory was drawn from. */
export function createNovelty() {
  const memories = new Set<number>()
  const places = new Set<string>()
  return {
    isNew: (hit: { memory: FoundMemory } | { turn: FoundTurn }): boolean =>
      'turn' in hit ? !places.has(placeKey(hit.turn)) : !memories.has(hit.memory.id),
    choose(hit: { memory: FoundMemory } | { turn: FoundTurn }): void {
      if ('turn' in hit) return void places.add(placeKey(hit.turn))
      memories.add(hit.memory.id)
      for (const source of hit.memory.sources) places.add(placeKey(source))
    },
  }
}

/** What of a search fits into a number of tokens: whole hits; one that is too long makes room for the next. Lists keep their order. */
export async function fitToBudget<M extends FoundMemory, T extends FoundTurn>(
  found: { readonly memories: readonly M[]; readonly turns: readonly T[] },
  budgetTokens: number | undefined,
): Promise<typeof found> {
  if (budgetTokens === undefined) return found
  const novelty = createNovelty()
  const chosen = new Set<M | T>()
  let left = budgetTokens
  for (const hit of spendingOrder(found.memories, found.turns)) {
    const text = 'memory' in hit ? hit.memory.fact : hit.turn.text
    // A token has a few bytes: what is far too long need not be counted.
    if (!novelty.isNew(hit) || Buffer.byteLength(text) > left * MAX_BYTES_PER_TOKEN) continue
    const tokens = await countTokens(text)
    if (tokens > left) continue
    left -= tokens
    novelty.choose(hit)
    chosen.add('memory' in hit ? hit.memory : hit.turn)
  }
  return {
    memories: found.memories.filter((memory) => chosen.has(memory)),
    turns: found.turns.filter((turn) => chosen.has(turn)),
  }
}

/** The longest token of cl100k is 128 spaces. */
const MAX_BYTES_PER_TOKEN = 128

function placeKey({ workstreamId, turnId }: Place): string {
  return JSON.stringify([workstreamId, turnId])
}
