import { userInfo } from 'node:os'
import { Command, CommanderError, InvalidArgumentError } from 'commander'
import type { Runtime } from '../runtime.ts'
import { printFailure } from '../shared/processes/lifecycle.ts'

/** Runs operators' commands, each on its own runtime. Exit codes: 0 for success, 1 for failure, 2 for wrong usage. */

const FAILED = 1
const MISUSED = 2

/** Runs a command whose help shows the name it was called by; `define` adds its options and subcommands. */
export async function runOperatorCommand(
  name: string,
  args: readonly string[],
  define: (command: Command) => void,
): Promise<void> {
  const isNpm = process.env.npm_lifecycle_event === name
  const command = new Command(isNpm ? `npm run ${name} --` : `afterturn ${name}`).exitOverride()
  command.showHelpAfterError('(see --help)')
  define(command)
  try {
    await command.parseAsync([...args], { from: 'user' })
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : MISUSED
    else {
      printFailure(error)
      process.exitCode = FAILED
    }
  }
}

/** Runs `work` with an unconnected runtime, since Redis or the store may be down. Exit code 1 if it returns false. */
export async function withRuntime(work: (runtime: Runtime) => Promise<boolean>): Promise<void> {
  // Loaded late, so that help and usage errors are fast.
  const [{ createRuntime }, { readConfig }, { silentLog }, { readServiceAddresses }] = await Promise.all([
    import('../runtime.ts'),
    import('../shared/config.ts'),
    import('../shared/observe/log.ts'),
    import('../shared/processes/service-addresses.ts'),
  ])
  const runtime = createRuntime(readConfig(process.env, readServiceAddresses()), {
    log: silentLog,
    processName: 'operator',
  })
  try {
    if (!(await work(runtime))) process.exitCode = FAILED
  } finally {
    await runtime.disconnect()
  }
}

/** The default of `--by`: the name of the system user. */
export function currentUser(): string {
  try {
    return userInfo().username
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`
  }
}

/** Reads a whole number from 1. */
export function positiveInteger(text: string): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < 1)
    throw new InvalidArgumentError(`Expected a whole number from 1, got ${JSON.stringify(text)}.`)
  return value
}

/** Reads a non-empty text: an empty `--org` would mean every org. */
export function someText(text: string): string {
  if (text === '') throw new InvalidArgumentError('Expected a text, got nothing.')
  return text
}
