import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { OperationInput } from '../../api/operations/call-operation.ts'
import type { AnyOperation } from '../../api/operations/define-operation.ts'
import { AfterturnError, isAfterturnError } from '../../shared/errors.ts'
import type { OperationCaller } from './operation-caller.ts'

type Lines = { readonly file: string; readonly common: OperationInput }

/** The least pause: after it a key may make several requests at once. */
const PAUSE_MS = 1_000

/**
 * Calls an operation once for each line of JSON, in order and as fast as the API lets its key. Guarantees: repeating a file is safe, since only operations whose
 * repetition is safe take lines; a line that fails is named with its number and does not stop the others, unless nothing can succeed any more.
 * @returns whether every line succeeded
 */
export async function callForLines(
  caller: OperationCaller,
  operation: AnyOperation,
  { file, common }: Lines,
): Promise<boolean> {
  const input = file === '-' ? process.stdin : await openFile(file)
  let [number, failures] = [0, 0]
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1
    const text = line.replace(/^\ufeff/, '')
    if (text.trim() === '') continue
    try {
      const answer = await callWithinRate(caller, operation, readLine(text, common))
      process.stdout.write(`${JSON.stringify(answer)}\n`)
    } catch (error) {
      failures += 1
      console.error(`line ${number}: ${describe(error)}`)
      if (isAfterturnError(error) && ['UNAUTHENTICATED', 'FORBIDDEN'].includes(error.code)) break
    }
  }
  if (failures > 0) console.error(`${failures} of ${number} lines failed; repeating the file is safe.`)
  return failures === 0
}

/** @throws INPUT_INVALID for a file that cannot be read */
async function openFile(file: string): Promise<NodeJS.ReadableStream> {
  const stream = createReadStream(file)
  // A directory can be opened: only the first read fails.
  await once(stream, 'readable').catch((cause: Error) => {
    throw invalid('lines', `expected a file that can be read, got ${cause.message}`)
  })
  return stream
}

/** The fields of a line and those of the options, which hold for every line. @throws INPUT_INVALID, SyntaxError */
function readLine(text: string, common: OperationInput): OperationInput {
  const fields: unknown = JSON.parse(text)
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields))
    throw invalid('line', 'expected a JSON object, got another value')
  for (const [name, value] of Object.entries(common))
    if (Object.hasOwn(fields, name) && !isDeepStrictEqual((fields as OperationInput)[name], value))
      throw invalid(name, 'expected what the option says, got another value')
  return { ...fields, ...common }
}

/** Waits where the key has made more requests than its rate allows: the file is longer than a minute's worth. */
async function callWithinRate(
  caller: OperationCaller,
  operation: AnyOperation,
  input: OperationInput,
): Promise<unknown> {
  for (;;) {
    try {
      return await caller.call(operation, input)
    } catch (error) {
      if (!isAfterturnError(error, 'RATE_LIMITED')) throw error
      await sleep(Math.max(PAUSE_MS, error.retryAfterMs ?? 0))
    }
  }
}

function invalid(path: string, expected: string): AfterturnError {
  return new AfterturnError('INPUT_INVALID', `The input is not valid: ${path}: ${expected}.`, {
    recorded: 'no',
    faults: [{ path, expected }],
  })
}

function describe(error: unknown): string {
  return isAfterturnError(error) ? `${error.code}: ${error.message}` : (error as Error).message
}
