/** Owns how a process of the fleet starts and ends. Only doors call it: it handles signals and exits. */

/** A second signal within this time is the first one again. */
const ECHO_MS = 500

/** Something that runs until it is stopped. */
export type Running = { stop(): Promise<void> }

/**
 * Starts a process's work, tells its parent that it is ready, and stops it at SIGTERM or SIGINT; a second signal ends the process at once.
 * A failure is printed as its message and remedy, and ends the process with 1.
 */
export async function runProcess(start: () => Promise<Running & { ready?: object }>): Promise<void> {
  const stopSignal = untilSignalled()
  try {
    const running = await start()
    process.send?.({ isReady: true, ...running.ready })
    await stopSignal
    await running.stop()
    process.exit(0)
  } catch (error) {
    printFailure(error)
    process.exit(1)
  }
}

/** Waits for SIGTERM or SIGINT; from then on another one ends the process at once. */
export function untilSignalled(): Promise<void> {
  return new Promise((resolve) => {
    let stoppingSinceMs = Number.POSITIVE_INFINITY
    for (const name of ['SIGTERM', 'SIGINT'] as const) {
      process.on(name, () => {
        // npm passes on the Ctrl-C that the terminal has sent us already.
        if (performance.now() - stoppingSinceMs > ECHO_MS) process.exit(name === 'SIGINT' ? 130 : 143)
        stoppingSinceMs = Math.min(stoppingSinceMs, performance.now())
        resolve()
      })
    }
    // A parent that dies takes the channel with it: nobody would stop this process any more.
    process.on('disconnect', resolve)
  })
}

/** Prints an error as a person wants it: what is wrong and what to do; the stack only for what the catalogue does not know. */
export function printFailure(error: unknown): void {
  if (error instanceof Error && 'whatToDo' in error)
    console.error(`${(error as { code?: string }).code}: ${error.message}\n${error.whatToDo}`)
  else console.error(error)
}
