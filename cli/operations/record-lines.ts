import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { OperationInput } from '../../api/operations/call-operation.ts'
import type { AnyOperation } from '../../api/operations/define-operation.ts'
import { isAfterturnError } from '../../shared/errors.ts'
import type { OperationCaller } from './operation-caller.ts'

/**
 * Calls an operation once for each line of JSON, in order. Guarantees: repeating a file is safe, since only operations whose repetition is safe take lines;
 * a line that fails is named with its number and does not stop the others, unless nothing can succeed any more.
 * @returns whether every line succeeded
 */
export async function callForLines(
  caller: OperationCaller,
  operation: AnyOperation,
  { file, common }: { readonly file: string; readonly common: OperationInput },
): Promise<boolean> {
  const input = file === '-' ? process.stdin : createReadStream(file)
  let [number, failures] = [0, 0]
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1
    if (line.trim() === '') continue
    try {
      const answer = await caller.call(operation, { ...common, ...(JSON.parse(line) as OperationInput) })
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

function describe(error: unknown): string {
  return isAfterturnError(error) ? `${error.code}: ${error.message}` : (error as Error).message
}
