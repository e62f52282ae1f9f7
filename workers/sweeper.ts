import pLimit from 'p-limit'
import { CATALOG, QUEUE_NAMES } from '../queues/catalog.ts'
import type { Producer } from '../queues/producer.ts'
import { wakeUpOf } from '../queues/workstream-wake-up.ts'
import type { Config } from '../shared/config.ts'
import { AfterturnError } from '../shared/errors.ts'
import type { ErasureDuty } from '../shared/memory/forgetting.ts'
import { collectBlobs } from '../shared/store/code/code-blobs.ts'
import { claimPendingIndexes } from '../shared/store/code/code-indexes.ts'
import { dropOldRecords } from '../shared/store/control/old-records.ts'
import { readWantedCompactions } from '../shared/store/conversations/compactions.ts'
import { endSilentExecutions } from '../shared/store/events/read-execution.ts'
import { trimEvents } from '../shared/store/events/trim-events.ts'
import { readOrgsToReextract } from '../shared/store/memories/reextractions.ts'
import { dropOldCheckpoints } from '../shared/store/models/model-checkpoints.ts'
import { claimPeriodicTask } from '../shared/store/periodic-tasks.ts'
import { readOrgsLackingVectors } from '../shared/store/search-index/vectors.ts'
import { sweepThreads } from '../shared/store/states/delete-checkpoints.ts'
import { sweepStates } from '../shared/store/states/erase-states.ts'
import { recountTallies } from '../shared/store/tallies.ts'
import {
  readLongestDigestWaitMs,
  readOverdueWorkstreams,
  type WakenWorkstream,
} from '../shared/store/turns/workstreams.ts'
import type { DeadJobs } from './control/dead-jobs.ts'
import { wakeFarDelayed } from './control/far-delays.ts'
import { digestTiming, type MemoryServices } from './memory/memory-services.ts'

/**
 * Heals what Redis forgot: every while, one process re-adds the wake-ups that the store says are needed. Jobs that exist already absorb them.
 * The claim is a row in the store, because losing Redis is what this is for.
 */
type Sweeper = {
  /** Why the last sweep failed; undefined when it did not. */
  failure(): Error | undefined
  stop(): Promise<void>
}

/** Rows that are read at once. */
const PAGE_ROWS = 1_000
/** Answers about turns that became dead letters; by then nobody replays them. */
const CHECKPOINT_RETENTION_MS = 7 * 86_400_000
/** Wake-ups that are on their way to Redis at once. */
const ENQUEUE_CONCURRENCY = 50
const JITTER = 0.2
const HOUR_MS = 3_600_000
/** How often rows are counted, in case something changed them that no trigger saw. */
const RECOUNT_INTERVAL_MS = 24 * HOUR_MS

type SweepServices = Pick<MemoryServices, 'config' | 'database' | 'redis' | 'clock' | 'log' | 'provider' | 'wakes'> & {
  readonly config: Pick<Config, 'eventRetentionHours' | 'executionSilenceMs' | 'repoGarbageGraceMs' | 'retentionDays'>
  readonly producer: Producer
}

type SweeperServices = SweepServices & {
  readonly deadJobs: Pick<DeadJobs, 'collect'>
  readonly erasures: ErasureDuty
}

/** Sweeps at once and then every `sweepIntervalMs`, with jitter, until stopped. */
export function startSweeper(services: SweeperServices): Sweeper {
  let timer: NodeJS.Timeout | undefined
  let isStopped = false
  const stopping = new AbortController()
  let current = Promise.resolve()
  // It may take long, and turns must be woken meanwhile.
  let erasing: Promise<void> | undefined
  let failure: Error | undefined
  const tick = () => {
    erasing ??= forget(services, stopping.signal).finally(() => {
      erasing = undefined
    })
    current = Promise.all([sweep(services), services.deadJobs.collect()]).then(
      () => {
        failure = undefined
      },
      (error: Error) => {
        failure = error
        services.log.warn({ error: error.message }, 'a sweep failed; the next one continues')
      },
    )
    void current.then(() => {
      const waitMs = services.config.sweepIntervalMs * (1 + JITTER * (Math.random() - 0.5))
      if (!isStopped) timer = setTimeout(tick, waitMs)
    })
  }
  tick()
  return {
    failure: () => failure,
    async stop() {
      isStopped = true
      stopping.abort(new AfterturnError('SHUTTING_DOWN', 'The sweeper stops.'))
      clearTimeout(timer)
      await Promise.all([current, erasing])
    },
  }
}

/** Goes on with what is to be erased, and erases what is old. Never rejects. */
async function forget(
  { erasures, log }: Pick<SweeperServices, 'erasures' | 'log'>,
  signal: AbortSignal,
): Promise<void> {
  try {
    await erasures.resume(signal)
    await erasures.retain(signal)
  } catch (error) {
    log.warn({ error: (error as Error).message }, 'erasing failed, will be resumed by the next sweep')
  }
}

/** One sweep, unless another process has just done it; answers how many wake-ups it added. */
export async function sweep(services: SweepServices): Promise<number> {
  const { database, clock, config, producer } = services
  const now = clock.now()
  // Half an interval: the claim must be over when its holder comes again.
  if (!(await claimPeriodicTask(database, 'sweep', now, config.sweepIntervalMs / 2))) return 0
  const wakeUps = pLimit(ENQUEUE_CONCURRENCY)
  let count = 0
  let page: WakenWorkstream[]
  // All of them: the ones that cannot be extracted stay overdue, and would hide the others behind any limit.
  for (let after: WakenWorkstream | undefined; ; after = page.at(-1)) {
    page = await readOverdueWorkstreams(database, digestTiming(services), { after, limit: PAGE_ROWS })
    await wakeUps.map(page, (workstream) => producer.enqueue(CATALOG['memory-digest'], wakeUpOf(workstream)))
    count += page.length
    if (page.length < PAGE_ROWS) break
  }
  for (let after: WakenWorkstream | undefined; ; after = page.at(-1)) {
    page = await readWantedCompactions(
      database,
      { now, breakerMs: config.compactionBreakerMs },
      { after, limit: PAGE_ROWS },
    )
    await wakeUps.map(page, (workstream) => producer.enqueue(CATALOG['context-compaction'], wakeUpOf(workstream)))
    count += page.length
    if (page.length < PAGE_ROWS) break
  }
  const lacking = await readOrgsLackingVectors(database, services.provider.embeddingModel, PAGE_ROWS, now)
  await wakeUps.map(lacking, (orgId) => producer.enqueue(CATALOG['memory-reembedding'], { v: 1, orgId }))
  await trimEvents(database, new Date(now.getTime() - config.eventRetentionHours * HOUR_MS))
  if (config.executionSilenceMs > 0) {
    const since = new Date(now.getTime() - config.executionSilenceMs)
    for (const key of await endSilentExecutions(database, { since, now, limit: PAGE_ROWS }))
      services.wakes.announce(key)
  }
  const reextracted = await readOrgsToReextract(database, PAGE_ROWS)
  await wakeUps.map(reextracted, (orgId) => producer.enqueue(CATALOG['memory-reextraction'], { v: 1, orgId }))
  await dropOldCheckpoints(database, new Date(now.getTime() - CHECKPOINT_RETENTION_MS))
  await dropOldRecords(database, now, config.retentionDays)
  await sweepStates(database, now, config.retentionDays)
  await sweepThreads(database, now, config.retentionDays)
  await collectBlobs(database, new Date(now.getTime() - config.repoGarbageGraceMs), PAGE_ROWS)
  if (await claimPeriodicTask(database, 'recount', now, RECOUNT_INTERVAL_MS)) {
    const corrected = await recountTallies(database)
    if (corrected > 0) services.log.warn({ corrected }, 'tallies were wrong and are corrected')
  }
  const unindexed = await claimPendingIndexes(database, now, PAGE_ROWS)
  await wakeUps.map(unindexed, (ref) => producer.enqueue(CATALOG['repo-indexing'], { v: 1, ...ref }))
  let woken = 0
  // Jobs may be woken at any time: the rows say what there is to do.
  const longestMs = await readLongestDigestWaitMs(database, digestTiming(services))
  for (const name of QUEUE_NAMES) woken += await wakeFarDelayed(producer, name, services.redis, longestMs)
  return count + lacking.length + reextracted.length + woken
}
