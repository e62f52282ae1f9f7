import { randomUUID } from 'node:crypto'
import type { AgentContract } from './queues/agent-message.ts'
import { CATALOG } from './queues/catalog.ts'
import type { Jobs } from './queues/jobs.ts'
import type { Producer } from './queues/producer.ts'
import { type AccessParts, createAccessParts } from './runtime/access.ts'
import {
  createAnswersApi,
  createContextApi,
  createControl,
  createErasing,
  createMemoryApi,
  createReposApi,
} from './runtime/api.ts'
import { type Caches, createCaches } from './runtime/caches.ts'
import { createEvents } from './runtime/events.ts'
import { createFactWork } from './runtime/fact-work.ts'
import { createFoundation } from './runtime/foundation.ts'
import { createMemoryLock } from './runtime/memory-lock.ts'
import { createModels, type OrgAccounts } from './runtime/models.ts'
import { underName } from './runtime/named-runtimes.ts'
import { createQueueing } from './runtime/queueing.ts'
import { createRuntimeRedis, type RuntimeRedis } from './runtime/runtime-redis.ts'
import { createCheckpoints, createStates } from './runtime/states.ts'
import type { Access } from './shared/access/access.ts'
import type { ApiKeys } from './shared/access/api-keys.ts'
import { createSecretRing } from './shared/access/secret-ring.ts'
import type { ModelProvider } from './shared/ai/model-provider.ts'
import { loadTokenCounter } from './shared/ai/tokens/token-count.ts'
import type { Answers } from './shared/answers/answers.ts'
import type { CachedCompleter } from './shared/cache/completion-cache.ts'
import type { CachedEmbedder } from './shared/cache/embedding-cache.ts'
import type { TokenCache } from './shared/cache/faces/token-cache.ts'
import { createCallGate } from './shared/call-gate.ts'
import { type Clock, systemClock } from './shared/clock.ts'
import { type Config, type ConfigInput, parseConfig } from './shared/config.ts'
import type { Context } from './shared/context/context.ts'
import type { DeadLetters } from './shared/control/dead-letters.ts'
import type { KillSwitch } from './shared/control/kill-switch.ts'
import type { AfterturnError } from './shared/errors.ts'
import type { Events } from './shared/events/events.ts'
import type { Executions } from './shared/events/executions.ts'
import type { Progress } from './shared/events/progress.ts'
import type { WithOrgMemoryLock, WorkspaceMemoryLock } from './shared/lock/org-memory-lock.ts'
import { createMemoryExport, type MemoryExport } from './shared/memory/export-memory.ts'
import type { Forgetting } from './shared/memory/forgetting.ts'
import type { MemoryApi } from './shared/memory/memory.ts'
import { createMemoryWrites, type MemoryWrites } from './shared/memory/memory-writes.ts'
import { createQuarantine, type Quarantine } from './shared/memory/quarantine.ts'
import { bindReextraction, type ReextractionApi } from './shared/memory/reextraction.ts'
import { createDigestWait, type DigestWait } from './shared/memory/until-digested.ts'
import type { Messages } from './shared/messages/messages.ts'
import { createLog, type Log } from './shared/observe/log.ts'
import type { Metrics } from './shared/observe/metrics.ts'
import { idSchema, parseInput } from './shared/parse-input.ts'
import type { Repos } from './shared/repo/repos.ts'
import { createSessions, type Sessions } from './shared/session/sessions.ts'
import type { Checkpoints } from './shared/state/checkpoints/checkpoints.ts'
import type { States } from './shared/state/states.ts'
import type { Database } from './shared/store/database.ts'
import { checkSchema } from './shared/store/migrations.ts'
import { asStoreError } from './shared/store/store-errors.ts'
import { hasPendingTurns } from './shared/store/turns/pending-turns.ts'
import { readInTime } from './shared/store/with-store-errors.ts'
import { bindHostWorkers, checkExtraWorkers, type HostWorker } from './workers/fleet/extra-workers.ts'
import type { ExtraWorker, Fleet } from './workers/fleet/fleet.ts'
import { type Agent, agentWorker, checkAgents } from './workers/messages/agent-work.ts'
import type { MessageLoop } from './workers/messages/message-loop.ts'
import type { Route } from './workers/messages/messaging.ts'
import type { RepoCredentials } from './workers/repo/repo-services.ts'

export type { Caches } from './runtime/caches.ts'
export type { RuntimeRedis, RuntimeRedisStats } from './runtime/runtime-redis.ts'

/** The composition root: puts the rooms together; the parts lie in `runtime/`. Two runtimes in one process share nothing. */

export type RuntimeOptions<Payloads extends readonly object[] = readonly never[]> = OrgAccounts & {
  /** The host's own workers with a contract: they run like the product's workers, and `startWorkers` starts them together. */
  readonly workers?: { readonly [Index in keyof Payloads]: HostWorker<Payloads[Index]> }
  /** The host's own workers that take BullMQ's raw job. */
  readonly extraWorkers?: readonly ExtraWorker[]
  /** The host's own agents: each works on the messages that are routed to its name, on the fleet. */
  readonly agents?: readonly Agent[]
  /** Names the agent that works a message; undefined: the message becomes a dead letter. @default the agent named like the message's type */
  readonly route?: Route
  /** The host's own mutual exclusion, in place of the Redis lease. Every write is still fenced. */
  readonly withWorkspaceMemoryLock?: WorkspaceMemoryLock
  /** How many jobs of an org run at once in each queue, if orgs differ; called before each start. @default the setting `orgConcurrency` */
  readonly orgConcurrency?: (orgId: string) => number | Promise<number>
  /**
   * A process has one runtime per name: a call with the same settings and options, as after a hot reload, returns the existing one; with others, the existing
   * one drains and closes. @default none: each call creates another
   */
  readonly name?: string
  /** The kind of process, under which Redis and `redis.stats()` list its connections. @default 'app' */
  readonly processName?: string
  /** Called by workers of this runtime before they fetch a repository; the result is neither stored nor logged. @default none: public repositories only */
  readonly repoCredentials?: RepoCredentials
  readonly clock?: Clock
  readonly log?: Log
}

export type Runtime = {
  readonly config: Config
  readonly provider: ModelProvider
  /** Vectors, each paid for once; `stats()` reports what that saved. */
  readonly embedder: CachedEmbedder
  /** Answers of the provider, each paid for once if `completionCache` is set. */
  readonly completer: CachedCompleter
  /** Caches of data that the host loads. */
  readonly caches: Caches
  /** Answers of your own model calls, reused where that is proven to be safe. */
  readonly answers: Answers
  /** Machine tokens, each fetched once for the fleet. */
  readonly tokens: TokenCache
  readonly database: Database
  readonly redis: RuntimeRedis
  readonly queues: Producer
  readonly jobs: Jobs
  readonly memory: MemoryApi &
    MemoryWrites &
    Forgetting &
    MemoryExport &
    ReextractionApi &
    DigestWait & { readonly quarantine: Quarantine }
  /** Code of repositories: indexed by the fleet, searched here. */
  readonly repos: Repos
  /** Streams of events: those that apps publish, and the fleet's own. */
  readonly events: Events
  /** Messages to agents: rows that are worked on until they are completed or dead. */
  readonly messages: Messages
  /** Executions of workflows, step by step, as streams of events. */
  readonly executions: Executions
  /** The progress of tasks, including the fleet's jobs. */
  readonly progress: Progress
  /** Who is logged in: sessions of your users, as rows. */
  readonly sessions: Sessions
  /** Conversations as messages for a model, within a token budget. */
  readonly context: Context
  /** The keys with which programs reach the API. */
  readonly keys: ApiKeys
  /** Callers of the API, the owners of ids, and the rate of each caller: for a host with its own routes. */
  readonly access: Access & Pick<AccessParts, 'ownership' | 'requests' | 'onKeyChange'>
  /** States of agents in versions, each costing only what has changed. */
  readonly states: States
  /** Checkpoints of graphs as bytes; `afterturn/langgraph` makes a checkpointer of them. */
  readonly checkpoints: Checkpoints
  /** The metrics of this runtime; a host with its own `/metrics` adds `text()` to it. */
  readonly metrics: Metrics
  /**
   * Runs a function while no other process of the fleet writes the org's memories; its writes go through `fencedTransaction`.
   * Keep it short: call no model inside.
   * @throws INPUT_INVALID, LOCK_TIMEOUT, LOCK_LOST, LOCK_REENTERED, REDIS_UNAVAILABLE, STORE_UNAVAILABLE, and what the function throws
   */
  readonly withOrgMemoryLock: WithOrgMemoryLock
  /** Halts everything, an org or a queue, and resumes it. */
  readonly killSwitch: KillSwitch
  /** Work that failed for good: list, replay and drop it. */
  readonly deadLetters: DeadLetters
  /**
   * Checks the services and opens the connections. If Redis is away, this is only logged: turns are recorded without it.
   * @throws REDIS_UNSUITABLE; STORE_UNAVAILABLE, STORE_OUTDATED and the other codes of the store; RUNTIME_CLOSED
   */
  connect(): Promise<void>
  /**
   * Starts workers in this process: all queues and extra workers, or those named. Each call adds workers; a call that
   * fails leaves none behind. `onStuck` is called once when the process can no longer work, and should end it; without it, nothing watches for that.
   * @throws QUEUE_UNKNOWN, RUNTIME_CLOSED; REDIS_UNSUITABLE, STORE_UNAVAILABLE and STORE_OUTDATED, as `connect`
   */
  startWorkers(queues?: readonly string[], options?: { onStuck?(reason: AfterturnError): void }): Promise<Fleet>
  /**
   * Drains the workers that this runtime started, then closes every connection, in bounded time. Their jobs may call the runtime until they end; calls in
   * flight are awaited, and later ones are refused with RUNTIME_CLOSED. Safe to call twice.
   */
  disconnect(): Promise<void>
}

/**
 * Creates a runtime from a configuration; apps import it by way of late-runtime.ts.
 * @throws CONFIG_INVALID naming every fault at once.
 */
export function createRuntime<const Payloads extends readonly object[]>(
  input: ConfigInput,
  { name, ...options }: RuntimeOptions<Payloads> = {},
): Runtime {
  const config = parseConfig(input)
  const create = () => assemble(config, options)
  return name === undefined ? create() : underName(name, { config, options }, create)
}

function assemble<const Payloads extends readonly object[]>(
  config: Config,
  options: Omit<RuntimeOptions<Payloads>, 'name'>,
): Runtime {
  const { clock = systemClock, processName = 'app', log = createLog(config, processName) } = options
  const extraWorkers = checkExtraWorkers(options.extraWorkers ?? [])
  const agents = options.agents ?? []
  checkAgents(agents)
  const orgConcurrency = options.orgConcurrency ?? config.orgConcurrency
  const agentWorkers = agents.map((agent) => agentWorker(agent, orgConcurrency, () => ({ ...foundation, ...eventing })))
  const hostWorkers = [...(options.workers ?? []), ...agentWorkers] as unknown as readonly HostWorker<never>[]
  const hostMembers = bindHostWorkers(hostWorkers, extraWorkers)
  const hostQueues = [...extraWorkers, ...hostWorkers.map(({ contract }) => ({ queue: contract.name, contract }))]
  const starts = createCallGate()
  const calls = createCallGate()
  const foundation = createFoundation(config, clock, log, processName)
  const { connections, database, metrics } = foundation
  const eventing = createEvents(foundation, calls.enter)
  const models = createModels(foundation, options)
  const secretRing = config.secretKeys === undefined ? undefined : createSecretRing(config.secretKeys)
  const { caches, tokens, answers: answerCache, ...loaded } = createCaches(foundation, calls, secretRing)
  const answers = createAnswersApi(foundation, models, answerCache)
  const redis = createRuntimeRedis(foundation, models)
  const queueing = createQueueing(foundation, hostQueues)
  const memoryLock = createMemoryLock(foundation, options.withWorkspaceMemoryLock)
  const { keys, access, ownership, requests, onKeyChange, announceKey } = createAccessParts(foundation)
  const erasing = createErasing(foundation, queueing, memoryLock, announceKey)
  const memory = createMemoryApi(foundation, models, queueing, erasing.finish)
  const { approveHeld, storeFact } = createFactWork({ ...foundation, ...models, withOrgMemoryLock: memoryLock })
  const quarantine = createQuarantine({ ...foundation, withOrgMemoryLock: memoryLock, approveHeld })
  const writes = createMemoryWrites({ ...foundation, withOrgMemoryLock: memoryLock, storeFact })
  const {
    states: { list: listStates, ...stateCalls },
    exportLines,
  } = createStates(foundation, calls.enter)
  const repos = createReposApi(foundation, models, queueing, eventing.untilSettled)
  const reextraction = bindReextraction({ ...foundation, ...queueing })
  const { checkpoints, exportLines: exportCheckpoints } = createCheckpoints(foundation, calls.enter)
  const { killSwitch, deadLetters } = createControl(foundation, queueing)
  const erase: Forgetting['erase'] = async (input) => {
    const report = await erasing.erase(input)
    loaded.erased(input.orgId)
    return report
  }
  const withOrgMemoryLock: WithOrgMemoryLock = async (orgId, fn, lockOptions) =>
    calls.enter(async () => memoryLock(parseInput(idSchema, orgId, 'orgId'), fn, lockOptions))
  const { provider, embedder, completer } = models
  const { queues, jobs } = queueing
  const served = [...Object.keys(CATALOG), ...hostQueues.map(({ queue }) => queue)]
  const stops: (() => Promise<unknown>)[] = []
  let closing: Promise<void> | undefined
  let messaging: MessageLoop | undefined

  let isStoreChecked = false
  async function checkStore(): Promise<void> {
    if (isStoreChecked) return
    await checkSchema(database).catch((error) => {
      throw asStoreError(error)
    })
    isStoreChecked = true
  }

  async function connect(): Promise<void> {
    // Loaded before the first turn waits for it.
    await Promise.all([connections.connect(), loadTokenCounter('o200k')])
    await checkStore()
  }

  const startNamed: Runtime['startWorkers'] = async (names = served, { onStuck } = {}) => {
    // What works jobs is loaded by processes that work them, and while nothing is asked: an answer that comes meanwhile counts as late.
    const { startWorkers } = await import('./workers/start-workers.ts')
    const { startMessaging } = await import('./workers/messages/messaging.ts')
    await connections.check()
    await Promise.all([connections.connect(), checkStore()])
    const services = {
      ...foundation,
      ...models,
      ...queueing,
      progress: eventing.progress,
      extraWorkers,
      hostMembers,
      orgConcurrency,
      withOrgMemoryLock,
      erasures: erasing,
      repoCredentials: options.repoCredentials,
    }
    const { fleet, stop } = await startWorkers(services, names, onStuck)
    stops.push(stop)
    if ((agents.length > 0 || options.route || config.messaging) && !messaging) {
      messaging = startMessaging({
        ...foundation,
        ...eventing,
        agents: agents.map(({ name }) => name),
        route: options.route,
        consumer: `${processName}-${randomUUID()}`,
        enqueue: (agent, key) =>
          queues.enqueue(agentWorkers[agents.findIndex(({ name }) => name === agent)]?.contract as AgentContract, {
            v: 1,
            ...key,
          }),
      })
      stops.push(messaging.stop)
    }
    return fleet
  }

  async function close(): Promise<void> {
    const patienceMs = Math.max(config.drainTimeoutMs, config.enqueueTimeoutMs)
    const started = starts.close(patienceMs)
    // Jobs that drain may still call; without workers nobody may.
    if (stops.length === 0) await calls.close(patienceMs)
    await started
    await Promise.all(stops.map((stop) => stop()))
    await calls.close(patienceMs)
    await loaded.close()
    await eventing.close()
    await queues.close()
    await connections.disconnect()
    await database.destroy()
    foundation.heldCodes.clear()
    foundation.loadedCode.clear()
  }

  return {
    config,
    provider,
    database,
    metrics,
    queues,
    withOrgMemoryLock,
    ...starts.guard({ connect, startWorkers: startNamed }),
    jobs: calls.guard(jobs),
    embedder: { ...embedder, ...calls.guard({ embedMany: embedder.embedMany }) },
    completer: {
      ...completer,
      complete: (orgId, task, input, callOptions) =>
        calls.enter(() => completer.complete(orgId, task, input, callOptions)),
    },
    caches,
    tokens,
    answers: { ...answers, ...calls.guard({ complete: answers.complete, invalidate: answers.invalidate }) },
    redis: { ...redis, ...calls.guard({ stats: redis.stats }) },
    repos: { ...calls.guard(repos), untilIndexed: repos.untilIndexed },
    memory: {
      ...calls.guard({ ...memory, ...writes, erase, reextract: reextraction.reextract }),
      instructions: calls.guard(reextraction.instructions),
      ...createMemoryExport(database, calls.enter, [exportLines, exportCheckpoints]),
      ...createDigestWait({
        ...eventing,
        hasPendingTurns: (orgId, workstreamId) => readInTime(hasPendingTurns(database, orgId, workstreamId)),
      }),
      quarantine: calls.guard(quarantine),
    },
    checkpoints,
    // Each page passes the gate by itself.
    states: { ...calls.guard(stateCalls), list: listStates },
    events: eventing.events,
    messages: calls.guard(eventing.messages),
    executions: eventing.executions,
    progress: eventing.progress,
    sessions: calls.guard(createSessions({ ...foundation, sealing: secretRing })),
    context: calls.guard(createContextApi(foundation, queueing)),
    keys: calls.guard(keys),
    access: { ...calls.guard(access), ownership, requests, onKeyChange },
    killSwitch: calls.guard(killSwitch),
    deadLetters: calls.guard(deadLetters),
    disconnect() {
      closing ??= close()
      return closing
    },
  }
}
