import { userInfo } from 'node:os'
import { Command, CommanderError, InvalidArgumentError } from 'commander'
import { printFailure } from '../shared/processes/lifecycle.ts'

/** Runs operators' commands. Exit codes: 0 for success, 1 for failure, 2 for wrong usage. */

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
