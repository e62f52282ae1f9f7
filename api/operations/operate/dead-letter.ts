import { z } from 'zod'
import { AfterturnError } from '../../../shared/errors.ts'
import type { DeadLetterDetail } from '../../../shared/store/control/dead-letters.ts'
import type { ApiServices } from '../api-services.ts'
import { moment } from '../wire/fields.ts'

/** Dead letters as they travel, and whose they are. */

export const deadLetterId = z.int().min(1).meta({ description: 'The id of a dead letter' })
export const deadLetterIds = z
  .array(deadLetterId)
  .min(1)
  .max(100)
  .meta({ description: 'Ids of dead letters, at most 100' })

export const deadLetterFilter = {
  queue: z.string().min(1).optional().meta({ description: 'Only those of this queue' }),
  code: z.string().min(1).optional().meta({ description: 'Only those with this error code' }),
}

export const deadLetterShape = {
  id: z.int(),
  orgId: z.string().nullable(),
  workstreamId: z.string().nullable(),
  turnId: z.string().nullable(),
  jobId: z.string().nullable(),
  queue: z.string(),
  code: z.string(),
  reason: z.string(),
  attempts: z.int(),
  diedAt: moment,
  resolution: z.enum(['replayed', 'dropped']).nullable(),
  resolvedBy: z.string().nullable(),
  resolvedAt: moment.nullable(),
}

/** Any letter without an org. @throws DEAD_LETTER_UNKNOWN for one of another org, as for one that never was */
export async function requireLetter(
  { deadLetters }: ApiServices,
  orgId: string | undefined,
  id: number,
): Promise<DeadLetterDetail> {
  const letter = await deadLetters.show({ id })
  if (orgId === undefined || letter.orgId === orgId) return letter
  throw new AfterturnError('DEAD_LETTER_UNKNOWN', `No dead letter ${id} is known here.`, { recorded: 'no' })
}
