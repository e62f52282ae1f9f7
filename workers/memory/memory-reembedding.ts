import type { PayloadOf } from '../../queues/define-queue.ts'
import type { memoryReembedding } from '../../queues/memory-reembedding.ts'
import { addUsage, type ModelUsage } from '../../shared/ai/model-provider.ts'
import { isRefusedInput } from '../../shared/ai/openai-errors.ts'
import { cutToTokens, EMBEDDING_MAX_TOKENS } from '../../shared/ai/token-count.ts'
import { turnText } from '../../shared/memory/recording/turn-text.ts'
import { refuseWhenHalted } from '../../shared/store/control/kill-switches.ts'
import { readErasureMark, refuseErased } from '../../shared/store/erasing/erasures.ts'
import { readMemories } from '../../shared/store/memories/memories.ts'
import { type FencedTransaction, fencedTransaction } from '../../shared/store/memories/org-fences.ts'
import { addToLedger } from '../../shared/store/models/usage-ledger.ts'
import type { ItemKind } from '../../shared/store/schema.ts'
import { insertVectors, readItemsLackingVectors } from '../../shared/store/search-index/vectors.ts'
import { readTurns } from '../../shared/store/turns/turns.ts'
import type { Handler, JobContext } from '../fleet/job-context.ts'
import type { MemoryServices } from './memory-services.ts'

/** Items that are embedded and committed together: what a crash may repeat. */
const PAGE_ITEMS = 100
/** What a model takes that takes anything at all. */
const PLAIN_TEXT = 'hello'

/** Makes the vectors that an org lacks in the current model's space, page by page; a second run finds nothing to do. */
export function reembedOrg(services: MemoryServices): Handler<PayloadOf<typeof memoryReembedding>> {
  return async ({ orgId }, context) => {
    let embedded = 0
    for (const kind of ['turn', 'memory'] as const) {
      for (let afterItem = 0; ; ) {
        context.signal.throwIfAborted()
        const items = await readItemsLackingVectors(services.database, orgId, kind, services.provider.embeddingModel, {
          afterItem,
          limit: PAGE_ITEMS,
        })
        if (items.length === 0) break
        embedded += await reembedItems(services, orgId, kind, items, context)
        afterItem = items.at(-1) as number
        await context.progress(embedded, embedded + items.length)
      }
    }
    return { embedded }
  }
}

async function reembedItems(
  services: MemoryServices,
  orgId: string,
  kind: ItemKind,
  items: readonly number[],
  { queue, signal, log }: JobContext,
): Promise<number> {
  const mark = await readErasureMark(services.database, orgId)
  const texts = await textsOf(services, orgId, kind, items)
  const embed = async (given: readonly string[]) => {
    const options = { signal, beforeBuy: () => refuseErased(services.database, orgId, mark) }
    const { vectors, usage, hits, waits } = await services.embedder.embedMany(orgId, given, options)
    return { vectors, usage, cacheHits: hits + waits }
  }
  const cut = await Promise.all(texts.map(({ text }) => cutToTokens(text, EMBEDDING_MAX_TOKENS)))
  const { vectors: found, usage, cacheHits } = await embedTaken(cut, embed)
  const vectors = texts.map(({ item }, index) => {
    const vector = found[index]
    if (!vector) log.warn({ kind, item }, 'the embedding model refused an item; only its words find it now')
    return { kind, item, vector: vector ?? withoutMeaning(services.provider.embeddingModel.dims) }
  })
  const commit = async (transaction: FencedTransaction) => {
    await refuseErased(transaction, orgId, mark)
    await insertVectors(transaction, services.provider.embeddingModel, vectors)
    await addToLedger(transaction, orgId, services.clock.now(), [{ task: 'embed', usage, cacheHits }])
    // Last, so that no wait lies between the look and the commit.
    await refuseWhenHalted(transaction, { orgId, queue })
  }
  await services.withOrgMemoryLock(orgId, ({ fence }) => fencedTransaction(services.database, fence, commit), {
    signal,
  })
  return texts.length
}

type Embedded = {
  readonly vectors: readonly (Float32Array | undefined)[]
  readonly usage: ModelUsage
  readonly cacheHits: number
}

/** Vectors, and undefined for a text that the model refuses although it takes others: it would be asked about it for ever. */
async function embedTaken(
  texts: readonly string[],
  embed: (texts: readonly string[]) => Promise<Embedded>,
): Promise<Embedded> {
  try {
    return await embed(texts)
  } catch (error) {
    if (!isRefusedInput(error)) throw error
    if (texts.length === 1) return { ...(await embed([PLAIN_TEXT])), vectors: [undefined] }
    const middle = Math.ceil(texts.length / 2)
    const first = await embedTaken(texts.slice(0, middle), embed)
    const second = await embedTaken(texts.slice(middle), embed)
    return {
      vectors: [...first.vectors, ...second.vectors],
      usage: addUsage(first.usage, second.usage),
      cacheHits: first.cacheHits + second.cacheHits,
    }
  }
}

/** A vector that is near to nothing; one of zeros has no cosine. */
function withoutMeaning(dims: number): Float32Array {
  return new Float32Array(dims).fill(1, 0, 1)
}

async function textsOf(
  services: MemoryServices,
  orgId: string,
  kind: ItemKind,
  items: readonly number[],
): Promise<{ item: number; text: string }[]> {
  if (kind === 'turn')
    return (await readTurns(services.database, orgId, items)).map((turn) => ({
      item: turn.id,
      text: turnText(turn.messages),
    }))
  return (await readMemories(services.database, orgId, { ids: items })).map((memory) => ({
    item: memory.id,
    text: memory.fact,
  }))
}
