import { createHash } from 'node:crypto'
import { refuseWhenHalted } from '../../shared/store/control/kill-switches.ts'
import {
  type ContextState,
  flipCompaction,
  type NewCompaction,
  START,
} from '../../shared/store/conversations/compactions.ts'
import { comparePlaces, type MessagePlace } from '../../shared/store/conversations/workstream-context.ts'
import { refuseErased } from '../../shared/store/erasing/erasures.ts'
import { tell, workstreamStream } from '../../shared/store/events/product-events.ts'
import { addToLedger, type UsageEntry } from '../../shared/store/models/usage-ledger.ts'
import type { WorkstreamKey } from '../../shared/store/turns/workstreams.ts'
import type { ContextWorkServices } from './context-services.ts'
import type { FoldPlan, Plan } from './plan-compaction.ts'
import { summariseMessages } from './summarise-messages.ts'
import type { SummaryTry } from './write-summary.ts'

/** Owns the flips: a record and the row that puts it in force, in one short transaction. The compare-and-set refuses whoever comes late. */

type Commit = { readonly queue: string; readonly state: ContextState; readonly erasureMark: string }

/** Puts a summary in force. @throws COMPACTION_CHANGED, TURNS_CHANGED, KILL_SWITCH_ON */
export async function commitFold(
  services: ContextWorkServices,
  scope: WorkstreamKey,
  { queue, state, erasureMark, plan, written }: Commit & { readonly plan: FoldPlan; readonly written: SummaryTry },
): Promise<void> {
  const previous = state.compaction
  const record: NewCompaction = {
    previous,
    cut: plan.cut,
    offload: later(previous?.offload ?? START, plan.cut),
    messages: plan.messages.length,
    inputHash: written.inputHash,
    summary: written.summary,
    summaryTokens: written.summaryTokens,
    model: services.provider.completionModel,
    liveTokensChange: written.summaryTokens - (previous?.summaryTokens ?? 0) - plan.foldedTokens,
  }
  const cacheHits = written.isCached ? 1 : 0
  await flip(services, scope, { queue, erasureMark }, record, [
    { task: summariseMessages.name, usage: written.usage, cacheHits },
  ])
}

/** Puts pointers in the place of large tool outputs; the summary stays as it is. @throws COMPACTION_CHANGED, TURNS_CHANGED, KILL_SWITCH_ON */
export async function commitOffload(
  services: ContextWorkServices,
  scope: WorkstreamKey,
  { queue, state, erasureMark, plan }: Commit & { readonly plan: Plan & { readonly kind: 'offload' } },
): Promise<void> {
  const previous = state.compaction
  const record: NewCompaction = {
    previous,
    cut: previous?.cut ?? START,
    offload: plan.offload,
    messages: 0,
    inputHash: createHash('sha256')
      .update(JSON.stringify(['offload', previous?.id ?? 0, plan.offload]))
      .digest(),
    summary: previous?.summary ?? null,
    summaryTokens: previous?.summaryTokens ?? 0,
    model: 'none',
    liveTokensChange: -plan.savedTokens,
  }
  await flip(services, scope, { queue, erasureMark }, record, [])
}

async function flip(
  { database, clock, wakes }: ContextWorkServices,
  scope: WorkstreamKey,
  { queue, erasureMark }: Pick<Commit, 'queue' | 'erasureMark'>,
  record: NewCompaction,
  usage: readonly UsageEntry[],
): Promise<void> {
  const now = clock.now()
  const key = { ...scope, stream: workstreamStream(scope.workstreamId) }
  await database.transaction().execute(async (transaction) => {
    await flipCompaction(transaction, scope, record, now)
    // Its row is locked, as erasures lock it: what was summarised is there still.
    await refuseErased(transaction, scope.orgId, erasureMark)
    if (usage.length > 0) await addToLedger(transaction, scope.orgId, now, usage)
    const covered = { workstreamId: scope.workstreamId, messages: record.messages }
    await tell(transaction, key, 'context.compacted', covered, now)
    // Last, so that no wait lies between the look and the commit.
    await refuseWhenHalted(transaction, { orgId: scope.orgId, queue })
  })
  wakes.announce(key)
}

function later(a: MessagePlace, b: MessagePlace): MessagePlace {
  return comparePlaces(a, b) > 0 ? a : b
}
