import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll } from 'vitest'
import type { ConfigInput } from '../../../shared/config.ts'
import type { WorkerCommand } from './worker-process.ts'

/**
 * Owns a process of a test file that works for one test after the other, and rests between them: to start one for each test, and to compile there what
 * the first turn needs, costs two seconds of CPU.
 */

const PROGRAM = fileURLToPath(new URL('./worker-process.ts', import.meta.url))

/** Works on a queue until the test ends, or until it works with another configuration. Resolves once the worker has started. */
export function useWorkerProcess(): (queue: string, config: ConfigInput) => Promise<void> {
  let child: ChildProcess
  let exited: Promise<unknown>
  async function answered(): Promise<void> {
    const isAlive = await Promise.race([once(child, 'message').then(() => true), exited.then(() => false)])
    if (!isAlive) throw new Error('The worker process of this file has ended; what it said stands above.')
  }
  async function tell(command: WorkerCommand): Promise<void> {
    child.send(command)
    await answered()
  }
  beforeAll(async () => {
    child = fork(PROGRAM, [], { execArgv: [] })
    exited = once(child, 'exit')
    await answered()
  })
  afterEach(() => tell('rest'))
  afterAll(async () => {
    child.disconnect()
    await exited
  })
  return (queue, config) => tell({ queue, config })
}
