import { Redis } from 'ioredis'
import { afterEach, inject } from 'vitest'
import { createRuntime, type Runtime, type RuntimeOptions } from '../../runtime.ts'
import type { ConfigInput } from '../../shared/config.ts'
import { silentLog } from '../../shared/observe/log.ts'

/** Runtimes of one test: each test has its own key prefix; after it all are disconnected and its keys are gone. */
export type TestRuntimes = {
  /** Settings that reach the run's services; for processes that a test starts. */
  config(overrides?: Partial<ConfigInput>): ConfigInput
  /** A connected runtime. */
  start(overrides?: Partial<ConfigInput>, options?: RuntimeOptions): Promise<Runtime>
}

export function useRuntimes(store: { readonly url: string }): TestRuntimes {
  let prefix = newPrefix()
  let started: Runtime[] = []
  const config = (overrides: Partial<ConfigInput> = {}): ConfigInput => ({
    redisUrl: inject('redisUrl'),
    cacheRedisUrl: inject('cacheRedisUrl'),
    databaseUrl: store.url,
    redisKeyPrefix: prefix,
    // A test that is about the deadline sets its own: a busy machine must not decide the others.
    enqueueTimeoutMs: 20_000,
    digestWindowMs: 50,
    digestMaxWaitMs: 10_000,
    sweepIntervalMs: 2_000,
    drainTimeoutMs: 2_000,
    ...overrides,
  })
  afterEach(async () => {
    await Promise.all(started.map((runtime) => runtime.disconnect()))
    started = []
    await Promise.all([removeKeys(inject('redisUrl'), prefix), removeKeys(inject('cacheRedisUrl'), prefix)])
    prefix = newPrefix()
  })
  return {
    config,
    async start(overrides, options) {
      const runtime = createRuntime(config(overrides), { log: silentLog, ...options })
      started.push(runtime)
      await runtime.connect()
      return runtime
    },
  }
}

function newPrefix(): string {
  return `t-${crypto.randomUUID().slice(0, 18)}`
}

/** Removes all keys of a prefix. */
export async function removeKeys(url: string, prefix: string): Promise<void> {
  const redis = new Redis(url)
  for await (const keys of redis.scanStream({ match: `${prefix}:*`, count: 500 })) {
    if ((keys as string[]).length > 0) await redis.unlink(keys as string[])
  }
  await redis.quit()
}
