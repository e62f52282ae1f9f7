/**
 * Checkpoints of graphs as bytes and maps, whatever framework they are of; `afterturn/langgraph` is the adapter for LangGraph. A checkpoint holds its whole
 * map of channels, fixed when it is written: a fork never touches its sibling. One thread belongs to one org.
 */
export type Checkpoints = {
  /**
   * Writes a checkpoint. Channels that `values` does not name are those of the parent, or of the newest checkpoint with their version.
   * @throws INPUT_INVALID, STATE_TOO_LARGE, THREAD_DELETED; CHECKPOINT_SUPERSEDED where only the newest may be continued; the codes of the store
   */
  put(input: PutCheckpointInput): Promise<void>
  /** Writes what a task wrote. A batch that `replaces` takes the place of writes with the same numbers; any other leaves them. @throws as `put` */
  putWrites(input: PutWritesInput): Promise<void>
  /** The newest checkpoint of a namespace, or the one that is named. @throws INPUT_INVALID, STATE_CORRUPT; the codes of the store */
  get(input: CheckpointKey): Promise<StoredCheckpoint | undefined>
  /** Checkpoints of an org, the newest first, page by page. @throws as `get` */
  list(input: ListCheckpointsInput): AsyncIterable<StoredCheckpoint>
  /** By channel, the writes of a checkpoint's ancestors since one that had a value, the oldest first, and that value. @throws as `get` */
  history(input: CheckpointKey & { readonly channels: readonly string[] }): Promise<Record<string, ChannelHistory>>
  /** Deletes a thread; runs that began before are refused for a day. @throws INPUT_INVALID; the codes of the store */
  deleteThread(input: ThreadKey): Promise<void>
  /**
   * Deletes all checkpoints of a thread but the newest of each namespace and what these need: ancestors down to a value of each channel.
   * @throws INPUT_INVALID; the codes of the store
   */
  prune(input: ThreadKey & { readonly keep: number }): Promise<{ readonly checkpoints: number }>
  /** Copies a thread to one that is not there. @throws INPUT_INVALID, STATE_CONFLICT; the codes of the store */
  copyThread(input: ThreadKey & { readonly toThreadId: string }): Promise<void>
}

type ThreadKey = { readonly orgId: string; readonly threadId: string }
export type CheckpointKey = ThreadKey & { readonly ns: string; readonly checkpointId?: string | undefined }
type ChannelVersion = string | number

export type PutCheckpointInput = ThreadKey & {
  readonly ns: string
  readonly checkpointId: string
  readonly parentId?: string | undefined
  /** Recorded when the thread begins, so that forgetting a user finds it. */
  readonly userId?: string | undefined
  readonly body: Uint8Array
  readonly filter: Readonly<Record<string, unknown>>
  /** The version of every channel. */
  readonly versions: Readonly<Record<string, ChannelVersion>>
  /** New values; undefined for a channel that has none now. */
  readonly values: ReadonlyMap<string, Uint8Array | undefined>
  /** Channels whose value is made of the writes since an ancestor that has one; pruning keeps these ancestors. @default none */
  readonly accumulated?: readonly string[] | undefined
  /** When the run that writes it began at the latest; a thread that was deleted since refuses it. */
  readonly begunAt?: Date | undefined
  readonly ttlSeconds?: number | undefined
  /** Refuses what does not continue the newest checkpoint of its namespace. @default false */
  readonly isNewestOnly?: boolean | undefined
}

export type PutWritesInput = ThreadKey & {
  readonly ns: string
  readonly checkpointId: string
  readonly taskId: string
  readonly taskPath: string
  readonly writes: readonly { readonly index: number; readonly channel: string; readonly value: Uint8Array }[]
  readonly replaces: boolean
  readonly userId?: string | undefined
  readonly begunAt?: Date | undefined
  readonly ttlSeconds?: number | undefined
}

export type ListCheckpointsInput = {
  readonly orgId: string
  readonly threadId?: string | undefined
  readonly ns?: string | undefined
  readonly checkpointId?: string | undefined
  /** Checkpoints before the one with this id. */
  readonly beforeId?: string | undefined
  readonly filter?: Readonly<Record<string, unknown>> | undefined
  readonly limit?: number | undefined
}

export type StoredWrite = { readonly taskId: string; readonly channel: string; readonly value: Buffer }
export type StoredCheckpoint = ThreadKey & {
  readonly ns: string
  readonly checkpointId: string
  readonly parentId: string | undefined
  readonly body: Buffer
  readonly values: ReadonlyMap<string, Buffer>
  /** In the order in which a run applies them: by task path, task and number. */
  readonly writes: readonly StoredWrite[]
}
export type ChannelHistory = { readonly seed: Buffer | undefined; readonly writes: readonly StoredWrite[] }
