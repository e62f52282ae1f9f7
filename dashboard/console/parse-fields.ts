import type { z } from 'zod'
import { AfterturnError } from '../../shared/errors.ts'
import { tellFault } from '../../shared/parse-input.ts'

/** @throws INPUT_INVALID naming each fault of an address or a form */
export function parseFields<Schema extends z.ZodType>(
  schema: Schema,
  given: Readonly<Record<string, unknown>>,
): z.output<Schema> {
  const result = schema.safeParse(given, { reportInput: true })
  if (result.success) return result.data
  const faults = result.error.issues.map((issue) => `${issue.path.join('.') || 'address'}: ${tellFault(issue)}`)
  throw new AfterturnError('INPUT_INVALID', `This address or form is not valid: ${faults.join('; ')}.`, {
    recorded: 'no',
  })
}
