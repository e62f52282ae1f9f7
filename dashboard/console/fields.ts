import { z } from 'zod'
import { idSchema } from '../../shared/parse-input.ts'

/** Owns the fields of addresses and forms. They are texts; an empty one counts as absent. */

const MAX_SELECTED = 200

const absentIfEmpty = (given: unknown) => (given === '' ? undefined : given)

export const orgIdField = idSchema
export const id = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER)
export const name = z.string().min(1).max(512)

/** An optional one: a form sends what was left empty, too. */
export function optional<Schema extends z.ZodType>(schema: Schema) {
  return z.preprocess(absentIfEmpty, schema.optional())
}

/** One id or several of them. */
export const ids = z.preprocess(
  (given) => (Array.isArray(given) ? given : [given]),
  z.array(id).min(1, 'select at least one').max(MAX_SELECTED),
)

/** Which dead letters, as pages and actions filter them. */
export const letterFilter = {
  orgId: optional(name),
  queue: optional(name),
  code: optional(name),
  cause: optional(z.string().max(200)),
}
