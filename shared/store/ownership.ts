import { createHash } from 'node:crypto'
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'
import { AfterturnError, isAfterturnError } from '../errors.ts'

/**
 * A lock file that names a living process. Guarantees: one owner at a time on this machine; the file of a dead one is taken over, by one
 * successor. Processes must see each other's numbers: two containers that share the directory do not.
 */
export type Ownership = { release(): Promise<void> }

/** Somebody else is taking over from a dead owner: that takes a few system calls. */
const SUCCESSION_POLL_MS = 5

/**
 * Takes the lock, or says who has it.
 * @throws STORE_OWNED
 */
export async function takeOwnership(lockFile: string): Promise<Ownership> {
  // Different for every ownership: what is read is known to be the same one when it is read again.
  const identity = `${process.pid} ${await startTimeOf(process.pid)} ${crypto.randomUUID()}`
  const draft = `${lockFile}.${process.pid}.${crypto.randomUUID()}`
  await writeFile(draft, identity, { mode: 0o600 })
  try {
    for (;;) {
      // A hard link appears whole or not at all, and never over another file.
      if (await link(draft, lockFile).then(() => true, isExisting)) break
      const holder = await readHolder(lockFile)
      if (holder === undefined) continue
      if (await isAlive(holder)) {
        throw new AfterturnError(
          'STORE_OWNED',
          `The store is owned by process ${holder.split(' ')[0]} (lock file ${lockFile}).`,
        )
      }
      if (await succeed(lockFile, holder, draft)) break
    }
  } finally {
    await rm(draft, { force: true })
  }
  return {
    async release() {
      if ((await readHolder(lockFile)) === identity) await rm(lockFile, { force: true })
    },
  }
}

const isExisting = (error: NodeJS.ErrnoException) => {
  if (error.code === 'EEXIST') return false
  throw error
}

const readHolder = (lockFile: string) => readFile(lockFile, 'utf8').catch(() => undefined)

/**
 * Puts the draft in the place of a dead owner's file; false when another process did. Removing the file first would not do: a slow process
 * would remove its successor's. So the right to replace just this owner is a lock itself, and whoever has it looks again.
 */
async function succeed(lockFile: string, dead: string, draft: string): Promise<boolean> {
  const right = `${lockFile}.after-${createHash('sha256').update(dead).digest('hex').slice(0, 16)}`
  const succession = await takeOwnership(right).catch((error) => {
    if (isAfterturnError(error, 'STORE_OWNED')) return undefined
    throw error
  })
  if (!succession) {
    await setTimeout(SUCCESSION_POLL_MS)
    return false
  }
  try {
    if ((await readHolder(lockFile)) !== dead) return false
    await rename(draft, lockFile)
    return true
  } finally {
    await succession.release()
  }
}

async function isAlive(holder: string): Promise<boolean> {
  const [pid, startTime] = holder.split(' ')
  // Zero and negative numbers would ask about whole groups.
  if (!(Number(pid) > 0)) return false
  try {
    process.kill(Number(pid), 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  return (await startTimeOf(Number(pid))) === startTime
}

/** The kernel's start time of a process tells it from a later one with the same number; `-` where there is no /proc. */
async function startTimeOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
  // A killed process that its parent has not asked about keeps its number, and owns nothing.
  if (fields?.[0] === 'Z') return 'zombie'
  return fields?.[19] ?? '-'
}
