import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { CacheCommand, CacheOutcome, CacheProcessOptions } from './cache-process.ts'

const PROGRAM = fileURLToPath(new URL('./cache-process.ts', import.meta.url))

export type CacheProcess = {
  /** Embeds all batches at once and answers what came of each. One command at a time. */
  embed(command: CacheCommand): Promise<CacheOutcome[]>
  /** Ends it without a chance to give anything back. */
  kill(): Promise<void>
}

/** Starts a process with an embedder of its own. Whoever starts it kills it. */
export async function startCacheProcess(options: CacheProcessOptions): Promise<CacheProcess> {
  const child = fork(PROGRAM, [JSON.stringify(options)], { execArgv: [] })
  const exited = once(child, 'exit')
  await once(child, 'message')
  return {
    async embed(command) {
      child.send(command)
      return (await once(child, 'message'))[0]
    },
    async kill() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
      await exited
    },
  }
}
