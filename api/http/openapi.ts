import type { z } from 'zod'
import type { ErrorCode } from '../../shared/errors.ts'
import { COMMON_ERRORS } from '../operations/common-errors.ts'
import { type AnyOperation, statusesOf } from '../operations/define-operation.ts'
import { jsonSchemaOf, type WireSchema, withoutDefinitions } from '../operations/json-schema.ts'
import { lines } from '../operations/wire/fields.ts'
import { ERROR_STATUS } from './error-status.ts'
import { PROBLEM_TYPE, problemSchema } from './problem.ts'

/** Owns the OpenAPI document: written from the operations, so that it says what the server does. */

const PARTS = '#/components/schemas/'
const RESPONSES = '#/components/responses/'
const JSON_TYPE = 'application/json'
export const LINES_TYPE = 'application/x-ndjson'

export type OpenApi = {
  readonly openapi: string
  readonly info: object
  readonly paths: { readonly [path: string]: { readonly [method: string]: OpenApiOperation } }
  readonly components: {
    readonly schemas: { readonly [name: string]: WireSchema }
    readonly responses: object
    readonly securitySchemes: object
  }
  readonly security: readonly object[]
}
export type OpenApiOperation = {
  readonly operationId: string
  readonly summary: string
  readonly tags: readonly string[]
  readonly description: string
  readonly parameters: readonly Parameter[]
  readonly requestBody?: object
  readonly responses: { readonly [status: string]: { readonly $ref?: string; readonly content?: Content } }
}
type Content = { readonly [type: string]: { readonly schema: WireSchema } }
type Parameter = {
  readonly name: string
  readonly in: 'path' | 'query'
  readonly required: boolean
  readonly schema: WireSchema
}

/** The document of some operations. */
export function writeOpenApi(operations: readonly AnyOperation[]): OpenApi {
  const schemas: Record<string, WireSchema> = {}
  const write = (schema: z.ZodType): WireSchema => {
    const { schema: written, parts } = withoutDefinitions(jsonSchemaOf(schema), PARTS)
    Object.assign(schemas, parts)
    return written
  }
  const problem: Content = { [PROBLEM_TYPE]: { schema: write(problemSchema) } }
  const codes = Map.groupBy(Object.keys(ERROR_STATUS) as ErrorCode[], (code) => ERROR_STATUS[code])
  const paths: Record<string, Record<string, OpenApiOperation>> = {}
  for (const operation of operations) {
    paths[operation.path] = {
      ...paths[operation.path],
      [operation.method.toLowerCase()]: describe(operation, write),
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Afterturn',
      version: '1',
      license: { name: 'MIT', identifier: 'MIT' },
      description:
        'Additive within /v1: fields of answers that are not described must be ignored. Unknown fields of requests are refused. Ids in paths are percent-encoded.',
    },
    paths,
    components: {
      schemas: Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1))),
      responses: Object.fromEntries(
        [...codes].map(([status, found]) => [status, { description: found.join(', '), content: problem }]),
      ),
      securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'A key of `afterturn keys create`' } },
    },
    security: [{ key: [] }],
  }
}

function describe(operation: AnyOperation, write: (schema: z.ZodType) => WireSchema): OpenApiOperation {
  const { id, summary, scope, method, path, input, output } = operation
  const {
    properties = {},
    required = [],
    ...rest
  } = write(input) as {
    properties?: Record<string, WireSchema>
    required?: string[]
  }
  const names = Object.keys(properties)
  const inPath = names.filter((name) => path.includes(`{${name}}`))
  const others = names.filter((name) => !inPath.includes(name))
  const hasBody = method !== 'GET' && method !== 'DELETE'
  const parameter = (name: string, place: Parameter['in']): Parameter => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: properties[name] as WireSchema,
  })
  const body = {
    ...rest,
    properties: Object.fromEntries(others.map((name) => [name, properties[name]])),
    required: required.filter((name) => others.includes(name)),
  }
  const isStream = output === lines
  const success = (status: number) =>
    status === 204
      ? { description: 'Done' }
      : {
          description: summary,
          content: { [isStream ? LINES_TYPE : JSON_TYPE]: { schema: write(output) } },
        }
  const codes = [...new Set([...operation.errors, ...COMMON_ERRORS])]
  const failures = [...new Set(codes.map((code) => ERROR_STATUS[code]))].sort((a, b) => a - b)
  return {
    operationId: id,
    summary,
    tags: [id.split('.')[0] as string],
    description: `Scope: ${scope}. Errors: ${codes.join(', ')}.`,
    parameters: [
      ...inPath.map((name) => parameter(name, 'path')),
      ...(hasBody ? [] : others.map((name) => parameter(name, 'query'))),
    ],
    ...(hasBody &&
      others.length > 0 && {
        requestBody: { required: body.required.length > 0, content: { [JSON_TYPE]: { schema: body } } },
      }),
    responses: {
      ...Object.fromEntries(statusesOf(operation).map((status) => [status, success(status)])),
      ...Object.fromEntries(failures.map((status) => [status, { $ref: `${RESPONSES}${status}` }])),
    },
  }
}
