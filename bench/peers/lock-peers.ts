import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { stripTypeScriptTypes } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Redis } from 'ioredis'
import { Mutex } from 'redis-semaphore'
import { systemClock } from '../../shared/clock.ts'
import { waitForLease } from '../../shared/lock/fair-lease.ts'
import { createWakeUps } from '../../shared/lock/wake-ups.ts'

/** Owns the locks that are measured beside each other, each as its documentation uses it, on connections of its own. */

type MeasuredLock = {
  /** Waits for the lock as long as it takes; `onLost` is called when the lock says by itself that it is lost. */
  acquire(key: string, ttlMs: number, onLost?: () => void): Promise<() => Promise<unknown>>
  close(): Promise<void>
}
export type LockMaker = (redisUrl: string) => MeasuredLock

const WAIT_MS = 60_000

/** Our lease, alone. */
export const ours: LockMaker = (redisUrl) => {
  const redis = new Redis(redisUrl)
  const subscriber = new Redis(redisUrl, { lazyConnect: true })
  const wakeUps = createWakeUps(() => subscriber, 'bench-wake-up:')
  return {
    async acquire(key, ttlMs, onLost) {
      const lease = await waitForLease({ redis, wakeUps, clock: systemClock, key, ttlMs, waitMs: WAIT_MS })
      if (onLost) lease.signal.addEventListener('abort', onLost)
      return lease.release
    },
    close: () => quit(redis, subscriber),
  }
}

/** `redis-semaphore`'s Mutex with its defaults: it asks every 10 ms, and renews at 0.8 of the time to live. */
export const redisSemaphore: LockMaker = (redisUrl) => {
  const redis = new Redis(redisUrl)
  return {
    async acquire(key, ttlMs, onLost = () => {}) {
      const mutex = new Mutex(redis, key, { lockTimeout: ttlMs, acquireTimeout: WAIT_MS, onLockLost: onLost })
      await mutex.acquire()
      return () => mutex.release()
    },
    close: () => quit(redis),
  }
}

/** `node-redlock` on one server, with its 200 ms between two attempts, and `autoExtend`'s renewal at 0.8 of the time to live. */
export async function loadNodeRedlock(): Promise<LockMaker> {
  const { Redlock } = await importNodeRedlock()
  return (redisUrl) => {
    const redis = new Redis(redisUrl)
    const client = {
      set: (key: string, value: string, { PX }: { PX: number }) => redis.set(key, value, 'PX', PX, 'NX'),
      eval: (script: string, keys: string[], args: string[]) => redis.eval(script, keys.length, ...keys, ...args),
    }
    return {
      async acquire(key, ttlMs, onLost = () => {}) {
        const redlock = new Redlock([client], WAIT_MS)
        const held = Promise.withResolvers<void>()
        const released = Promise.withResolvers<void>()
        redlock.on('error', onLost)
        const work = () => {
          held.resolve()
          return released.promise
        }
        const using = redlock.using(key, ttlMs, work, { autoExtend: true })
        using.catch(held.reject)
        await held.promise
        return () => {
          released.resolve()
          return using
        }
      },
      close: () => quit(redis),
    }
  }
}

type NodeRedlock = {
  new (
    clients: object[],
    retryCount: number,
  ): {
    on(event: 'error', listener: () => void): void
    using(key: string, ttlMs: number, work: () => Promise<void>, options: { autoExtend: boolean }): Promise<void>
  }
}

/** Its package holds TypeScript only, which Node does not run from `node_modules`. */
async function importNodeRedlock(): Promise<{ Redlock: NodeRedlock }> {
  const source = readFileSync(new URL('../node_modules/node-redlock/redlock.ts', import.meta.url), 'utf8')
  const code = stripTypeScriptTypes(source.replace(/^import .*RedisClient';$/m, ''))
  const dir = await mkdtemp(join(tmpdir(), 'afterturn-bench-redlock-'))
  const file = join(dir, 'redlock.mjs')
  await writeFile(file, code)
  return import(pathToFileURL(file).href).finally(() => rm(dir, { recursive: true }))
}

async function quit(...connections: Redis[]): Promise<void> {
  for (const connection of connections) connection.disconnect()
}
