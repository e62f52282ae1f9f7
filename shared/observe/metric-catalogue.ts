/** Owns the name, the meaning and the labels of every metric. `docs/metrics.md` is generated from it. Labels are bounded: an org is one only in the list of the longest waits. */

type Metric = { readonly labels: readonly string[]; readonly help: string }

/** Of one process, since it started. */
export const COUNTERS = {
  afterturn_jobs_ended_total: {
    labels: ['queue', 'outcome'],
    help: 'Runs of jobs that ended: completed, retried (failed, and tried again) or failed (for good)',
  },
  afterturn_jobs_stalled_total: {
    labels: ['queue'],
    help: 'Jobs that were taken from a worker that gave no sign of life',
  },
  afterturn_turns_recorded_total: {
    labels: ['result'],
    help: 'Calls of recordTurn: recorded, deduplicated or the code of the error',
  },
  afterturn_model_calls_total: {
    labels: ['task', 'outcome'],
    help: 'Calls of the model provider: ok or the code of the error',
  },
  afterturn_model_tokens_total: {
    labels: ['task', 'direction'],
    help: 'Tokens that the provider counted: input or output',
  },
  afterturn_cache_lookups_total: {
    labels: ['cache', 'source'],
    help: 'Inputs that were looked up: found in memory or redis, waited (for who bought it already) or bought',
  },
  afterturn_cache_bad_frames_total: {
    labels: ['cache'],
    help: 'Cached frames that were damaged or foreign; each is deleted and bought again',
  },
  afterturn_cache_bytes_total: {
    labels: ['cache', 'direction'],
    help: 'Bytes of frames that were read from or written to the cache Redis',
  },
  afterturn_cache_saved_tokens_total: { labels: ['cache'], help: 'Tokens that did not have to be paid again' },
  afterturn_cache_saved_usd_total: { labels: ['cache'], help: 'What they would have cost, by the configured prices' },
  afterturn_model_waits_total: {
    labels: ['model', 'outcome'],
    help: "Model calls that were not sent at once, for the fleet's budget or a pause: waited, or sent_away (their jobs wait instead)",
  },
} as const satisfies Record<string, Metric>

/** Of one process, in seconds. */
export const HISTOGRAMS = {
  afterturn_job_start_latency_seconds: {
    labels: ['queue'],
    help: 'From when a job was due to when a worker first took it, to run it or, where the slots of its org are taken, to park it',
  },
  afterturn_job_run_seconds: { labels: ['queue'], help: 'One run of a job' },
  afterturn_record_turn_seconds: { labels: [], help: 'One call of recordTurn' },
  afterturn_model_call_seconds: {
    labels: ['task'],
    help: 'One call of the model provider, with its wait for a free place',
  },
  afterturn_model_wait_seconds: { labels: ['model'], help: 'The waits in place of model calls for their turn' },
  afterturn_lock_wait_seconds: { labels: [], help: 'From the wish for an org-memory lock to its lease and fence' },
  afterturn_lock_hold_seconds: { labels: [], help: 'How long an org-memory lock was held' },
} as const satisfies Record<string, Metric>

/** Of the whole fleet, read when they are asked for; only the dashboard has them, so that sums over processes are right. */
export const GAUGES = {
  afterturn_queue_jobs: { labels: ['queue', 'state'], help: 'Jobs by state' },
  afterturn_queue_age_seconds: { labels: ['queue'], help: 'How long the oldest waiting job has waited' },
  afterturn_jobs_parked: { labels: ['queue'], help: 'Jobs that wait for a slot of their org' },
  afterturn_model_paused_until_seconds: {
    labels: ['model'],
    help: 'Until when the provider has asked for a pause, in Unix time; 0 while there is none',
  },
  afterturn_redis_used_memory_bytes: { labels: ['role'], help: 'What a Redis uses: durable or cache' },
  afterturn_redis_max_memory_bytes: { labels: ['role'], help: 'What it may use; absent where it has no limit' },
  afterturn_redis_evicted_keys: { labels: ['role'], help: 'Keys that it evicted since it started' },
  afterturn_redis_lookups: { labels: ['role', 'outcome'], help: 'Keys looked up since it started: hit or missed' },
  afterturn_redis_clients: {
    labels: ['role', 'process'],
    help: 'Its clients by the process of the fleet; other for what is none',
  },
  afterturn_turns: { labels: ['state'], help: 'Turns by state' },
  afterturn_oldest_pending_seconds: {
    labels: ['org'],
    help: 'The age of the oldest pending turn of the orgs that wait longest',
  },
  afterturn_kill_switches: {
    labels: ['scope'],
    help: 'Kill switches that are on: for everything, of orgs, of queues, of orgs on queues',
  },
  afterturn_dead_letters: { labels: ['queue', 'code'], help: 'Dead letters that wait for somebody' },
} as const satisfies Record<string, Metric>
