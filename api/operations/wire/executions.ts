import { z } from 'zod'
import { agentId, orgId, userId, workstreamId } from './fields.ts'
import { memoryScope } from './memories.ts'

/** Owns what the reports of an execution share, as they travel. */

/** Which execution, and whose. */
export const executionShape = {
  orgId,
  workflowId: z.string().meta({ description: 'The workflow' }),
  executionId: z.string().meta({ description: 'One run of it' }),
  userId: userId.optional(),
  agentId: agentId.optional(),
  workstreamId: workstreamId.optional(),
  scope: memoryScope
    .optional()
    .meta({ description: 'Who sees it; by default the user, agent or workstream that is named' }),
  data: z.unknown().optional().meta({ description: 'JSON' }),
}

/** The answer to each report: its place in the stream of the execution. */
export const published = z.object({ seq: z.int(), cursor: z.string(), deduplicated: z.boolean() })
