import { z } from 'zod'

/** Owns how schemas are written down: JSON Schema 2020-12 of what travels, not of what it becomes inside. */

export type WireSchema = { readonly [key: string]: unknown }

/** The schema of what travels, with its parts under `$defs`. */
export function jsonSchemaOf(schema: z.ZodType): WireSchema {
  const { $schema: _, ...written } = z.toJSONSchema(schema, {
    io: 'input',
    override({ jsonSchema }) {
      // `format` says it; the pattern that goes with it has 300 characters.
      if (jsonSchema.format === 'date-time') delete jsonSchema.pattern
      // What every whole number of JSON is.
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum
    },
  })
  return written as WireSchema
}

/** A schema without `$defs`, whose parts are under another address. */
export function withoutDefinitions(schema: WireSchema, address: string): { schema: WireSchema; parts: WireSchema } {
  const { $defs = {}, ...rest } = JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', `"${address}`))
  for (const part of Object.values($defs as Record<string, Record<string, unknown>>)) delete part.id
  return { schema: rest, parts: $defs }
}
