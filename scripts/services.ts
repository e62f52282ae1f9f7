import { type ChildProcess, fork } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type ServiceAddresses, variableOf } from '../shared/config.ts'
import { AfterturnError } from '../shared/errors.ts'
import { startEmbeddedRedis } from '../shared/redis/embedded-redis.ts'
import { findRedisServer } from './find-redis.mjs'

/** Owns the embedded services and the processes of a fleet on one machine: it starts them as children, and stops what it started, nothing else. */

const PROJECT_ROOT = fileURLToPath(new URL('..', import.meta.url))
/** The same file as source or as build. */
const START = fileURLToPath(new URL(`./start${extname(import.meta.url)}`, import.meta.url))
/** How long a child has to end after SIGTERM, beyond the drain's own time. */
const STOP_TIMEOUT_MS = 40_000

/** A process of the fleet. `ready` is what it reported when it was up. */
export type FleetProcess = {
  readonly name: string
  readonly pid: number
  readonly ready: Record<string, string | undefined>
  /** Settles when the process has ended, for whatever reason. */
  readonly exited: Promise<number | null>
  stop(): Promise<void>
}

export type Services = { readonly addresses: ServiceAddresses; stop(): Promise<void> }

/** Starts what the environment does not name: two Redis roles, and the store. */
export async function startServices(dataDir: string, environment: NodeJS.ProcessEnv): Promise<Services> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const stops: (() => Promise<void>)[] = []
  const stop = async () => {
    for (const stopOne of stops.reverse()) await stopOne()
  }
  try {
    const addresses: { redisUrl?: string; cacheRedisUrl?: string; databaseUrl?: string } = {}
    if (!environment.REDIS_URL && !environment.REDIS_HOST) {
      const server = requireRedisServer()
      const start = (role: 'durable' | 'cache') =>
        startEmbeddedRedis({
          serverPath: server.path,
          ...(server.libraryPath !== undefined && { libraryPath: server.libraryPath }),
          dataDir: join(dataDir, `redis-${role}`),
          role,
        })
      const durable = await start('durable')
      stops.push(durable.stop)
      const cache = await start('cache')
      stops.push(cache.stop)
      Object.assign(addresses, { redisUrl: durable.url, cacheRedisUrl: environment.CACHE_REDIS_URL || cache.url })
    }
    if (!environment.DATABASE_URL) {
      const store = await startProcess('store', environment, [join(dataDir, 'store')])
      stops.push(store.stop)
      addresses.databaseUrl = store.ready.url as string
    }
    return { addresses: addresses as ServiceAddresses, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** The addresses as variables, for the processes that are to find them. */
export function environmentOf(addresses: object): Record<string, string> {
  return Object.fromEntries(Object.entries(addresses).map(([key, value]) => [variableOf(key), String(value)]))
}

/** Starts one process of the Procfile as a child and waits until it is ready. Throws SETUP_FAILED when it ends before that. */
export async function startProcess(
  name: string,
  environment: NodeJS.ProcessEnv,
  args: readonly string[] = [],
): Promise<FleetProcess> {
  // Its own process group: a Ctrl-C in the terminal reaches only us, and we stop the children in order.
  const child = fork(START, [name, ...args], {
    env: environment,
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    execArgv: [],
  })
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)))
  const ready = await Promise.race([
    new Promise<Record<string, string | undefined>>((resolve) =>
      child.once('message', (message) => resolve(message as Record<string, string | undefined>)),
    ),
    exited.then((code) => {
      throw new AfterturnError(
        'SETUP_FAILED',
        `The process ${name} ended with ${code} before it was ready; its own message stands above.`,
      )
    }),
  ])
  return { name, pid: child.pid as number, ready, exited, stop: () => stopChild(child, exited) }
}

async function stopChild(child: ChildProcess, exited: Promise<number | null>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  const forced = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS)
  await exited
  clearTimeout(forced)
}

function requireRedisServer(): NonNullable<ReturnType<typeof findRedisServer>> {
  const server = findRedisServer(PROJECT_ROOT)
  if (!server) {
    throw new AfterturnError(
      'SETUP_FAILED',
      'No Redis was found. Set REDIS_URL, or install redis-server or valkey-server >= 6.2, or run the command through npm, which fetches one on Debian and Ubuntu.',
    )
  }
  return server
}
