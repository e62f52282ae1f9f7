/**
 * The public API of Afterturn: what an app imports from `afterturn`. Re-exports by topic, nothing else; what is not here may change at any time.
 * The guides in `docs/guides/` have an example of each topic.
 *
 * @example
 * // Record each turn of your agent, and find later what was said.
 * const runtime = createRuntime(readConfig(process.env, readServiceAddresses()))
 * await runtime.connect()
 * await runtime.memory.recordTurn({
 *   orgId: 'acme',
 *   workstreamId: 'support-42',
 *   turnId: 'turn-1',
 *   messages: [{ role: 'user', name: 'Maya', content: 'I moved to Lisbon in March.' }],
 * })
 * const { memories, turns } = await runtime.memory.search({ orgId: 'acme', query: 'Where does Maya live?', limit: 5 })
 * console.log(memories[0]?.fact ?? turns[0]?.text)
 * await runtime.disconnect()
 *
 * @example
 * // A failure has a code, and says whether repeating the call can help.
 * const runtime = createRuntime({ redisUrl: 'redis://127.0.0.1:6379', databaseUrl: 'postgresql://127.0.0.1/afterturn' })
 * try {
 *   await runtime.connect()
 * } catch (error) {
 *   if (!isAfterturnError(error)) throw error
 *   console.error(`${error.code}: ${error.message}\n${error.remedy}`)
 * } finally {
 *   await runtime.disconnect()
 * }
 *
 * @packageDocumentation
 */
import './shared/require-node.ts'

// Start

export { createLateRuntime as createRuntime } from './late-runtime.ts'
export type { Caches, Runtime, RuntimeOptions, RuntimeRedis, RuntimeRedisStats } from './runtime.ts'
export { type Clock, systemClock } from './shared/clock.ts'
export { type Config, type ConfigInput, parseConfig, readConfig } from './shared/config.ts'
export type { Log } from './shared/observe/log.ts'
export { readServiceAddresses, type ServiceAddresses } from './shared/processes/service-addresses.ts'

// Record and remember

export type { MemoryApi, MemoryStatus } from './shared/memory/memory.ts'
export type { HistoryInput, MemoryHistory } from './shared/memory/memory-history.ts'
export type { MemoryKind } from './shared/memory/memory-kinds.ts'
export type {
  AddMemoryInput,
  ForgetMemoryInput,
  MemoryWrites,
  UpdateMemoryInput,
  WrittenMemory,
} from './shared/memory/memory-writes.ts'
export type { BudgetStatus } from './shared/memory/org-budget.ts'
export type { Quarantine, ReviewInput } from './shared/memory/quarantine.ts'
export type { RecordedTurn } from './shared/memory/recording/record-turn.ts'
export type { TurnInput } from './shared/memory/recording/turn-input.ts'
export type { MessageInput } from './shared/memory/recording/turn-messages.ts'
export type { ReextractInput, ReextractionApi } from './shared/memory/reextraction.ts'
export type { ScoreParts } from './shared/memory/search/fusion.ts'
export type { PromptBlock, PromptBlockInput } from './shared/memory/search/prompt-block.ts'
export type { SearchResult } from './shared/memory/search/search.ts'
export type { SearchInput } from './shared/memory/search/search-input.ts'
export type { MemoryHit } from './shared/memory/search/search-memories.ts'
export type { TurnHit } from './shared/memory/search/search-turns.ts'
export type { DigestWait } from './shared/memory/until-digested.ts'
export type { Metadata, MetadataCondition, MetadataFilter, MetadataValue } from './shared/metadata.ts'
export type { HeldMemory } from './shared/store/memories/held-memories.ts'
export type { Memory, MemoryOwner } from './shared/store/memories/memories.ts'

// Erase and export

export type { MemoryExport } from './shared/memory/export-memory.ts'
export type { EraseInput, ErasureReport, Forgetting } from './shared/memory/forgetting.ts'

// Conversations

export type { AnthropicContext, Context, ForeignContext } from './shared/context/context.ts'
export type { Expanded, ExpandedMessage, ExpandInput } from './shared/context/expand-context.ts'
export type { ContextTarget, LoadInput } from './shared/context/load-context.ts'
export type { ContextPart, LoadedContext } from './shared/context/loaded-context.ts'
export { expandTool } from './shared/context/requests/expand-tool.ts'
export type { RequestMessage } from './shared/context/requests/request-types.ts'
export type {
  ContentPart,
  ConversationMessage,
  MessageRole as Role,
  OtherPart,
  ToolCall,
} from './shared/conversation.ts'

// Messages of other APIs

export { fromAiSdk } from './shared/formats/from-ai-sdk.ts'
export { type AnthropicInput, type AnthropicMessageInput, fromAnthropic } from './shared/formats/from-anthropic.ts'
export { fromGemini, type GeminiInput } from './shared/formats/from-gemini.ts'
export { fromResponses } from './shared/formats/from-responses.ts'
export { type AiSdkMessage, toAiSdk } from './shared/formats/to-ai-sdk.ts'
export { type AiSdkUiMessage, toAiSdkUi } from './shared/formats/to-ai-sdk-ui.ts'
export {
  type AnthropicBlock,
  type AnthropicMessage,
  type AnthropicRequest,
  toAnthropic,
} from './shared/formats/to-anthropic.ts'
export { type GeminiContent, type GeminiRequest, toGemini } from './shared/formats/to-gemini.ts'
export { type ResponsesItem, toResponses } from './shared/formats/to-responses.ts'

// Code

export type { CodeHit, CodePlace, CodeScope, CodeSearchInput, CodeSearchResult } from './shared/repo/code-search.ts'
export type { Outline, OutlineInput, SymbolHit, SymbolsInput } from './shared/repo/code-symbols.ts'
export { WORKING_TREE } from './shared/repo/repo-source.ts'
export type { IndexInput, RepoStatus, Repos, UntilIndexedInput } from './shared/repo/repos.ts'
export type { SkippedFile, SkipReason } from './shared/repo/skip-reason.ts'
export type { RepoCredentials, RepoLogin } from './workers/repo/repo-services.ts'

// States

export type { Checkpoints } from './shared/state/checkpoints/checkpoints.ts'
export type { StateStats } from './shared/state/state-stats.ts'
export type {
  ListStatesInput,
  LoadedState,
  LoadStateInput,
  SavedState,
  SaveStateInput,
  StateOptions,
  StateSummary,
  States,
  StateVersion,
  UpdateStateInput,
} from './shared/state/states.ts'
export type { StateValue } from './shared/state/strict-json.ts'
export type { StateVerification } from './shared/state/verify-states.ts'

// Events

export type { ResetReason } from './shared/events/event-cursor.ts'
export type { EventInput, FollowInput, ReadEventsInput, StreamName } from './shared/events/event-input.ts'
export type { EventPage, Events, FollowedEvent, PublishedEvent } from './shared/events/events.ts'
export type {
  ExecutionFailure,
  ExecutionKey,
  ExecutionStatus,
  Executions,
  ExecutionUpdate,
} from './shared/events/executions.ts'
export type { FollowedPage } from './shared/events/follow-stream.ts'
export type { FollowProgressInput, Progress, ProgressFrame, ProgressInput } from './shared/events/progress.ts'
export type { StreamEvent } from './shared/events/stream-event.ts'
export type { ProductEventType } from './shared/store/events/product-events.ts'
export type { Viewer } from './shared/store/scopes.ts'

// Messages to agents

export type {
  AgentMessage,
  LeasedMessage,
  MessageInputOfAgent,
  MessageStatus,
  Messages,
  TakenMessage,
} from './shared/messages/messages.ts'
export type { Agent } from './workers/messages/agent-work.ts'
export type { Route } from './workers/messages/messaging.ts'

// Queues and workers

export {
  defineQueue,
  type PayloadOf,
  type QueueContract,
  type RetryPolicy,
} from './queues/define-queue.ts'
export type { CancelOutcome, JobStatus, Jobs } from './queues/jobs.ts'
export type { Producer } from './queues/producer.ts'
export type { SlotPolicy } from './queues/slot-policy.ts'
export type { HostWorker } from './workers/fleet/extra-workers.ts'
export type { ExtraWorker, Fleet } from './workers/fleet/fleet.ts'
export type { JobContext } from './workers/fleet/job-context.ts'
export type { SlottedJob } from './workers/slots/slots.ts'

// One writer per org

export type { OrgMemoryLease, WithOrgMemoryLock, WorkspaceMemoryLock } from './shared/lock/org-memory-lock.ts'
export { type Fence, type FencedTransaction, fencedTransaction } from './shared/store/memories/org-fences.ts'

// Sessions

export type { RefreshTokens, SessionTokens } from './shared/session/session-tokens.ts'
export type { Session, SessionData, SessionId, SessionStart, Sessions, SessionUser } from './shared/session/sessions.ts'

// Models and caches

export type { ChatMessage, ModelTask } from './shared/ai/model-task.ts'
export type { Answer, Answers, ModelAnswer, Question } from './shared/answers/answers.ts'
export type { CachedCompleter, CachedCompletion } from './shared/cache/completion-cache.ts'
export type { CachedEmbedder, CachedEmbeddings } from './shared/cache/embedding-cache.ts'
export type { CacheStats } from './shared/cache/engine/cache-counts.ts'
export type { Invalidation } from './shared/cache/engine/invalidate.ts'
export type { Loaded } from './shared/cache/engine/loaded-cache.ts'
export type { ContentCache, ContentCacheOptions, ContentFiles, ContentKey } from './shared/cache/faces/content-cache.ts'
export type { MetadataKey, Prefetched, PrefetchedOptions } from './shared/cache/faces/prefetcher.ts'
export type { FetchToken, MachineToken, TokenCache, TokenRequest } from './shared/cache/faces/token-cache.ts'
export type { Tool, ToolCache, ToolList, ToolListRequest, ToolPage } from './shared/cache/faces/tool-cache.ts'
export type { UsageTotals } from './shared/store/models/usage-ledger.ts'

// Access

export type { Access } from './shared/access/access.ts'
export type { ApiKey, ApiKeys, CreatedKey, CreateKeyInput } from './shared/access/api-keys.ts'
export type { Caller, Principal } from './shared/access/caller.ts'
export type { Scope } from './shared/access/scopes.ts'

// Operate

export type { DeadLetters } from './shared/control/dead-letters.ts'
export type { KillSwitch, KillSwitchInput, KillSwitchStatus } from './shared/control/kill-switch.ts'
export type { RoleStats } from './shared/redis/redis-stats.ts'
export type { DeadLetter, DeadLetterDetail, DeadLetterFilter } from './shared/store/control/dead-letters.ts'
export type { KillSwitchChange, KillSwitchScope } from './shared/store/control/kill-switches.ts'
export type { FailedTry, TurnState } from './shared/store/schema.ts'
export type { TurnStatus } from './shared/store/turns/turn-status.ts'

// Errors

export {
  AfterturnError,
  ERROR_CATALOGUE,
  type ErrorCode,
  type Fault,
  isAfterturnError,
  type Recorded,
} from './shared/errors.ts'
