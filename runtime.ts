import { BullMQOtel } from 'bullmq-otel'
import type { Redis } from 'ioredis'
import { CATALOG } from './queues/catalog.ts'
import type { AnyQueueContract, QueueContract } from './queues/define-queue.ts'
import { createJobs, type Jobs } from './queues/jobs.ts'
import { createProducer, type Producer } from './queues/producer.ts'
import { createProvider } from './shared/ai/create-provider.ts'
import type { ModelProvider } from './shared/ai/model-provider.ts'
import { observeProvider } from './shared/ai/observed-provider.ts'
import { OPENAI_BASE_URL } from './shared/ai/openai-provider.ts'
import { countTokens } from './shared/ai/token-count.ts'
import { type CachedCompleter, createCachedCompleter } from './shared/cache/completion-cache.ts'
import { type CachedEmbedder, createCachedEmbedder } from './shared/cache/embedding-cache.ts'
import { createCallGate } from './shared/call-gate.ts'
import { type Clock, systemClock } from './shared/clock.ts'
import { type Config, type ConfigInput, parseConfig } from './shared/config.ts'
import { createDeadLetters, type DeadLetters } from './shared/control/dead-letters.ts'
import { createKillSwitch, type KillSwitch } from './shared/control/kill-switch.ts'
import { AfterturnError } from './shared/errors.ts'
import { limitsOf } from './shared/limit/model-limits.ts'
import { createModelPacer } from './shared/limit/model-pacer.ts'
import { waitForLease } from './shared/lock/fair-lease.ts'
import { measureOrgMemoryLock } from './shared/lock/measured-lock.ts'
import { createOrgMemoryLock, type WithOrgMemoryLock, type WorkspaceMemoryLock } from './shared/lock/org-memory-lock.ts'
import { createWakeUps } from './shared/lock/wake-ups.ts'
import { createMemory, type Memory } from './shared/memory/memory.ts'
import { observeMemory } from './shared/memory/observed-memory.ts'
import { idSchema, parseInput } from './shared/memory/turn-input.ts'
import { createLog, type Log } from './shared/observe/log.ts'
import { createMetrics, type Metrics } from './shared/observe/metrics.ts'
import { createTracing, TRACER_NAME } from './shared/observe/tracing.ts'
import { createRedisConnections } from './shared/redis/connections.ts'
import { orgMemoryLeaseKey, wakeUpChannelPrefix } from './shared/redis/keys.ts'
import { type Database, openDatabase } from './shared/store/database.ts'
import { checkSchema } from './shared/store/migrations.ts'
import { advanceFence, readFenceToken } from './shared/store/org-fences.ts'
import { asStoreError } from './shared/store/store-errors.ts'
import type { WorkstreamKey } from './shared/store/workstreams.ts'
import { checkExtraWorkers } from './workers/extra-workers.ts'
import type { ExtraWorker, Fleet } from './workers/fleet.ts'
import { startWorkers, type WorkerServices } from './workers/start-workers.ts'

/** The composition root: puts the rooms together. Two runtimes in one process share nothing. */

export type RuntimeOptions = {
  /** Workers of the host's own, which `startWorkers` starts beside the product's. */
  readonly extraWorkers?: readonly ExtraWorker[]
  /** The host's own mutual exclusion, in place of the Redis lease. Every write is fenced all the same. */
  readonly withWorkspaceMemoryLock?: WorkspaceMemoryLock
  /** How many jobs of an org run at once in each queue, where orgs differ. It is asked before each start. @default the setting `orgConcurrency` */
  readonly orgConcurrency?: (orgId: string) => number | Promise<number>
  readonly clock?: Clock
  readonly log?: Log
}

export type Runtime = {
  readonly config: Config
  readonly provider: ModelProvider
  /** Vectors, each bought once; `stats()` says what that saved. */
  readonly embedder: CachedEmbedder
  /** Answers of the provider, each bought once if `completionCache` is set. */
  readonly completer: CachedCompleter
  readonly database: Database
  readonly redis: {
    /** General commands on the durable role. */
    getConnection(): Redis
    /** For BullMQ workers and queues of the host's own. */
    getConnectionForBullMQ(): Redis
    /** The cache role; undefined when there is none. */
    getCacheConnection(): Redis | undefined
  }
  readonly queues: Producer
  readonly jobs: Jobs
  readonly memory: Memory
  /** What this runtime measures; a host that has a `/metrics` of its own adds `text()` to it. */
  readonly metrics: Metrics
  /**
   * Runs a function while no other process of the fleet writes the org's memories; what it writes goes through `fencedTransaction`.
   * Keep it short: call no model inside.
   * @throws INPUT_INVALID, LOCK_TIMEOUT, LOCK_LOST, LOCK_REENTERED, REDIS_UNAVAILABLE, STORE_UNAVAILABLE, and what the function throws
   */
  readonly withOrgMemoryLock: WithOrgMemoryLock
  /** Halts everything, an org or a queue, and lets it go on. */
  readonly killSwitch: KillSwitch
  /** What could not be done: to list, replay and drop. */
  readonly deadLetters: DeadLetters
  /**
   * Checks the services and opens the connections. A Redis that is away is logged only: turns are recorded without it.
   * @throws REDIS_UNSUITABLE; STORE_UNAVAILABLE, STORE_OUTDATED and the other codes of the store; RUNTIME_CLOSED
   */
  connect(): Promise<void>
  /**
   * Starts workers in this process: all queues and extra workers, or those named. Each call adds workers; one
   * that fails leaves none of its own. `onStuck` hears once when the process cannot work any
   * more, and should end it; without it nobody watches.
   * @throws QUEUE_UNKNOWN, RUNTIME_CLOSED
   */
  startWorkers(queues?: readonly string[], options?: { onStuck?(reason: AfterturnError): void }): Promise<Fleet>
  /**
   * Drains the workers that this runtime started, then closes every connection, in bounded time. Their jobs may call the runtime until they end;
   * calls in flight are awaited, and later ones are refused with RUNTIME_CLOSED. Safe to call twice.
   */
  disconnect(): Promise<void>
}

/**
 * Makes a runtime from a configuration. Redis is connected to at once, the store by `connect()`: `disconnect()` ends both.
 * @throws CONFIG_INVALID naming every fault at once.
 * @example
 * const runtime = createRuntime(readConfig(process.env))
 * await runtime.connect()
 */
export function createRuntime(input: ConfigInput, options: RuntimeOptions = {}): Runtime {
  const config = parseConfig(input)
  const { clock = systemClock, log = createLog(config) } = options
  const extraWorkers = checkExtraWorkers(options.extraWorkers ?? [])
  const starts = createCallGate()
  const calls = createCallGate()
  const connections = createRedisConnections({ ...config, log })
  const database = openDatabase({
    url: config.databaseUrl,
    poolSize: config.databasePoolSize,
    onConnectionError: (error) => log.warn({ error: error.message }, 'a connection to the store broke'),
  })
  const metrics = createMetrics()
  const tracing = createTracing(config.tracing)
  const telemetry = config.tracing ? new BullMQOtel({ tracerName: TRACER_NAME }) : undefined
  const pacer = createModelPacer({
    redis: connections.getConnectionForProducers(),
    keyPrefix: config.redisKeyPrefix,
    baseUrl: config.openaiBaseUrl ?? OPENAI_BASE_URL,
    limits: limitsOf(config),
    maxWaitMs: config.modelMaxWaitMs,
    countTokens,
    clock,
    log,
    metrics,
  })
  const provider = observeProvider(createProvider(config, pacer), metrics, tracing)
  const caching = {
    redis: connections.getCacheConnection(),
    keyPrefix: config.redisKeyPrefix,
    provider,
    log,
    metrics,
  }
  const embedder = createCachedEmbedder({
    ...caching,
    ttlSeconds: config.embeddingCacheTtlSeconds,
    memoryBytes: config.embeddingCacheMemoryBytes,
    format: config.embeddingCacheFormat,
    sharedScope: config.embeddingCacheSharedScope,
    usdPerMillionTokens: config.embeddingUsdPerMillionTokens,
  })
  const completer = createCachedCompleter({
    ...caching,
    isEnabled: config.completionCache,
    ttlSeconds: config.completionCacheTtlSeconds,
    inputUsdPerMillionTokens: config.completionInputUsdPerMillionTokens,
    outputUsdPerMillionTokens: config.completionOutputUsdPerMillionTokens,
  })
  const extraQueues = extraWorkers.map((worker) => worker.queue)
  const queues = createProducer(
    {
      connection: connections.getConnectionForProducers(),
      keyPrefix: config.redisKeyPrefix,
      timeoutMs: config.enqueueTimeoutMs,
      telemetry,
    },
    extraQueues,
  )
  const jobs = createJobs({
    producer: queues,
    redis: connections.getConnectionForProducers(),
    keyPrefix: config.redisKeyPrefix,
    timeoutMs: config.enqueueTimeoutMs,
  })
  const scheduleDigest = (workstream: WorkstreamKey, delayMs: number) =>
    queues.enqueue(CATALOG['memory-digest'], { v: 1, ...workstream }, { delayMs })
  const bareMemory = createMemory({
    config,
    database,
    clock,
    log,
    provider,
    embedder,
    scheduleDigest,
    enqueueExtraction: (turn, timeoutMs) =>
      queues.enqueue(CATALOG['memory-extraction'], { v: 1, ...turn }, { timeoutMs }),
  })
  const wakeUps = createWakeUps(connections.getConnectionForSubscriptions, wakeUpChannelPrefix(config.redisKeyPrefix))
  const bareLock = createOrgMemoryLock({
    hostLock: options.withWorkspaceMemoryLock,
    lease: (orgId, signal) =>
      waitForLease({
        redis: connections.getConnection(),
        wakeUps,
        clock,
        key: orgMemoryLeaseKey(config.redisKeyPrefix, orgId),
        ttlMs: config.orgLockTtlMs,
        waitMs: config.orgLockWaitMs,
        signal,
      }),
    fences: {
      read: (orgId) => readFenceToken(database, orgId),
      advance: (orgId, from) => advanceFence(database, orgId, from),
    },
  })
  const orgMemoryLock = measureOrgMemoryLock(bareLock, metrics)
  const withOrgMemoryLock: WithOrgMemoryLock = async (orgId, fn, lockOptions) =>
    calls.enter(async () => orgMemoryLock(parseInput(idSchema, orgId, 'orgId'), fn, lockOptions))
  const memory = observeMemory(bareMemory, metrics, tracing)
  const contracts: AnyQueueContract[] = [
    ...Object.values(CATALOG),
    ...extraWorkers.flatMap(({ contract }) => contract ?? []),
  ]
  const killSwitch = createKillSwitch({
    database,
    redis: connections.getConnection,
    keyPrefix: config.redisKeyPrefix,
    clock,
    log,
  })
  const deadLetters = createDeadLetters({
    database,
    clock,
    log,
    config,
    scheduleDigest,
    async enqueue(name, payload) {
      const contract = contracts.find((one) => one.name === name)
      if (!contract) throw new AfterturnError('QUEUE_UNKNOWN', `No contract is known here for the queue ${name}.`)
      // The producer checks the payload.
      return queues.enqueue(contract as QueueContract, payload)
    },
  })
  const workerServices: WorkerServices = {
    config,
    connections,
    database,
    provider,
    embedder,
    completer,
    queues,
    contracts,
    extraWorkers,
    orgConcurrency: options.orgConcurrency ?? config.orgConcurrency,
    withOrgMemoryLock,
    clock,
    log,
    metrics,
    tracing,
    telemetry,
  }
  const stops: (() => Promise<unknown>)[] = []
  let closing: Promise<void> | undefined

  const runtime: Runtime = {
    config,
    provider,
    embedder,
    completer,
    database,
    redis: connections,
    queues,
    jobs,
    memory,
    withOrgMemoryLock,
    metrics,
    killSwitch,
    deadLetters,
    async connect() {
      await connections.connect()
      await checkSchema(database).catch((error) => {
        throw asStoreError(error)
      })
    },
    async startWorkers(names = [...Object.keys(CATALOG), ...extraQueues], { onStuck } = {}) {
      const { fleet, stop } = await startWorkers(workerServices, names, onStuck)
      stops.push(stop)
      return fleet
    },
    disconnect() {
      closing ??= (async () => {
        const patienceMs = Math.max(config.drainTimeoutMs, config.enqueueTimeoutMs)
        const started = starts.close(patienceMs)
        // Jobs that drain may still call; without workers nobody may.
        if (stops.length === 0) await calls.close(patienceMs)
        await started
        await Promise.all(stops.map((stop) => stop()))
        await calls.close(patienceMs)
        await queues.close()
        await connections.disconnect()
        await database.destroy()
      })()
      return closing
    },
  }
  return {
    ...runtime,
    ...starts.guard({ connect: runtime.connect, startWorkers: runtime.startWorkers }),
    jobs: calls.guard(jobs),
    embedder: { ...embedder, ...calls.guard({ embedMany: embedder.embedMany }) },
    completer: {
      ...completer,
      complete: (orgId, task, input, callOptions) =>
        calls.enter(() => completer.complete(orgId, task, input, callOptions)),
    },
    memory: calls.guard(memory),
    killSwitch: calls.guard(killSwitch),
    deadLetters: calls.guard(deadLetters),
  }
}
