import { z } from 'zod'
import type { AnyOperation } from './define-operation.ts'
import { lines } from './wire/fields.ts'
import { stateValue } from './wire/states.ts'

/** Owns what the client knows of operations: `client/routes.ts` is written from it, so that the client needs no schema. */

/** One route. `times` are the paths of times in the answer, with `*` for each item of a list. */
type ClientRoute = {
  readonly method: string
  readonly path: string
  readonly returns?: string
  readonly isPaged?: true
  readonly isStream?: true
  /** True where a state travels in it, which may hold bytes. */
  readonly hasState?: true
  readonly times: readonly string[]
}

/** The routes by the functions of the runtime that they are. */
export function clientRoutes(operations: readonly AnyOperation[]): Record<string, ClientRoute> {
  return Object.fromEntries(
    operations.map(({ runtime, method, path, returns, input, output }) => [
      runtime,
      {
        method,
        path,
        ...(returns !== undefined && { returns }),
        ...('cursor' in input.shape && { isPaged: true as const }),
        ...([input, output].some(hasState) && { hasState: true as const }),
        ...(output === lines && { isStream: true as const }),
        times: timesOf(output),
      },
    ]),
  )
}

function hasState(schema: z.ZodType): boolean {
  return schema instanceof z.ZodObject && schema.shape.state === stateValue
}

function timesOf(schema: z.ZodType, path: readonly string[] = []): string[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable)
    return timesOf(schema.unwrap() as z.ZodType, path)
  if (schema instanceof z.ZodArray) return timesOf(schema.element as z.ZodType, [...path, '*'])
  if (schema instanceof z.ZodObject)
    return Object.entries(schema.shape).flatMap(([name, field]) => timesOf(field as z.ZodType, [...path, name]))
  return schema instanceof z.ZodCodec ? [path.join('.')] : []
}
