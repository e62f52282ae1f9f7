import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { AfterturnError } from '../errors.ts'

/** A lock file that names a living process. Guarantees: one owner at a time on this machine; the file of a dead one is taken over. */
export type Ownership = { release(): Promise<void> }

/**
 * Takes the lock, or says who has it.
 * @throws STORE_OWNED
 */
export async function takeOwnership(lockFile: string): Promise<Ownership> {
  const identity = `${process.pid} ${await startTimeOf(process.pid)}`
  const draft = `${lockFile}.${process.pid}.${crypto.randomUUID()}`
  await writeFile(draft, identity, { mode: 0o600 })
  try {
    for (;;) {
      // A hard link appears whole or not at all, and never over another file.
      if (await link(draft, lockFile).then(() => true, isExisting)) break
      const holder = await readFile(lockFile, 'utf8').catch(() => undefined)
      if (holder === undefined) continue
      if (await isAlive(holder)) {
        throw new AfterturnError(
          'STORE_OWNED',
          `The store is owned by process ${holder.split(' ')[0]} (lock file ${lockFile}).`,
        )
      }
      await removeStale(lockFile, holder)
    }
  } finally {
    await rm(draft, { force: true })
  }
  return { release: () => rm(lockFile, { force: true }) }
}

const isExisting = (error: NodeJS.ErrnoException) => {
  if (error.code === 'EEXIST') return false
  throw error
}

/** Moves the dead owner's file aside; when a newcomer's was caught instead, puts that one back. */
async function removeStale(lockFile: string, holder: string): Promise<void> {
  const aside = `${lockFile}.stale.${crypto.randomUUID()}`
  if (
    !(await rename(lockFile, aside).then(
      () => true,
      () => false,
    ))
  )
    return
  if ((await readFile(aside, 'utf8')) !== holder) await link(aside, lockFile).catch(() => {})
  await rm(aside, { force: true })
}

async function isAlive(holder: string): Promise<boolean> {
  const [pid, startTime] = holder.split(' ')
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
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '-'
}
