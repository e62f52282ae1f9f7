import { type Command, Option } from 'commander'
import { z } from 'zod'
import type { OperationInput } from '../../api/operations/call-operation.ts'
import type { AnyOperation } from '../../api/operations/define-operation.ts'
import { descriptionOf, fieldKindOf, readField } from '../../api/operations/field-kinds.ts'
import { AfterturnError } from '../../shared/errors.ts'
import { tellFault } from '../../shared/parse-input.ts'

/** Owns how the input of an operation is given on a command line: one option for each field, by its name; the field that says most is the argument. */

/** The first of these that an operation has is its argument. */
const ARGUMENTS = ['query', 'fact', 'source', 'memoryId', 'keyId', 'jobId', 'id', 'ids', 'state']

const LINES = 'inputs as JSON lines, one each: a file, or `-` for standard input'

/** `orgId` is `--org`, `budgetTokens` is `--budget-tokens`, `isResolved` is `--resolved`. */
function optionName(field: string): string {
  const bare = field.replace(/Id$/, '').replace(/^is(?=[A-Z])/, '')
  return `${bare.slice(0, 1).toLowerCase()}${bare.slice(1)}`.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

/** Adds the options, and the argument, of an operation. */
export function addOptions(command: Command, operation: AnyOperation): void {
  const shape = operation.input.shape as Record<string, z.ZodType>
  const argument = argumentOf(operation)
  if (argument !== undefined)
    command.argument(`[${optionName(argument)}${isList(shape[argument]) ? '...' : ''}]`, describe(shape[argument]))
  if (takesLines(operation)) {
    if (argument === undefined) command.argument('[lines]', LINES)
    command.option('--lines <file>', LINES)
  }
  for (const [field, schema] of Object.entries(shape)) {
    if (field === argument) continue
    const kind = fieldKindOf(schema)
    const value = kind === 'flag' ? '' : kind === 'list' ? ' <value...>' : kind === 'json' ? ' <json>' : ' <value>'
    const isRequired = !schema.isOptional() && !(field === 'orgId' && operation.isForFleet)
    command.addOption(
      new Option(`--${optionName(field)}${value}`, describe(schema) + (isRequired ? ' (required)' : '')),
    )
  }
}

/** The description of a field, as the other texts of the help begin: in small letters, unless it is an abbreviation. */
function describe(schema: z.ZodType | undefined): string {
  return (descriptionOf(schema) ?? '').replace(/^[A-Z](?![A-Z])/, (letter) => letter.toLowerCase())
}

/** The fields that a command line gives. */
export function readOptions(
  operation: AnyOperation,
  given: string | readonly string[] | undefined,
  options: OperationInput,
): OperationInput {
  const fields: Record<string, unknown> = {}
  const argument = argumentOf(operation)
  for (const [field, schema] of Object.entries(operation.input.shape as Record<string, z.ZodType>)) {
    const value = field === argument ? given : options[attributeOf(field)]
    if (value === undefined || (field === argument && given?.length === 0)) continue
    const kind = fieldKindOf(schema)
    if (kind === 'flag') fields[field] = true
    else if (kind === 'json' && Array.isArray(value)) fields[field] = value.map(readJson)
    else if (kind === 'json') fields[field] = readJson(String(value))
    else fields[field] = readField(kind, Array.isArray(value) ? value.map(String) : [String(value)])
  }
  return fields
}

/**
 * Refuses wrong input before anything is started.
 * @throws INPUT_INVALID
 */
export function checkOptions({ id, input: schema }: AnyOperation, input: OperationInput): void {
  const { error } = schema.safeParse(input, { reportInput: true }) as z.ZodSafeParseResult<unknown>
  if (!error) return
  const faults = error.issues.map((issue) => {
    const { path } = issue
    const isAbsent = path.length === 1 && input[String(path[0])] === undefined
    return { path: path.join('.'), expected: isAbsent ? 'required' : tellFault(issue) }
  })
  throw new AfterturnError('INPUT_INVALID', `The input of ${id} is not valid.`, { recorded: 'no', faults })
}

/** The faults of an input, under the option names of the command line. */
export function describeFaults(operation: AnyOperation, { message, faults }: AfterturnError): string {
  const argument = argumentOf(operation)
  const told = faults?.map(({ path, expected }) => {
    const [field = '', ...rest] = path.split('.')
    if (!(field in operation.input.shape)) return `${path}: ${expected}`
    const name = field === argument ? `[${optionName(field)}]` : `--${optionName(field)}`
    return `${[name, ...rest].join('.')}: ${expected}`
  })
  return told === undefined || told.length === 0 ? message : told.join('; ')
}

/** True if an operation takes lines of inputs: a call that its path names can be repeated safely. */
export function takesLines({ method, path }: AnyOperation): boolean {
  return method === 'PUT' && path.endsWith('}')
}

function isList(schema: z.ZodType | undefined): boolean {
  return schema instanceof z.ZodArray
}

export function argumentOf({ input }: AnyOperation): string | undefined {
  return ARGUMENTS.find((field) => field in input.shape)
}

/** As commander names the option. */
function attributeOf(field: string): string {
  return optionName(field).replace(/-./g, ([, letter = '']) => letter.toUpperCase())
}

/** Text that is no JSON stays text, and is refused with its path. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
