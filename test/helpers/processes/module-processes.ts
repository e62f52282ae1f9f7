import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll } from 'vitest'

/** A directory of one test file, and processes that run modules in it; each process dies with its test, the directory with the file. */
export function useModuleProcesses() {
  const children: ChildProcess[] = []
  const processes = {
    dir: '',
    /** A process that runs a module and has said something. */
    async start(source: string): Promise<ChildProcess> {
      const file = join(processes.dir, `child-${crypto.randomUUID()}.mjs`)
      await writeFile(file, source)
      const child = processes.register(fork(file, { execArgv: [] }))
      await answerOf(child)
      return child
    },
    /** A process that was started otherwise, and dies with its test too. */
    register<Child extends ChildProcess>(child: Child): Child {
      children.push(child)
      return child
    },
  }
  beforeAll(async () => {
    processes.dir = await mkdtemp(join(tmpdir(), 'afterturn-test-processes-'))
  })
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL')
  })
  afterAll(() => rm(processes.dir, { recursive: true, force: true }))
  return processes
}

/** What a process says next. */
export async function answerOf(child: ChildProcess): Promise<unknown> {
  return (await once(child, 'message'))[0]
}
