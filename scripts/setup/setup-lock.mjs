// @ts-check
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { takeOwnership } from '../../shared/processes/ownership.mjs'

/** Owns the wait of one set-up of a tree for another. Plain JavaScript for Node 20, no dependencies. */

const POLL_MS = 100
const DEFAULT_WAIT_MS = 10 * 60_000

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
  for (;;) {
    const taken = await takeOwnership(path)
    if (taken.heldBy === undefined) {
      try {
        return await task()
      } finally {
        await taken.release()
      }
    }
    if (performance.now() > deadlineMs) {
      throw new Error(
        `another set-up (process ${taken.heldBy}) has held ${path} for too long: wait for it, or stop it, and run the command again`,
      )
    }
    if (!hasSaid) onWait?.(taken.heldBy)
    hasSaid = true
    await setTimeout(POLL_MS)
  }
}
