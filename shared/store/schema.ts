import type { Generated, GeneratedAlways, JSONColumnType } from 'kysely'
import type { MessageParts } from '../conversation.ts'
import type { Pins } from './conversations/system-pins.ts'
import type { OpenCall } from './conversations/workstream-context.ts'
import type { MemoryScope } from './scopes.ts'

/** The tables as TypeScript sees them; the truth is in `migrations/`. */
export type Schema = {
  workstreams: WorkstreamsTable
  turns: TurnsTable
  messages: MessagesTable
  dead_letters: DeadLettersTable
  org_fences: { org_id: string; token: Generated<number>; memories_version: Generated<number> }
  kill_switches: { org_id: string; queue: string; turned_on_by: string; reason: string; turned_on_at: Date }
  kill_switch_changes: KillSwitchChangesTable
  duties: { name: string; claimed_until: Date }
  memories: MemoriesTable
  memory_sources: {
    memory: number
    turn: number
    quote: string
    wording: JSONColumnType<Wording | null, string | null>
    said_at: Date
    valid_from: Date
  }
  memory_contradictions: { memory: number; other: number; noticed_at: Date }
  model_checkpoints: ModelCheckpointsTable
  vectors: VectorsTable
  vector_codes: { space: number; audience: string; item: number; code: string; nth: Generated<number> }
  vector_spaces: VectorSpacesTable
  postings: { org_id: string; item_kind: ItemKind; term: string; audience: string; page: number; packed: Buffer }
  corpora: { org_id: string; item_kind: ItemKind; audience: string; items: number; total_length: number }
  usage_ledger: UsageTable
  compactions: CompactionsTable
  erasures: ErasuresTable
  token_ratios: { model: string; ratio: number; noted_at: Date }
  server_quirks: { server: string; model: string; feature: string; found_at: Date }
  reembedding_waits: ReembeddingWaitsTable
  api_keys: ApiKeysTable
  states: StatesTable
  state_versions: StateVersionsTable
  state_frames: { state: number; chain: number; position: number; frame: Buffer; digest: Buffer }
}

export type TurnState = 'pending' | 'extracted' | 'dead_lettered'
/** A try that failed: when (ISO 8601), with which code, and why. */
export type FailedTry = { readonly at: string; readonly code: string; readonly reason: string }
/** Whether a memory is used, held for a review, or refused by one. */
export type MemoryState = 'active' | 'quarantined' | 'rejected'
/** How a dead letter ended. */
export type Resolution = 'replayed' | 'dropped'
/** What search finds. */
/** How somebody put a fact. */
export type Wording = {
  readonly fact: string
  readonly subject: string | null
  readonly subjectKey: string | null
  readonly attribute: string | null
  readonly language: string | null
  /** Row id of another source without which this one says only what stands here; with it, it says what the memory does. */
  readonly restsOn?: number
}

export type ItemKind = 'memory' | 'turn'

type WorkstreamsTable = {
  org_id: string
  workstream_id: string
  next_seq: Generated<number>
  number: Generated<number>
  first_pending_at: Date | null
  digest_due_at: Date | null
  said_at: Generated<Date | null>
  digest_max_wait_ms: Generated<number | null>
  is_backfill: Generated<boolean>
  live_tokens: Generated<number>
  total_messages: Generated<number>
  pins: JSONColumnType<Pins, string | undefined>
  open_calls: JSONColumnType<OpenCall[], string | undefined>
  compaction: Generated<number | null>
  compaction_target: Generated<number | null>
  compaction_attempts: Generated<number>
  compaction_failures: Generated<number>
  compaction_blocked_until: Generated<Date | null>
}

type TurnsTable = {
  id: Generated<number>
  org_id: string
  workstream_id: string
  turn_id: string
  seq: number
  occurred_at: Date
  recorded_at: Date
  time_zone: Generated<string | null>
  said_at: Date
  content_hash: Buffer
  state: Generated<TurnState>
  attempts: Generated<number>
  settled_at: Date | null
  failed_tries: JSONColumnType<FailedTry[], string | undefined>
  user_id: string | null
  agent_id: string | null
  memory_scope: Generated<MemoryScope>
  written_by: Generated<string | null>
}

type MessagesTable = {
  turn: number
  position: number
  role: string
  name: string | null
  content: string
  parts: JSONColumnType<MessageParts | null, string | null | undefined>
  tokens: Generated<number | null>
  call_seq: Generated<number | null>
  call_position: Generated<number | null>
}

type DeadLettersTable = {
  id: Generated<number>
  cause: GeneratedAlways<string>
  org_id: string | null
  turn: number | null
  job_id: string | null
  payload: JSONColumnType<object | null, string | null>
  queue: string
  code: string
  reason: string
  attempts: number
  died_at: Date
  failed_tries: JSONColumnType<FailedTry[]>
  resolution: Resolution | null
  resolved_by: string | null
  resolved_at: Date | null
}

type KillSwitchChangesTable = {
  id: Generated<number>
  org_id: string
  queue: string
  is_on: boolean
  changed_by: string
  reason: string
  changed_at: Date
}

type MemoriesTable = {
  id: Generated<number>
  org_id: string
  fact: string
  fact_hash: Buffer
  kind: string
  observed_at: Date
  valid_from: Date
  valid_to: Date | null
  over_at: Generated<Date | null>
  superseded_by: number | null
  created_at: Date
  user_id: string | null
  agent_id: string | null
  workstream_id: string | null
  subject: string | null
  attribute: string | null
  importance: Generated<number>
  language: string | null
  status: Generated<MemoryState>
  status_reason: string | null
  reviewed_by: string | null
  reviewed_at: Date | null
  changed_in: Generated<number>
  subject_key: string | null
  ended_by: Generated<string | null>
}

type ModelCheckpointsTable = {
  org_id: string
  input_hash: Buffer
  task: string
  /** Row ids. */
  turns: number[]
  output: JSONColumnType<object>
  created_at: Date
}

type VectorsTable = {
  org_id: string
  item_kind: ItemKind
  item: number
  model: string
  dims: number
  embedding: string
  audience: string
}

type VectorSpacesTable = {
  id: Generated<number>
  org_id: string
  item_kind: ItemKind
  model: string
  dims: number
  items: number
  revision: Generated<string>
  additions: Generated<number>
}

type UsageTable = {
  org_id: string
  day: string
  task: string
  calls: Generated<number>
  input_tokens: Generated<number>
  output_tokens: Generated<number>
  cache_hits: Generated<number>
  duplicates: Generated<number>
}

type CompactionsTable = {
  id: Generated<number>
  org_id: string
  workstream_id: string
  previous: number
  from_seq: number
  from_position: number
  cut_seq: number
  cut_position: number
  offload_seq: number
  offload_position: number
  messages: number
  total_messages: number
  input_hash: Buffer
  summary: JSONColumnType<object | null, string | null>
  summary_tokens: number
  model: string
  tokens_before: number
  tokens_after: number
  created_at: Date
}

type ReembeddingWaitsTable = {
  org_id: string
  model: string
  dims: number
  since: Date
  until: Date
  code: string
  reason: string
}

type ErasuresTable = {
  id: Generated<number>
  org_id: string
  user_id: string | null
  workstream_id: string | null
  turn_id: string | null
  memory: number | null
  older_than: Date | null
  kept_importance: number | null
  upto_turn: number
  upto_memory: number
  requested_by: string
  requested_at: Date
  asked_at: Date
  worked_at: Date
  completed_at: Date | null
  turns: Generated<number>
  memories: Generated<number>
}

type ApiKeysTable = {
  id: string
  org_id: string
  user_id: string | null
  name: string
  scopes: JSONColumnType<readonly string[], string>
  secret_hash: Buffer
  created_by: string
  created_at: Date
  expires_at: Date | null
  revoked_at: Date | null
}

type StatesTable = {
  id: Generated<number>
  org_id: string
  user_id: string
  state_id: string
  revision: Generated<number>
  version: Generated<number>
  head: Generated<number>
  saved_at: Date
  expires_at: Date | null
  ttl_seconds: number | null
  is_sliding: Generated<boolean>
  keep_versions: number | null
  tags: string[]
  metadata: JSONColumnType<object>
}

type StateVersionsTable = {
  state: number
  version: number
  chain: number
  position: number
  raw_bytes: number
  saved_at: Date
  label: string | null
  save_id: string | null
  restored_from: number | null
  tags: string[]
  metadata: JSONColumnType<object>
}
