import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, realpath, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { takeOwnership } from '../../shared/processes/ownership.mjs'
import { isRunning, recordProcess } from '../../shared/processes/process-identity.mjs'
import { claimDataDir } from '../../shared/redis/embedded/embedded-redis-claim.ts'

/**
 * Owns the directories in which `startServices` works for one run of a command. Guarantees: what a killed run left, its servers too, is
 * gone after a later start; what belongs to a live process stays. Whose a directory is, its name says: there is no moment without it.
 */

/** Makes a directory for this run, and removes those of runs that were killed. */
export async function makeRunDirectory(parent: string, prefix: string): Promise<string> {
  await mkdir(parent, { recursive: true, mode: 0o700 })
  const names = (await readdir(parent)).filter((name) => isLeft(name, prefix))
  await Promise.all(names.map((name) => removeLeft(join(parent, name))))
  const { pid, startedAt = '' } = recordProcess(process.pid)
  return mkdtemp(join(parent, `${prefix}-${pid}-${startedAt}-`))
}

function isLeft(name: string, prefix: string): boolean {
  const [, pid, startedAt] = /^-(\d+)-(\d*)-\w+$/.exec(name.startsWith(prefix) ? name.slice(prefix.length) : '') ?? []
  return pid !== undefined && !isRunning({ pid: Number(pid), startedAt: startedAt || undefined })
}

async function removeLeft(directory: string): Promise<void> {
  const claims: { release(): Promise<void> }[] = []
  try {
    // All are taken before anything is removed: a server that is still up writes there.
    for (const name of await readdir(directory)) {
      const path = await realpath(join(directory, name))
      if (name.startsWith('redis-')) claims.push(await claimDataDir(path))
      if (name !== 'store') continue
      const store = await takeOwnership(join(path, 'owner.lock'))
      if (store.heldBy !== undefined) return
      claims.push(store)
    }
    await rm(directory, { recursive: true, force: true })
  } catch (error) {
    // Another start removes it, or a server there does not end: then a later start tries again.
    if (existsSync(directory)) console.error(`${directory} stays: ${(error as Error).message}`)
  } finally {
    for (const claim of claims) await claim.release()
  }
}
