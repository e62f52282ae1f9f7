import { count, DAY_SECONDS, MINUTE_MS } from './value-checks.ts'

/** The slots of an org in each queue, where nothing else is said. */
export const DEFAULT_ORG_CONCURRENCY = 4
export const DEFAULT_RETRY_BACKOFF_MS = 10_000

/** Without it, what the contract of the queue states. */
const jobsAtOnce = (queue: string) => count(1, 1_000).optional().describe(`Jobs of \`${queue}\` at once per process`)

/** When jobs run, for how long, and how many at once; how large a turn may be. */
export const jobSettings = {
  digestWindowMs: count(10, DAY_SECONDS * 1_000)
    .default(15 * MINUTE_MS)
    .describe('A digest runs when a workstream has been quiet for this long'),
  digestMaxWaitMs: count(10, 7 * DAY_SECONDS * 1_000)
    .default(60 * MINUTE_MS)
    .describe('… or when its oldest pending turn has waited this long'),
  sweepIntervalMs: count(50, DAY_SECONDS * 1_000)
    .default(30_000)
    .describe('How often pending turns without a job are looked for'),
  enqueueTimeoutMs: count(10, MINUTE_MS)
    .default(2_000)
    .describe('The time in which `recordTurn` and every enqueue answers'),
  killSwitchPollMs: count(50, MINUTE_MS)
    .default(500)
    .describe('How often each worker process looks at the kill switch, beside being told of changes'),
  drainTimeoutMs: count(0, 60 * MINUTE_MS)
    .default(30_000)
    .describe('The time running jobs get when a process is asked to stop'),
  jobLockMs: count(1_000, 60 * MINUTE_MS)
    .default(30_000)
    .describe('How long the work of a worker that died stays reserved for it'),
  orgLockTtlMs: count(100, 10 * MINUTE_MS)
    .default(10_000)
    .describe("How long an org's memory stays locked by a process that died"),
  orgLockWaitMs: count(10, 60 * MINUTE_MS)
    .default(30_000)
    .describe("How long an org's memory lock is waited for"),
  stuckAfterMs: count(100, DAY_SECONDS * 1_000)
    .default(2 * MINUTE_MS)
    .describe('A worker process starts again when jobs wait and it has started none for this long'),
  disconnectedAfterMs: count(100, DAY_SECONDS * 1_000)
    .default(5 * MINUTE_MS)
    .describe('… or when Redis or the store has not answered for this long'),
  maxEventLoopLagMs: count(10, DAY_SECONDS * 1_000)
    .default(5_000)
    .describe('… or when its event loop was late by this much several times in a row'),
  retryBackoffMs: count(1, 60 * MINUTE_MS)
    .default(DEFAULT_RETRY_BACKOFF_MS)
    .describe('The wait before the first retry of a job; it doubles with each'),
  maxMessageBytes: count(1, 64 * 1_024 * 1_024)
    .default(256 * 1_024)
    .describe('The size of one message, in UTF-8'),
  maxMessagesPerTurn: count(1, 10_000).default(200).describe('Messages in one turn'),

  orgConcurrency: count(1, 10_000)
    .default(DEFAULT_ORG_CONCURRENCY)
    .describe('Jobs of one org at once in each queue, over all processes; raise it where few orgs share the fleet'),
  memoryExtractionConcurrency: jobsAtOnce('memory-extraction'),
  memoryDigestConcurrency: jobsAtOnce('memory-digest'),
  memoryReembeddingConcurrency: jobsAtOnce('memory-reembedding'),
  repoIndexingConcurrency: jobsAtOnce('repo-indexing'),
  contextCompactionConcurrency: jobsAtOnce('context-compaction'),
}
