// @ts-check
import { readFileSync } from 'node:fs'

/**
 * Owns the question "is that recorded process still the one that was meant?". Plain JavaScript without dependencies: the set-up asks it
 * too, on Node 20 and before there are packages. Guarantees: where /proc exists, a process id that was given to another process since is
 * not mistaken for the recorded one. Processes must see each other's numbers: two containers that share a directory do not.
 */

/**
 * When a process started, in clock ticks since boot (proc(5), field 22 of stat); `undefined` where there is no /proc, and for one that has ended.
 * @param {number} pid
 * @returns {string | undefined}
 */
export function startOfProcess(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field is the command in brackets and may hold spaces and brackets itself.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    // A zombie has ended, though in a container without an init nobody may ever reap it.
    return fields[0] === 'Z' ? undefined : fields[19]
  } catch {
    return undefined
  }
}

/** @typedef {{ pid: number, startedAt?: string | undefined }} ProcessRecord */

/**
 * What to write down about a process so that it is recognised later.
 * @param {number} pid
 * @returns {ProcessRecord}
 */
export function recordProcess(pid) {
  return { pid, startedAt: startOfProcess(pid) }
}

/**
 * Whether the recorded process still runs.
 * @param {ProcessRecord} record
 * @returns {boolean}
 */
export function isRunning(record) {
  if (!Number.isInteger(record.pid) || record.pid < 1) return false
  try {
    process.kill(record.pid, 0)
  } catch (error) {
    // Another user's process refuses the signal, yet it runs.
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EPERM') return false
  }
  return record.startedAt === undefined || startOfProcess(record.pid) === record.startedAt
}
