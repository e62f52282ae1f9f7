import { z } from 'zod'

/** Owns how a field of an input is written as text, in a query or on a command line. */

type FieldKind = 'text' | 'number' | 'flag' | 'list' | 'json'

/** The kind of a field, by its schema. */
export function fieldKindOf(schema: z.ZodType): FieldKind {
  let inner = schema
  for (let next: z.ZodType | undefined = inner; next; next = insideOf(inner)) inner = next
  if (inner instanceof z.ZodNumber) return 'number'
  if (inner instanceof z.ZodBoolean) return 'flag'
  if (inner instanceof z.ZodString || inner instanceof z.ZodEnum || inner instanceof z.ZodISODateTime) return 'text'
  if (inner instanceof z.ZodArray && fieldKindOf(inner.element as z.ZodType) === 'text') return 'list'
  return 'json'
}

/** The description of a field: its own, else that of the schema that it wraps. */
export function descriptionOf(schema: z.ZodType | undefined): string | undefined {
  return schema && (schema.description ?? descriptionOf(insideOf(schema)))
}

function insideOf(schema: z.ZodType): z.ZodType | undefined {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault)
    return schema.unwrap() as z.ZodType
  return schema instanceof z.ZodPipe ? (schema.in as z.ZodType) : undefined
}

/** A value as its schema wants it; what is none stays text, and is refused by the schema with its path. */
export function readField(kind: FieldKind, texts: readonly string[]): unknown {
  const [text = ''] = texts
  if (kind === 'list') return texts
  if (texts.length > 1) return texts
  if (kind === 'number') return /^-?\d{1,15}(\.\d{1,15})?$/.test(text) ? Number(text) : text
  if (kind === 'flag') return text === 'true' ? true : text === 'false' ? false : text
  return text
}
