import { readdir, readFile } from 'node:fs/promises'

/** The processor time of the processes that a benchmark has started, by what they are. Linux only: elsewhere all are 0. */
export type FleetCpu = { readonly worker: number; readonly store: number; readonly redis: number }

/** A tick of the kernel's clock, as it shows it to programs. */
const TICK_MS = 10
const KINDS: Readonly<Record<keyof FleetCpu, RegExp>> = {
  redis: /redis-server|valkey-server/,
  worker: /\bmemory-extraction\b/,
  store: /\bpostgres\b|\bstore\b/,
}

/** Reads it so far, in ms: of the descendants of this process, ended children included. */
export async function readFleetCpu(): Promise<FleetCpu> {
  const processes = await readProcesses()
  const isOurs = (pid: number): boolean => {
    for (let at = processes.get(pid); at; at = processes.get(at.parent)) if (at.parent === process.pid) return true
    return false
  }
  const cpu = { worker: 0, store: 0, redis: 0 }
  for (const [pid, { command, ticks }] of processes) {
    const kind = (Object.keys(KINDS) as (keyof FleetCpu)[]).find((one) => KINDS[one].test(command))
    if (kind && isOurs(pid)) cpu[kind] += ticks * TICK_MS
  }
  return cpu
}

type ProcessFacts = { readonly parent: number; readonly command: string; readonly ticks: number }

async function readProcesses(): Promise<Map<number, ProcessFacts>> {
  const names = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))
  const found = await Promise.all(
    names.map(async (name): Promise<[number, ProcessFacts][]> => {
      try {
        const [stat, command] = await Promise.all([
          readFile(`/proc/${name}/stat`, 'utf8'),
          readFile(`/proc/${name}/cmdline`, 'utf8'),
        ])
        // The command's name, in parentheses, may hold anything.
        const fields = stat
          .slice(stat.lastIndexOf(')') + 2)
          .split(' ')
          .map(Number)
        const ticks = fields.slice(11, 15).reduce((sum, one) => sum + one, 0)
        return [[Number(name), { parent: fields[1] as number, command: command.replaceAll('\0', ' '), ticks }]]
      } catch {
        // It has ended meanwhile.
        return []
      }
    }),
  )
  return new Map(found.flat())
}
