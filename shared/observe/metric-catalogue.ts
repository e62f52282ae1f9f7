/** Owns the name, the meaning and the labels of every metric. `docs/metrics.md` is generated from it. Labels are bounded: an org is one only in the list of the longest waits. */

type Metric = { readonly labels: readonly string[]; readonly help: string }

/** Per process, since it started. */
export const COUNTERS = {
  afterturn_jobs_ended_total: {
    labels: ['queue', 'outcome'],
    help: 'Finished job runs: completed, retried (failed, will run again) or failed (for good)',
  },
  afterturn_jobs_stalled_total: {
    labels: ['queue'],
    help: 'Jobs reclaimed from a stalled worker',
  },
  afterturn_turns_recorded_total: {
    labels: ['result'],
    help: 'Calls of recordTurn: recorded, deduplicated, or the error code',
  },
  afterturn_api_requests_total: {
    labels: ['operation', 'status'],
    help: 'Requests of the HTTP API by operation and status, refused ones included',
  },
  afterturn_model_calls_total: {
    labels: ['task', 'outcome'],
    help: 'Calls of the model provider: ok, or the error code',
  },
  afterturn_model_tokens_total: {
    labels: ['task', 'direction'],
    help: 'Tokens counted by the provider: input or output',
  },
  afterturn_cache_lookups_total: {
    labels: ['cache', 'source'],
    help: 'Cache lookups: found in memory or redis, waited (another caller was already buying it) or bought',
  },
  afterturn_cache_bad_frames_total: {
    labels: ['cache'],
    help: 'Damaged or foreign cache frames; each is deleted and bought again',
  },
  afterturn_cache_stale_total: {
    labels: ['cache'],
    help: 'Answers served after their fresh time, while a newer one was loaded or because its load failed',
  },
  afterturn_cache_refused_writes_total: {
    labels: ['cache'],
    help: 'Values not kept, because an invalidation or erasure overtook their load',
  },
  afterturn_cache_too_large_total: { labels: ['cache'], help: 'Values returned but too large to keep' },
  afterturn_cache_bytes_total: {
    labels: ['cache', 'direction'],
    help: 'Bytes of frames read from or written to the cache Redis',
  },
  afterturn_cache_saved_tokens_total: { labels: ['cache'], help: 'Tokens saved by the cache' },
  afterturn_cache_saved_usd_total: {
    labels: ['cache'],
    help: 'US dollars saved by the cache, at the configured prices',
  },
  afterturn_model_waits_total: {
    labels: ['model', 'outcome'],
    help: "Model calls held back by the fleet's budget or a pause: waited, or sent_away (their jobs wait instead)",
  },
} as const satisfies Record<string, Metric>

/** Per process, in seconds. */
export const HISTOGRAMS = {
  afterturn_job_start_latency_seconds: {
    labels: ['queue'],
    help: 'From the time a job was due until a worker first took it, to run it or, when its org has no free slot, to park it',
  },
  afterturn_job_run_seconds: { labels: ['queue'], help: 'One run of a job' },
  afterturn_api_seconds: { labels: ['operation'], help: 'One request of the HTTP API, until its answer is written' },
  afterturn_record_turn_seconds: { labels: [], help: 'One call of recordTurn' },
  afterturn_model_call_seconds: {
    labels: ['task'],
    help: 'One call of the model provider, including its wait for free concurrency',
  },
  afterturn_model_wait_seconds: { labels: ['model'], help: 'Time model calls spent waiting for rate-limit capacity' },
  afterturn_lock_wait_seconds: {
    labels: [],
    help: 'From requesting the org-memory lock to holding its lease and fence',
  },
  afterturn_lock_hold_seconds: { labels: [], help: 'How long an org-memory lock was held' },
} as const satisfies Record<string, Metric>

/** Of the whole fleet, read on each scrape; only the dashboard exports them, so that sums over processes are right. */
export const GAUGES = {
  afterturn_queue_jobs: { labels: ['queue', 'state'], help: 'Jobs by state' },
  afterturn_queue_age_seconds: { labels: ['queue'], help: 'Age of the oldest waiting job' },
  afterturn_queue_due_jobs: { labels: ['queue'], help: 'Jobs whose time has come and that have not started' },
  afterturn_queue_runnable_jobs: {
    labels: ['queue'],
    help: 'Due jobs that more workers would start: none while their queue is halted or their model is paused',
  },
  afterturn_queue_workers: { labels: ['queue'], help: 'Processes that serve the queue' },
  afterturn_queue_slots: { labels: ['queue'], help: 'Jobs that these processes run at once' },
  afterturn_jobs_parked: { labels: ['queue'], help: 'Jobs waiting for a slot of their org' },
  afterturn_model_paused_until_seconds: {
    labels: ['model'],
    help: 'End of the pause requested by the provider, in Unix time; 0 without one',
  },
  afterturn_redis_used_memory_bytes: { labels: ['role'], help: 'Memory used by a Redis: durable or cache' },
  afterturn_redis_max_memory_bytes: { labels: ['role'], help: 'Memory limit of a Redis; absent without one' },
  afterturn_redis_evicted_keys: { labels: ['role'], help: 'Keys evicted since the Redis started' },
  afterturn_redis_lookups: { labels: ['role', 'outcome'], help: 'Key lookups since the Redis started: hit or missed' },
  afterturn_redis_clients: {
    labels: ['role', 'process'],
    help: 'Connected clients by fleet process; `other` for the rest',
  },
  afterturn_turns: { labels: ['state'], help: 'Turns by state' },
  afterturn_oldest_pending_seconds: {
    labels: ['org'],
    help: 'Age of the oldest pending turn, for the orgs that wait longest',
  },
  afterturn_live_connections: {
    labels: [],
    help: 'Open live connections of the process: WebSockets, and requests that follow a stream',
  },
  afterturn_kill_switches: {
    labels: ['scope'],
    help: 'Active kill switches: global, by org, by queue, by org and queue',
  },
  afterturn_memories_held: { labels: [], help: 'Memories held for review' },
  afterturn_dead_letters: { labels: ['queue', 'code'], help: 'Unresolved dead letters' },
} as const satisfies Record<string, Metric>
