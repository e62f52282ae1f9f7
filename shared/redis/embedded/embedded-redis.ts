import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chmod, mkdir, realpath } from 'node:fs/promises'
import { createServer } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { AfterturnError } from '../../errors.ts'
import { claimDataDir, type DataDirClaim } from './embedded-redis-claim.ts'
import { isAnswering } from './redis-probe.ts'

/**
 * Owns a Redis server that runs as a child process, for machines without one. Guarantees: loopback only, a random password that no
 * command line shows, one server a data directory. Must not touch a server that it did not start. If this process is killed outright its
 * server stays, and the next start on the same directory stops it first.
 */

/** `durable` never evicts and writes AOF (every second) and RDB; `cache` evicts the least recently used and writes nothing. */
type EmbeddedRedisRole = 'durable' | 'cache'

export type EmbeddedRedisOptions = {
  /** The `redis-server` or `valkey-server` program, 6.2 or newer. */
  readonly serverPath: string
  /** LD_LIBRARY_PATH for it, if it does not run on the system's libraries. */
  readonly libraryPath?: string
  /** Made with mode 0700 if absent; holds the data, and whose it is. */
  readonly dataDir: string
  readonly role: EmbeddedRedisRole
  /** @default 64 MiB for `cache`, no limit for `durable` */
  readonly maxMemoryBytes?: number
}

export type EmbeddedRedis = {
  /** `redis://:password@127.0.0.1:port` */
  readonly url: string
  readonly port: number
  readonly pid: number
  /** Asks it to save and end; kills it after 5 s. May be called twice. */
  readonly stop: () => Promise<void>
  /** Settles when the server has ended, however it came, and its directory is free: the exit code, or `null` after a signal. */
  readonly exited: Promise<number | null>
}

const DEFAULT_CACHE_MAX_BYTES = 64 * 1_024 * 1_024
// Loading a large AOF keeps a server from answering.
const READY_TIMEOUT_MS = 60_000
const STOP_TIMEOUT_MS = 5_000
const PROBE_INTERVAL_MS = 20
const MAX_PORT_ATTEMPTS = 5
const LOG_TAIL_CHARACTERS = 2_000

/**
 * Starts a server and waits until it answers with its password.
 * @throws SETUP_FAILED if the program does not run, does not become ready in 60 s, or another live process uses the directory.
 */
export async function startEmbeddedRedis(options: EmbeddedRedisOptions): Promise<EmbeddedRedis> {
  await mkdir(options.dataDir, { recursive: true, mode: 0o700 })
  await chmod(options.dataDir, 0o700)
  const dataDir = await realpath(options.dataDir)
  const claim = await claimDataDir(dataDir)
  try {
    for (let attempt = 1; ; attempt += 1) {
      const started = await tryStart({ ...options, dataDir }, claim)
      if (started !== 'port taken') return started
      if (attempt === MAX_PORT_ATTEMPTS)
        throw new AfterturnError('SETUP_FAILED', `No free port on 127.0.0.1 in ${attempt} attempts.`)
    }
  } catch (error) {
    await claim.release()
    throw error
  }
}

async function tryStart(options: EmbeddedRedisOptions, claim: DataDirClaim): Promise<EmbeddedRedis | 'port taken'> {
  const port = await findFreePort()
  const password = randomBytes(24).toString('hex')
  // What is no secret goes on the command line, whose room Redis uses for its title: `ps` then tells the port.
  const child = spawn(options.serverPath, ['-', '--bind', '127.0.0.1', '--port', String(port)], {
    cwd: options.dataDir,
    env: options.libraryPath ? { LD_LIBRARY_PATH: options.libraryPath } : {},
    stdio: ['pipe', 'pipe', 'pipe'],
    // In a process group of its own: Ctrl-C must reach the workers, and the server only after they have drained.
    detached: true,
  })
  const ended = whenEnded(child)
  const log = keepLogTail(child)
  const stopOnExit = () => void child.kill('SIGTERM')
  process.once('exit', stopOnExit)
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
  void Promise.race([exited, ended]).then(() => process.off('exit', stopOnExit))
  const stop = () => stopChild(child, exited)

  try {
    if (child.pid !== undefined) await claim.recordServer(child.pid, port)
    // Only now: a server reads its data when it has its configuration, and by then the next start knows of it.
    // A program that cannot run has closed its input; `ended` says so.
    child.stdin?.on('error', () => {})
    child.stdin?.end(configurationOf(options, password))
    const isReady = await waitUntilReady(port, password, ended)
    if (!isReady && log().includes('Address already in use')) return 'port taken'
    if (!isReady || child.pid === undefined) throw await explainFailure(options.serverPath, ended, log())
  } catch (error) {
    await stop()
    throw error
  }
  // However it ends, its directory is free for the next.
  const released = exited.then(async (code) => {
    await claim.release()
    return code
  })
  return {
    url: `redis://:${password}@127.0.0.1:${port}`,
    port,
    pid: child.pid,
    stop: async () => {
      await stop()
      await released
    },
    exited: released,
  }
}

function configurationOf(options: EmbeddedRedisOptions, password: string): string {
  const maxMemoryBytes = options.maxMemoryBytes ?? (options.role === 'cache' ? DEFAULT_CACHE_MAX_BYTES : 0)
  const persistence =
    options.role === 'durable'
      ? ['appendonly yes', 'appendfsync everysec', 'save 3600 1 300 100 60 10000', 'maxmemory-policy noeviction']
      : ['appendonly no', 'save ""', 'maxmemory-policy allkeys-lru']
  return [
    `requirepass ${password}`,
    `dir ${JSON.stringify(options.dataDir)}`,
    `maxmemory ${maxMemoryBytes}`,
    ...persistence,
    '',
  ].join('\n')
}

/** The port may be taken again before the server binds it; the caller then tries another. */
async function findFreePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string')
    throw new AfterturnError('SETUP_FAILED', 'The system gave no free port on 127.0.0.1.')
  return address.port
}

type Ended = { readonly code: number | null; readonly error?: Error }

/** Never rejects: a program that cannot be run has ended too. */
function whenEnded(child: ChildProcess): Promise<Ended> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: null, error }))
    // `close`, not `exit`: only then the log has been read to its end.
    child.once('close', (code) => resolve({ code }))
  })
}

function keepLogTail(child: ChildProcess): () => string {
  let tail = ''
  const keep = (chunk: string) => {
    tail = (tail + chunk).slice(-LOG_TAIL_CHARACTERS)
  }
  child.stdout?.setEncoding('utf8').on('data', keep)
  child.stderr?.setEncoding('utf8').on('data', keep)
  return () => tail
}

async function waitUntilReady(port: number, password: string, ended: Promise<Ended>): Promise<boolean> {
  let hasEnded = false
  void ended.then(() => {
    hasEnded = true
  })
  const deadlineMs = performance.now() + READY_TIMEOUT_MS
  while (!hasEnded && performance.now() < deadlineMs) {
    if (await isAnswering(port, password)) return true
    await Promise.race([ended, setTimeout(PROBE_INTERVAL_MS)])
  }
  return false
}

async function explainFailure(serverPath: string, ended: Promise<Ended>, log: string): Promise<AfterturnError> {
  const end = await Promise.race([ended, Promise.resolve(undefined)])
  const what = end
    ? (end.error?.message ?? `it ended with code ${end.code}`)
    : `it did not answer in ${READY_TIMEOUT_MS / 1_000} s`
  return new AfterturnError('SETUP_FAILED', `The Redis server ${serverPath} did not start: ${what}.\n${log}`.trim(), {
    cause: end?.error,
  })
}

async function stopChild(child: ChildProcess, exited: Promise<unknown>): Promise<void> {
  if (child.pid === undefined) return
  child.kill('SIGTERM')
  const forced = new AbortController()
  const force = setTimeout(STOP_TIMEOUT_MS, undefined, { signal: forced.signal }).then(
    () => child.kill('SIGKILL'),
    () => undefined,
  )
  await exited
  forced.abort()
  await force
}
