import { z } from 'zod'

/**
 * Owns how a value that a model answered becomes one of the asked shape: numbers that are written as text, lists that are null, a list without
 * its object. Guarantees: what fits as it is stays as it is; nothing is made up.
 */

export type Fit<Output> = { readonly output: Output } | { readonly error: z.ZodError }

/** A value as the schema wants it, or what is wrong with it. */
export function fitAnswer<Output>(schema: z.ZodType<Output>, value: unknown): Fit<Output> {
  const asked = parse(schema, value)
  if (asked.success) return { output: asked.data }
  for (const wrapped of wrappings(schema, value)) {
    const fit = parse(schema, wrapped)
    if (fit.success) return { output: fit.data }
  }
  return { error: asked.error }
}

/** Whether a value is an object with a field of the shape. */
export function namesFieldOf(schema: z.ZodType, value: unknown): boolean {
  if (!(schema instanceof z.ZodObject) || typeof value !== 'object' || value === null) return false
  return Object.keys(schema.shape as object).some((key) => Object.hasOwn(value, key))
}

const MAX_MENDED = 2_000

function parse<Output>(schema: z.ZodType<Output>, value: unknown): z.ZodSafeParseResult<Output> {
  const first = schema.safeParse(value)
  if (first.success || first.error.issues.length > MAX_MENDED) return first
  const mended = structuredClone(value)
  let isMended = false
  for (const issue of first.error.issues) if (issue.code === 'invalid_type') isMended = mend(mended, issue) || isMended
  const second = isMended ? schema.safeParse(mended) : first
  return second.success ? second : first
}

/** Puts one value right by its type, in place; false when its type says nothing of what was meant. */
function mend(root: unknown, { path, expected }: z.core.$ZodIssueInvalidType): boolean {
  const key = path.at(-1)
  if (key === undefined) return false
  let parent = root
  for (const step of path.slice(0, -1)) parent = (parent as Record<PropertyKey, unknown> | undefined)?.[step]
  if (typeof parent !== 'object' || parent === null) return false
  const holder = parent as Record<PropertyKey, unknown>
  const meant = meantBy(holder[key], expected)
  if (meant === undefined) return false
  holder[key] = meant
  return true
}

function meantBy(value: unknown, expected: string): unknown {
  if (expected === 'number' || expected === 'int') {
    const isNumber = typeof value === 'string' && /^[-+]?\d{1,15}(\.\d{1,15})?$/.test(value.trim())
    return isNumber ? Number(value) : undefined
  }
  if (expected === 'array') return value === null ? [] : undefined
  if (expected === 'boolean') return value === 'true' ? true : value === 'false' ? false : undefined
  if (expected === 'string') return value === null ? '' : typeof value === 'number' ? String(value) : undefined
  return undefined
}

/** What a model may have meant that gave a list without its object, under another name, one item without its list, or all inside one more object. */
function wrappings(schema: z.ZodType, value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return []
  const key = onlyListOf(schema)
  if (Array.isArray(value)) return key === undefined ? [] : [{ [key]: value }]
  const inner = Object.values(value)
  // A call of a tool in words, `{"name": …, "arguments": …}`, or a schema that was filled in.
  const named = inner.filter((one) => namesFieldOf(schema, one))
  const lists = inner.filter((one) => Array.isArray(one) && one.length > 0)
  return [
    ...(inner.length === 1 && !Array.isArray(inner[0]) ? inner : []),
    ...(named.length === 1 ? named : []),
    ...(key !== undefined && lists.length === 1 ? [{ [key]: lists[0] }] : []),
    ...(key !== undefined && lists.length === 0 && inner.length > 0 ? [{ [key]: [value] }] : []),
  ]
}

/** The name of the list that is all of a shape; undefined when there is more in it. */
function onlyListOf(schema: z.ZodType): string | undefined {
  if (!(schema instanceof z.ZodObject)) return undefined
  const [first, ...others] = Object.entries(schema.shape as Record<string, unknown>)
  return first && others.length === 0 && first[1] instanceof z.ZodArray ? first[0] : undefined
}
