import { userInfo } from 'node:os'
import { Command, CommanderError, InvalidArgumentError } from 'commander'
import type { Runtime } from '../runtime.ts'
import { printFailure } from '../shared/processes/lifecycle.ts'

/** Owns how a command of operators runs: on a runtime of its own, ending with 0, with 1 when it failed, with 2 when it was called wrongly. */

const FAILED = 1
const MISUSED = 2

/** A command that is named as it is called; `define` adds what it can do. */
export async function runOperatorCommand(
  name: string,
  args: readonly string[],
  define: (command: Command) => void,
): Promise<void> {
  const isNpm = process.env.npm_lifecycle_event === name
  const command = new Command(isNpm ? `npm run ${name} --` : `afterturn ${name}`).exitOverride()
  command.showHelpAfterError('(--help tells what there is)')
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

/** Gives the work a runtime that is not connected: half of what it needs may be away. */
export async function withRuntime(work: (runtime: Runtime) => Promise<boolean>): Promise<void> {
  // A call that is wrong, or asks for help, need not wait until all of it is loaded.
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

/** Who does it, unless `--by` says so. */
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

/** Reads a text that is not empty: an empty `--org` would mean every org. */
export function someText(text: string): string {
  if (text === '') throw new InvalidArgumentError('Expected a text, got nothing.')
  return text
}
