import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterEach } from 'vitest'
import { until } from '../until.ts'

/** Owns processes of a test that hold slots, and end with it. */

export type SlotProcessOptions = {
  readonly redisUrl: string
  readonly keyPrefix: string
  readonly limit: number
  readonly jobLockMs: number
}

const PROGRAM = fileURLToPath(new URL('./slot-process.ts', import.meta.url))

/** Starts processes that are killed after each test. */
export function useSlotProcesses() {
  const started: ChildProcess[] = []

  async function kill(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
  }

  afterEach(async () => {
    await Promise.all(started.splice(0).map(kill))
  })
  return (options: SlotProcessOptions) => {
    const child = fork(PROGRAM, [JSON.stringify(options)], { execArgv: [] })
    const numbers: number[] = []
    child.on('message', (n: number) => numbers.push(n))
    started.push(child)
    return {
      /** The jobs that it has started, once there are so many. */
      started: (count: number) =>
        until(
          () => numbers,
          ({ length }) => length >= count,
        ),
      /** Ends it without a chance to give anything back. */
      kill: () => kill(child),
    }
  }
}
