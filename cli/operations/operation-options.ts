import { type Command, Option } from 'commander'
import type { z } from 'zod'
import type { OperationInput } from '../../api/operations/call-operation.ts'
import type { AnyOperation } from '../../api/operations/define-operation.ts'
import { fieldKindOf, readField } from '../../api/operations/field-kinds.ts'

/** Owns how the input of an operation is given on a command line: one option for each field, by its name; the field that says most is the argument. */

/** The first of these that an operation has is its argument. */
const ARGUMENTS = ['query', 'fact', 'source', 'memoryId', 'keyId', 'jobId', 'id']

/** `orgId` is `--org`, `budgetTokens` is `--budget-tokens`. */
function optionName(field: string): string {
  return field.replace(/Id$/, '').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

/** Adds the options, and the argument, of an operation. */
export function addOptions(command: Command, operation: AnyOperation): void {
  const shape = operation.input.shape as Record<string, z.ZodType>
  const argument = argumentOf(operation)
  if (argument !== undefined) command.argument(`[${optionName(argument)}]`, shape[argument]?.description ?? '')
  if (operation.method === 'PUT')
    command.option('--lines <file>', 'read inputs from a file of JSON lines, one each; `-` is standard input')
  for (const [field, schema] of Object.entries(shape)) {
    if (field === argument) continue
    const kind = fieldKindOf(schema)
    const value = kind === 'flag' ? '' : kind === 'list' ? ' <value...>' : kind === 'json' ? ' <json>' : ' <value>'
    command.addOption(new Option(`--${optionName(field)}${value}`, schema.description ?? ''))
  }
}

/** The fields that a command line gives. */
export function readOptions(
  operation: AnyOperation,
  given: string | undefined,
  options: OperationInput,
): OperationInput {
  const fields: Record<string, unknown> = {}
  const argument = argumentOf(operation)
  for (const [field, schema] of Object.entries(operation.input.shape as Record<string, z.ZodType>)) {
    const value = field === argument ? given : options[attributeOf(field)]
    if (value === undefined) continue
    const kind = fieldKindOf(schema)
    if (kind === 'flag') fields[field] = true
    else if (kind === 'json') fields[field] = readJson(String(value))
    else fields[field] = readField(kind, Array.isArray(value) ? value.map(String) : [String(value)])
  }
  return fields
}

function argumentOf({ input }: AnyOperation): string | undefined {
  return ARGUMENTS.find((field) => field in input.shape)
}

/** As commander names it. */
function attributeOf(field: string): string {
  return field.replace(/Id$/, '')
}

/** Text that is no JSON stays text, and is refused with its path. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
