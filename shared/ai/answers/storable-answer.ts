import { isStorable } from '../../parse-input.ts'

/**
 * Owns the one border for what models write: nothing that the store or Redis would refuse goes past it, so no answer is bought twice because of
 * its characters. Guarantees: an item of a list that holds NUL or half a surrogate pair has broken itself only; a text of its own is cleaned.
 */

/** Deeper than any shape that is asked for; what lies below is left to the schema to refuse. */
const MAX_DEPTH = 16

/** The answer, of JSON values, without what no database takes. */
export function storableAnswer(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return isStorable(value) ? value : value.replaceAll('\0', '').toWellFormed()
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return value
  if (Array.isArray(value))
    return value.filter((item) => isWhollyStorable(item, depth)).map((item) => storableAnswer(item, depth + 1))
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => isStorable(key))
      .map(([key, inner]) => [key, storableAnswer(inner, depth + 1)]),
  )
}

function isWhollyStorable(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return isStorable(value)
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return true
  return Object.values(value).every((inner) => isWhollyStorable(inner, depth + 1))
}
