import { z } from 'zod'
import { isStorable, STORABLE } from './parse-input.ts'

/** Owns the form of metadata and of filters on it: flat, and small enough for an index. */

export type MetadataValue = string | number | boolean
/** What an app notes of a turn or a fact: at most 32 keys of 64 characters; strings of at most 200. */
export type Metadata = Readonly<Record<string, MetadataValue>>

/** A value, one of several, or a range of numbers or of strings. */
export type MetadataCondition =
  | MetadataValue
  | { readonly in: readonly MetadataValue[] }
  | {
      readonly gt?: string | number | undefined
      readonly gte?: string | number | undefined
      readonly lt?: string | number | undefined
      readonly lte?: string | number | undefined
    }
/** All of at most 8 conditions must hold, by key. */
export type MetadataFilter = Readonly<Record<string, MetadataCondition>>

const MAX_KEYS = 32
const MAX_KEY_CHARS = 64
const MAX_STRING_CHARS = 200
const MAX_CONDITIONS = 8
const MAX_ALTERNATIVES = 100

const keySchema = z.string().min(1).max(MAX_KEY_CHARS).refine(isStorable, STORABLE)
const stringSchema = z.string().max(MAX_STRING_CHARS).refine(isStorable, STORABLE)
const valueSchema = z.union([stringSchema, z.number(), z.boolean()], {
  error: `expected a string of at most ${MAX_STRING_CHARS} characters, a finite number or a boolean`,
})
const boundSchema = z.union([stringSchema, z.number()]).optional()

export const metadataSchema = z
  .record(keySchema, valueSchema)
  .refine((metadata) => Object.keys(metadata).length <= MAX_KEYS, `expected at most ${MAX_KEYS} keys`)

const rangeSchema = z
  .strictObject({ gt: boundSchema, gte: boundSchema, lt: boundSchema, lte: boundSchema })
  .refine((range) => {
    const types = new Set(Object.values(range).flatMap((bound) => (bound === undefined ? [] : typeof bound)))
    return types.size === 1
  }, 'expected bounds that are all numbers or all strings, and at least one')
const alternativesSchema = z.strictObject({ in: z.array(valueSchema).min(1).max(MAX_ALTERNATIVES) })

export const metadataFilterSchema = z
  .record(keySchema, z.union([valueSchema, alternativesSchema, rangeSchema]))
  .refine((filter) => {
    const count = Object.keys(filter).length
    return count >= 1 && count <= MAX_CONDITIONS
  }, `expected 1 to ${MAX_CONDITIONS} conditions`)
