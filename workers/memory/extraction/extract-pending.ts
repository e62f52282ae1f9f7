import { readSpokenAhead, SPOKEN_ROLES } from '../../../shared/memory/recording/turn-text.ts'
import { workstreamLeaseKey } from '../../../shared/redis/keys.ts'
import { readCheckpointedTurns } from '../../../shared/store/models/model-checkpoints.ts'
import { readPendingTurns } from '../../../shared/store/turns/turns.ts'
import type { WorkstreamKey } from '../../../shared/store/turns/workstreams.ts'
import { LAST_RANK, leaveLine, takeLineLease } from '../../control/lease-line.ts'
import type { JobContext } from '../../fleet/job-context.ts'
import { extractFacts } from '../facts/extract-facts.ts'
import type { MemoryServices } from '../memory-services.ts'
import { type ExtractionReport, type ExtractionRun, settleBatch } from './settle-batch.ts'
import { batchTurns } from './turn-batches.ts'

/**
 * Extracts all pending turns of a workstream, in order: what both memory queues run. Guarantees: each turn is settled once, with its effects,
 * however often and however parallel this runs; a batch that cannot be extracted becomes dead letters and does not hold up the ones after it.
 */

/** What is read at once; what is left is read next. */
const PAGE_TURNS = 500
const PAGE_BYTES = 4 * 1_024 * 1_024

/**
 * Extracts until nothing is pending, or nothing up to `uptoSeq` and what others in line want. A workstream that is being extracted makes the job wait in line.
 */
export async function extractPending(
  services: MemoryServices,
  { uptoSeq: ownSeq = LAST_RANK, ...scope }: WorkstreamKey & { uptoSeq?: number },
  context: JobContext,
): Promise<ExtractionReport> {
  const lease = await takeLineLease(services, leaseKeyOf(services, scope), context, ownSeq)
  const run: ExtractionRun = {
    services,
    scope,
    context,
    signal: AbortSignal.any([context.signal, lease.signal]),
    report: { turns: 0, memories: 0, duplicates: 0, quarantined: 0, dropped: 0, deadLettered: 0 },
    failures: [],
  }
  let doneSeq: number | undefined
  try {
    let uptoSeq = ownSeq
    let isNothingPending = false
    for (;;) {
      const page = isNothingPending
        ? []
        : await readPendingTurns(services.database, { ...scope, uptoSeq }, PAGE_TURNS, {
            roles: SPOKEN_ROLES,
            maxBytes: PAGE_BYTES,
          })
      if (page.length === 0) {
        const wantedSeq = await lease.readWantedRank()
        if (wantedSeq <= uptoSeq) break
        uptoSeq = wantedSeq
        isNothingPending = false
        continue
      }
      await readSpokenAhead(page)
      const answered = new Set(page.filter(({ isAnswered }) => isAnswered).map(({ id }) => id))
      const batches = batchTurns(page, await askedTogether(services, scope.orgId, [...answered]))
      for (const [position, batch] of batches.entries()) {
        // What the page told of later batches may be old by the time they are reached.
        const isNew = position === 0 && !batch.some(({ id }) => answered.has(id))
        isNothingPending = await settleBatch(run, batch, { isNew })
        const done = run.report.turns + run.report.deadLettered
        // Mostly one batch is all.
        if (!isNothingPending) await context.progress(done, done + page.length)
      }
    }
    doneSeq = uptoSeq
  } finally {
    await lease.end(doneSeq)
  }
  // Shown as a failed job: the turns are dead letters, each with its reason.
  if (run.failures.length > 0) throw run.failures[0]
  return run.report
}

/** Ends a job for which nothing is pending any more, though an earlier start of it may wait in line for those who extract. */
export async function extractNothing(
  services: MemoryServices,
  scope: WorkstreamKey,
  context: JobContext,
): Promise<{ readonly turns: 0 }> {
  await leaveLine(services, leaseKeyOf(services, scope), context)
  return { turns: 0 }
}

function leaseKeyOf({ config }: MemoryServices, { orgId, workstreamId }: WorkstreamKey): string {
  return workstreamLeaseKey(config.redisKeyPrefix, orgId, workstreamId)
}

/** Which turns a model was asked about together by a run that came to no end. The rules are not kept. */
async function askedTogether({ database, provider }: MemoryServices, orgId: string, answered: readonly number[]) {
  return provider.isFree || answered.length === 0
    ? []
    : readCheckpointedTurns(database, orgId, extractFacts.name, answered)
}
