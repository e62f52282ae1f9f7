import { z } from 'zod'
import { MEMORY_KINDS } from '../../../shared/memory/memory-kinds.ts'
import { metadataSchema } from '../../../shared/metadata.ts'
import { moment } from './fields.ts'

/** Owns memories and turns as they travel. */

/** What an app notes of a turn or a fact. */
export const memoryMetadata = metadataSchema.meta({ description: 'Flat: strings, numbers and booleans, to filter by' })

export const memoryKind = z.enum(MEMORY_KINDS)
export const memoryScope = z.enum(['org', 'user', 'agent', 'workstream'])

const memoryShape = {
  id: z.int(),
  fact: z.string(),
  kind: z.string(),
  subject: z.string().nullable(),
  attribute: z.string().nullable(),
  importance: z.number(),
  language: z.string().nullable(),
  scope: z.object({
    userId: z.string().nullable(),
    agentId: z.string().nullable(),
    workstreamId: z.string().nullable(),
  }),
  observedAt: moment,
  validFrom: moment,
  validTo: moment.nullable(),
  supersededBy: z.int().nullable(),
  contradicts: z.array(z.int()),
  metadata: memoryMetadata,
  sources: z.array(z.object({ workstreamId: z.string(), turnId: z.string(), quote: z.string(), at: moment })),
}
export const memory = z.object(memoryShape).meta({ id: 'Memory' })

export const heldMemory = z
  .object({
    ...memoryShape,
    status: z.enum(['quarantined', 'rejected']),
    reason: z.string(),
    reviewedBy: z.string().nullable(),
    reviewedAt: moment.nullable(),
  })
  .meta({ id: 'HeldMemory' })

export const scored = { score: z.number(), why: z.record(z.string(), z.unknown()) }
export const memoryHit = z.object({ ...memoryShape, ...scored }).meta({ id: 'MemoryHit' })
