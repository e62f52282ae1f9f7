import type { Command } from 'commander'
import type { OperationInput } from '../../api/operations/call-operation.ts'
import { OPERATIONS } from '../../api/operations/catalog.ts'
import type { AnyOperation } from '../../api/operations/define-operation.ts'
import { runOperatorCommand } from '../operator-command.ts'
import { createLocalCaller, createRemoteCaller, type OperationCaller } from './operation-caller.ts'
import { addOptions, readOptions } from './operation-options.ts'
import { printAnswer, printLines } from './print-answer.ts'
import { callForLines } from './record-lines.ts'

/** A door: `afterturn GROUP VERB`, made from the operations: the same words, the same answers as the API. */

type Options = OperationInput & {
  readonly url?: string
  readonly json?: true
  readonly yes?: true
  readonly lines?: string
}

export function runOperations(
  group: string,
  args: readonly string[],
  addVerbs: (command: Command) => void = () => {},
): Promise<void> {
  endWithReader()
  return runOperatorCommand(group, args, (command) => {
    for (const operation of OPERATIONS) {
      const [room, verb] = operation.id.split('.')
      if (room === group) defineVerb(command.command(verb as string), operation)
    }
    addVerbs(command)
  })
}

/** One operation under a name of its own. */
export function runOperation(name: string, id: string, args: readonly string[]): Promise<void> {
  endWithReader()
  return runOperatorCommand(name, args, (command) => {
    for (const operation of OPERATIONS) if (operation.id === id) defineVerb(command, operation)
  })
}

/** Whoever reads the output may go away. */
function endWithReader(): void {
  process.stdout.on('error', () => process.exit())
}

function defineVerb(command: Command, operation: AnyOperation): void {
  command.description(operation.summary)
  addOptions(command, operation)
  command
    .option(
      '--url <address>',
      'the API to call, with the key in AFTERTURN_API_KEY; default: AFTERTURN_URL, else the services of this machine',
    )
    .option('--json', 'print the answer of the API as it is, also on a terminal')
  if (operation.isFinal) command.option('--yes', 'confirm')
  command.action(async (...given: unknown[]) => {
    const options = given.at(-2) as Options
    const argument = given.length > 2 ? (given[0] as string | undefined) : undefined
    if (operation.isFinal && !options.yes)
      return command.error('Nothing was done. This cannot be undone: confirm with --yes.')
    if (!(await run(operation, readOptions(operation, argument, options), options))) process.exitCode = 1
  })
}

/** An API where an address is given, else the services of this machine. */
export async function openCaller(url: string | undefined): Promise<OperationCaller> {
  const address = url ?? process.env.AFTERTURN_URL
  return address ? createRemoteCaller(address, process.env.AFTERTURN_API_KEY) : createLocalCaller()
}

async function run(operation: AnyOperation, input: OperationInput, { url, json, lines }: Options): Promise<boolean> {
  const caller = await openCaller(url)
  try {
    if (lines !== undefined) return await callForLines(caller, operation, { file: lines, common: input })
    const answer = await caller.call(operation, input)
    if (typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer)
      await printLines(answer as AsyncIterable<string>)
    else printAnswer(answer, json === true)
    return true
  } finally {
    await caller.close()
  }
}
