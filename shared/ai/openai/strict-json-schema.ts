import { z } from 'zod'

/**
 * Owns the translation of a task's zod schema into the JSON schema that structured output accepts in strict mode.
 * Guarantees: every object is closed and requires all its fields. Limits (lengths, ranges, formats) are dropped: zod checks them when the answer comes.
 * The rules: https://platform.openai.com/docs/guides/structured-outputs#supported-schemas (Azure refuses most limits that OpenAI takes).
 */
export type JsonSchema = { readonly [keyword: string]: unknown }

const KEPT_KEYWORDS = new Set(['type', 'enum', 'const', 'description', 'title', '$ref'])
const translated = new WeakMap<z.ZodType, JsonSchema>()

/** The strict JSON schema of a zod schema whose root is an object. Optional fields become required: use `.nullable()` for what may be absent. */
export function strictJsonSchema(schema: z.ZodType): JsonSchema {
  const known = translated.get(schema)
  if (known !== undefined) return known
  // The input side: what the model writes, before zod applies defaults and transforms.
  const strict = toStrict(z.toJSONSchema(schema, { io: 'input' }) as JsonSchema)
  translated.set(schema, strict)
  return strict
}

function toStrict(node: JsonSchema): JsonSchema {
  const strict: Record<string, unknown> = {}
  for (const [keyword, value] of Object.entries(node)) {
    if (KEPT_KEYWORDS.has(keyword)) strict[keyword] = value
    else if (keyword === 'items') strict.items = toStrict(value as JsonSchema)
    else if (keyword === 'anyOf' || keyword === 'oneOf') strict.anyOf = (value as JsonSchema[]).map(toStrict)
    else if (keyword === 'properties' || keyword === '$defs')
      strict[keyword] = mapValues(value as Record<string, JsonSchema>)
  }
  if (node.type === 'object') {
    strict.properties ??= {}
    strict.required = Object.keys(strict.properties as object)
    strict.additionalProperties = false
  }
  return strict
}

function mapValues(schemas: Record<string, JsonSchema>): Record<string, JsonSchema> {
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, toStrict(schema)]))
}
