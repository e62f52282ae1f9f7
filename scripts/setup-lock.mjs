// @ts-check
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { isRunning, recordProcess } from './process-identity.mjs'

/**
 * Owns the lock file that keeps two set-ups of one tree apart. Plain JavaScript for Node 20, no dependencies.
 * Guarantees: the file always holds its owner's whole record (it appears by link), and a dead owner's lock is taken over.
 */

const POLL_MS = 100
export const DEFAULT_WAIT_MS = 10 * 60_000

/**
 * Runs a task while holding a lock file, which waits for another live owner to finish first.
 * @template T
 * @param {string} path
 * @param {() => T | Promise<T>} task
 * @param {{ waitMs?: number, onWait?: (ownerPid: number) => void }} [options] `waitMs` defaults to ten minutes
 * @returns {Promise<T>}
 */
export async function withSetupLock(path, task, { waitMs = DEFAULT_WAIT_MS, onWait } = {}) {
  mkdirSync(dirname(path), { recursive: true })
  const deadlineMs = performance.now() + waitMs
  let hasSaid = false
  while (!tryAcquire(path)) {
    const owner = readOwner(path)
    if (owner === undefined) continue
    if (!isRunning(owner)) {
      removeStale(path, owner.pid)
      continue
    }
    if (performance.now() > deadlineMs) {
      throw new Error(
        `another set-up (process ${owner.pid}) has held ${path} for too long: wait for it, or stop it, and run the command again`,
      )
    }
    if (!hasSaid) onWait?.(owner.pid)
    hasSaid = true
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
  try {
    return await task()
  } finally {
    rmSync(path, { force: true })
  }
}

/** @param {string} path */
function tryAcquire(path) {
  const own = `${path}.${process.pid}`
  writeFileSync(own, JSON.stringify(recordProcess(process.pid)))
  try {
    linkSync(own, path)
    return true
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(own, { force: true })
  }
}

/** @param {string} path @returns {import('./process-identity.mjs').ProcessRecord | undefined} */
function readOwner(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return undefined
    // Not a record of ours, so nobody can be holding it.
    return { pid: 0 }
  }
}

/** @param {string} path @param {number} stalePid */
function removeStale(path, stalePid) {
  const aside = `${path}.stale.${process.pid}`
  try {
    renameSync(path, aside)
  } catch {
    return
  }
  try {
    // Another set-up may have taken the lock over since it was read: then it gets it back.
    const owner = readOwner(aside)
    if (owner && owner.pid !== stalePid && isRunning(owner)) linkSync(aside, path)
  } finally {
    rmSync(aside, { force: true })
  }
}
