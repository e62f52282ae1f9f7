import { type ChildProcess, fork } from 'node:child_process'
import { flushCompileCache } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { variableOf } from '../../shared/config.ts'
import { AfterturnError } from '../../shared/errors.ts'
import type { Ready } from '../../shared/processes/lifecycle.ts'
import { makeDataDirectory } from '../../shared/processes/make-data-directory.ts'
import type { ServiceAddresses } from '../../shared/processes/service-addresses.ts'
import { startEmbeddedRedis } from '../../shared/redis/embedded/embedded-redis.ts'
import { findRedisServer } from './find-redis.mjs'

/** Where the user's own Redis is said to be. */
const REDIS_PLACES = ['REDIS_URL', 'REDIS_HOST', 'REDIS_SENTINELS', 'REDIS_CLUSTER']

/** Starts the embedded services and the processes of a fleet as children on one machine. Guarantees: it stops what it started, nothing else. */

const PROJECT_ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** The build replaces the extension. */
const START = fileURLToPath(new URL('../afterturn.ts', import.meta.url))
/**
 * V8's default, twice 64 MB on a machine with much memory, is no faster than twice 16 MB, of which loading alone fills what an idle worker then keeps:
 * 23 MB more than with 4, for 8 % less CPU in embedding, where little but garbage is made. The same as in package.json, in the Dockerfile and in
 * `deploy/`.
 */
export const YOUNG_GENERATION = '--max-semi-space-size=4'
/** How long a child may take to end after SIGTERM, beyond the time it asked for to drain its work. */
const STOP_MARGIN_MS = 10_000

/** A process of the fleet. `ready` is what it reported once it had started. */
export type StartedProcess = {
  readonly name: string
  readonly pid: number
  readonly ready: Ready
  /** Resolves with the exit code when the process has ended, for any reason. */
  readonly exited: Promise<number | null>
  /** Asks it to drain and end; kills it when its time is up, or when this process ends first. */
  stop(): Promise<void>
  /** Kills it without a drain; `stop` then resolves soon. */
  kill(): void
}

export type Services = {
  readonly addresses: ServiceAddresses
  /** Rejects when a service ends without having been stopped. */
  readonly failed: Promise<never>
  stop(): Promise<void>
}

/** Starts the services that the environment does not name: two Redis roles and the store. */
export async function startServices(dataDir: string, environment: NodeJS.ProcessEnv): Promise<Services> {
  await makeDataDirectory(dataDir)
  const stops: (() => Promise<void>)[] = []
  let isStopping = false
  const stop = async () => {
    isStopping = true
    for (const stopOne of stops.splice(0).reverse()) await stopOne()
  }
  const failure = Promise.withResolvers<never>()
  // Callers need not await it.
  failure.promise.catch(() => {})
  const watch = (name: string, one: { exited: Promise<number | null>; stop(): Promise<void> }) => {
    stops.push(() => one.stop())
    void one.exited.then((code) => {
      if (!isStopping)
        failure.reject(
          new AfterturnError('SETUP_FAILED', `The ${name} ended with ${code ?? 'a signal'}; see its output above.`, {
            remedy: 'Run the command again: what was recorded is kept.',
          }),
        )
    })
  }
  try {
    const addresses: { redisUrl?: string; cacheRedisUrl?: string; databaseUrl?: string } = {}
    if (!REDIS_PLACES.some((variable) => environment[variable])) {
      const server = requireRedisServer()
      const start = (role: 'durable' | 'cache') =>
        startEmbeddedRedis({
          serverPath: server.path,
          ...(server.libraryPath !== undefined && { libraryPath: server.libraryPath }),
          dataDir: join(dataDir, `redis-${role}`),
          role,
        })
      const durable = await start('durable')
      watch('durable Redis', durable)
      const cache = await start('cache')
      watch('cache Redis', cache)
      Object.assign(addresses, { redisUrl: durable.url, cacheRedisUrl: environment.CACHE_REDIS_URL || cache.url })
    }
    if (!environment.DATABASE_URL) {
      const store = await startProcess('store', environment, [join(dataDir, 'store')])
      watch('store', store)
      addresses.databaseUrl = store.ready.url as string
    }
    return { addresses: addresses as ServiceAddresses, failed: failure.promise, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** The addresses as environment variables for child processes. */
export function environmentOf(addresses: object): Record<string, string> {
  return Object.fromEntries(Object.entries(addresses).map(([key, value]) => [variableOf(key), String(value)]))
}

/** Starts one process of the Procfile as a child and waits until it is ready. @throws SETUP_FAILED if it ends before that */
export async function startProcess(
  name: string,
  environment: NodeJS.ProcessEnv,
  args: readonly string[] = [],
): Promise<StartedProcess> {
  // What this process has compiled the child need not: several are started at once, and each loads much of the same.
  flushCompileCache()
  // In its own process group: Ctrl-C in the terminal reaches only us, and we stop the children in order.
  const child = fork(START, [name, ...args], {
    env: environment,
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    execArgv: [YOUNG_GENERATION],
  })
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)))
  const ready = await Promise.race([
    new Promise<Ready>((resolve) => child.once('message', (message) => resolve(message as Ready))),
    exited.then((code) => {
      throw new AfterturnError(
        'SETUP_FAILED',
        `The process ${name} ended with ${code} before it was ready; see its message above.`,
        { remedy: 'Do what that message says, and run the command again.' },
      )
    }),
  ])
  const stopTimeoutMs = (ready.stopTimeoutMs ?? 0) + STOP_MARGIN_MS
  return {
    name,
    pid: child.pid as number,
    ready,
    exited,
    stop: () => stopChild(child, exited, stopTimeoutMs),
    kill: () => void child.kill('SIGKILL'),
  }
}

async function stopChild(child: ChildProcess, exited: Promise<number | null>, timeoutMs: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  const kill = () => void child.kill('SIGKILL')
  const forced = setTimeout(kill, timeoutMs)
  // If this process is ended while it waits, the child must not live on alone.
  process.once('exit', kill)
  await exited
  process.off('exit', kill)
  clearTimeout(forced)
}

function requireRedisServer(): NonNullable<ReturnType<typeof findRedisServer>> {
  const server = findRedisServer(PROJECT_ROOT)
  if (!server) {
    throw new AfterturnError(
      'SETUP_FAILED',
      'No Redis was found. Set REDIS_URL, or install redis-server or valkey-server >= 6.2. In a checkout, run the command through npm, which fetches one on Debian and Ubuntu.',
    )
  }
  return server
}
