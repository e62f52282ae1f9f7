import { readdirSync, readFileSync } from 'node:fs'
import { type ProcessRecord, recordProcess } from '../../../shared/processes/process-identity.mjs'

/** The processes that a process has started and that still run. Reads /proc. */
export function childrenOf(parentPid: number): ProcessRecord[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && parentOf(name) === parentPid)
    .map((name) => recordProcess(Number(name)))
}

function parentOf(pid: string): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    return undefined
  }
}
