import { createHash } from 'node:crypto'
import { type ModelUsage, NO_USAGE } from '../../shared/ai/model-provider.ts'
import { cutToTokens, EMBEDDING_MAX_TOKENS } from '../../shared/ai/token-count.ts'
import { termsOf } from '../../shared/memory/terms.ts'
import { speakerOf, spokenMessages, turnText } from '../../shared/memory/turn-text.ts'
import type { NewMemory } from '../../shared/store/memories.ts'
import type { TurnRow } from '../../shared/store/turns.ts'
import { extractFacts } from './extract-facts.ts'
import type { ExtractFactsOutput, TurnText } from './facts.ts'
import type { MemoryServices } from './memory-services.ts'

/** Owns what happens to a batch before anything is written: the model's answer, checked, and the vectors. Holds no lock and no transaction. */

/** What search needs of an item, made before the transaction. */
type Searchable = { readonly terms: readonly string[]; readonly vector: Float32Array }

/** What was paid, and how many inputs did not have to be. */
type CachedUsage = { readonly usage: ModelUsage; readonly cacheHits: number }
const NOTHING_USED: CachedUsage = { usage: NO_USAGE, cacheHits: 0 }

export type ExtractedBatch = {
  /** One for each turn of the batch that has spoken text. */
  readonly turns: readonly (Searchable & { readonly kind: 'turn'; readonly item: number })[]
  readonly memories: readonly (NewMemory & Searchable)[]
  /** Facts that were dropped: their quote is not in their turn, or their text is none. */
  readonly unquoted: number
  readonly usage: { readonly extraction: CachedUsage; readonly embedding: CachedUsage }
}

/** Asks the model for facts and embeds facts and turns. Throws what the provider throws. */
export async function extractBatch(
  services: MemoryServices,
  orgId: string,
  batch: readonly TurnRow[],
  signal: AbortSignal,
): Promise<ExtractedBatch> {
  const spoken = batch
    .map((turn) => ({ turn, messages: spokenMessages(turn.messages) }))
    .filter(({ messages }) => messages.length > 0)
  if (spoken.length === 0)
    return { turns: [], memories: [], unquoted: 0, usage: { extraction: NOTHING_USED, embedding: NOTHING_USED } }

  const turns: TurnText[] = spoken.flatMap(({ turn, messages }, index) =>
    messages.map((message) => ({
      turn: index,
      at: turn.occurredAt,
      speaker: speakerOf(message),
      role: message.role,
      text: message.content,
    })),
  )
  const completion = await services.completer.complete(orgId, extractFacts, { turns }, { signal })
  const quoted = completion.output.facts.filter(
    (fact) => isStorable(fact.fact) && turns.some((turn) => turn.turn === fact.turn && turn.text.includes(fact.quote)),
  )
  const memories = mergeFacts(
    quoted,
    spoken.map(({ turn }) => turn),
  )

  const turnTexts = spoken.map(({ messages }) => turnText(messages))
  const texts = [...turnTexts, ...memories.map((memory) => memory.fact)]
  // What is embedded must fit the model; what is indexed and shown stays whole.
  const embeddable = await Promise.all(texts.map((text) => cutToTokens(text, EMBEDDING_MAX_TOKENS)))
  const embedded = await services.embedder.embedMany(orgId, embeddable, { signal })
  const vectorAt = (index: number) => embedded.vectors[index] as Float32Array
  return {
    turns: spoken.map(({ turn }, index) => ({
      kind: 'turn' as const,
      item: turn.id,
      terms: termsOf(turnTexts[index] as string),
      vector: vectorAt(index),
    })),
    memories: memories.map((memory, index) => ({
      ...memory,
      terms: termsOf(memory.fact),
      vector: vectorAt(turnTexts.length + index),
    })),
    unquoted: completion.output.facts.length - quoted.length,
    usage: {
      extraction: { usage: completion.usage, cacheHits: completion.isCached ? 1 : 0 },
      embedding: { usage: embedded.usage, cacheHits: embedded.hits + embedded.waits },
    },
  }
}

/** PostgreSQL takes neither NUL nor half a surrogate pair; a model that writes them has broken this fact only. */
function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0')
}

/** Facts that are the same once normalised become one, with all their turns. */
function mergeFacts(facts: ExtractFactsOutput['facts'], turns: readonly TurnRow[]): NewMemory[] {
  const byHash = new Map<string, NewMemory & { sources: { turn: number; quote: string }[] }>()
  for (const { fact, kind, quote, turn: index } of facts) {
    const turn = turns[index] as TurnRow
    const factHash = hashFact(fact)
    const known = byHash.get(factHash.toString('hex'))
    if (!known)
      byHash.set(factHash.toString('hex'), {
        fact,
        factHash,
        kind,
        observedAt: turn.occurredAt,
        sources: [{ turn: turn.id, quote }],
      })
    else if (known.sources.every((source) => source.turn !== turn.id)) known.sources.push({ turn: turn.id, quote })
  }
  return [...byHash.values()]
}

/** What makes two facts the same: their words, whatever the case, the spaces, the width and the final stop. */
function hashFact(fact: string): Buffer {
  const normalised = fact
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[.!]+$/, '')
  return createHash('sha256').update(normalised).digest()
}
