import { join } from 'node:path'
import { environmentOf } from '../../../cli/services/services.ts'
import { createRuntime, type Runtime } from '../../../runtime.ts'
import type { ConfigInput } from '../../../shared/config.ts'
import { silentLog } from '../../../shared/observe/log.ts'
import { type Database, openDatabase } from '../../../shared/store/database.ts'
import { answerAboutHomes } from '../../helpers/memory/home-answers.ts'
import { type ModelServer, startModelServer } from '../../helpers/models/model-server.ts'
import { startTcpProxy, type TcpProxy } from '../../helpers/services/tcp-proxy.ts'
import type { SandboxServer } from '../../services/start-servers.ts'
import { type KeptProcesses, keepProcesses } from './kept-processes.ts'
import { makeNextRelease } from './next-release.ts'
import { prepareRedis, type RedisProcess } from './redis-process.ts'
import { preparePglite, preparePostgres, type StoreProcess } from './store-process.ts'
import { createWorker, type Worker } from './worker-process.ts'

/**
 * Everything that a fault test runs on, of its own: both Redis roles, a store, a model, workers as processes, and an app that records turns.
 * Between each worker and its services lie lines that can be cut or frozen.
 */
export type World = {
  readonly processes: KeptProcesses
  readonly durable: RedisProcess
  readonly cache: RedisProcess
  readonly store: StoreProcess
  /** Before the store, where there is one. */
  readonly pooler: SandboxServer | undefined
  /** Where the command of the release after this one starts, where there is one. */
  readonly nextRelease: string | undefined
  readonly model: ModelServer
  readonly workers: readonly Worker[]
  /** One for each worker, then the app's. */
  readonly lines: readonly Lines[]
  /** Starts the store again, and leads every line to where it is now. */
  startStore(): Promise<void>
  /** The app. */
  readonly runtime: Runtime
  /** Sets the app's wall clock. */
  setAppClock(offsetMs: number): void
  /** The test's own eyes, on a line that no fault touches. */
  readonly database: Database
  readonly config: ConfigInput
  stop(): Promise<void>
}

export type Lines = { readonly redis: TcpProxy; readonly store: TcpProxy }

export type WorldOptions = {
  /** The processes of the Procfile that run as workers. */
  readonly workers: readonly string[]
  readonly config?: Partial<ConfigInput>
  /** Where the durable Redis is, in place of the world's own, which no line leads to then. */
  readonly redis?: Partial<ConfigInput>
  readonly pgliteTemplateDir: string
  /** Where the servers of the services suite are: the store is then a PostgreSQL behind a pooler. @default a PGlite */
  readonly sandbox?: string | undefined
  /** True if there is a next release, to which the store has been migrated. @default false */
  readonly hasNextRelease?: boolean | undefined
}

/** Short times, so that much happens in little time. */
const WORLD_CONFIG = {
  redisKeyPrefix: 'fault',
  logLevel: 'warn',
  embeddingDims: 16,
  modelTimeoutMs: 1_000,
  digestWindowMs: 300,
  digestMaxWaitMs: 1_500,
  sweepIntervalMs: 500,
  enqueueTimeoutMs: 1_000,
  // Less than a model call: a drain in the middle of one gives its job back.
  drainTimeoutMs: 10,
  jobLockMs: 1_500,
  retryBackoffMs: 400,
} as const satisfies Partial<ConfigInput>

const MODEL_DELAY_MS = 20

/** Starts a world. */
export async function startWorld(options: WorldOptions): Promise<World> {
  const processes = await keepProcesses()
  const stops: (() => Promise<unknown>)[] = [processes.end]
  const stop = async () => {
    for (const stopOne of stops.splice(0).reverse()) await stopOne()
  }
  try {
    const postgres = options.sandbox === undefined ? undefined : await preparePostgres(options.sandbox)
    if (postgres) stops.push(postgres.remove)
    const [durable, cache, store] = await Promise.all([
      prepareRedis(processes, 'durable'),
      prepareRedis(processes, 'cache'),
      postgres ?? preparePglite(processes, options.pgliteTemplateDir),
    ])
    const nextRelease = options.hasNextRelease ? await makeNextRelease(join(processes.directory, 'next')) : undefined
    if (nextRelease !== undefined) store.release = nextRelease
    await Promise.all([durable.start(), cache.start(), store.start()])
    const model = await startModelServer({ delayMs: MODEL_DELAY_MS })
    stops.push(() => model.stop())
    model.completionFor(answerAboutHomes)

    const line = async (url: string) => {
      const proxy = await startTcpProxy(url, processes.directory)
      stops.push(() => proxy.stop())
      return proxy
    }
    const eyes = await line(store.url())
    const lines: Lines[] = []
    for (let left = options.workers.length; left >= 0; left -= 1)
      lines.push({ redis: await line(durable.url), store: await line(store.url()) })
    const configOf = (own: Lines, name: string) => ({
      ...WORLD_CONFIG,
      ...options.config,
      ...(options.redis ?? { redisUrl: own.redis.url }),
      cacheRedisUrl: cache.url,
      databaseUrl: own.store.url,
      openaiBaseUrl: model.url,
      // Tells the model who asks.
      openaiApiKey: name,
    })

    const workers = options.workers.map((door, index) => {
      const name = `${door}-${index}`
      const env = { PATH: process.env.PATH, ...environmentOf(configOf(lines[index] as Lines, name)) }
      return createWorker(processes, { name, process: door, env })
    })
    stops.push(async () => {
      for (const worker of workers) worker.abandon()
    })
    const config = configOf(lines.at(-1) as Lines, 'app')
    let appOffsetMs = 0
    const clock = { now: () => new Date(Date.now() + appOffsetMs), monotonicMs: () => performance.now() }
    const runtime = createRuntime(config, { log: silentLog, clock })
    stops.push(() => runtime.disconnect())
    const database = openDatabase({ url: eyes.url, poolSize: 2 })
    stops.push(() => database.destroy())
    await runtime.connect()
    await Promise.all(workers.map((worker) => worker.start()))

    return {
      processes,
      durable,
      cache,
      store,
      pooler: postgres?.pooler,
      nextRelease,
      model,
      workers,
      lines,
      async startStore() {
        await store.start()
        for (const proxy of [eyes, ...lines.map((one) => one.store)]) proxy.retarget(store.url())
      },
      runtime,
      setAppClock(offsetMs) {
        appOffsetMs = offsetMs
      },
      database,
      config,
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}
