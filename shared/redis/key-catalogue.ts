/**
 * Owns the list of every key that the fleet has in Redis; `docs/keys.md` is generated from it and a test holds it against a real run. In a
 * pattern a word in capitals stands for one part: PREFIX, an encoded id, a hash. Must list a key before code writes it.
 */
export type KeyEntry = {
  readonly pattern: string
  readonly role: 'durable' | 'cache'
  readonly type: 'string' | 'hash' | 'list' | 'set' | 'zset' | 'stream'
  /** Whether it has a time to live, from its first moment on. What has none is bounded by what it counts. */
  readonly expires: 'always' | 'never'
  /** The file that writes it, or who does; `bullmq` for the library. */
  readonly owner: string
  readonly meaning: string
}

const FLEET_KEYS: readonly KeyEntry[] = [
  durable(
    'PREFIX:lease:workstream:ORG:WORKSTREAM',
    'string',
    'always',
    'shared/lock/lease.ts',
    'The job that is extracting the turns of a workstream',
  ),
  durable(
    'PREFIX:lease:repo:ORG:REPO',
    'string',
    'always',
    'shared/lock/lease.ts',
    'The job that is indexing a repository',
  ),
  durable(
    'PREFIX:lease:context:ORG:WORKSTREAM',
    'string',
    'always',
    'shared/lock/lease.ts',
    'The job that is compacting the context of a workstream',
  ),
  durable(
    'PREFIX:request-rate:CALLER',
    'string',
    'always',
    'shared/limit/take-request.lua',
    'When a caller of the API may call again',
  ),
  inLine('PREFIX:lease:workstream:ORG:WORKSTREAM', 'the extraction of a workstream'),
  inLine('PREFIX:lease:repo:ORG:REPO', 'the indexing of a repository'),
  inLine('PREFIX:lease:context:ORG:WORKSTREAM', 'the compaction of a workstream'),
  durable(
    'PREFIX:lease:memory:{ORG}',
    'string',
    'always',
    'shared/lock/fair-lease.ts',
    "The holder of the lock of an org's memory",
  ),
  durable(
    'PREFIX:lease:memory:{ORG}:line',
    'list',
    'always',
    'shared/lock/fair-lease.ts',
    'The waiters for that lock, in order',
  ),
  durable(
    'PREFIX:fleet:QUEUE',
    'zset',
    'always',
    'queues/state/fleet-presence.ts',
    'Which processes serve a queue, how many jobs each runs at once, and until when that is valid',
  ),
  durable(
    'PREFIX:slots:QUEUE:ORG:holders',
    'zset',
    'always',
    'workers/slots/settle-slots.lua',
    'The jobs of an org that hold a slot, by the time they got it',
  ),
  durable(
    'PREFIX:slots:QUEUE:ORG:line',
    'zset',
    'always',
    'workers/slots/settle-slots.lua',
    'The jobs of an org that wait for a slot, in order',
  ),
  durable(
    'PREFIX:slots:QUEUE:ORG:overtaken',
    'string',
    'always',
    'workers/slots/settle-slots.lua',
    "How many slots of an org went to live jobs since one went to a backfill's, while both wait",
  ),
  durable(
    'PREFIX:parked:QUEUE',
    'zset',
    'always',
    'workers/slots/settle-slots.lua',
    'How many jobs are parked, by org',
  ),
  durable(
    'PREFIX:work:incoming',
    'stream',
    'never',
    'shared/messages/message-streams.ts',
    'Messages to route, by id; with INGRESS, messages from other programs with their content, for seconds. At most STREAM_MAX_ENTRIES entries',
  ),
  durable(
    'PREFIX:work:completions',
    'stream',
    'never',
    'executors in other programs',
    'Completions, until they are read',
  ),
  durable(
    'PREFIX:triggers:AGENT',
    'stream',
    'never',
    'shared/messages/message-streams.ts',
    'Messages for an agent to work on, by id; at most STREAM_MAX_ENTRIES entries',
  ),
  durable('PREFIX:ticket:TICKET', 'string', 'always', 'api/live/take-once.ts', 'A ticket was taken'),
  durable(
    'PREFIX:progress:ORG:TASK',
    'string',
    'always',
    'shared/events/write-frame.lua',
    'The newest progress of a task, for an hour',
  ),
  durable(
    'PREFIX:cancel:QUEUE:JOB',
    'string',
    'always',
    'shared/control/cancel-requests.ts',
    'A running job is to be cancelled',
  ),
  durable(
    'PREFIX:kill_switch',
    'string',
    'never',
    'shared/control/kill-switch.ts',
    'Halts everything while it is truthy; operators may set it',
  ),
  durable(
    'PREFIX:kill_switch:jobs:ORG:QUEUE',
    'zset',
    'never',
    'workers/control/halted-lists.ts',
    'The jobs that the kill switch halted; deleted when it is off and they resume',
  ),
  durable(
    'PREFIX:kill_switch:places',
    'set',
    'never',
    'workers/control/halted-lists.ts',
    'The orgs and queues that have halted jobs',
  ),
  durable(
    'PREFIX:host-queues',
    'set',
    'never',
    'queues/producer.ts',
    "The names of the hosts' own queues, so that erasing finds them from any process",
  ),
  durable(
    'PREFIX:model-line:HOST:MODEL',
    'hash',
    'always',
    'shared/limit/next-permit.lua',
    "The line in which the fleet's calls of a model wait",
  ),
]

/** Entries of the caches. The org is always the first hash: erasing an org removes every key that has it there. */
const ENTRIES: readonly KeyEntry[] = [
  cached('PREFIX:emb:HASH:HASH', 'shared/cache/embedding-cache.ts', 'A vector, by its owner, then by model and text'),
  cached(
    'PREFIX:cmp:HASH:HASH',
    'shared/cache/completion-cache.ts',
    "A model's answer, by whose it is, then by model, task and question",
  ),
  cached(
    'PREFIX:plugin_content:HASH:HASH:HASH',
    'shared/cache/faces/content-cache.ts',
    'The files of cached content, by org, slug and version',
  ),
  cached(
    'PREFIX:plugin_manifest:HASH:HASH:HASH',
    'shared/cache/faces/content-cache.ts',
    'The manifest of cached content, by org, slug and version',
  ),
  cached(
    'PREFIX:plugin_files:HASH:HASH:HASH:HASH',
    'shared/cache/faces/content-cache.ts',
    'One file of cached content, by org, slug, version and path',
  ),
  cached(
    'PREFIX:tools:HASH:HASH:HASH:HASH',
    'shared/cache/faces/tool-cache.ts',
    'The tools of a server, by org, server, user, and a digest of the credentials',
  ),
  cached(
    'PREFIX:cache:metadata:HASH:HASH:HASH:HASH',
    'shared/cache/faces/prefetcher.ts',
    'Metadata that is refreshed ahead, by org, name, key and viewer',
  ),
  cached('PREFIX:cache:llm:HASH:HASH', 'shared/answers/answers.ts', "A model's sealed answer, by org and question"),
  cached(
    'PREFIX:m2m:tokens:HASH:HASH:HASH:HASH',
    'shared/cache/faces/token-cache.ts',
    'A sealed machine token, by org, issuer, client, and whatever else it is bound to',
  ),
]

const CACHE_KEYS: readonly KeyEntry[] = [
  ...ENTRIES,
  ...ENTRIES.map(({ pattern }) =>
    cached(`${pattern}:flight`, 'shared/cache/engine/flight-leases.ts', 'The process that is fetching this entry'),
  ),
  cached(
    'PREFIX:erased:HASH',
    'shared/cache/erase-cached.ts',
    'Something of this org was erased: values requested before then are not kept',
  ),
  cached(
    'PREFIX:mark:HASH:HASH',
    'shared/cache/engine/invalidate.ts',
    'Values with this tag were invalidated: those loaded before then are neither served nor kept',
  ),
]

const BULLMQ_KEYS: readonly KeyEntry[] = [
  bullmq('JOB', 'hash', 'never', 'A job: ids, options and outcome, no content; of the ended ones, the newest are kept'),
  bullmq('JOB:lock', 'string', 'always', 'Which worker runs the job; `JOB_LOCK_MS`'),
  bullmq('JOB:logs', 'list', 'never', 'Lines that a handler of the host logged, and why attempts failed'),
  bullmq(
    'JOB:dependencies',
    'set',
    'never',
    'Jobs that it waits for; the fleet creates none of these and of the next three',
  ),
  bullmq('JOB:processed', 'hash', 'never', 'Their results'),
  bullmq('JOB:failed', 'hash', 'never', 'Their failures that count as results'),
  bullmq('JOB:unsuccessful', 'zset', 'never', 'Their failures'),
  bullmq('id', 'string', 'never', 'The number of the newest job'),
  bullmq('meta', 'hash', 'never', "The queue's settings"),
  bullmq('events', 'stream', 'never', 'What happened to jobs; about 10,000 entries'),
  bullmq('marker', 'zset', 'never', 'Wakes a worker that waits'),
  bullmq('wait', 'list', 'never', 'Jobs that are due'),
  bullmq('paused', 'list', 'never', 'Jobs that are due in a queue that is paused'),
  bullmq('active', 'list', 'never', 'Jobs that run'),
  bullmq('delayed', 'zset', 'never', 'Jobs that are due later'),
  bullmq('prioritized', 'zset', 'never', 'Jobs that are due, with a priority'),
  bullmq('pc', 'string', 'never', 'Counts jobs with a priority'),
  bullmq('waiting-children', 'zset', 'never', 'Jobs that wait for others'),
  bullmq('completed', 'zset', 'never', 'The newest jobs that succeeded'),
  bullmq('failed', 'zset', 'never', 'The newest jobs that failed'),
  bullmq('stalled', 'set', 'never', 'Jobs whose workers must show a sign of life'),
  bullmq('stalled-check', 'string', 'always', 'The next check for stalled jobs'),
  bullmq('limiter', 'string', 'always', 'Jobs started in this interval, for a queue with a rate limit'),
  bullmq('repeat', 'zset', 'never', 'Job schedulers; the fleet creates none'),
  bullmq('de:DEDUPLICATION', 'string', 'never', 'The job that stands for a key'),
  bullmq('dn:DEDUPLICATION', 'hash', 'never', 'The next job of a key whose job runs'),
]

/** Every key, those that are ours first. */
export const KEY_CATALOGUE: readonly KeyEntry[] = [...FLEET_KEYS, ...CACHE_KEYS, ...BULLMQ_KEYS]

/** What stands second in our own keys; a queue of this name would share them. */
export const RESERVED_NAMES: ReadonlySet<string> = new Set(
  [...FLEET_KEYS, ...CACHE_KEYS].map(({ pattern }) => pattern.split(':')[1] as string),
)

function durable(
  pattern: string,
  type: KeyEntry['type'],
  expires: KeyEntry['expires'],
  owner: string,
  meaning: string,
): KeyEntry {
  return { pattern, role: 'durable', type, expires, owner, meaning }
}

function inLine(lease: string, what: string): KeyEntry {
  return durable(
    `${lease}:line`,
    'zset',
    'always',
    'workers/control/lease-line.ts',
    `The jobs that wait for the end of ${what}`,
  )
}

function cached(pattern: string, owner: string, meaning: string): KeyEntry {
  return { pattern, role: 'cache', type: 'string', expires: 'always', owner, meaning }
}

function bullmq(rest: string, type: KeyEntry['type'], expires: KeyEntry['expires'], meaning: string): KeyEntry {
  return durable(`PREFIX:QUEUE:${rest}`, type, expires, 'bullmq', meaning)
}
