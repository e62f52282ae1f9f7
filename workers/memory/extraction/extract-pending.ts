import { tryLease } from '../../../shared/lock/lease.ts'
import { SPOKEN_ROLES } from '../../../shared/memory/recording/turn-text.ts'
import { workstreamLeaseKey } from '../../../shared/redis/keys.ts'
import { readCheckpointedTurns } from '../../../shared/store/models/model-checkpoints.ts'
import { readPendingTurns, type TurnRow } from '../../../shared/store/turns/turns.ts'
import type { WorkstreamKey } from '../../../shared/store/turns/workstreams.ts'
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
/** The loser of a workstream's lease looks again after about this time. */
const BUSY_RETRY_MS = 1_000

/** Extracts until nothing is pending, or nothing up to `uptoSeq`. A workstream that is being extracted gives the job back for later. */
export async function extractPending(
  services: MemoryServices,
  scope: WorkstreamKey & { uptoSeq?: number },
  context: JobContext,
): Promise<ExtractionReport> {
  const lease = await tryLease(
    services.redis,
    workstreamLeaseKey(services.config.redisKeyPrefix, scope.orgId, scope.workstreamId),
    services.config.jobLockMs,
  )
  if (!lease) {
    // Jitter keeps two losers from meeting again.
    return context.delayUntil(new Date(services.clock.now().getTime() + BUSY_RETRY_MS * (0.5 + Math.random())))
  }
  const run: ExtractionRun = {
    services,
    scope,
    context,
    signal: AbortSignal.any([context.signal, lease.signal]),
    report: { turns: 0, memories: 0, duplicates: 0, quarantined: 0, dropped: 0, deadLettered: 0 },
    deaths: [],
  }
  try {
    for (let isNothingPending = false; !isNothingPending; ) {
      const page = await readPendingTurns(services.database, scope, PAGE_TURNS, {
        roles: SPOKEN_ROLES,
        maxBytes: PAGE_BYTES,
      })
      if (page.length === 0) break
      const answered = await answeredTurns(services, scope.orgId, page)
      for (const batch of batchTurns(page, answered)) {
        isNothingPending = await settleBatch(run, batch)
        const done = run.report.turns + run.report.deadLettered
        await context.progress(done, done + page.length)
      }
    }
  } finally {
    await lease.release()
  }
  // Shown as a failed job: the turns are dead letters, each with its reason.
  if (run.deaths.length > 0) throw run.deaths[0]
  return run.report
}

/** Which turns a model was asked about together by a run that came to no end. The rules are not kept. */
async function answeredTurns({ provider, database }: MemoryServices, orgId: string, page: readonly TurnRow[]) {
  if (provider.name === 'local') return []
  const ids = page.map(({ id }) => id)
  return readCheckpointedTurns(database, orgId, extractFacts.name, ids)
}
