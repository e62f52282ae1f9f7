import { commandText } from './processes/command-text.ts'

/**
 * The catalogue of errors: every failure that a user can meet has a code, a remedy, and whether a retry can help.
 * Guarantees: code outside this file throws AfterturnError with a code of the catalogue, never a bare string.
 */

type CatalogueEntry = { readonly retryable: boolean; readonly remedy: string }

/** Every code, whether a retry may succeed, and its remedy. `docs/errors.md` is generated from it. */
export const ERROR_CATALOGUE = {
  CONFIG_INVALID: {
    retryable: false,
    remedy: `Set the variables as the message says; \`${commandText('doctor')}\` shows what is in force.`,
  },
  INPUT_INVALID: { retryable: false, remedy: 'Correct the fields that the message names; nothing was written.' },
  REQUEST_MALFORMED: { retryable: false, remedy: 'Send one JSON object in UTF-8; nothing was written.' },
  REQUEST_TOO_LARGE: { retryable: false, remedy: 'Send less at once; nothing was written.' },
  REQUEST_UNSUPPORTED: {
    retryable: false,
    remedy: 'Send `Content-Type: application/json` without a content encoding; nothing was written.',
  },
  REQUEST_TIMEOUT: { retryable: true, remedy: 'Repeat the call: ids make it safe. If it persists, check the fleet.' },
  METHOD_UNSUPPORTED: { retryable: false, remedy: 'Use a method that the `Allow` header lists; nothing was done.' },
  ROUTE_UNKNOWN: { retryable: false, remedy: 'Use a path and a method from `/openapi.json`.' },
  UNAUTHENTICATED: {
    retryable: false,
    remedy:
      'Send `Authorization: Bearer KEY` with a key from `afterturn keys create` that is neither revoked nor expired.',
  },
  FORBIDDEN: { retryable: false, remedy: 'Use a key that has the scope and the user that the message names.' },
  ORG_UNKNOWN: { retryable: false, remedy: 'Name the org of your key.' },
  RATE_LIMITED: {
    retryable: true,
    remedy: 'Wait as long as `Retry-After` says; MAX_API_REQUESTS_PER_MINUTE sets the rate.',
  },
  PAGE_STALE: {
    retryable: false,
    remedy: 'Go back and reload: the data on the page has changed since. Nothing was done.',
  },
  KEY_UNKNOWN: { retryable: false, remedy: 'Use an id that `afterturn keys list` shows.' },
  UNEXPECTED: {
    retryable: true,
    remedy: 'Repeat the call. If it persists, report the request id: the log has the cause.',
  },
  TURN_CONFLICT: {
    retryable: false,
    remedy: 'Use a new turnId for new content; the turn recorded first is kept.',
  },
  TURN_UNKNOWN: { retryable: false, remedy: 'Record the turn before requesting its extraction.' },
  MEMORY_NOT_HELD: {
    retryable: false,
    remedy: 'List the held memories; each is reviewed once, and then it is active or rejected.',
  },
  MEMORY_UNKNOWN: {
    retryable: false,
    remedy: 'Use an id that search or list returned, and pass the user, agent or workstream it belongs to.',
  },
  STATE_UNKNOWN: {
    retryable: false,
    remedy: 'Use a state, version or label that exists: expired, deleted and trimmed versions are gone.',
  },
  STATE_CONFLICT: {
    retryable: true,
    remedy: 'Load the state and repeat the change, or use `update`; nothing was written.',
  },
  STATE_CORRUPT: {
    retryable: false,
    remedy: 'Restore the row from a backup, or roll back to another version; `verify` names all that are damaged.',
  },
  STATE_TOO_LARGE: {
    retryable: false,
    remedy: 'Store large parts elsewhere and keep only their addresses in the state, or raise STATE_MAX_BYTES.',
  },
  ORG_BUDGET_SPENT: {
    retryable: true,
    remedy:
      'No action needed: its turns are extracted on the next UTC day. To continue now, raise ORG_DAILY_USD or the value that the option orgDailyUsd returns.',
  },
  THREAD_DELETED: {
    retryable: false,
    remedy:
      'No action needed: the thread was deleted, so the writes of this run are discarded. A new run may start the thread again.',
  },
  CHECKPOINT_SUPERSEDED: {
    retryable: false,
    remedy: 'Start the run again from the newest checkpoint: another run has continued the thread.',
  },
  ERASURE_UNFINISHED: {
    retryable: true,
    remedy: 'No action needed: the sweeper resumes it. Repeating the call resumes it too.',
  },
  WORKSTREAM_UNKNOWN: { retryable: false, remedy: 'Record a turn in the workstream before loading its context.' },
  CONTEXT_TOO_SMALL: {
    retryable: false,
    remedy:
      'Load with a larger budgetTokens, or start the conversation with a shorter system prompt and first message.',
  },
  COMPACTION_CHANGED: {
    retryable: true,
    remedy: 'No action needed: another run compacted this workstream first; its result is kept.',
  },
  QUEUE_UNKNOWN: {
    retryable: false,
    remedy: 'Use a queue of the catalogue, or register yours with `workers` or `extraWorkers`.',
  },
  PAYLOAD_INVALID: { retryable: false, remedy: 'Correct the payload; the job was not run and will not be retried.' },
  ENQUEUE_TIMEOUT: { retryable: true, remedy: 'Repeat the call: ids make it safe. If it persists, check Redis.' },
  EVENT_CONFLICT: {
    retryable: false,
    remedy: 'Use another eventId: this one belongs to an event with other content.',
  },
  STREAM_ENDED: {
    retryable: false,
    remedy: 'Publish to another stream: an event with `ends`, or the end of its execution, closed this one.',
  },
  MESSAGE_CONFLICT: {
    retryable: false,
    remedy: 'Use another messageId: this one belongs to a message with other content.',
  },
  MESSAGE_UNKNOWN: { retryable: false, remedy: 'Use the org and the messageId with which the message was sent.' },
  MESSAGE_SETTLED: {
    retryable: false,
    remedy: 'Discard the work: another attempt has taken the message, or it is settled.',
  },
  MESSAGE_UNROUTED: {
    retryable: false,
    remedy: 'Send it again under another id with an `agent`, or let `route` name one for its type.',
  },
  EXECUTION_UNKNOWN: {
    retryable: false,
    remedy: 'Start the execution first: `runtime.executions.started`.',
  },
  STORE_UNAVAILABLE: {
    retryable: true,
    remedy: 'Repeat the call: ids make it safe. If it persists, check PostgreSQL.',
  },
  STORE_BUSY: {
    retryable: true,
    remedy: 'Repeat the call: nothing was written. If it persists, look for long transactions in PostgreSQL.',
  },
  STORE_FAILED: {
    retryable: false,
    remedy: "Correct what the store's message names; retrying will fail the same way.",
  },
  STORE_OWNED: {
    retryable: false,
    remedy: 'Stop the other process that owns this PGlite directory, or use another directory.',
  },
  STORE_BROKEN: {
    retryable: true,
    remedy:
      'No action needed under a supervisor, which restarts the `store` process: commits are kept. Without one, start it; if it fails again, its message says why.',
  },
  STORE_OUTDATED: {
    retryable: false,
    remedy: 'Run the migrations: `npm start -- migrate`, or start the `store` process of this version.',
  },
  REDIS_UNAVAILABLE: { retryable: true, remedy: 'Check the address and that Redis is running.' },
  REDIS_UNSUITABLE: {
    retryable: false,
    remedy: 'Use Redis >= 6.2 with `maxmemory-policy noeviction` for the queues.',
  },
  MODEL_RATE_LIMITED: {
    retryable: true,
    remedy:
      'No action needed if brief: the job waits as long as the provider asked. If it persists, set COMPLETION_CALLS_PER_MINUTE and the related limits to what the provider allows, or raise your quota.',
  },
  MODEL_UNAVAILABLE: {
    retryable: true,
    remedy:
      'No action needed in an outage: the job is retried, and turns wait for MODEL_OUTAGE_MAX_MS. Otherwise check OPENAI_BASE_URL and the provider.',
  },
  MODEL_REFUSED: { retryable: false, remedy: 'Check the API key, the model names and the account at the provider.' },
  MODEL_OUTPUT_INVALID: {
    retryable: true,
    remedy: 'No action needed: the job is retried. If it persists, use a model that supports structured output.',
  },
  LEASE_LOST: { retryable: true, remedy: 'No action needed: another worker has taken over, or will.' },
  LOCK_TIMEOUT: {
    retryable: true,
    remedy:
      'No action needed for a job: it is retried. If it persists, look for a process that holds the lock too long.',
  },
  LOCK_LOST: { retryable: true, remedy: 'Stop and start over: another process may hold the lock now.' },
  LOCK_REENTERED: {
    retryable: false,
    remedy: 'Pass the fence to the inner function instead of taking the lock again.',
  },
  LOCK_UNAVAILABLE: {
    retryable: true,
    remedy: 'Check the lock you passed as `withWorkspaceMemoryLock`.',
  },
  FENCE_LOST: {
    retryable: true,
    remedy: 'Take the lock and start over: another process took over, and nothing was written.',
  },
  TURNS_CHANGED: {
    retryable: true,
    remedy: 'No action needed: another run extracted these turns first; its result is kept.',
  },
  RUNTIME_CLOSED: {
    retryable: false,
    remedy: 'Create a new runtime; a disconnected one cannot reconnect.',
  },
  JOB_TIMEOUT: {
    retryable: true,
    remedy:
      'No action needed if rare: the job is retried. If it persists, give its contract a longer `timeoutMs`, or find out what it waits for.',
  },
  JOB_CANCELLED: {
    retryable: false,
    remedy: 'No action needed: the job was cancelled. Enqueue it again if you still want it.',
  },
  JOB_UNKNOWN: {
    retryable: false,
    remedy: 'Check the queue and the id: the job has ended or was never in this queue. Nothing was changed.',
  },
  WORKER_DIED: {
    retryable: false,
    remedy: "Check the workers' logs for what ended them; replay the dead letter once that is fixed.",
  },
  PROCESS_STUCK: {
    retryable: true,
    remedy:
      'No action needed: the process exits with code 75, and its supervisor restarts it. If it persists, check what the message names.',
  },
  KILL_SWITCH_ON: {
    retryable: true,
    remedy: `No action needed: the job resumes when the switch is turned off; \`${commandText('kill-switch', 'status')}\` shows who turned it on.`,
  },
  DEAD_LETTER_UNKNOWN: { retryable: false, remedy: `Use an id from \`${commandText('dead-letters', 'list')}\`.` },
  DEAD_LETTER_SETTLED: {
    retryable: false,
    remedy: `No action needed: \`${commandText('dead-letters', 'show ID')}\` shows who replayed or dropped it, and when.`,
  },
  GIT_MISSING: {
    retryable: false,
    remedy: 'Install git 2.37 or newer where the `repo-indexing` worker runs; nothing else needs it.',
  },
  REPO_REFUSED: {
    retryable: false,
    remedy:
      'Use https or ssh to a public host or one of REPO_HOSTS, or a path under REPO_ROOTS; pass credentials through `repoCredentials`, never in the address.',
  },
  REPO_UNKNOWN: {
    retryable: false,
    remedy: 'Index the repository first: `repos.index`, on a command line `afterturn index`.',
  },
  REPO_NOT_FOUND: {
    retryable: false,
    remedy:
      'Give the top directory of a git repository, as the worker sees it, or index any directory as a working tree; the last good index is still served.',
  },
  REPO_UNREACHABLE: {
    retryable: true,
    remedy:
      'No action needed if brief: the job is retried. Otherwise check the address, the network and `repoCredentials`; the last good index is still served.',
  },
  REPO_BROKEN: {
    retryable: false,
    remedy: 'Run `git fsck` in the repository; the last good index is still served.',
  },
  REPO_TOO_LARGE: {
    retryable: false,
    remedy:
      'Exclude directories with `.afterturnignore`, or raise REPO_MAX_BYTES; the last good index is still served.',
  },
  REF_UNKNOWN: {
    retryable: false,
    remedy: 'Name a branch, tag or commit that the repository has; a ref that it has no longer is not searched.',
  },
  INDEX_CHANGED: { retryable: true, remedy: 'No action needed: another run finished first, and the job checks again.' },
  SESSION_ENDED: {
    retryable: false,
    remedy: 'Let the user log in again: the session is unknown, has expired or was ended.',
  },
  SEAL_KEY_UNKNOWN: {
    retryable: false,
    remedy: 'Add the key that sealed it to the end of SECRET_KEYS, or create the value again.',
  },
  SEAL_BROKEN: { retryable: false, remedy: 'Create the value again; somebody may have changed the stored one.' },
  SHUTTING_DOWN: { retryable: true, remedy: 'No action needed: the job returns to its queue.' },
  TRANSCRIPT_INVALID: { retryable: false, remedy: 'Correct the line that the message names.' },
  SETUP_FAILED: { retryable: true, remedy: 'Choose one of the options in the message.' },
} as const satisfies Record<string, CatalogueEntry>

export type ErrorCode = keyof typeof ERROR_CATALOGUE

/** Whether a failed write landed anyway. `unknown`: repeat it, which is safe with the same id. */
export type Recorded = 'yes' | 'no' | 'unknown'

/** One field of an input that is not as it should be: its path, with dots, and what was expected. */
export type Fault = { readonly path: string; readonly expected: string }

/** Optional fields of an AfterturnError. */
type ErrorDetails = {
  readonly cause?: unknown
  readonly recorded?: Recorded
  readonly retryAfterMs?: number
  /** A more specific remedy than the catalogue's. */
  readonly remedy?: string
  readonly faults?: readonly Fault[]
}

/** The product's only error type. The message says what was expected and what was found; `remedy` says what to do. */
export class AfterturnError extends Error {
  readonly code: ErrorCode
  readonly retryable: boolean
  readonly remedy: string
  readonly recorded: Recorded | undefined
  readonly retryAfterMs: number | undefined
  /** The fields that are wrong, where the message is about fields. */
  readonly faults: readonly Fault[] | undefined

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.name = 'AfterturnError'
    this.code = code
    this.retryable = ERROR_CATALOGUE[code].retryable
    this.remedy = details.remedy ?? ERROR_CATALOGUE[code].remedy
    this.recorded = details.recorded
    this.retryAfterMs = details.retryAfterMs
    this.faults = details.faults
  }
}

/** Whether a value is an AfterturnError, of one code if one is named. */
export function isAfterturnError(error: unknown, code?: ErrorCode): error is AfterturnError {
  return error instanceof AfterturnError && (code === undefined || error.code === code)
}
