import { z } from 'zod'
import type { ModelProvider } from '../ai/model-provider.ts'
import type { CachedEmbedder } from '../cache/embedding-cache.ts'
import { withinDeadline } from '../deadline.ts'
import { AfterturnError, isAfterturnError } from '../errors.ts'
import type { Metrics } from '../observe/metrics.ts'
import type { Tracing } from '../observe/tracing.ts'
import { idSchema, parseInput } from '../parse-input.ts'
import { type DeadLetter, readDeadLetters } from '../store/control/dead-letters.ts'
import { countHeldMemories } from '../store/memories/held-memories.ts'
import { countMemories, type Memory, readMemories } from '../store/memories/memories.ts'
import { type Reextraction, readOpenReextraction } from '../store/memories/reextractions.ts'
import { type ReembeddingWait, readReembeddingWait } from '../store/models/reembedding-waits.ts'
import { readLedger, type UsageTotals } from '../store/models/usage-ledger.ts'
import type { FailedTry } from '../store/schema.ts'
import { readOldestFailure } from '../store/turns/failed-tries.ts'
import { readTurnStatus, type TurnStatus } from '../store/turns/turn-status.ts'
import { countTurns, findTurn, type TurnCounts } from '../store/turns/turns.ts'
import type { WorkstreamKey } from '../store/turns/workstreams.ts'
import { readInTime, withStoreErrors } from '../store/with-store-errors.ts'
import { type ListMemoriesInput, listMemoriesSchema } from './list-input.ts'
import { type HistoryInput, type MemoryHistory, readMemoryHistory } from './memory-history.ts'
import type { BudgetStatus, OrgBudget } from './org-budget.ts'
import { type RecordedTurn, type RecordTurnServices, recordTurn } from './recording/record-turn.ts'
import type { TurnInput } from './recording/turn-input.ts'
import { buildPromptBlock, type PromptBlock, type PromptBlockInput } from './search/prompt-block.ts'
import { type SearchResult, type SearchServices, searchMemory } from './search/search.ts'
import type { SearchInput } from './search/search-input.ts'

/**
 * The memory of apps: recording and reading. Every call is scoped by org in its type.
 * In addition to the errors named, each call throws the codes of the store (STORE_…), and RUNTIME_CLOSED after `disconnect()`.
 */
export type MemoryApi = {
  /**
   * Records one turn and schedules its workstream's digest. Returns within ENQUEUE_TIMEOUT_MS, even without Redis; repeating a turnId is safe.
   * @throws INPUT_INVALID, TURN_CONFLICT; `recorded` of each error says whether the turn may have been stored
   */
  recordTurn(turn: TurnInput): Promise<RecordedTurn>
  /**
   * Queues the extraction of one recorded turn and of the pending ones before it, without waiting for the digest; returns the job's id
   * within ENQUEUE_TIMEOUT_MS.
   * @throws INPUT_INVALID, TURN_UNKNOWN, STORE_UNAVAILABLE, ENQUEUE_TIMEOUT
   */
  extractNow(turn: WorkstreamKey & { turnId: string }): Promise<{ jobId: string }>
  /**
   * Reports what became of a turn: pending, extracted, or a dead letter with its failed attempts.
   * @throws INPUT_INVALID, TURN_UNKNOWN
   */
  turnStatus(turn: WorkstreamKey & { turnId: string }): Promise<TurnStatus>
  /**
   * Finds memories and turns by meaning, words and time, including turns that are not extracted yet. It finds what belongs to the org, and to the user,
   * agent and workstream that are named. It does not wait for a model that is away or slow: `isWordsOnly` is then true.
   * @throws INPUT_INVALID
   */
  search(input: SearchInput): Promise<SearchResult>
  /**
   * Returns the result of a search as a block of text for a prompt, within a token budget: data that cannot pass for instructions, in a stable order.
   * @throws INPUT_INVALID
   */
  promptBlock(input: PromptBlockInput): Promise<PromptBlock>
  /**
   * Returns the history of a memory: the turns that it comes from, what it replaced, and what replaced it, and when.
   * @throws INPUT_INVALID, MEMORY_UNKNOWN
   */
  history(input: HistoryInput): Promise<MemoryHistory>
  /**
   * Lists the current memories of an org, newest observation first: its own, and those of the user, agent and workstream that are named. With `metadata`,
   * only those that come from a turn with this metadata.
   */
  list(input: ListMemoriesInput): Promise<Memory[]>
  /** Reports the state of an org: its turns by state, its memories, newest dead letters and costs. */
  status(input: { orgId: string }): Promise<MemoryStatus>
}

export type MemoryStatus = {
  readonly turns: TurnCounts
  readonly oldestPendingAt: Date | null
  /** Why the oldest pending turn that has been tried is still pending: an outage or a retry. */
  readonly oldestFailure: FailedTry | null
  /** Why vectors of the current model are missing: it cannot be used, and is called again at `until`; null when nothing waits for it. */
  readonly reembeddingWait: ReembeddingWait | null
  /** The progress of the current re-extraction; null without one. */
  readonly reextraction: Reextraction | null
  /** Current memories of all scopes. */
  readonly memories: number
  /** Memories held for review (`memory.quarantine`); no search finds them. */
  readonly held: number
  readonly deadLetters: readonly DeadLetter[]
  readonly usage: readonly UsageTotals[]
  /** The org's limit for today and what it has spent; null without a limit. */
  readonly budget: BudgetStatus | null
}

type MemoryApiServices = RecordTurnServices &
  Pick<SearchServices, 'config' | 'heldCodes'> & {
    readonly provider: ModelProvider
    readonly embedder: CachedEmbedder
    readonly budget: Pick<OrgBudget, 'read'>
    readonly metrics: Metrics
    readonly tracing: Tracing
    /** Answers the job's id within the time that is left. */
    enqueueExtraction(turn: WorkstreamKey & { turnId: string }, timeoutMs: number): Promise<string>
  }

const LISTED_DEAD_LETTERS = 20

const turnKeySchema = z.strictObject({ orgId: idSchema, workstreamId: idSchema, turnId: idSchema })
const statusSchema = z.strictObject({ orgId: idSchema })

/** Binds the functions of memory to a runtime's services. */
export function bindMemory(services: MemoryApiServices): MemoryApi {
  const { database, config, clock } = services
  return {
    recordTurn: (turn) => observed(services, () => recordTurn(services, turn)),
    async extractNow(input) {
      const key = parseInput(turnKeySchema, input, 'turn')
      const startedMs = clock.monotonicMs()
      const turn = await withStoreErrors(
        withinDeadline(
          findTurn(database, key),
          config.enqueueTimeoutMs,
          () =>
            new AfterturnError(
              'STORE_UNAVAILABLE',
              `The store did not find the turn within ${config.enqueueTimeoutMs} ms; nothing was queued.`,
            ),
        ),
      )
      if (!turn) throw unknownTurn(key)
      const leftMs = Math.max(1, config.enqueueTimeoutMs - (clock.monotonicMs() - startedMs))
      return { jobId: await services.enqueueExtraction(key, leftMs) }
    },
    async turnStatus(input) {
      const key = parseInput(turnKeySchema, input, 'turn')
      const status = await readInTime(readTurnStatus(database, key))
      if (!status) throw unknownTurn(key)
      return status
    },
    search: (input) => withStoreErrors(searchMemory(services, input)),
    promptBlock: (input) => withStoreErrors(buildPromptBlock(services, input)),
    history: (input) => readInTime(readMemoryHistory(database, input)),
    async list(input) {
      const { orgId, limit, after, metadata, ...viewer } = parseInput(listMemoriesSchema, input, 'selection')
      return readInTime(readMemories(database, orgId, { viewer, at: clock.now(), limit, after, metadata }))
    },
    async status(input) {
      const { orgId } = parseInput(statusSchema, input, 'selection')
      const { oldestPendingAt, ...turns } = await readInTime(countTurns(database, orgId))
      return {
        turns,
        oldestPendingAt,
        oldestFailure: await readInTime(readOldestFailure(database, orgId)),
        reembeddingWait:
          (await readInTime(readReembeddingWait(database, orgId, services.provider.embeddingModel))) ?? null,
        reextraction: (await readInTime(readOpenReextraction(database, orgId))) ?? null,
        memories: await readInTime(countMemories(database, clock.now(), orgId)),
        held: await readInTime(countHeldMemories(database, orgId)),
        deadLetters: await readInTime(readDeadLetters(database, { orgId, limit: LISTED_DEAD_LETTERS })),
        usage: await readInTime(readLedger(database, orgId)),
        budget: (await readInTime(services.budget.read(orgId))) ?? null,
      }
    },
  }
}

/** Measures and traces a recording: a turn's trace begins here, and its digest's job carries it on. */
async function observed(
  { metrics, tracing }: Pick<MemoryApiServices, 'metrics' | 'tracing'>,
  record: () => Promise<RecordedTurn>,
): Promise<RecordedTurn> {
  const startedMs = performance.now()
  let result = 'UNEXPECTED'
  try {
    const recorded = await tracing.span('recordTurn', {}, record)
    result = recorded.deduplicated ? 'deduplicated' : 'recorded'
    return recorded
  } catch (error) {
    if (isAfterturnError(error)) result = error.code
    throw error
  } finally {
    metrics.count('afterturn_turns_recorded_total', { result })
    metrics.observe('afterturn_record_turn_seconds', {}, (performance.now() - startedMs) / 1_000)
  }
}

function unknownTurn({ workstreamId, turnId }: { workstreamId: string; turnId: string }): AfterturnError {
  return new AfterturnError(
    'TURN_UNKNOWN',
    `The turn ${JSON.stringify(turnId)} is not recorded in workstream ${JSON.stringify(workstreamId)}.`,
  )
}
