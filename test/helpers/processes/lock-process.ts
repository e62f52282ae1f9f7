import { createFoundation } from '../../../runtime/foundation.ts'
import { createMemoryLock } from '../../../runtime/memory-lock.ts'
import { systemClock } from '../../../shared/clock.ts'
import { parseConfig } from '../../../shared/config.ts'
import { silentLog } from '../../../shared/observe/log.ts'
import { type Fence, fencedTransaction } from '../../../shared/store/memories/org-fences.ts'
import type { LockCommand, LockEvent } from './lock-processes.ts'

/**
 * A process that takes the org-memory lock when its parent says so: `fork` it with the configuration as JSON. It has the lock of a runtime, and
 * what that stands on: the rest of one takes twice the CPU to start.
 */

const foundation = createFoundation(parseConfig(JSON.parse(process.argv[2] as string)), systemClock, silentLog, 'app')
const withOrgMemoryLock = createMemoryLock(foundation, undefined)
const { connections, database } = foundation
await connections.connect()
const redis = connections.getConnection()
const tell = (event: LockEvent) => process.send?.(event)
let fence: Fence | undefined
let release = () => {}

async function hold(orgId: string): Promise<void> {
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  await withOrgMemoryLock(orgId, async (held) => {
    fence = held.fence
    held.signal.addEventListener('abort', () => tell({ event: 'aborted', code: held.signal.reason.code }))
    tell({ event: 'held', token: fence.token })
    await released
  })
  tell({ event: 'released' })
}

/** Writes with the fence that was last held, whether or not it still is. */
async function write(fact: string): Promise<void> {
  const { writeFacts } = await import('../memory/memories.ts')
  await fencedTransaction(database, fence as Fence, (transaction) => writeFacts(transaction, [fact]))
  tell({ event: 'written' })
}

/** Adds to a number in a way that loses additions unless one process at a time does it. */
async function count(orgId: string, times: number, key: string): Promise<void> {
  const once = () =>
    withOrgMemoryLock(orgId, async () => {
      const seen = Number(await redis.get(key))
      await redis.set(key, seen + 1)
    })
  await Promise.all(Array.from({ length: times }, once))
  tell({ event: 'counted' })
}

process.on('message', (command: LockCommand) => {
  const running =
    command.do === 'hold'
      ? hold(command.orgId)
      : command.do === 'write'
        ? write(command.fact)
        : command.do === 'count'
          ? count(command.orgId, command.times, command.key)
          : Promise.resolve(release())
  running.catch((error: { code?: string }) => tell({ event: 'failed', code: error.code ?? String(error) }))
})
process.on('disconnect', () => process.exit(0))
tell({ event: 'ready' })
