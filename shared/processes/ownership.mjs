// @ts-check
import { createHash, randomUUID } from 'node:crypto'
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'
import { isRunning, recordProcess } from './process-identity.mjs'

/**
 * Owns lock files that name a living process. Plain JavaScript without dependencies: the set-up takes them too, on Node 20 and before
 * there are packages. Guarantees: one owner at a time on this machine; the file of a dead one is taken over, by one successor.
 */

/** Somebody else is taking over from a dead owner: that takes a few system calls. */
const SUCCESSION_POLL_MS = 5

/**
 * @typedef {object} Ownership
 * @property {() => Promise<void>} release gives it up; does nothing once it has passed on
 * @property {undefined} [heldBy]
 */
/**
 * @typedef {object} Refusal
 * @property {number} heldBy the process that has it
 */

/**
 * Takes a lock file, or says who has it; it never waits for its owner.
 * @param {string} lockFile in a directory that exists
 * @returns {Promise<Ownership | Refusal>}
 */
export async function takeOwnership(lockFile) {
  const { pid, startedAt } = recordProcess(process.pid)
  // Different for every ownership: what is read is known to be the same one when it is read again.
  const identity = `${pid} ${startedAt ?? '-'} ${randomUUID()}`
  const draft = `${lockFile}.${pid}.${randomUUID()}`
  await writeFile(draft, identity, { mode: 0o600 })
  try {
    for (;;) {
      // A hard link appears whole or not at all, and never over another file.
      if (await link(draft, lockFile).then(() => true, isExisting)) break
      const holder = await readHolder(lockFile)
      if (holder === undefined) continue
      const owner = parseHolder(holder)
      if (isRunning(owner)) return { heldBy: owner.pid }
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

/** @param {NodeJS.ErrnoException} error */
function isExisting(error) {
  if (error.code === 'EEXIST') return false
  throw error
}

/** @param {string} lockFile @returns {Promise<string | undefined>} */
function readHolder(lockFile) {
  return readFile(lockFile, 'utf8').catch(() => undefined)
}

/** @param {string} holder @returns {import('./process-identity.mjs').ProcessRecord} */
function parseHolder(holder) {
  const [pid, startedAt] = holder.split(' ')
  return { pid: Number(pid), startedAt: startedAt === '-' ? undefined : startedAt }
}

/**
 * Puts the draft in the place of a dead owner's file; false when another process did. Removing the file first would not do: a slow process
 * would remove its successor's. So the right to replace just this owner is a lock itself, and whoever has it looks again.
 * @param {string} lockFile
 * @param {string} dead
 * @param {string} draft
 * @returns {Promise<boolean>}
 */
async function succeed(lockFile, dead, draft) {
  const right = `${lockFile}.after-${createHash('sha256').update(dead).digest('hex').slice(0, 16)}`
  const succession = await takeOwnership(right)
  if (succession.heldBy !== undefined) {
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
