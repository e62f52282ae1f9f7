import { termsOf } from '../../../shared/ai/local/terms.ts'
import type { Config } from '../../../shared/config.ts'
import { hashFact } from '../../../shared/memory/hash-fact.ts'
import { notOpen, type StoreFact, type WrittenFact } from '../../../shared/memory/memory-writes.ts'
import { memoriesStream } from '../../../shared/store/events/product-events.ts'
import type { NewMemory } from '../../../shared/store/memories/memories.ts'
import { fencedTransaction } from '../../../shared/store/memories/org-fences.ts'
import {
  dropSourceTurn,
  insertSourceTurn,
  type OpenFact,
  readOpenFact,
  readWritten,
  type SourceTurn,
  WRITTEN_WORKSTREAM,
} from '../../../shared/store/memories/written-facts.ts'
import { addToLedger } from '../../../shared/store/models/usage-ledger.ts'
import { embedIfPossible } from '../embed-taken.ts'
import { judgeFacts } from '../facts/judge-facts.ts'
import { attributeIn } from '../local-rules/fact-attributes.ts'
import type { MemoryServices } from '../memory-services.ts'
import { compareFacts } from './compare-facts.ts'
import { type FactPlan, MAX_PLANS, planFacts } from './plan-facts.ts'
import { storeFacts } from './store-facts.ts'

type WriterServices = Pick<
  MemoryServices,
  'database' | 'heldCodes' | 'provider' | 'completer' | 'clock' | 'embedder' | 'withOrgMemoryLock' | 'wakes'
> & { readonly config: Pick<Config, 'timeZone'> }

/** Stores facts that an app writes by the same way as those of turns: judged, compared with what is known outside the lock, and again inside it. */
export function createFactWriter(services: WriterServices): StoreFact {
  const { database, provider, clock, withOrgMemoryLock, wakes, config } = services
  return async (orgId, written, replaces) => {
    const now = clock.now()
    const place = placeOf(written, now)
    const judged = judgedFact(written, place, config.timeZone, replaces)
    const { vectors, ...paid } = await embedIfPossible(services, orgId, [judged.fact], {})
    const [vector] = vectors
    const workstreamId = written.workstreamId ?? null
    const factFrom = (turn: number) => ({
      ...judged,
      sources: turn === 0 ? [] : [{ turn, quote: written.fact }],
      terms: termsOf(judged.fact),
      vector,
    })
    for (let plans = 1; ; plans += 1) {
      const made = await planFacts(services, orgId, { memories: [factFrom(0)] }, [], new AbortController().signal)
      const plan = replaces ? planToReplace(made, replaces.id) : made
      const result = await withOrgMemoryLock(orgId, ({ fence }) =>
        fencedTransaction(database, fence, async (transaction) => {
          if (replaces && !(await readOpenFact(transaction, orgId, replaces.id))) throw notOpen(replaces.id)
          const turn = await insertSourceTurn(transaction, place, now)
          const planned = { facts: [factFrom(turn)], plan, isLastPlan: plans === MAX_PLANS }
          const comparison = await compareFacts(transaction, services, planned)
          if (!comparison) {
            await dropSourceTurn(transaction, turn)
            return undefined
          }
          const options = { model: provider.embeddingModel, now, workstreamId }
          const { added, duplicates } = await storeFacts(transaction, comparison, options)
          await addToLedger(transaction, orgId, now, [{ task: 'embed', ...paid, duplicates }])
          const stored = await readWritten(transaction, turn, judged.factHash)
          if (!stored) throw new Error('A fact that was written is no memory.')
          const outcome = !stored.isActive ? 'held' : added > 0 ? 'added' : 'known'
          return { memoryId: stored.id, outcome } as const
        }),
      )
      if (!result) continue
      wakes.announce({ orgId, stream: memoriesStream(workstreamId) })
      return result
    }
  }
}

function placeOf(
  { fact, at, by, scope, userId, agentId, workstreamId = WRITTEN_WORKSTREAM, metadata }: WrittenFact,
  now: Date,
): SourceTurn {
  return {
    workstreamId,
    userId: userId ?? null,
    agentId: agentId ?? null,
    scope,
    fact,
    at,
    saidAt: at < now ? at : now,
    by,
    metadata,
  }
}

/** As a turn that says nothing else would be judged; whose words they are is for the app to know. */
function judgedFact(
  { fact, kind, importance, subject, attribute }: WrittenFact,
  place: SourceTurn,
  timeZone: string,
  replaces: OpenFact | undefined,
): NewMemory {
  const stated = attributeIn(fact)
  const about = subject ?? stated?.subject ?? (place.userId === null ? null : 'user')
  const proposed = { fact, kind, importance, subject: about, attribute: attribute ?? stated?.attribute ?? null }
  const messages = [{ role: 'user', name: null, content: fact }]
  const turn = { ...place, id: 0, turnId: '', seq: 0, occurredAt: place.at, timeZone, attempts: 0, messages }
  const [judged] = judgeFacts([{ ...proposed, when: null, quote: fact, turn: 0 }], [{ turn, messages }]).memories
  if (!judged) throw new Error('A fact that was checked is no fact.')
  const isHeld = judged.statusReason === 'instruction-like'
  const memory = isHeld ? judged : { ...judged, status: 'active' as const, statusReason: null }
  if (!replaces) return memory
  const { subject: same, subjectKey, attribute: property, owner } = replaces
  const factHash = hashFact(memory.fact, subjectKey)
  // A correction holds from now on, whatever day it names.
  return { ...memory, subject: same, subjectKey, attribute: property, owner, factHash, validFrom: place.saidAt }
}

function planToReplace(plan: FactPlan, memoryId: number): FactPlan {
  return {
    ...plan,
    ids: [...plan.ids, memoryId],
    relationOf: (fact, entry) =>
      'id' in entry.ref && entry.ref.id === memoryId ? 'replaces' : plan.relationOf(fact, entry),
  }
}
