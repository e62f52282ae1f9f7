import { z } from 'zod'
import { defineOperation } from '../define-operation.ts'
import { nothing, orgId } from '../wire/fields.ts'

export const reportProgressOperation = defineOperation({
  id: 'progress.report',
  summary: 'Records the progress of a task; its followers get the newest report',
  method: 'PUT',
  path: '/v1/orgs/{orgId}/progress/{taskId}',
  scope: 'events:write',
  reach: 'org',
  input: z.strictObject({
    orgId,
    taskId: z.string().meta({ description: 'The task' }),
    done: z.number().meta({ description: 'How much of it is done' }),
    total: z.number().meta({ description: 'How much there is to do' }),
    figures: z.record(z.string(), z.number()).optional().meta({ description: 'Further numbers, at most 50' }),
    label: z.string().optional().meta({ description: 'What is being done, for people' }),
    isEnded: z.boolean().optional().meta({ description: 'By default once all of it is done' }),
  }),
  output: nothing,
  errors: [],
  runtime: 'progress.report',
  run: async ({ progress }, input) => {
    await progress.report(input)
    return undefined
  },
})
