/**
 * Owns the catalogue of errors: every failure that a user can meet has a code, says whether trying again can help, and says what to do.
 * Guarantees: code outside this file throws AfterturnError with a code of the catalogue, never a bare string.
 */

type CatalogueEntry = { readonly retryable: boolean; readonly remedy: string }

/** Every code, whether a repetition may succeed, and what its reader should do. `docs/errors.md` is generated from it. */
export const ERROR_CATALOGUE = {
  CONFIG_INVALID: {
    retryable: false,
    remedy: 'Set the variables as the message says; `npm run doctor` shows what is in force.',
  },
  INPUT_INVALID: { retryable: false, remedy: 'Correct the fields that the message names; nothing was written.' },
  TURN_CONFLICT: {
    retryable: false,
    remedy: 'Use a new turnId for new content; the turn that was recorded first stands.',
  },
  TURN_UNKNOWN: { retryable: false, remedy: 'Record the turn before you ask for its extraction.' },
  MEMORY_NOT_HELD: {
    retryable: false,
    remedy: 'List what is held; a memory is reviewed once, and then it is used or rejected.',
  },
  MEMORY_UNKNOWN: {
    retryable: false,
    remedy: 'Use an id that search or list shows, and name the user, agent or workstream to which it belongs.',
  },
  ERASURE_UNFINISHED: {
    retryable: true,
    remedy: 'Nothing: the sweeper goes on with it. Or repeat the call, which goes on as well.',
  },
  WORKSTREAM_UNKNOWN: { retryable: false, remedy: 'Record a turn in the workstream before you ask for its context.' },
  CONTEXT_TOO_SMALL: {
    retryable: false,
    remedy:
      'Load with a larger budgetTokens, or begin the conversation with a shorter system prompt and first message.',
  },
  COMPACTION_CHANGED: {
    retryable: true,
    remedy: 'Nothing: another run compacted this workstream first; its result stands.',
  },
  QUEUE_UNKNOWN: { retryable: false, remedy: 'Use a queue of the catalogue, or register it with `extraWorkers`.' },
  PAYLOAD_INVALID: { retryable: false, remedy: 'Correct the payload; the job was not run and will not be retried.' },
  ENQUEUE_TIMEOUT: { retryable: true, remedy: 'Repeat the call: ids make it safe. Look at Redis if it goes on.' },
  STORE_UNAVAILABLE: {
    retryable: true,
    remedy: 'Repeat the call: ids make it safe. Look at PostgreSQL if it goes on.',
  },
  STORE_BUSY: {
    retryable: true,
    remedy: 'Repeat the call: nothing was written. Look for long transactions in PostgreSQL if it goes on.',
  },
  STORE_FAILED: {
    retryable: false,
    remedy: 'Correct what the message of the store names; a repetition meets the same answer.',
  },
  STORE_OWNED: {
    retryable: false,
    remedy: 'Stop the other process that owns this PGlite directory, or use another directory.',
  },
  STORE_BROKEN: {
    retryable: true,
    remedy:
      'Nothing under a supervisor, which starts the `store` process anew: what was committed is kept. Else start it; if it goes on, the message says why.',
  },
  STORE_OUTDATED: {
    retryable: false,
    remedy: 'Run the migrations: `npm start -- migrate`, or start the `store` process of this version.',
  },
  REDIS_UNAVAILABLE: { retryable: true, remedy: 'Check the address and that Redis runs.' },
  REDIS_UNSUITABLE: {
    retryable: false,
    remedy: 'Use Redis >= 6.2 with `maxmemory-policy noeviction` for the queues.',
  },
  MODEL_RATE_LIMITED: {
    retryable: true,
    remedy:
      'Nothing if it is short: the job waits as long as the provider asked. If it goes on, set COMPLETION_CALLS_PER_MINUTE and its companions to what the provider allows, or raise that.',
  },
  MODEL_UNAVAILABLE: {
    retryable: true,
    remedy:
      'Nothing in an outage: the job is retried, and turns wait for MODEL_OUTAGE_MAX_MS. Else check OPENAI_BASE_URL and the provider.',
  },
  MODEL_REFUSED: { retryable: false, remedy: 'Check the API key, the model names and the account at the provider.' },
  MODEL_OUTPUT_INVALID: {
    retryable: true,
    remedy: 'Nothing: the job is retried. If it goes on, use a model that supports structured output.',
  },
  LEASE_LOST: { retryable: true, remedy: 'Nothing: another worker has taken over, or will.' },
  LOCK_TIMEOUT: {
    retryable: true,
    remedy: 'Nothing: a job comes back. If it goes on, look for a holder that keeps the lock for long.',
  },
  LOCK_LOST: { retryable: true, remedy: 'Stop and begin again: another process may hold the lock by now.' },
  LOCK_REENTERED: {
    retryable: false,
    remedy: 'Hand the fence down to the inner function instead of taking the lock again.',
  },
  LOCK_UNAVAILABLE: {
    retryable: true,
    remedy: 'Look at the lock that the host gave as `withWorkspaceMemoryLock`.',
  },
  FENCE_LOST: {
    retryable: true,
    remedy: 'Take the lock and begin again: another process took over, and nothing was written.',
  },
  TURNS_CHANGED: { retryable: true, remedy: 'Nothing: another run extracted these turns first; its result stands.' },
  RUNTIME_CLOSED: {
    retryable: false,
    remedy: 'Make a new runtime: one that was disconnected does not connect again.',
  },
  JOB_TIMEOUT: {
    retryable: true,
    remedy:
      'Nothing if it is rare: the job is retried. If it goes on, give its contract a longer `timeoutMs`, or look at what it waits for.',
  },
  JOB_CANCELLED: {
    retryable: false,
    remedy: 'Nothing: somebody cancelled the job. Enqueue it again if it is wanted after all.',
  },
  JOB_UNKNOWN: { retryable: false, remedy: 'Nothing was changed. The job has ended, or was never in this queue.' },
  WORKER_DIED: {
    retryable: false,
    remedy: "Look at the workers' logs for what ended them; replay the dead letter once it is mended.",
  },
  PROCESS_STUCK: {
    retryable: true,
    remedy:
      'Nothing: the process ends with code 75, and its supervisor starts it again. If it goes on, look at what the message names.',
  },
  KILL_SWITCH_ON: {
    retryable: true,
    remedy: 'Nothing: the job goes on when it is turned off; `npm run kill-switch -- status` says who turned it on.',
  },
  DEAD_LETTER_UNKNOWN: { retryable: false, remedy: 'Use an id that `npm run dead-letters -- list` shows.' },
  DEAD_LETTER_SETTLED: {
    retryable: false,
    remedy: 'Nothing: `npm run dead-letters -- show ID` says who replayed or dropped it, and when.',
  },
  GIT_MISSING: {
    retryable: false,
    remedy: 'Install git 2.37 or newer where the worker of `repo-indexing` runs; nothing else needs it.',
  },
  REPO_REFUSED: {
    retryable: false,
    remedy:
      'Use https or ssh to a public host or one of REPO_HOSTS, or a path under REPO_ROOTS; give credentials by `repoCredentials`, never in the address.',
  },
  REPO_UNKNOWN: { retryable: false, remedy: 'Index the repository first: `runtime.repos.index`.' },
  REPO_NOT_FOUND: {
    retryable: false,
    remedy: 'Give the top directory of a git repository, as the worker sees it; the last good index is still served.',
  },
  REPO_UNREACHABLE: {
    retryable: true,
    remedy:
      'Nothing if it is short: the job is retried. Else check the address, the network and `repoCredentials`; the last good index is still served.',
  },
  REPO_BROKEN: {
    retryable: false,
    remedy: 'Run `git fsck` in the repository; the last good index is still served.',
  },
  REPO_TOO_LARGE: {
    retryable: false,
    remedy:
      'Leave directories out by `.afterturnignore`, or raise REPO_MAX_BYTES; the last good index is still served.',
  },
  REF_UNKNOWN: {
    retryable: false,
    remedy: 'Name a branch, a tag or a commit that the repository has; the last good index is still served.',
  },
  INDEX_CHANGED: { retryable: true, remedy: 'Nothing: another run was first, and the job looks again.' },
  SHUTTING_DOWN: { retryable: true, remedy: 'Nothing: the job goes back to its queue.' },
  TRANSCRIPT_INVALID: { retryable: false, remedy: 'Correct the line that the message names.' },
  SETUP_FAILED: { retryable: true, remedy: 'Follow the choices in the message.' },
} as const satisfies Record<string, CatalogueEntry>

export type ErrorCode = keyof typeof ERROR_CATALOGUE

/** Whether a write that failed has landed all the same: `unknown` means repeat it, which is safe with the same id. */
export type Recorded = 'yes' | 'no' | 'unknown'

/** What an AfterturnError carries beside its code and message. */
type ErrorDetails = {
  readonly cause?: unknown
  readonly recorded?: Recorded
  readonly retryAfterMs?: number
  /** The remedy where the thrower knows a better one than the catalogue. */
  readonly remedy?: string
}

/** The one error type of the product. The message says what was expected and what came; `remedy` is the remedy. */
export class AfterturnError extends Error {
  readonly code: ErrorCode
  readonly retryable: boolean
  readonly remedy: string
  readonly recorded: Recorded | undefined
  readonly retryAfterMs: number | undefined

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.name = 'AfterturnError'
    this.code = code
    this.retryable = ERROR_CATALOGUE[code].retryable
    this.remedy = details.remedy ?? ERROR_CATALOGUE[code].remedy
    this.recorded = details.recorded
    this.retryAfterMs = details.retryAfterMs
  }
}

/** Whether a value is an AfterturnError, of one code if one is named. */
export function isAfterturnError(error: unknown, code?: ErrorCode): error is AfterturnError {
  return error instanceof AfterturnError && (code === undefined || error.code === code)
}
