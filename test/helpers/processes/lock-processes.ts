import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterEach } from 'vitest'
import type { ConfigInput } from '../../../shared/config.ts'

/** Owns processes of a test that contend for the org-memory lock, and end with it. */

export type LockCommand =
  | { readonly do: 'hold'; readonly orgId: string }
  | { readonly do: 'release' }
  | { readonly do: 'write'; readonly fact: string }
  | { readonly do: 'count'; readonly orgId: string; readonly times: number; readonly key: string }
export type LockEvent =
  | { readonly event: 'ready' | 'released' | 'written' | 'counted' }
  | { readonly event: 'held'; readonly token: number }
  | { readonly event: 'aborted' | 'failed'; readonly code: string }

export type LockProcess = {
  readonly pid: number
  /** Gives a command; its outcome is an event. */
  tell(command: LockCommand): void
  /** The next event of these kinds that was not answered yet; `failed` is always one of them. */
  heard(...kinds: LockEvent['event'][]): Promise<LockEvent>
  /** Ends it without a chance to give anything back. */
  kill(): Promise<void>
}

const PROGRAM = fileURLToPath(new URL('./lock-process.ts', import.meta.url))

/** Starts processes that are killed after each test. */
export function useLockProcesses(): (config: ConfigInput) => Promise<LockProcess> {
  const started: LockProcess[] = []
  afterEach(async () => {
    await Promise.all(started.splice(0).map((one) => one.kill()))
  })
  return async (config) => {
    const child = fork(PROGRAM, [JSON.stringify(config)], { execArgv: [] })
    const exited = once(child, 'exit')
    const events: LockEvent[] = []
    let wake = () => {}
    child.on('message', (event: LockEvent) => {
      events.push(event)
      wake()
    })
    const one: LockProcess = {
      pid: child.pid as number,
      tell: (command) => void child.send(command),
      async heard(...kinds) {
        for (;;) {
          const found = events.findIndex(({ event }) => event === 'failed' || kinds.includes(event))
          if (found >= 0) return events.splice(found, 1)[0] as LockEvent
          await new Promise<void>((resolve) => {
            wake = resolve
          })
        }
      },
      async kill() {
        if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
        await exited
      },
    }
    started.push(one)
    await one.heard('ready')
    return one
  }
}
