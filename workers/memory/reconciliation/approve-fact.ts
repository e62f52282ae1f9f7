import { termsOf } from '../../../shared/ai/local/terms.ts'
import { type ApproveHeld, notHeld } from '../../../shared/memory/quarantine.ts'
import { memoriesStream } from '../../../shared/store/events/product-events.ts'
import { type HeldFact, readHeldFact, reviewMemory } from '../../../shared/store/memories/held-memories.ts'
import { tellReleased } from '../../../shared/store/memories/memory-changes.ts'
import { fencedTransaction } from '../../../shared/store/memories/org-fences.ts'
import { embedIfPossible } from '../embed-taken.ts'
import type { MemoryServices } from '../memory-services.ts'
import { compareFacts } from './compare-facts.ts'
import { MAX_PLANS, planFacts } from './plan-facts.ts'
import { storeFacts } from './store-facts.ts'

type ApprovalServices = Pick<
  MemoryServices,
  'database' | 'heldCodes' | 'provider' | 'completer' | 'clock' | 'embedder' | 'withOrgMemoryLock' | 'wakes'
>

/** Makes a held fact a memory by the same way as any other: compared with what is known outside the lock, and again inside it. */
export function createApproval(services: ApprovalServices): ApproveHeld {
  const { database, provider, clock, withOrgMemoryLock, wakes } = services
  return async (orgId, held, by) => {
    const refuseErased = async () => {
      if (!(await readHeldFact(database, orgId, held.row))) throw notHeld(held.row)
    }
    const { vectors } = await embedIfPossible(services, orgId, [held.fact], { beforeBuy: refuseErased })
    const [vector] = vectors
    const model = provider.embeddingModel
    const turns = held.sources.map(({ turn }) => turn)
    for (let plans = 1; ; plans += 1) {
      const planned = { memories: [approved(held, vector)] }
      const plan = await planFacts(services, orgId, planned, turns, new AbortController().signal)
      const result = await withOrgMemoryLock(orgId, ({ fence }) =>
        fencedTransaction(database, fence, async (transaction) => {
          // As it is now: turns that it came from may have been erased since.
          const current = await readHeldFact(transaction, orgId, held.row)
          if (!current) return 'not held'
          const planned = { facts: [approved(current, vector)], plan, isLastPlan: plans === MAX_PLANS }
          const comparison = await compareFacts(transaction, services, planned)
          if (!comparison) return 'stale'
          const at = clock.now()
          await reviewMemory(transaction, held.row, { status: 'active', by, at })
          await storeFacts(transaction, comparison, { model, now: at, workstreamId: held.workstreamId })
          await tellReleased(transaction, held.row, held.workstreamId, at)
          return 'approved'
        }),
      )
      if (result === 'approved') wakes.announce({ orgId, stream: memoriesStream(held.workstreamId) })
      if (result !== 'stale') return result === 'approved'
    }
  }
}

function approved({ workstreamId, ...held }: HeldFact, vector: Float32Array | undefined) {
  return { ...held, status: 'active' as const, statusReason: null, terms: termsOf(held.fact), vector }
}
