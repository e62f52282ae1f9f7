import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect } from 'vitest'

/** Runs commands of the package in one process of a test file: to start one for each command costs half a second of CPU. */

export type Command = {
  readonly args: readonly string[]
  readonly env: NodeJS.ProcessEnv
  readonly cwd: string
}
export type CommandEnd = { readonly code: number; readonly stdout: string; readonly stderr: string }

const PROGRAM = fileURLToPath(new URL('./command-process.ts', import.meta.url))

/** Commands run one after the other, each with the environment given and no other. After them the process must end by itself: nothing is left open. */
export function useCommands(): (args: readonly string[], env: NodeJS.ProcessEnv, cwd?: string) => Promise<CommandEnd> {
  let child: ChildProcess
  let exited: Promise<unknown[]>
  let last: Promise<unknown> = Promise.resolve()
  beforeAll(async () => {
    child = fork(PROGRAM, [], { execArgv: [] })
    exited = once(child, 'exit')
    await once(child, 'message')
  })
  afterAll(async () => {
    child.disconnect()
    expect(await exited).toEqual([0, null])
  })
  return (args, env, cwd = process.cwd()) => {
    const ended = last.then(async () => {
      child.send({ args, env, cwd } satisfies Command)
      const [end] = await Promise.race([once(child, 'message'), exited])
      return end as CommandEnd
    })
    last = ended
    return ended
  }
}
