import type { Exit, KeptProcess, KeptProcesses } from './kept-processes.ts'
import { THIS_RELEASE } from './next-release.ts'

/** A place in the fleet, as a supervisor holds it: a process that ends is started again, unless the test wants it to be down. */
export type Worker = {
  readonly name: string
  /** Starts it, and waits until it is ready or has ended. */
  start(): Promise<void>
  /** Ends it with the signal and keeps it down; answers how it went, how long that took, and whether it had been up. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<Exit & { readonly ms: number; readonly wasUp: boolean }>
  signal(name: 'SIGSTOP' | 'SIGCONT'): void
  /** Of the process that runs now. */
  pid(): number
  setClock(offsetMs: number): void
  /** Has it collect its garbage. */
  collect(): void
  /** Where the command of the release starts that it runs from its next start on. @default this release's */
  release: string
  /** From now on it is left to itself. */
  abandon(): void
  /** Processes that ended although nobody had asked them to. */
  readonly surprises: readonly string[]
}

const JUMP_CLOCK = new URL('./jump-clock.ts', import.meta.url).href
const RESTART_AFTER_MS = 200

/** A worker that runs a process of the Procfile through its real door; it is down until `start`. */
export function createWorker(
  processes: KeptProcesses,
  { name, process: door, env }: { name: string; process: string; env: NodeJS.ProcessEnv },
): Worker {
  let running: KeptProcess | undefined
  let isWanted = false
  let isUp = false
  let clockOffsetMs = 0
  const surprises: string[] = []

  const start = async (): Promise<void> => {
    isWanted = true
    const started = processes.spawn({
      name,
      program: process.execPath,
      args: ['--import', JUMP_CLOCK, worker.release, door],
      env: { ...env, FAULT_CLOCK_OFFSET_MS: String(clockOffsetMs) },
    })
    running = started
    isUp = false
    void started.exited.then(({ code, signal }) => {
      if (!isWanted || running !== started) return
      // Before it is ready it may refuse to start, as when the store is away; afterwards it has no reason to go.
      if (isUp) surprises.push(`${name} ended by itself (code ${code}, signal ${signal})`)
      setTimeout(() => isWanted && running === started && start(), RESTART_AFTER_MS)
    })
    const up = started.ready.then(() => {
      isUp = running === started
    })
    await Promise.race([up, started.exited])
  }

  const worker: Worker = {
    name,
    release: THIS_RELEASE,
    start,
    async end(signal) {
      isWanted = false
      const wasUp = isUp
      const startedMs = performance.now()
      running?.signal(signal)
      const exit = (await running?.exited) ?? { code: null, signal: null }
      return { ...exit, ms: performance.now() - startedMs, wasUp }
    },
    signal: (wanted) => running?.signal(wanted),
    pid: () => (running as KeptProcess).pid,
    setClock(offsetMs) {
      clockOffsetMs = offsetMs
      running?.send({ clockOffsetMs })
    },
    collect: () => running?.send({ collects: true }),
    abandon() {
      isWanted = false
    },
    surprises,
  }
  return worker
}
