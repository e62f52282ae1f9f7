import type { PayloadOf } from '../../queues/define-queue.ts'
import type { repoIndexing } from '../../queues/repo-indexing.ts'
import { AfterturnError, isAfterturnError } from '../../shared/errors.ts'
import { repoLeaseKey } from '../../shared/redis/keys.ts'
import { pipelineOf } from '../../shared/repo/index-format/pipeline.ts'
import { collectBlobs, ensureSpace } from '../../shared/store/code/code-blobs.ts'
import {
  type FileRow,
  flipIndex,
  type IndexRow,
  readCodeIndex,
  readFiles,
  settleIndex,
  tellIndexed,
} from '../../shared/store/code/code-indexes.ts'
import { refuseWhenHalted } from '../../shared/store/control/kill-switches.ts'
import { repoStream } from '../../shared/store/events/product-events.ts'
import { cleanText } from '../../shared/text/clean-text.ts'
import { takeLineLease } from '../control/lease-line.ts'
import type { Handler, JobContext } from '../fleet/job-context.ts'
import { openRepo } from './git/open-repo.ts'
import { type BlobOutcome, indexBlobs } from './index-blobs.ts'
import { type PlannedFile, planIndex } from './plan-index.ts'
import type { RepoServices } from './repo-services.ts'
import { createStageTimes } from './stage-times.ts'

/**
 * Brings the index of a ref to its newest commit. Guarantees: one run at a time a repository; search serves the old index until the new one is
 * whole; a run that failed leaves it as it was, and the next one goes on with what is left.
 */

type Payload = PayloadOf<typeof repoIndexing>

/** Blobs that one run clears away. */
const COLLECTED_BLOBS = 2_000
const MAX_FAILURE_LENGTH = 2_000

export function indexRepo(services: RepoServices): Handler<Payload> {
  return async (payload, context) => {
    const leaseKey = repoLeaseKey(services.config.redisKeyPrefix, payload.orgId, payload.repoId)
    const lease = await takeLineLease(services, leaseKey, context)
    const signal = AbortSignal.any([context.signal, lease.signal])
    try {
      const index = await readCodeIndex(services.database, payload)
      if (!index) throw new AfterturnError('JOB_CANCELLED', `The ref ${JSON.stringify(payload.ref)} was removed.`)
      return await runOnce(services, payload, index, { ...context, signal }).catch(async (error) => {
        const failure = signal.aborted ? asCancelled(signal.reason) : isLastTry(error, context) && failureOf(error)
        if (failure) await settleIndex(services.database, payload, index, services.clock.now(), failure)
        throw error
      })
    } finally {
      services.wakes.announce({ orgId: payload.orgId, stream: repoStream(payload.repoId) })
      await lease.end()
    }
  }
}

/** What somebody cancelled is answered; a run that was stopped otherwise goes on. */
function asCancelled(reason: unknown) {
  return isAfterturnError(reason, 'JOB_CANCELLED') && failureOf(reason)
}

function isLastTry(error: unknown, context: JobContext): boolean {
  return context.isLastAttempt || (isAfterturnError(error) && !error.retryable)
}

function failureOf(error: unknown): { code: string; message: string } {
  const message = cleanText(error instanceof Error ? error.message : String(error), MAX_FAILURE_LENGTH)
  return { code: isAfterturnError(error) ? error.code : 'UNEXPECTED', message }
}

async function runOnce(services: RepoServices, payload: Payload, index: IndexRow, context: JobContext) {
  const { database, provider, config, clock } = services
  const { orgId } = payload
  const { queue, signal } = context
  const stages = createStageTimes()
  const startedMs = performance.now()
  const tree = await stages.time('list', () => openRepo(services, { ...payload, source: index.source }, signal))
  const space = await ensureSpace(database, orgId, pipelineOf(provider.embeddingModel), provider.embeddingModel)
  const isSame = tree.commit !== null && tree.commit === index.commit && space === index.space
  const before = await stages.time('plan', () => readFiles(database, index.id))
  const known = { index, files: before }
  const plan = await stages.time('plan', () => planIndex(database, space, tree, known, clock.now(), signal))
  const totalBytes = plan.todo.reduce((sum, file) => sum + file.bytes, 0)
  const { outcomes, counts } = await indexBlobs(
    {
      services,
      orgId,
      queue,
      space,
      index,
      tree,
      signal,
      stages,
      onBatch: ({ usage, ...done }) =>
        context.progress(done.bytes, totalBytes, {
          ...done,
          files: plan.files.length,
          usd: (usage.inputTokens * config.embeddingUsdPerMillionTokens) / 1e6,
        }),
    },
    plan.todo,
  )
  const written = plan.files.filter((file) => !file.isKept).map((file) => rowOf(file, outcomes))
  const paths = new Set(plan.files.map(({ path }) => path))
  const removed = before.filter(({ path }) => !paths.has(path)).map(({ path }) => path)
  if (isSame && written.length === 0 && removed.length === 0) await settleIndex(database, payload, index, clock.now())
  else
    await stages.time('flip', () =>
      database.transaction().execute(async (transaction) => {
        const flip = { space, commit: tree.commit, rules: plan.rules, written, removed }
        await flipIndex(transaction, index, flip, clock.now())
        const changed = written.length + removed.length
        const ms = Math.round(performance.now() - startedMs)
        const outcome = { commit: tree.commit, changed, chunks: counts.chunks, ms }
        await tellIndexed(transaction, payload, outcome, clock.now())
        signal.throwIfAborted()
        await refuseWhenHalted(transaction, { orgId, queue })
      }),
    )
  const graceEnd = new Date(clock.now().getTime() - config.repoGarbageGraceMs)
  const collected = await collectBlobs(database, graceEnd, COLLECTED_BLOBS)
  const { usage, ...done } = counts
  return {
    commit: tree.commit,
    files: plan.files.length,
    changed: written.length,
    removed: removed.length,
    skipped: plan.files.filter((file) => (file.settled ?? outcomeOf(file, outcomes)).skipReason !== null).length,
    collected,
    ...done,
    tokens: usage.inputTokens,
    stageMs: stages.read(),
  }
}

function rowOf(file: PlannedFile, outcomes: ReadonlyMap<string, BlobOutcome>): FileRow {
  const { path, oid, bytes } = file
  return { path, oid, bytes, ...(file.settled ?? outcomeOf(file, outcomes)) }
}

function outcomeOf(
  file: PlannedFile,
  outcomes: ReadonlyMap<string, BlobOutcome>,
): Pick<FileRow, 'blob' | 'skipReason'> {
  const outcome = outcomes.get(file.key) as BlobOutcome
  return 'blob' in outcome ? { blob: outcome.blob, skipReason: null } : { blob: null, skipReason: outcome.reason }
}
