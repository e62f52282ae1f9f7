import type { RunnableConfig } from '@langchain/core/runnables'
import {
  BaseCheckpointSaver,
  type ChannelVersions,
  type Checkpoint,
  type CheckpointListOptions,
  type CheckpointMetadata,
  type CheckpointPendingWrite,
  type CheckpointTuple,
  type DeltaChannelHistory,
  getCheckpointId,
  maxChannelVersion,
  type PendingWrite,
  type SerializerProtocol,
  TASKS,
  WRITES_IDX_MAP,
} from '@langchain/langgraph-checkpoint'
import { LRUCache } from 'lru-cache'
import type { Checkpoints, StoredCheckpoint, StoredWrite } from '../../shared/state/checkpoints/checkpoints.ts'
import { timeOfId } from './time-of-id.ts'
import { joinTyped, packTyped, splitTyped, unpackTyped } from './typed-bytes.ts'

/**
 * LangGraph's checkpointer on `runtime.checkpoints`. Guarantees: one org's threads only; a fork keeps its own values; bytes are checked before the
 * serializer sees them.
 */

export type AfterturnSaverOptions = {
  /** Whose threads they are; no thread id reaches another org's. */
  readonly orgId: string
  /** Seconds after its last write at which a thread expires, as a whole. @default never */
  readonly ttlSeconds?: number
  /** Checkpoints kept of each namespace of a thread, with what they need. @default all */
  readonly keepCheckpoints?: number
  /** The policy for a second run of one thread: it forks the thread, or is refused with CHECKPOINT_SUPERSEDED. @default 'fork' */
  readonly onConcurrentRun?: 'fork' | 'refuse'
  /** @default LangGraph's JsonPlusSerializer */
  readonly serde?: SerializerProtocol
}

/** The part of a runtime that a saver needs. */
type CheckpointRuntime = { readonly checkpoints: Checkpoints }
type Place = {
  readonly threadId: string | undefined
  readonly ns: string
  readonly checkpointId: string | undefined
  readonly userId: string | undefined
}

/** Old checkpoints are dropped once this part of what is kept has been added. */
const PRUNE_EVERY_SHARE = 0.2
/** Threads whose new checkpoints are counted. */
const COUNTED_THREADS = 10_000
/** From this version of the format on, what tasks send stands in the checkpoint itself. */
const SENDS_INSIDE_SINCE = 4
const MAX_FILTER_CHARS = 8_000

/**
 * A saver for `compile({ checkpointer })`.
 * @example
 * import { createRuntimeFromEnvironment } from 'afterturn/env'
 * import { AfterturnSaver } from 'afterturn/langgraph'
 * const checkpointer = new AfterturnSaver(createRuntimeFromEnvironment(), { orgId: 'acme' })
 */
export class AfterturnSaver extends BaseCheckpointSaver {
  readonly #checkpoints: Checkpoints
  readonly #options: AfterturnSaverOptions
  /** Checkpoints since a thread was pruned. One that is forgotten is pruned later. */
  readonly #puts = new LRUCache<string, number>({ max: COUNTED_THREADS })

  constructor(runtime: CheckpointRuntime, options: AfterturnSaverOptions) {
    super(options.serde)
    this.#checkpoints = runtime.checkpoints
    this.#options = options
  }

  async getTuple(config: RunnableConfig): Promise<CheckpointTuple | undefined> {
    const { threadId, ns, checkpointId } = placeOf(config)
    if (threadId === undefined) return undefined
    const stored = await this.#checkpoints.get({ orgId: this.#options.orgId, threadId, ns, checkpointId })
    return stored && this.#tupleOf(stored)
  }

  async *list(config: RunnableConfig, options: CheckpointListOptions = {}): AsyncGenerator<CheckpointTuple> {
    const { thread_id, checkpoint_ns, checkpoint_id } = config.configurable ?? {}
    const { filter, before, limit } = options
    const listed = this.#checkpoints.list({
      orgId: this.#options.orgId,
      ...(thread_id && { threadId: String(thread_id) }),
      ...(typeof checkpoint_ns === 'string' && { ns: checkpoint_ns }),
      ...(checkpoint_id && { checkpointId: String(checkpoint_id) }),
      ...(before?.configurable?.checkpoint_id !== undefined && { beforeId: before.configurable.checkpoint_id }),
      ...(filter && Object.keys(filter).length > 0 && { filter }),
      ...(limit !== undefined && { limit: Number(limit) }),
    })
    for await (const stored of listed) yield await this.#tupleOf(stored)
  }

  async put(
    config: RunnableConfig,
    checkpoint: Checkpoint,
    metadata: CheckpointMetadata,
    newVersions: ChannelVersions,
  ): Promise<RunnableConfig> {
    const { threadId, ns, checkpointId: parentId, userId } = placeOf(config)
    const { channel_values: given, ...rest } = checkpoint
    const dumped = Object.keys(newVersions).map(async (channel) => {
      const hasValue = Object.hasOwn(given, channel) && given[channel] !== undefined
      return [channel, hasValue ? packTyped(await this.serde.dumpsTyped(given[channel])) : undefined] as const
    })
    const [values, body, about] = await Promise.all([
      Promise.all(dumped),
      this.serde.dumpsTyped(rest),
      this.serde.dumpsTyped(metadata),
    ])
    const { onConcurrentRun, orgId, ttlSeconds } = this.#options
    await this.#checkpoints.put({
      orgId,
      threadId: threadId as string,
      ns,
      checkpointId: checkpoint.id,
      parentId,
      userId,
      body: joinTyped([body, about]),
      filter: filterOf(about),
      versions: { ...newVersions, ...checkpoint.channel_versions },
      values: new Map(values),
      accumulated: Object.keys(metadata.counters_since_delta_snapshot ?? {}),
      begunAt: timeOfId(parentId ?? checkpoint.id),
      ttlSeconds,
      isNewestOnly: onConcurrentRun === 'refuse' && metadata.source === 'loop',
    })
    await this.#pruneSometimes(threadId as string)
    return { configurable: { thread_id: threadId, checkpoint_ns: ns, checkpoint_id: checkpoint.id } }
  }

  async putWrites(config: RunnableConfig, writes: PendingWrite[], taskId: string, taskPath = ''): Promise<void> {
    const { threadId, ns, checkpointId, userId } = placeOf(config)
    const dumped = writes.map(async ([channel, value], index) => ({
      index: (isSpecial(channel) ? WRITES_IDX_MAP[channel] : undefined) ?? index,
      channel,
      value: packTyped(await this.serde.dumpsTyped(value)),
    }))
    await this.#checkpoints.putWrites({
      orgId: this.#options.orgId,
      threadId: threadId as string,
      ns,
      checkpointId: checkpointId as string,
      userId,
      taskId,
      taskPath,
      writes: await Promise.all(dumped),
      replaces: writes.every(([channel]) => isSpecial(channel)),
      begunAt: timeOfId(checkpointId),
      ttlSeconds: this.#options.ttlSeconds,
    })
  }

  /** Deletes a thread; what runs that began before still write is refused with THREAD_DELETED. */
  async deleteThread(threadId: string): Promise<void> {
    await this.#checkpoints.deleteThread({ orgId: this.#options.orgId, threadId })
  }

  override async getDeltaChannelHistory(options: {
    config: RunnableConfig
    channels: string[]
  }): Promise<Record<string, DeltaChannelHistory>> {
    const { threadId, ns, checkpointId } = placeOf(options.config)
    const { channels } = options
    if (channels.length === 0 || threadId === undefined) return {}
    const histories = await this.#checkpoints.history({
      orgId: this.#options.orgId,
      threadId,
      ns,
      checkpointId,
      channels,
    })
    const entries = Object.entries(histories).map(async ([channel, { seed, writes }]) => {
      const history: DeltaChannelHistory = { writes: await this.#writesOf(writes) }
      if (seed) history.seed = await this.#valueOf(seed)
      return [channel, history] as const
    })
    return Object.fromEntries(await Promise.all(entries))
  }

  /** Deletes old checkpoints of threads, or the threads; returns how many checkpoints went. What the kept ones need stays. */
  async prune(
    threadIds: readonly string[],
    { strategy = 'keep_latest' }: { readonly strategy?: 'keep_latest' | 'delete' } = {},
  ): Promise<number> {
    let count = 0
    for (const threadId of threadIds) {
      if (strategy === 'delete') await this.deleteThread(threadId)
      else count += (await this.#checkpoints.prune({ orgId: this.#options.orgId, threadId, keep: 1 })).checkpoints
    }
    return count
  }

  /** Copies a thread to a new one. */
  async copyThread(threadId: string, toThreadId: string): Promise<void> {
    await this.#checkpoints.copyThread({ orgId: this.#options.orgId, threadId, toThreadId })
  }

  /** Copies a thread of another saver, the oldest checkpoint first; repeating it is safe. Returns how many checkpoints it has. */
  async importThread(other: BaseCheckpointSaver, threadId: string): Promise<number> {
    const places: RunnableConfig[] = []
    for await (const { config } of other.list({ configurable: { thread_id: threadId } })) places.push(config)
    for (const place of places.toReversed()) {
      const tuple = await other.getTuple(place)
      if (!tuple) continue
      const { config, checkpoint, metadata, parentConfig, pendingWrites = [] } = tuple
      const parent = parentConfig ?? { configurable: { ...config.configurable, checkpoint_id: undefined } }
      await this.put(parent, checkpoint, metadata as CheckpointMetadata, checkpoint.channel_versions)
      for (const [taskId, writes] of Map.groupBy(pendingWrites, ([taskId]) => taskId)) {
        const ofSpecial = ([, channel]: CheckpointPendingWrite) => isSpecial(channel)
        for (const batch of [writes.filter((write) => !ofSpecial(write)), writes.filter(ofSpecial)])
          await this.putWrites(
            config,
            batch.map(([, channel, value]) => [channel, value]),
            taskId,
          )
      }
    }
    return places.length
  }

  async #tupleOf(stored: StoredCheckpoint): Promise<CheckpointTuple> {
    const { threadId, ns, checkpointId, parentId } = stored
    const [body, about] = splitTyped(stored.body)
    const values = [...stored.values].map(async ([channel, value]) => [channel, await this.#valueOf(value)] as const)
    const [rest, metadata, entries, pendingWrites] = await Promise.all([
      this.#valueOf(body),
      this.#valueOf(about),
      Promise.all(values),
      this.#writesOf(stored.writes),
    ])
    const checkpoint = {
      ...(rest as Omit<Checkpoint, 'channel_values'>),
      channel_values: Object.fromEntries(entries),
    } as Checkpoint
    if (checkpoint.v < SENDS_INSIDE_SINCE && parentId !== undefined) await this.#addSends(checkpoint, stored, parentId)
    const configOf = (id: string) => ({ configurable: { thread_id: threadId, checkpoint_ns: ns, checkpoint_id: id } })
    return {
      config: configOf(checkpointId),
      checkpoint,
      metadata: metadata as CheckpointMetadata,
      ...(parentId !== undefined && { parentConfig: configOf(parentId) }),
      pendingWrites,
    }
  }

  /** Adds the sends of the parent's tasks to a checkpoint whose format lacks them. */
  async #addSends(checkpoint: Checkpoint, { orgId, threadId, ns }: StoredCheckpoint, parentId: string): Promise<void> {
    const parent = await this.#checkpoints.get({ orgId, threadId, ns, checkpointId: parentId })
    const sends = parent?.writes.filter(({ channel }) => channel === TASKS) ?? []
    checkpoint.channel_values[TASKS] = await Promise.all(sends.map(({ value }) => this.#valueOf(value)))
    const versions = Object.values(checkpoint.channel_versions)
    checkpoint.channel_versions[TASKS] =
      versions.length > 0 ? maxChannelVersion(...versions) : this.getNextVersion(undefined)
  }

  async #valueOf(packed: Uint8Array): Promise<unknown> {
    return this.serde.loadsTyped(...unpackTyped(packed))
  }

  #writesOf(writes: readonly StoredWrite[]): Promise<CheckpointPendingWrite[]> {
    return Promise.all(
      writes.map(
        async ({ taskId, channel, value }): Promise<CheckpointPendingWrite> => [
          taskId,
          channel,
          await this.#valueOf(value),
        ],
      ),
    )
  }

  async #pruneSometimes(threadId: string): Promise<void> {
    const { keepCheckpoints: keep, orgId } = this.#options
    if (keep === undefined) return
    const puts = (this.#puts.get(threadId) ?? 0) + 1
    const isDue = puts >= Math.max(1, keep * PRUNE_EVERY_SHARE)
    if (isDue) this.#puts.delete(threadId)
    else this.#puts.set(threadId, puts)
    if (isDue) await this.#checkpoints.prune({ orgId, threadId, keep })
  }
}

/** True for a channel of LangGraph's own; a channel may have the name of anything that every object has. */
function isSpecial(channel: string): boolean {
  return Object.hasOwn(WRITES_IDX_MAP, channel)
}

function placeOf(config: RunnableConfig): Place {
  const { thread_id, checkpoint_ns, user_id, userId } = config.configurable ?? {}
  const text = (value: unknown) => (value === undefined || value === null ? undefined : String(value))
  return {
    threadId: text(thread_id),
    ns: text(checkpoint_ns) ?? '',
    checkpointId: text(getCheckpointId(config) || undefined),
    userId: text(userId ?? user_id),
  }
}

/** Metadata as JSON to filter by; when there is much of it, its plain values. NUL is left out here only. */
function filterOf([, bytes]: [string, Uint8Array]): Record<string, unknown> {
  const text = new TextDecoder().decode(bytes).replaceAll('\\u0000', '')
  let metadata: unknown
  try {
    metadata = JSON.parse(text)
  } catch {
    return {}
  }
  if (typeof metadata !== 'object' || metadata === null) return {}
  if (text.length <= MAX_FILTER_CHARS) return metadata as Record<string, unknown>
  const isPlain = (value: unknown) => typeof value !== 'object' && String(value).length <= 200
  return Object.fromEntries(
    Object.entries(metadata)
      .filter(([, value]) => isPlain(value))
      .slice(0, 30),
  )
}
