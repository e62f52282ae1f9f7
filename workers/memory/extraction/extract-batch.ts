import { termsOf } from '../../../shared/ai/local/terms.ts'
import { addUsage, NO_USAGE } from '../../../shared/ai/model-provider.ts'
import { failureOf } from '../../../shared/ai/openai/openai-errors.ts'
import { loadTokenCounter } from '../../../shared/ai/tokens/token-count.ts'
import type { DroppedFact } from '../../../shared/fact-verdicts.ts'
import { speakerOf, spokenMessages, turnText } from '../../../shared/memory/recording/turn-text.ts'
import { refuseErasedTurns } from '../../../shared/store/erasing/erasures.ts'
import { readExtractionInstructions } from '../../../shared/store/memories/extraction-instructions.ts'
import type { NewMemory } from '../../../shared/store/memories/memories.ts'
import { readTurnsBefore, type TurnRow } from '../../../shared/store/turns/turns.ts'
import { embedIfPossible } from '../embed-taken.ts'
import { type DoneTask, doneIn, type Ending, endingsIn, isAskedToForget } from '../facts/endings.ts'
import { extractFacts } from '../facts/extract-facts.ts'
import { cutTurns, MIN_SAID_TOKENS, saidTokensWithin } from '../facts/fact-questions.ts'
import type { ExtractedFact, TurnText } from '../facts/facts.ts'
import { type JudgedTurn, judgeFacts, withoutForbidden } from '../facts/judge-facts.ts'
import { readableText, roughTokens } from '../facts/readable-text.ts'
import type { MemoryServices } from '../memory-services.ts'
import { answerOnce, type CachedUsage } from './checkpointed-answer.ts'
import {
  correctionsIn,
  isCorrection,
  MAX_TURNS_BETWEEN,
  mayCorrectTurn,
  type TurnCorrection,
} from './turn-corrections.ts'

/** Owns what happens to a batch before anything is written: the model's answer, judged, and the vectors. Holds no lock and no transaction. */

/** What search needs of an item, made before the transaction. */
export type Searchable = {
  readonly terms: readonly string[]
  /** Undefined: a job makes it later. */
  readonly vector: Float32Array | undefined
}

/** `row` is the id of one that is kept already: held until now, and approved. */
export type FactToStore = NewMemory & Searchable & { readonly row?: number }

export type ExtractedBatch = {
  /** One for each turn of the batch that has spoken text. */
  readonly turns: readonly (Searchable & { readonly kind: 'turn'; readonly item: number })[]
  readonly memories: readonly FactToStore[]
  /** What speakers asked to forget. */
  readonly endings: readonly (Ending & Pick<Searchable, 'vector'>)[]
  /** What speakers said was done. */
  readonly done: readonly DoneTask[]
  /** Proposed facts that were dropped. */
  readonly dropped: readonly DroppedFact[]
  readonly usage: { readonly extraction: CachedUsage; readonly embedding: CachedUsage }
}

export const NOTHING_USED: ExtractedBatch['usage'] = {
  extraction: { usage: NO_USAGE, cacheHits: 0 },
  embedding: { usage: NO_USAGE, cacheHits: 0 },
}

/** What of a batch is about these turns; it costs what the whole did. */
export function partOf(batch: ExtractedBatch, turns: readonly number[]): ExtractedBatch {
  return {
    ...batch,
    turns: batch.turns.filter(({ item }) => turns.includes(item)),
    endings: batch.endings.filter(({ turn }) => turns.includes(turn)),
    done: batch.done.filter(({ turn }) => turns.includes(turn)),
    memories: batch.memories.filter(({ sources }) => turns.includes(sources.at(-1)?.turn as number)),
    dropped: batch.dropped.filter(({ turn }) => turns.includes(turn)),
  }
}

/** Asks the model for facts and embeds facts and turns, unless these are indexed already. `isNew`: no answer about them is kept. Throws what the provider throws. */
export async function extractBatch(
  services: MemoryServices,
  orgId: string,
  batch: readonly TurnRow[],
  signal: AbortSignal,
  { isIndexed = false, isNew = false }: { readonly isIndexed?: boolean; readonly isNew?: boolean },
): Promise<ExtractedBatch> {
  const spoken = batch
    .map((turn) => ({ turn, messages: spokenMessages(turn.messages) }))
    .filter(({ messages }) => messages.length > 0)
  const lines = spoken.flatMap(({ turn, messages }, index) => readableLines(index, turn, messages))
  const question = {
    orgId,
    task: extractFacts,
    turns: batch.map(({ id }) => id),
    clean: withoutForbidden,
    isNew,
    signal,
  }
  const instructions = services.provider.readsPrompts
    ? (await readExtractionInstructions(services.database, orgId))?.text
    : undefined
  const ask = async (maxSaidTokens: number) => {
    const facts: ExtractedFact[] = []
    let [usage, cacheHits] = [NO_USAGE, 0]
    for (const turns of await questionsFor(services, lines, maxSaidTokens)) {
      const answer = await answerOnce(services, {
        ...question,
        input: { turns, ...(instructions && { instructions }) },
      })
      facts.push(...answer.output.facts)
      usage = addUsage(usage, answer.usage)
      cacheHits += answer.cacheHits
    }
    return { facts, usage, cacheHits }
  }
  const { facts, usage, cacheHits } = await askWithin(
    saidTokensWithin(services.config.completionContextTokens, roughTokens(instructions ?? '')),
    ask,
  )
  const endings = spoken.flatMap(({ turn, messages }) => endingsIn(turn, messages))
  // A wish to forget is nothing to remember.
  const isWish = ({ quote, turn }: ExtractedFact) => isAskedToForget(quote, spoken[turn]?.turn.id, endings)
  const corrections = services.provider.readsPrompts ? [] : await readCorrections(services, orgId, spoken)
  const stated = facts.filter(
    (fact) => !isWish(fact) && !isCorrection(fact.quote, spoken[fact.turn]?.turn.id, corrections),
  )
  const judged = judgeFacts(stated, spoken)
  const { dropped } = judged
  const isWrong = ({ factHash, sources }: NewMemory) =>
    corrections.some(({ wrong, turn }) => wrong?.equals(factHash) && sources.some((source) => source.turn === turn))
  const memories = [...judged.memories.filter((memory) => !isWrong(memory)), ...corrections.map(({ memory }) => memory)]
  const wishes = facts.flatMap((fact): DroppedFact[] => {
    const turn = spoken[fact.turn]?.turn.id
    return turn !== undefined && isWish(fact) ? [{ turn, reason: 'forget' }] : []
  })

  const toIndex = isIndexed ? [] : spoken
  const turnTexts = toIndex.map(({ turn }) => turnText(turn.messages))
  const texts = [...turnTexts, ...memories.map((memory) => memory.fact), ...endings.map(({ what }) => what)]
  const { vectors, ...embedding } = await embedIfPossible(services, orgId, texts, {
    signal,
    beforeBuy: () => refuseErasedTurns(services.database, orgId, question.turns),
  })
  return {
    turns: toIndex.map(({ turn }, index) => ({
      kind: 'turn' as const,
      item: turn.id,
      terms: termsOf(turnTexts[index] as string),
      vector: vectors[index],
    })),
    memories: memories.map((memory, index) => ({
      ...memory,
      terms: termsOf(memory.fact),
      vector: vectors[turnTexts.length + index],
    })),
    endings: endings.map((ending, index) => ({
      ...ending,
      vector: vectors[turnTexts.length + memories.length + index],
    })),
    done: spoken.flatMap(({ turn, messages }) => doneIn(turn, messages)),
    dropped: [...dropped, ...wishes],
    usage: {
      extraction: { usage, cacheHits },
      embedding,
    },
  }
}

/** The corrections by which turns mend the turn before each, which may be of an earlier batch. */
async function readCorrections(
  { database }: Pick<MemoryServices, 'database'>,
  orgId: string,
  spoken: readonly JudgedTurn[],
): Promise<TurnCorrection[]> {
  const [first] = spoken
  const isAsked = first !== undefined && mayCorrectTurn(first)
  const earlier = isAsked ? await readTurnsBefore(database, { orgId, ...first.turn }, MAX_TURNS_BETWEEN) : []
  const all = [...earlier.map((turn) => ({ turn, messages: spokenMessages(turn.messages) })), ...spoken]
  return spoken.flatMap((said, index) => correctionsIn(said, all.slice(0, earlier.length + index)))
}

/** Asks in smaller questions as long as the server cuts or refuses them for their length: what the model has not seen is not extracted. */
async function askWithin<Answer>(
  maxSaidTokens: number,
  ask: (maxSaidTokens: number) => Promise<Answer>,
): Promise<Answer> {
  try {
    return await ask(maxSaidTokens)
  } catch (error) {
    const { isPromptCut, isTooLong } = failureOf(error)
    if (!(isPromptCut || isTooLong) || maxSaidTokens <= MIN_SAID_TOKENS) throw error
    return askWithin(Math.max(MIN_SAID_TOKENS, Math.floor(maxSaidTokens / 2)), ask)
  }
}

/** Mostly one. The rules read no prompt: nothing bounds what they are asked at once. */
async function questionsFor(
  { provider }: Pick<MemoryServices, 'provider'>,
  lines: readonly TurnText[],
  maxSaidTokens: number,
) {
  if (lines.length === 0) return []
  return provider.readsPrompts ? cutTurns(lines, await loadTokenCounter('cl100k'), maxSaidTokens) : [lines]
}

/** What of a turn is asked about, a line a message; nothing where nobody said anything. */
function readableLines(index: number, turn: TurnRow, messages: TurnRow['messages']): TurnText[] {
  return messages.flatMap((message) => {
    const text = readableText(message.content)
    if (text === '') return []
    return {
      turn: index,
      at: turn.occurredAt,
      ...(turn.timeZone && { timeZone: turn.timeZone }),
      speaker: speakerOf(message),
      role: message.role,
      text,
    }
  })
}
