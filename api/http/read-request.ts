import type { Request } from 'express'
import type { z } from 'zod'
import { AfterturnError } from '../../shared/errors.ts'
import type { OperationInput } from '../operations/call-operation.ts'
import type { AnyOperation } from '../operations/define-operation.ts'
import { fieldKindOf, readField } from '../operations/field-kinds.ts'
import { readFields, refuseRounded } from './read-body.ts'

/**
 * The input of an operation as a request carries it: fields of the path, and of the body or the query.
 * @throws INPUT_INVALID where a body names a field of the path otherwise than the path; what `readFields` throws
 */
export function readRequest(operation: AnyOperation, request: Request): OperationInput {
  const shape = operation.input.shape as Record<string, z.ZodType>
  const read = (name: string, texts: readonly string[]) => {
    const schema = shape[name]
    return schema === undefined ? texts[0] : readField(fieldKindOf(schema), texts)
  }
  const path = Object.fromEntries(
    Object.entries(request.params).map(([name, text]) => [name, read(name, [String(text)])]),
  )
  if (operation.method === 'GET' || operation.method === 'DELETE') return joinFields(path, readQuery(request, read))
  const fields = readFields(request)
  if ('state' in fields) refuseRounded(request)
  return joinFields(path, fields)
}

/**
 * The fields of a path and those beside it.
 * @throws INPUT_INVALID where the others name a field of the path otherwise
 */
export function joinFields(path: OperationInput, others: OperationInput): OperationInput {
  for (const name of Object.keys(path)) {
    if (!Object.hasOwn(others, name) || others[name] === path[name]) continue
    const fault = { path: name, expected: 'expected what the path says, got another value' }
    throw new AfterturnError('INPUT_INVALID', `The request is not valid: ${name}: ${fault.expected}.`, {
      recorded: 'no',
      faults: [fault],
    })
  }
  return { ...others, ...path }
}

function readQuery(request: Request, read: (name: string, texts: readonly string[]) => unknown): OperationInput {
  const at = request.originalUrl.indexOf('?')
  const query = new URLSearchParams(at < 0 ? '' : request.originalUrl.slice(at + 1))
  // Not an object literal's prototype: a parameter may be called `__proto__`.
  const fields: Record<string, unknown> = Object.create(null)
  for (const name of new Set(query.keys())) fields[name] = read(name, query.getAll(name))
  return fields
}
