import { z } from 'zod'
import { orgId } from './fields.ts'

/** Owns messages to agents as they travel. */

export const messageId = z.string().min(1).meta({ description: "The app's own id of the message" })
export const messageShape = { orgId, messageId }
export const leasedShape = {
  ...messageShape,
  lease: z.string().min(1).meta({ description: 'As taking the message returned it' }),
}
export const leaseMs = z.int().optional().meta({ description: '1,000 to 3,600,000; by default 60,000' })
