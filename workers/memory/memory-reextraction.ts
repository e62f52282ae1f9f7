import type { PayloadOf } from '../../queues/define-queue.ts'
import type { memoryReextraction } from '../../queues/memory-reextraction.ts'
import { isOutage } from '../../shared/ai/model-outage.ts'
import type { AfterturnError } from '../../shared/errors.ts'
import { readSpokenAhead } from '../../shared/memory/recording/turn-text.ts'
import { MAX_RETRY_AFTER_MS } from '../../shared/retry-after.ts'
import {
  advanceReextraction,
  type ReextractedCounts,
  type Reextraction,
  readOpenReextraction,
  readTurnsToReextract,
} from '../../shared/store/memories/reextractions.ts'
import { asStoreError } from '../../shared/store/store-errors.ts'
import { readTurns, type TurnRow } from '../../shared/store/turns/turns.ts'
import type { Handler, JobContext } from '../fleet/job-context.ts'
import { classifyFailure } from './extraction/extraction-failures.ts'
import { batchTurns } from './extraction/turn-batches.ts'
import type { MemoryServices } from './memory-services.ts'
import { reextractBatch } from './reextraction/reextract-batch.ts'

/** Turns that are read at once, and done before the row says so: what a crash may repeat, to no effect. */
const PAGE_TURNS = 100

type Counts = { -readonly [Key in keyof ReextractedCounts]: number }

/** Extracts an org's turns once more, page by page, until no re-extraction of it is open. A model that is away is waited for. */
export function reextractOrg(services: MemoryServices): Handler<PayloadOf<typeof memoryReextraction>> {
  return async ({ orgId }, context) => {
    const total: Counts = { turns: 0, added: 0, removed: 0, skipped: 0 }
    for (;;) {
      const open = await readOpenReextraction(services.database, orgId)
      if (!open) return total
      const counts = await reextractPage(services, orgId, open, context)
      for (const key of ['turns', 'added', 'removed', 'skipped'] as const) total[key] += counts[key]
      await context.progress(total.turns, total.turns + counts.turns)
    }
  }
}

async function reextractPage(
  services: MemoryServices,
  orgId: string,
  open: Reextraction,
  context: JobContext,
): Promise<Counts> {
  const { database, clock } = services
  context.signal.throwIfAborted()
  const ids = await readTurnsToReextract(database, orgId, open, PAGE_TURNS)
  const counts: Counts = { turns: 0, added: 0, removed: 0, skipped: 0 }
  const turns = await readTurns(database, orgId, ids)
  await readSpokenAhead(turns)
  for (const ofWorkstream of Map.groupBy(turns, ({ workstreamId }) => workstreamId).values())
    for (const batch of batchTurns(ofWorkstream.toSorted((a, b) => a.seq - b.seq)))
      await reextractTurns(services, orgId, batch, context, counts)
  await advanceReextraction(database, open, ids.at(-1), counts, clock.now())
  return counts
}

/** A batch that the model cannot answer is halved until the turn that spoils it is alone: that one keeps what it had. */
async function reextractTurns(
  services: MemoryServices,
  orgId: string,
  batch: readonly TurnRow[],
  context: JobContext,
  counts: Counts,
): Promise<void> {
  const { signal, queue, log } = context
  try {
    const { added, removed } = await reextractBatch(
      services,
      { orgId, queue, workstreamId: batch[0]?.workstreamId as string },
      batch,
      signal,
    )
    counts.turns += batch.length
    counts.added += added
    counts.removed += removed
  } catch (thrown) {
    signal.throwIfAborted()
    const error = asStoreError(thrown)
    if (await isOutage(services.provider, error, { orgId, signal })) {
      const { retryAfterMs = 0 } = error as AfterturnError
      const waitMs = Math.max(services.config.retryBackoffMs, Math.min(retryAfterMs, MAX_RETRY_AFTER_MS))
      return context.delayUntil(new Date(services.clock.now().getTime() + waitMs))
    }
    if (classifyFailure(error) !== 'batch') throw error
    if (batch.length === 1) {
      log.warn(
        { turn: batch[0]?.turnId, error: String(error) },
        'a turn could not be extracted again; it keeps what it had',
      )
      counts.turns += 1
      counts.skipped += 1
      return
    }
    const middle = Math.ceil(batch.length / 2)
    await reextractTurns(services, orgId, batch.slice(0, middle), context, counts)
    await reextractTurns(services, orgId, batch.slice(middle), context, counts)
  }
}
