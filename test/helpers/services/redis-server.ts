import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Redis } from 'ioredis'
import { findRedisServer } from '../../../cli/services/find-redis.mjs'
import { startEmbeddedRedis } from '../../../shared/redis/embedded/embedded-redis.ts'
import { findFreePort } from './find-free-port.ts'

/** The server program of this run and the environment that it needs, for tests that start it in their own way. */
export function redisProgram(): { readonly path: string; readonly env: NodeJS.ProcessEnv } {
  const server = findRedisServer(process.cwd())
  if (!server) throw new Error('No Redis: run the tests with `npm test`, which fetches one.')
  const { path, libraryPath } = server
  return { path, env: libraryPath === undefined ? process.env : { ...process.env, LD_LIBRARY_PATH: libraryPath } }
}

/** A durable Redis of one test's own, for faults that the others must not feel. */
export async function startOwnRedis() {
  const dir = await mkdtemp(join(tmpdir(), 'afterturn-test-redis-'))
  const server = findRedisServer(process.cwd())
  if (!server) throw new Error('No Redis: run the tests with `npm test`, which fetches one.')
  const redis = await startEmbeddedRedis({
    serverPath: server.path,
    ...(server.libraryPath !== undefined && { libraryPath: server.libraryPath }),
    dataDir: dir,
    role: 'durable',
  })
  return {
    ...redis,
    async stop() {
      await redis.stop()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

/** A Redis of one test's own, with any settings, that keeps its port from one start to the next. */
export type BareRedis = {
  readonly port: number
  readonly url: string
  signal(name: 'SIGSTOP' | 'SIGCONT'): void
  kill(): Promise<void>
  /** `more` are further lines of its configuration, for this start. */
  start(more?: readonly string[]): Promise<void>
  /** Ends it and removes its directory; may be called twice, and while it is stopped. */
  stop(): Promise<void>
}

/** Starts it; `settings` are lines of its configuration, for the port given. */
export async function startBareRedis(settings: (port: number) => readonly string[] = openOn): Promise<BareRedis> {
  const { path, env } = redisProgram()
  const port = await findFreePort()
  const dir = await mkdtemp(join(tmpdir(), 'afterturn-test-bare-redis-'))
  let child: ChildProcess | undefined
  const bare: BareRedis = {
    port,
    url: `redis://127.0.0.1:${port}`,
    signal: (name) => void child?.kill(name),
    async kill() {
      if (!child || child.exitCode !== null || child.signalCode !== null) return
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
    },
    async start(more = []) {
      const started = spawn(path, ['-'], { stdio: ['pipe', 'pipe', 'ignore'], env })
      child = started
      started.stdin.end(['bind 127.0.0.1', 'save ""', `dir ${dir}`, ...settings(port), ...more, ''].join('\n'))
      let isReady = false
      for await (const line of createInterface({ input: started.stdout })) {
        isReady = line.includes('Ready to accept connections')
        if (isReady) break
      }
      if (!isReady) throw new Error(`This Redis does not start with: ${settings(port).join(', ')}`)
      started.stdout.resume()
    },
    async stop() {
      await bare.kill()
      await rm(dir, { recursive: true, force: true })
    },
  }
  await bare.start()
  return bare
}

const openOn = (port: number) => [`port ${port}`]

/** With its header, what the allocator hands out as 64 KB. */
const PIECE_BYTES = 65_000

/** Fills a Redis with so much, in small pieces: what a server keeps of a large command for a while counts as used. */
export async function fillRedis(redis: Redis, megabytes: number): Promise<void> {
  const pieces = Math.round(megabytes * 16)
  for (let piece = 0; piece < pieces; piece++) await redis.set(`filler-${piece}`, Buffer.alloc(PIECE_BYTES))
}
