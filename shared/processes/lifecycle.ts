import { isAfterturnError } from '../errors.ts'

/** Owns how a process of the fleet starts and ends. Only doors call it: it handles signals and exits. */

/** A signal that came before, within this time, is the first one again. */
const ECHO_MS = 500
const EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const

/** Of a process that found itself stuck; BSD's EX_TEMPFAIL: start it again. */
const STUCK_EXIT_CODE = 75

/** Something that runs until it is stopped. */
export type Running = {
  stop(): Promise<void>
  /** Rejects when it cannot go on; it is stopped then, and the process ends with 1, or with `STUCK_EXIT_CODE`. */
  readonly failed?: Promise<never>
}

/** What a process tells its parent: `stopTimeoutMs` is what `stop` may take for the work that it drains. */
export type Ready = { readonly stopTimeoutMs?: number; readonly [detail: string]: string | number | undefined }

/**
 * Starts a process's work, tells its parent that it is ready, and stops it when it is told to: by SIGTERM, SIGINT, or SIGHUP as a terminal
 * that is closed sends it. A second SIGTERM or SIGINT ends the process at once. A failure is printed as its message and remedy, and ends
 * the process with 1.
 */
export async function runProcess(start: () => Promise<Running & { readonly ready?: Ready }>): Promise<void> {
  // The terminal, or whoever read what is printed, may be gone before the work is drained.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  const stopSignal = untilSignalled()
  try {
    const running = await start()
    process.send?.(running.ready ?? {})
    const failure = await Promise.race([stopSignal, running.failed ?? stopSignal]).catch((error: unknown) => ({
      error,
    }))
    if (failure) printFailure(failure.error)
    await running.stop()
    process.exit(failure ? exitCodeOf(failure.error) : 0)
  } catch (error) {
    printFailure(error)
    process.exit(1)
  }
}

function exitCodeOf(error: unknown): number {
  return isAfterturnError(error, 'PROCESS_STUCK') ? STUCK_EXIT_CODE : 1
}

/** Waits for SIGTERM, SIGINT or SIGHUP; from then on SIGTERM and SIGINT end the process at once, or do what the caller has instead. */
export function untilSignalled(onRepeated: (exitCode: number) => void = (code) => process.exit(code)): Promise<void> {
  return new Promise((resolve) => {
    const stopping: { name?: NodeJS.Signals; sinceMs: number } = { sinceMs: 0 }
    for (const [name, exitCode] of Object.entries(EXIT_CODES) as [keyof typeof EXIT_CODES, number][]) {
      process.on(name, () => {
        if (stopping.name === undefined) {
          Object.assign(stopping, { name, sinceMs: performance.now() })
          return resolve()
        }
        // The shell and the kernel both tell of a closed terminal, and nobody is in a hurry then.
        if (name === 'SIGHUP') return
        const isEcho = name === stopping.name && isSentTwice(name) && performance.now() - stopping.sinceMs < ECHO_MS
        if (!isEcho) onRepeated(exitCode)
      })
    }
    // A parent that dies takes the channel with it: nobody would stop this process any more.
    process.on('disconnect', resolve)
  })
}

/** npm passes on what it gets, also what the terminal or a supervisor has sent to the whole group of processes already. */
function isSentTwice(name: NodeJS.Signals): boolean {
  return name === 'SIGINT' || process.env.npm_lifecycle_event !== undefined
}

/** Prints an error as a person wants it: what is wrong and what to do; the stack only for what the catalogue does not know. */
export function printFailure(error: unknown): void {
  if (error instanceof Error && 'remedy' in error)
    console.error(`${(error as { code?: string }).code}: ${error.message}\n${error.remedy}`)
  else console.error(error)
}
