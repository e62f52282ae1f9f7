import { z } from 'zod'
import { idSchema } from '../../../shared/parse-input.ts'

/** Owns the fields that operations share, as they travel: JSON, with times as ISO texts. */

/** A time: text with its offset outside, a Date inside. */
export const moment = z
  .codec(z.iso.datetime({ offset: true }), z.date(), {
    decode: (text) => new Date(text),
    encode: (date) => date.toISOString(),
  })
  .meta({ id: 'Time', description: 'A time with its offset, for example 2026-11-28T09:30:00Z' })

export const orgId = idSchema.meta({ description: 'The org' })
export const workstreamId = idSchema.meta({ description: 'The conversation, task or thread' })
export const turnId = idSchema.meta({ description: "The app's own id of the turn" })
export const userId = idSchema.meta({ description: 'The end user' })
export const agentId = idSchema.meta({ description: 'The agent, where an org has several' })
export const memoryId = z.int().min(1).meta({ description: 'The id of a memory, as search and list return it' })

/** For whom something is read: beside the org's own, what belongs to those that are named. */
export const viewer = { userId: userId.optional(), agentId: agentId.optional(), workstreamId: workstreamId.optional() }

export const budgetTokens = z.int().min(1).meta({ description: 'Most tokens of all texts together' })

const MAX_PAGE = 200
/** A cursor may hold an id. */
const MAX_CURSOR_LENGTH = 1_000

/** A page of a list. */
export const page = {
  limit: z
    .int()
    .min(1)
    .max(MAX_PAGE)
    .optional()
    .meta({ description: `At most ${MAX_PAGE}; by default 100` }),
  cursor: z.string().max(MAX_CURSOR_LENGTH).optional().meta({ description: '`next` of the page before' }),
}
/** Where the next page begins; null at the end. */
export const next = z.string().nullable().meta({ description: 'The `cursor` of the next page; null at the end' })

/** The answer of what only does something. */
export const nothing = z.undefined()
/** The answer of what returns a stream: lines of JSON, each an object. */
export const lines = z.string().meta({ description: 'Lines of JSON, each an object' })
