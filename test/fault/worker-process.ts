import { fileURLToPath } from 'node:url'
import type { Exit, KeptProcess, KeptProcesses } from './kept-processes.ts'

/** A place in the fleet, as a supervisor holds it: a process that ends is started again, unless the test wants it to be down. */
export type Worker = {
  readonly name: string
  /** Starts it, and waits until it is ready or has ended. */
  start(): Promise<void>
  /** Ends it with the signal and keeps it down; answers how it went and how long that took. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<Exit & { readonly ms: number }>
  signal(name: 'SIGSTOP' | 'SIGCONT'): void
  setClock(offsetMs: number): void
  /** From now on it is left to itself. */
  abandon(): void
  /** Processes that ended although nobody had asked them to. */
  readonly surprises: readonly string[]
}

const START = fileURLToPath(new URL('../../scripts/start.ts', import.meta.url))
const JUMP_CLOCK = new URL('./jump-clock.ts', import.meta.url).href
const RESTART_AFTER_MS = 200

/** A worker that runs a process of the Procfile through its real door; it is down until `start`. */
export function createWorker(
  processes: KeptProcesses,
  { name, process: door, env }: { name: string; process: string; env: NodeJS.ProcessEnv },
): Worker {
  let running: KeptProcess | undefined
  let isWanted = false
  let clockOffsetMs = 0
  const surprises: string[] = []

  const start = async (): Promise<void> => {
    isWanted = true
    const started = processes.spawn({
      name,
      program: process.execPath,
      args: ['--import', JUMP_CLOCK, START, door],
      env: { ...env, FAULT_CLOCK_OFFSET_MS: String(clockOffsetMs) },
    })
    running = started
    let isReady = false
    void started.exited.then(({ code, signal }) => {
      if (!isWanted || running !== started) return
      // Before it is ready it may refuse to start, as when the store is away; afterwards it has no reason to go.
      if (isReady) surprises.push(`${name} ended by itself (code ${code}, signal ${signal})`)
      setTimeout(() => isWanted && running === started && start(), RESTART_AFTER_MS)
    })
    await Promise.race([started.ready.then(() => (isReady = true)), started.exited])
  }

  return {
    name,
    start,
    async end(signal) {
      isWanted = false
      const startedMs = performance.now()
      running?.signal(signal)
      const exit = (await running?.exited) ?? { code: null, signal: null }
      return { ...exit, ms: performance.now() - startedMs }
    },
    signal: (wanted) => running?.signal(wanted),
    setClock(offsetMs) {
      clockOffsetMs = offsetMs
      running?.send({ clockOffsetMs })
    },
    abandon() {
      isWanted = false
    },
    surprises,
  }
}
