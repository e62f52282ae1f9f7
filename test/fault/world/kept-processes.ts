import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Owns a test's child processes and its directory. Guarantees: none of them outlives the test, however it ends. */
export type KeptProcesses = {
  readonly directory: string
  spawn(options: SpawnOptions): KeptProcess
  /** What the processes of one name have printed so far. */
  output(name: string): string
  /** Kills what still runs and removes the directory. */
  end(): Promise<void>
}

export type SpawnOptions = {
  /** What its output is filed under; a restarted process goes on with the same file. */
  readonly name: string
  readonly program: string
  readonly args: readonly string[]
  readonly env: NodeJS.ProcessEnv
  /** Written to its standard input. */
  readonly input?: string
}

export type Exit = { readonly code: number | null; readonly signal: NodeJS.Signals | null }

export type KeptProcess = {
  readonly pid: number
  /** The first message that it sends; never settles for one that sends none. */
  readonly ready: Promise<{ url?: string }>
  readonly exited: Promise<Exit>
  send(message: object): void
  signal(name: NodeJS.Signals): void
}

const KEEPER = fileURLToPath(new URL('./keeper.ts', import.meta.url))

export async function keepProcesses(): Promise<KeptProcesses> {
  const directory = await mkdtemp(join(tmpdir(), 'afterturn-fault-'))
  // In a session of its own: what kills the test's process group must leave it to do its work.
  const keeper = spawn(process.execPath, [KEEPER, directory], { detached: true, stdio: ['pipe', 'ignore', 'inherit'] })
  const keeperExited = once(keeper, 'exit')
  const logFile = (name: string) => join(directory, `${name}.log`)
  return {
    directory,
    spawn({ name, program, args, env, input }) {
      const log = openSync(logFile(name), 'a')
      const child = spawn(program, args, { env, detached: true, stdio: ['pipe', log, log, 'ipc'] })
      closeSync(log)
      if (child.pid === undefined) throw new Error(`${program} does not run`)
      keeper.stdin?.write(`${child.pid}\n`)
      child.stdin?.on('error', () => {})
      child.stdin?.end(input ?? '')
      return keptProcess(child, child.pid)
    },
    output(name) {
      try {
        return readFileSync(logFile(name), 'utf8')
      } catch {
        return ''
      }
    },
    async end() {
      keeper.stdin?.end()
      const [code] = await keeperExited
      if (code !== 0) throw new Error(`The keeper of ${directory} ended with ${code}; its processes may still run.`)
    },
  }
}

function keptProcess(child: ChildProcess, pid: number): KeptProcess {
  const exited = new Promise<Exit>((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })))
  const ready = new Promise<{ url?: string }>((resolve) =>
    child.once('message', (message) => resolve(message as object)),
  )
  return {
    pid,
    ready,
    exited,
    // To a process that has just ended nothing can be said, and nothing needs to be.
    send: (message) => void (child.connected && child.send(message, () => {})),
    signal: (name) => void child.kill(name),
  }
}
