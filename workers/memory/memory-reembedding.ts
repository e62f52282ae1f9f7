import type { PayloadOf } from '../../queues/define-queue.ts'
import type { memoryReembedding } from '../../queues/memory-reembedding.ts'
import { isOutage, outageWaitMs } from '../../shared/ai/model-outage.ts'
import type { AfterturnError } from '../../shared/errors.ts'
import { spokenMessages, turnText } from '../../shared/memory/recording/turn-text.ts'
import { MAX_RETRY_AFTER_MS } from '../../shared/retry-after.ts'
import { refuseWhenHalted } from '../../shared/store/control/kill-switches.ts'
import { readErasureMark, refuseErased } from '../../shared/store/erasing/erasures.ts'
import { readMemories } from '../../shared/store/memories/memories.ts'
import { type FencedTransaction, fencedTransaction } from '../../shared/store/memories/org-fences.ts'
import {
  endReembeddingWait,
  keepReembeddingWait,
  readReembeddingWait,
} from '../../shared/store/models/reembedding-waits.ts'
import { addToLedger } from '../../shared/store/models/usage-ledger.ts'
import type { ItemKind } from '../../shared/store/schema.ts'
import { insertVectors, readItemsLackingVectors } from '../../shared/store/search-index/vectors.ts'
import { readTurns } from '../../shared/store/turns/turns.ts'
import type { Handler, JobContext } from '../fleet/job-context.ts'
import { embedTaken } from './embed-taken.ts'
import type { MemoryServices } from './memory-services.ts'

/** Items that are embedded and committed together: what a crash may repeat. */
const PAGE_ITEMS = 100

type ReembeddingReport = {
  readonly embedded: number
  /** Why it ended before all was embedded: the model cannot be used, and a sweep comes back to it. */
  readonly waitsFor?: string
}

/**
 * Makes the vectors that an org lacks in the current model's space, page by page; a second run finds nothing to do. A model that cannot be used is left
 * alone for a while that grows: nothing dies of it, and the next sweep after it continues.
 */
export function reembedOrg(services: MemoryServices): Handler<PayloadOf<typeof memoryReembedding>> {
  return async ({ orgId }, context): Promise<ReembeddingReport> => {
    const report = { embedded: 0 }
    try {
      await reembedPages(services, orgId, context, report)
      await endReembeddingWait(services.database, orgId, services.provider.embeddingModel)
      return report
    } catch (error) {
      context.signal.throwIfAborted()
      if (!(await isOutage(services.provider, error, { orgId, signal: context.signal }))) throw error
      return { ...report, waitsFor: await waitForModel(services, orgId, error as AfterturnError) }
    }
  }
}

async function waitForModel(
  { database, provider, clock, config, health }: MemoryServices,
  orgId: string,
  failure: AfterturnError,
): Promise<string> {
  const now = clock.now()
  const { since = now } = (await readReembeddingWait(database, orgId, provider.embeddingModel)) ?? {}
  const waitMs = Math.max(
    outageWaitMs({ since, now, floorMs: config.retryBackoffMs }),
    Math.min(failure.retryAfterMs ?? 0, MAX_RETRY_AFTER_MS),
  )
  const until = new Date(now.getTime() + waitMs)
  const { code, message: reason } = failure
  await keepReembeddingWait(database, orgId, provider.embeddingModel, { since, until, code, reason })
  health.reportOutage(failure, { orgId })
  return `${code}: ${reason}`
}

async function reembedPages(
  services: MemoryServices,
  orgId: string,
  context: JobContext,
  report: { embedded: number },
): Promise<void> {
  for (const kind of ['turn', 'memory'] as const) {
    for (let afterItem = 0; ; ) {
      context.signal.throwIfAborted()
      const items = await readItemsLackingVectors(services.database, orgId, kind, services.provider.embeddingModel, {
        afterItem,
        limit: PAGE_ITEMS,
      })
      if (items.length === 0) break
      report.embedded += await reembedItems(services, orgId, kind, items, context)
      afterItem = items.at(-1) as number
      await context.progress(report.embedded, report.embedded + items.length)
    }
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
  const options = { signal, beforeBuy: () => refuseErased(services.database, orgId, mark) }
  const said = texts.map(({ text }) => text)
  const { vectors: found, usage, cacheHits } = await embedTaken(services, orgId, said, options)
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
    return (await readTurns(services.database, orgId, items))
      .filter(({ messages }) => spokenMessages(messages).length > 0)
      .map((turn) => ({ item: turn.id, text: turnText(turn.messages) }))
  return (await readMemories(services.database, orgId, { ids: items })).map((memory) => ({
    item: memory.id,
    text: memory.fact,
  }))
}
