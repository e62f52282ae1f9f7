import { count, DAY_SECONDS, MINUTE_MS } from './value-checks.ts'

/** Slots of an org in each queue. */
export const DEFAULT_ORG_CONCURRENCY = 4
export const DEFAULT_RETRY_BACKOFF_MS = 10_000

/** The concurrency of a queue; unset, that of its contract. */
const jobsAtOnce = (queue: string) =>
  count(1, 1_000).optional().describe(`Jobs of \`${queue}\` that one process runs at once`)

/** When jobs run, for how long, and how many at once. */
export const jobSettings = {
  digestWindowMs: count(10, DAY_SECONDS * 1_000)
    .default(15 * MINUTE_MS)
    .describe('A digest runs when a workstream has been quiet for this long'),
  digestMaxWaitMs: count(10, 7 * DAY_SECONDS * 1_000)
    .default(60 * MINUTE_MS)
    .describe('A digest runs at the latest when the oldest pending turn of a workstream has waited this long'),
  sweepIntervalMs: count(50, DAY_SECONDS * 1_000)
    .default(30_000)
    .describe('How often the sweeper looks for pending turns that have no job'),
  enqueueTimeoutMs: count(10, MINUTE_MS).default(2_000).describe('Deadline of `recordTurn` and of every enqueue'),
  killSwitchPollMs: count(50, MINUTE_MS)
    .default(500)
    .describe('How often each worker process polls the kill switch, in addition to being notified'),
  drainTimeoutMs: count(0, 60 * MINUTE_MS)
    .default(30_000)
    .describe('How long running jobs may finish when a process is asked to stop'),
  jobLockMs: count(1_000, 60 * MINUTE_MS)
    .default(30_000)
    .describe('How long a job stays reserved for a worker that died'),
  orgLockTtlMs: count(100, 10 * MINUTE_MS)
    .default(10_000)
    .describe("How long an org's memory stays locked by a process that died"),
  orgLockWaitMs: count(10, 60 * MINUTE_MS)
    .default(30_000)
    .describe("How long to wait for an org's memory lock"),
  stuckAfterMs: count(100, DAY_SECONDS * 1_000)
    .default(2 * MINUTE_MS)
    .describe('A worker process exits, to be restarted, when jobs are waiting and none has started for this long'),
  disconnectedAfterMs: count(100, DAY_SECONDS * 1_000)
    .default(5 * MINUTE_MS)
    .describe('A worker process exits, to be restarted, when Redis or the store has not responded for this long'),
  maxEventLoopLagMs: count(10, DAY_SECONDS * 1_000)
    .default(5_000)
    .describe(
      'A worker process exits, to be restarted, when its event loop is late by this much several times in a row',
    ),
  retryBackoffMs: count(1, 60 * MINUTE_MS)
    .default(DEFAULT_RETRY_BACKOFF_MS)
    .describe(
      "Wait before the first retry of a job in the product's queues; it doubles with each further retry, up to 10 minutes",
    ),
  resultTtlSeconds: count(1, 30 * DAY_SECONDS)
    .default(DAY_SECONDS)
    .describe(
      "How long the result of a job in the host's own queues can be read, for the newest 1,000 jobs of each queue",
    ),
  orgConcurrency: count(1, 10_000)
    .default(DEFAULT_ORG_CONCURRENCY)
    .describe(
      'Jobs of one org that run at once in each queue, across all processes; raise it if few orgs share the fleet',
    ),
  memoryExtractionConcurrency: jobsAtOnce('memory-extraction'),
  memoryDigestConcurrency: jobsAtOnce('memory-digest'),
  memoryReembeddingConcurrency: jobsAtOnce('memory-reembedding'),
  memoryReextractionConcurrency: jobsAtOnce('memory-reextraction'),
  repoIndexingConcurrency: jobsAtOnce('repo-indexing'),
  contextCompactionConcurrency: jobsAtOnce('context-compaction'),
}
