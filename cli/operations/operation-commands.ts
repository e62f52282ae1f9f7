import type { Command } from 'commander'
import type { OperationInput } from '../../api/operations/call-operation.ts'
import { OPERATIONS } from '../../api/operations/catalog.ts'
import type { AnyOperation } from '../../api/operations/define-operation.ts'
import { isAfterturnError } from '../../shared/errors.ts'
import { runOperatorCommand, someText } from '../operator-command.ts'
import { createLocalCaller, createRemoteCaller, type OperationCaller } from './operation-caller.ts'
import { addOptions, argumentOf, checkOptions, describeFaults, readOptions, takesLines } from './operation-options.ts'
import { printAnswer, printLines } from './print-answer.ts'
import { callForLines } from './record-lines.ts'
import { reportHalfDone } from './report-half-done.ts'

/** A door: `afterturn GROUP VERB`, made from the operations: the same words, the same answers as the API. */

const INTERRUPTED = 130

/** Scopes of what is recorded with who did it. */
const RECORDED_SCOPES: readonly string[] = ['operate:write', 'memory:review', 'org:erase']

type Options = OperationInput & {
  readonly url?: string
  readonly json?: true
  readonly yes?: true
  readonly lines?: string
  readonly by?: string
}

export function runOperations(
  group: string,
  args: readonly string[],
  addVerbs: (command: Command) => void = () => {},
): Promise<void> {
  const ids = OPERATIONS.map(({ id }) => id).filter((id) => id.startsWith(`${group}.`))
  return runVerbs(group, Object.fromEntries(ids.map((id) => [kebab(id.slice(group.length + 1)), id])), args, addVerbs)
}

/** Operations under verbs of their own. */
export function runVerbs(
  name: string,
  verbs: Readonly<Record<string, string>>,
  args: readonly string[],
  addVerbs: (command: Command) => void = () => {},
): Promise<void> {
  endWell()
  return runOperatorCommand(name, args, (command) => {
    for (const [verb, id] of Object.entries(verbs)) defineVerb(command.command(verb), id)
    addVerbs(command)
  })
}

/** One operation under a name of its own. */
export function runOperation(name: string, id: string, args: readonly string[]): Promise<void> {
  endWell()
  return runOperatorCommand(name, args, (command) => defineVerb(command, id))
}

/** Whoever reads the output may go away, and whoever waits for it may interrupt. */
function endWell(): void {
  process.stdout.on('error', () => process.exit())
  process.once('SIGINT', () => process.exit(INTERRUPTED))
}

/** `deleteVersion` is `delete-version`. */
function kebab(verb: string): string {
  return verb.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

function defineVerb(command: Command, id: string): void {
  const operation = OPERATIONS.find((one) => one.id === id) as AnyOperation
  command.description(
    operation.isForFleet ? `${operation.summary}; without --org, in the whole fleet` : operation.summary,
  )
  addOptions(command, operation)
  command
    .option(
      '--url <address>',
      'the API to call, with the key in AFTERTURN_API_KEY; default: AFTERTURN_URL, else the services of this machine',
    )
    .option('--json', 'print the answer of the API as it is, also on a terminal')
  if (RECORDED_SCOPES.includes(operation.scope))
    command.option('--by <name>', 'recorded as who acts; default: the system user, or the key with --url', someText)
  if (operation.isFinal) command.option('--yes', 'confirm')
  command.action(async (...given: unknown[]) => {
    const options = given.at(-2) as Options
    const argument = given.length > 2 ? (given[0] as string | readonly string[] | undefined) : undefined
    const url = options.url ?? process.env.AFTERTURN_URL
    if (operation.isFinal && !options.yes)
      return command.error('Nothing was done. This cannot be undone: confirm with --yes.')
    if (url && options.by !== undefined) return command.error('error: with --url, who acts is the key: leave --by out')
    const lines = options.lines ?? (takesLines(operation) && !argumentOf(operation) ? (argument as string) : undefined)
    const input = readOptions(operation, argument, options)
    const asked = withoutOrg(operation, input, url)
    try {
      if (lines === undefined) checkOptions(asked, input)
      if (!(await run(asked, input, { ...options, url, lines }))) process.exitCode = 1
    } catch (error) {
      // Wrong input is wrong usage, whoever found it.
      if (isAfterturnError(error) && error.code === 'INPUT_INVALID')
        command.error(`error: ${describeFaults(asked, error)}`)
      throw error
    }
  })
}

/** An operation of the whole fleet, where that is what no org means: on this machine. */
function withoutOrg(operation: AnyOperation, { orgId }: OperationInput, url: string | undefined): AnyOperation {
  if (!operation.isForFleet || orgId !== undefined || url) return operation
  return { ...operation, input: operation.input.omit({ orgId: true }) }
}

/** An API where an address is given, else the services of this machine. */
export async function openCaller(url = process.env.AFTERTURN_URL, by?: string): Promise<OperationCaller> {
  return url ? createRemoteCaller(url, process.env.AFTERTURN_API_KEY) : createLocalCaller({ by })
}

type Calling = {
  readonly url: string | undefined
  readonly lines: string | undefined
  readonly json?: true
  readonly by?: string
}

async function run(
  operation: AnyOperation,
  input: OperationInput,
  { url, json, lines, by }: Calling,
): Promise<boolean> {
  const caller = await openCaller(url, by)
  try {
    if (lines !== undefined) return await callForLines(caller, operation, { file: lines, common: input })
    const answer = await caller.call(operation, input)
    if (typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer)
      await printLines(answer as AsyncIterable<string>)
    else printAnswer(answer, json === true)
    return reportHalfDone(operation.id, input, answer)
  } finally {
    await caller.close()
  }
}
