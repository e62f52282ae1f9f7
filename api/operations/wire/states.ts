import { z } from 'zod'
import { idSchema } from '../../../shared/parse-input.ts'
import { moment, orgId, userId } from './fields.ts'

/** Owns the fields of states as they travel. */

export const stateKey = {
  orgId,
  stateId: idSchema.meta({ description: "The app's own id of the state" }),
  userId: userId.optional(),
}
/** A state itself. */
export const stateValue = z.unknown().meta({ description: 'JSON; bytes travel as {"$base64": "…"}' })
export const version = z.int().min(1).meta({ description: 'The number of a version' })
export const tags = z.array(z.string()).meta({ description: 'At most 64, each of at most 200 characters' })
export const stateMetadata = z.record(z.string(), z.unknown()).meta({ description: 'At most 16 KB' })
/** What a save says of a state; what it leaves out stays. */
export const stateOptions = {
  tags: tags.optional(),
  metadata: stateMetadata.optional(),
  label: z.string().optional().meta({ description: 'Keeps this version after newer ones have replaced it' }),
  ttlSeconds: z.int().min(1).nullable().optional().meta({ description: 'Null: never' }),
  isTtlSliding: z.boolean().optional().meta({ description: 'Each load starts the time to live again' }),
  keepVersions: z.int().min(1).optional().meta({ description: 'How many of the newest versions are kept' }),
}
export const savedState = z.object({ version, savedAt: moment })
export const stateVersion = z.object({
  version,
  savedAt: moment,
  rawBytes: z.int(),
  label: z.string().optional(),
  restoredFrom: version.optional(),
  tags,
  metadata: stateMetadata,
})
