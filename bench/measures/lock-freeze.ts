import { setTimeout } from 'node:timers/promises'
import { createRuntime, type Runtime } from '../../runtime.ts'
import { silentLog } from '../../shared/observe/log.ts'
import { readMemories } from '../../shared/store/memories/memories.ts'
import { type Fence, fencedTransaction } from '../../shared/store/memories/org-fences.ts'
import { everything, writeFacts } from '../../test/helpers/memory/memories.ts'
import type { LockMaker } from '../peers/lock-peers.ts'
import { startBenchRedis } from './bench-redis.ts'

/** Owns one freeze: a Redis that is stopped for seconds under a holder who ignores every sign and goes on writing, with a successor in line. */

type Freeze = {
  /** From the freeze to the holder's signal. */
  readonly abortMs: number
  /** Writes of the holder that landed after one of its successor, and a successor that held before the holder was told. */
  readonly overlaps: number
  /** The same time for each peer; infinite when it was never told. */
  readonly peerAbortMs: readonly number[]
}

const FROZEN_MS = 5_000
/** How long after the freeze a peer may still say that its lock was lost. */
const AFTERMATH_MS = 1_500
const HOLDER_WRITES_EVERY_MS = 250

/** Freezes a Redis of its own once, which is gone with the stack at the latest. `delayMs` moves the freeze between two renewals. */
export async function freezeOnce(
  stack: AsyncDisposableStack,
  databaseUrl: string,
  ttlMs: number,
  delayMs: number,
  peers: readonly LockMaker[],
): Promise<Freeze> {
  const redis = await startBenchRedis(stack, { role: 'durable' })
  const settings = { redisUrl: redis.url, databaseUrl, orgLockTtlMs: ttlMs, orgLockWaitMs: 60_000, databasePoolSize: 2 }
  const [first, second] = [1, 2].map(() => createRuntime(settings, { log: silentLog })) as [Runtime, Runtime]
  const locks = peers.map((make) => make(redis.url))
  const orgId = crypto.randomUUID()
  try {
    await Promise.all([first.connect(), second.connect()])
    const lostAtMs = peers.map(() => Number.POSITIVE_INFINITY)
    const lose = (index: number) => () => {
      lostAtMs[index] = Math.min(lostAtMs[index] as number, performance.now())
    }
    await Promise.all(locks.map((lock, index) => lock.acquire(`peer-${index}`, ttlMs, lose(index))))

    let abortedAtMs = Number.POSITIVE_INFINITY
    let successorAtMs = Number.POSITIVE_INFINITY
    const taken = Promise.withResolvers<void>()
    const succeeded = Promise.withResolvers<void>()
    const holding = first.withOrgMemoryLock(orgId, async ({ signal, fence }) => {
      signal.addEventListener('abort', () => {
        abortedAtMs = performance.now()
      })
      taken.resolve()
      let isRefused = false
      while (!isRefused) {
        isRefused = await write(first, fence).then(
          () => false,
          () => true,
        )
        await Promise.race([succeeded.promise, setTimeout(HOLDER_WRITES_EVERY_MS)])
      }
    })
    holding.catch(taken.reject)
    await taken.promise
    const succeeding = second.withOrgMemoryLock(orgId, async ({ fence }) => {
      successorAtMs = performance.now()
      succeeded.resolve()
      for (let n = 0; n < 5; n += 1) await write(second, fence)
    })
    await setTimeout(delayMs)
    process.kill(redis.pid, 'SIGSTOP')
    const frozenAtMs = performance.now()
    await setTimeout(FROZEN_MS)
    process.kill(redis.pid, 'SIGCONT')
    await Promise.all([holding, succeeding, setTimeout(AFTERMATH_MS)])
    const lateWrites = await countLateWrites(first, orgId)
    return {
      abortMs: abortedAtMs - frozenAtMs,
      overlaps: lateWrites + (successorAtMs < abortedAtMs ? 1 : 0),
      peerAbortMs: lostAtMs.map((atMs) => atMs - frozenAtMs),
    }
  } finally {
    await Promise.all(locks.map((lock) => lock.close()))
    await Promise.all([first.disconnect(), second.disconnect()])
    await redis.stop()
  }
}

async function write(runtime: Runtime, fence: Fence): Promise<void> {
  const fact = `${fence.token} ${crypto.randomUUID()}`
  await fencedTransaction(runtime.database, fence, (transaction) => writeFacts(transaction, [fact]))
}

/** Writes with an older token than one that was written before them; the rows' ids are given in the order of the writes. */
async function countLateWrites(runtime: Runtime, orgId: string): Promise<number> {
  const rows = await readMemories(runtime.database, orgId, everything())
  const tokens = rows.sort((a, b) => a.id - b.id).map(({ fact }) => Number(fact.split(' ')[0]))
  if (new Set(tokens).size !== 2) throw new Error(`Expected writes of two fences, got ${new Set(tokens).size}.`)
  return tokens.filter((token, index) => token < Math.max(...tokens.slice(0, index))).length
}
