import { existsSync } from 'node:fs'
import { mkdtemp, readdir, realpath, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { makeDataDirectory } from '../../shared/processes/make-data-directory.ts'
import { takeOwnership } from '../../shared/processes/ownership.mjs'
import { isRunning, recordProcess } from '../../shared/processes/process-identity.mjs'
import { claimDataDir } from '../../shared/redis/embedded/embedded-redis-claim.ts'

/**
 * Temporary directories for the services of one command. Guarantees: a later start removes whatever a killed run left, including its servers;
 * directories of live processes stay. The owner is part of the directory's name, so no directory is ever without one.
 */

/** Makes a directory for this run, and removes those of killed runs. */
export async function makeRunDirectory(parent: string, prefix: string): Promise<string> {
  await makeDataDirectory(parent)
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
    // Claim everything before removing anything: a running server still writes there.
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
    // Another start is removing it, or a server there does not end: a later start tries again.
    if (existsSync(directory)) console.error(`could not remove ${directory}: ${(error as Error).message}`)
  } finally {
    for (const claim of claims) await claim.release()
  }
}
