import type { Command, CommandEnd } from './commands.ts'

/**
 * A process of a test that runs `afterturn` commands one after the other, and reports the end of each: `fork` it. The door runs once more for each
 * command; what it loads stays loaded, which is most of what a short command costs.
 */

const DOOR = new URL('../../../cli/afterturn.ts', import.meta.url).href

/** Thrown by `process.exit`, so that the command ends and this process does not. */
class Exit extends Error {
  readonly code: unknown
  constructor(code: unknown) {
    super('The command ended.')
    this.code = code
  }
}

let commands = 0
process.exit = (code) => {
  throw new Exit(code ?? process.exitCode)
}

process.on('message', async ({ args, env, cwd }: Command) => {
  const said = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const)
    process[name].write = (chunk: unknown) => {
      said[name] += chunk
      return true
    }
  for (const name of Object.keys(process.env)) delete process.env[name]
  Object.assign(process.env, env)
  process.chdir(cwd)
  process.argv.splice(2, Number.POSITIVE_INFINITY, ...args)
  process.exitCode = undefined
  await import(`${DOOR}?command=${++commands}`).catch((error) => {
    if (error instanceof Exit) process.exitCode = error.code as number
    else {
      process.exitCode = 1
      said.stderr += error.stack
    }
  })
  const end: CommandEnd = { code: Number(process.exitCode ?? 0), ...said }
  process.exitCode = undefined
  // Each command listens for the end of a process that it takes for its own.
  process.stdout.removeAllListeners('error')
  process.removeAllListeners('SIGINT')
  process.send?.(end)
})
process.send?.('ready')
