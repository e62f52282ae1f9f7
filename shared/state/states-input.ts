import { z } from 'zod'
import { readJson } from '../json-value.ts'
import { idSchema, isStorable, STORABLE } from '../parse-input.ts'

/** Owns what callers may give about states, and its limits. The state itself is checked by `encodeState`. */

const MAX_TAGS = 64
const MAX_TAG_CHARS = 200
const MAX_METADATA_BYTES = 16 * 1_024
const MAX_KEPT_VERSIONS = 100_000
const MAX_TTL_SECONDS = 315_360_000
const MAX_PAGE = 1_000

const versionSchema = z.number().int().min(1).max(Number.MAX_SAFE_INTEGER)
const shortText = z.string().min(1).max(MAX_TAG_CHARS).refine(isStorable, STORABLE)
const tagsSchema = z.array(shortText).max(MAX_TAGS)
const metadataSchema = z.record(z.string(), z.unknown()).transform((given, context) => {
  const { value, faults } = readJson(given)
  for (const { path, message } of faults) context.addIssue({ code: 'custom', path: [...path], message })
  const bytes = faults.length > 0 ? 0 : Buffer.byteLength(JSON.stringify(value))
  if (bytes > MAX_METADATA_BYTES)
    context.addIssue({ code: 'custom', message: `expected at most ${MAX_METADATA_BYTES} bytes of JSON, got ${bytes}` })
  return value as Record<string, unknown>
})

const key = { orgId: idSchema, userId: idSchema.optional(), stateId: idSchema }
const about = {
  tags: tagsSchema.optional(),
  metadata: metadataSchema.optional(),
  label: shortText.optional(),
  ttlSeconds: z.number().int().min(1).max(MAX_TTL_SECONDS).nullable().optional(),
  isTtlSliding: z.boolean().optional(),
  keepVersions: z.number().int().min(1).max(MAX_KEPT_VERSIONS).optional(),
}

export const keySchema = z.strictObject(key)
export const saveSchema = z.strictObject({
  ...key,
  ...about,
  state: z.unknown(),
  expectedVersion: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
  saveId: idSchema.optional(),
})
export const updateSchema = z.strictObject({
  ...key,
  ...about,
  timeoutMs: z.number().int().min(1).max(600_000).optional(),
})
export const loadSchema = z
  .strictObject({ ...key, version: versionSchema.optional(), label: shortText.optional() })
  .refine(
    ({ version, label }) => version === undefined || label === undefined,
    'expected a version or a label, got both',
  )
export const versionsSchema = z.strictObject({
  ...key,
  before: versionSchema.optional(),
  limit: z.number().int().min(1).max(MAX_PAGE).default(100),
})
export const rollbackSchema = z.strictObject({ ...key, toVersion: versionSchema })
export const labelSchema = z.strictObject({ ...key, version: versionSchema, label: shortText.nullable() })
export const deleteVersionSchema = z.strictObject({ ...key, version: versionSchema })
export const listSchema = z.strictObject({
  orgId: idSchema,
  userId: idSchema.optional(),
  tags: tagsSchema.optional(),
  metadata: metadataSchema.optional(),
  savedAfter: z.date().optional(),
  savedBefore: z.date().optional(),
  afterStateId: idSchema.optional(),
})
export const statsSchema = z.strictObject({ orgId: idSchema.optional() })
export const verifySchema = z.strictObject({
  orgId: idSchema,
  userId: idSchema.optional(),
  stateId: idSchema.optional(),
})
