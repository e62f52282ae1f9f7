/**
 * Owns which connections a process of the fleet has to each Redis, and how clients are named there. `docs/connections.md` is generated from it, and a
 * test counts those of real processes. Must list a connection before code opens it.
 */

/** The kinds of process; an app embeds the runtime to record and search. The store and the migrations know no Redis. */
export type ProcessKind = 'app' | 'worker' | 'messages' | 'dashboard' | 'api'

type ConnectionEntry = {
  readonly role: 'durable' | 'cache'
  readonly openedBy: readonly ProcessKind[]
  readonly meaning: string
}

export const CONNECTIONS = {
  general: {
    role: 'durable',
    openedBy: ['app', 'worker', 'messages', 'dashboard', 'api'],
    meaning: 'Leases, flags, and reads for status pages',
  },
  producer: {
    role: 'durable',
    openedBy: ['app', 'worker', 'messages', 'dashboard', 'api'],
    meaning: 'Adding and querying jobs; fails fast',
  },
  subscriptions: {
    role: 'durable',
    openedBy: ['app', 'worker', 'messages', 'api'],
    meaning:
      'Wake-ups, the kill switch and revoked keys; in an app, only after its first wait for an org-memory lock or an event',
  },
  bullmq: {
    role: 'durable',
    openedBy: ['worker', 'messages'],
    meaning: "BullMQ's workers, shared by all queues of the process",
  },
  blocking: { role: 'durable', openedBy: ['worker'], meaning: 'Waiting for the next job; one per served queue' },
  streams: {
    role: 'durable',
    openedBy: ['messages'],
    meaning: 'Waiting for stream entries; an app or a worker opens one too if it has agents, or with MESSAGING',
  },
  locator: {
    role: 'durable',
    openedBy: [],
    meaning: 'Asking where the primary is; one to each sentinel, or to up to seven nodes of a cluster',
  },
  cache: {
    role: 'cache',
    openedBy: ['app', 'worker', 'messages', 'dashboard', 'api'],
    meaning: 'Cached model results; only with a cache Redis',
  },
} as const satisfies Record<string, ConnectionEntry>

export type ConnectionPurpose = keyof typeof CONNECTIONS

/** What the Procfile's fleet may open on a Redis in all; the smallest plans of managed services allow as many. */
export const CONNECTION_BUDGET = 100

/** How many connections a process has to a role at most; `queues` is how many it serves. */
export function countConnections(kind: ProcessKind, role: ConnectionEntry['role'], queues = 1): number {
  const entries: [string, ConnectionEntry][] = Object.entries(CONNECTIONS)
  const opened = entries.filter(([, entry]) => entry.role === role && entry.openedBy.includes(kind))
  return opened.reduce((sum, [purpose]) => sum + (purpose === 'blocking' ? queues : 1), 0)
}

/** The name under which Redis lists a connection; it takes no space. */
export function clientName(processName: string, purpose: Exclude<ConnectionPurpose, 'blocking'>): string {
  return `afterturn:${encodeURIComponent(processName)}:${purpose}`
}

/** What BullMQ is told as a worker's name. It lists the blocking connection as the key prefix, the queue, `w`, and this. */
export function workerName(processName: string): string {
  return encodeURIComponent(processName)
}

/** Whose a client is, by its name: a process of the fleet with this key prefix, or undefined. */
export function processOfClient(name: string, keyPrefix: string): string | undefined {
  const blocking = name.startsWith(`${keyPrefix}:`) && /:w:([^:]+)$/.exec(name)?.[1]
  if (blocking) return blocking
  // The default prefix is also how the names of all other connections begin.
  return /^afterturn:([^:]+):[a-z]+$/.exec(name)?.[1]
}
